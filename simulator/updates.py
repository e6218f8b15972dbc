"""The queue of updates that the bot has not confirmed yet."""

import json
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from math import inf
from typing import Any

from simulator.clock import Clock

MESSAGE_SECONDS = 24 * 3600
TAP_SECONDS = 150
DEFAULT_LEFT_OUT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
FUTURE_TOLERANCE = 10
PAST_TOLERANCE = 100_000
HISTORY = 1_000

write_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Entry:
    """One update as it waits: its number, its queue, its end and its JSON text."""

    update_id: int
    queue: str
    expires_at: float
    body: str


class UpdateQueue:
    """Keep updates in order until they are confirmed or expire.

    `on_add` and `on_forget` are told of every change, so that a store and the delivery can follow.
    """

    def __init__(self, clock: Clock, next_id: int = 100_000_001) -> None:
        self.clock = clock
        self.next_id = next_id
        self.allowed: frozenset[str] = frozenset()
        self.pending: OrderedDict[int, Entry] = OrderedDict()
        self.repeats: list[Entry] = []
        self.history: deque[Entry] = deque(maxlen=HISTORY)
        self._first_end = inf
        self.on_add: list[Callable[[Entry], object]] = []
        self.on_forget: list[Callable[[int], object]] = []

    def add(self, kind: str, content: dict[str, Any], queue: str, expires_at: float) -> int | None:
        """Queue one update and return its number, or None if the bot did not ask for its kind."""
        if not self.wants(kind):
            return None
        return self.add_raw({"update_id": self.next_id, kind: content}, queue, expires_at)

    def add_raw(self, update: dict[str, Any], queue: str, expires_at: float) -> int:
        """Queue an update exactly as given; its `update_id` is the next one if absent."""
        update_id = int(update.setdefault("update_id", self.next_id))
        self.next_id = max(self.next_id, update_id + 1)
        entry = Entry(update_id, queue, expires_at, write_json(update))
        self.pending[update_id] = entry
        self._first_end = min(self._first_end, expires_at)
        self.history.append(entry)
        for listener in self.on_add:
            listener(entry)
        return update_id

    def restore(self, entries: list[Entry]) -> None:
        """Take up what was pending in an earlier run."""
        self.pending.update((e.update_id, e) for e in sorted(entries, key=lambda e: e.update_id))
        self._first_end = min((e.expires_at for e in entries), default=inf)

    def wants(self, kind: str) -> bool:
        """Tell whether the bot asked for updates of this kind."""
        return kind in self.allowed if self.allowed else kind not in DEFAULT_LEFT_OUT

    def take(self, offset: int, limit: int) -> list[Entry]:
        """Confirm what lies below the offset and return the next updates in order."""
        self.drop_expired()
        self._confirm_below(self._resolve(offset))
        again = [entry for entry in self.repeats if entry.update_id not in self.pending]
        repeats, self.repeats = again[:limit], again[limit:]
        return repeats + list(islice(self.pending.values(), limit - len(repeats)))

    def _resolve(self, offset: int) -> int:
        if offset < 0:
            return list(self.pending)[max(offset, -len(self.pending))] if self.pending else 0
        head = next(iter(self.pending), self.next_id)
        unknown = offset > self.next_id + FUTURE_TOLERANCE or offset < head - PAST_TOLERANCE
        return head if unknown else offset

    def _confirm_below(self, offset: int) -> None:
        while self.pending and next(iter(self.pending)) < offset:
            self.forget(next(iter(self.pending)))

    def forget(self, update_id: int) -> None:
        """Remove an update: it is confirmed, or its time is over."""
        if self.pending.pop(update_id, None) is not None:
            for listener in self.on_forget:
                listener(update_id)

    def drop_expired(self) -> None:
        """Remove every update whose time is over."""
        now = self.clock.now()
        if now < self._first_end:
            return
        for update_id in [e.update_id for e in self.pending.values() if e.expires_at <= now]:
            self.forget(update_id)
        self._first_end = min((e.expires_at for e in self.pending.values()), default=inf)

    def clear(self) -> None:
        """Forget every pending update."""
        for update_id in list(self.pending):
            self.forget(update_id)

    def repeat(self, last: int) -> int:
        """Deliver the last updates once more, with the numbers they had."""
        recent = list(self.history)[-last:] if last > 0 else []
        self.repeats = recent
        for entry in recent:
            for listener in self.on_add:
                listener(entry)
        return len(recent)

    def jump(self, to: int) -> None:
        """Let the next update have this number, as Telegram does after an idle week."""
        if self.pending and to <= next(reversed(self.pending)):
            raise ValueError("the numbers can only go back when no update is pending")
        self.next_id = to

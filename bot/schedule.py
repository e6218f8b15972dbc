"""Which call is made next: lanes, one call at a time in a chat, pace, and waiting where told."""

import asyncio
import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from bot.outcomes import Outcome
from bot.window import Window
from domain.outbox import Call, Lane, OutgoingCall

Queue = tuple[Lane, int]
"""The calls of one lane to one chat: made one after the other, in their order."""

FREE_A_SECOND, PAID_A_SECOND = 30, 1_000
"""Messages that Telegram allows a bot in any second, and one that pays for it."""

CHAT_SPACE_SECONDS = 1.0
"""Telegram allows one message a second to one chat; only a person who waits for one gets more."""

GRAIN_SECONDS = 0.005
CATCH_UP_SECONDS = 0.02


@dataclass(frozen=True, eq=False)
class Delivery:
    """A call that somebody else keeps, who wants to know when it begins and what becomes of it.

    It must not begin at `ends_at` or later.
    """

    call: Call
    begin: Callable[[], None]
    ends_at: float
    ended: asyncio.Future[tuple[Outcome, bytes]]


Waiting: TypeAlias = OutgoingCall | Delivery


class Pace:
    """Spaces messages evenly (0: not at all), since a burst that meets a slow line would arrive
    together with the next one.

    A late start is caught up by less than a space, so that a second never holds more than one
    message above the pace; one of hundreds a second catches up a little more and looks less often.
    """

    def __init__(self, per_second: int, begins_at: float = float("-inf")) -> None:
        self._space = 1 / per_second if per_second else 0.0
        is_fast = 0 < self._space < GRAIN_SECONDS
        self._catch_up = CATCH_UP_SECONDS if is_fast else self._space * 3 / 4
        self._grain = GRAIN_SECONDS if is_fast else 0.0
        self._next_slot = begins_at if per_second else float("-inf")

    def wait(self, now: float) -> float:
        """Tell how many seconds to wait for the next slot."""
        wait = self._next_slot - now
        return max(wait, self._grain) if wait > 0 else 0.0

    def take(self, now: float) -> None:
        """Take the next slot."""
        self._next_slot = max(self._next_slot, now - self._catch_up) + self._space


class Schedule:
    """What waits to be sent. Times are seconds of a clock that only goes forward.

    The first lane goes first; all keep one pace, unless many at once have a pace of their own.
    Nothing begins before `begins_at`. A queue or a lane that was told to wait holds nobody else up.
    A chat of staff gets one message a second of those that it did not ask for.
    The last lane waits, too, while a second at Telegram could hold too many; replies never do.
    """

    def __init__(
        self,
        per_second: int = 0,
        bulk_per_second: int | None = None,
        begins_at: float = float("-inf"),
    ) -> None:
        pace = Pace(per_second, begins_at)
        bulk = pace if bulk_per_second is None else Pace(bulk_per_second, begins_at)
        self._paces = {Lane.REPLY: pace, Lane.STAFF: pace, Lane.BULK: bulk}
        self._window = _make_window(per_second, bulk_per_second)
        self._began_at: dict[Queue, float] = {}
        self._next_at: dict[Queue, float] = {}
        self._calls: dict[Queue, deque[Waiting]] = {}
        self._ready: dict[Lane, deque[Queue]] = {lane: deque() for lane in Lane}
        self._held: list[tuple[float, Queue]] = []
        self._lane_held_until: dict[Lane, float] = dict.fromkeys(Lane, 0.0)

    def __len__(self) -> int:
        return sum(len(calls) for calls in self._calls.values())

    def add(self, call: Waiting) -> None:
        """Put a call at the end of its queue."""
        queue = _name_queue(call)
        if queue in self._calls:
            self._calls[queue].append(call)
        else:
            self._calls[queue] = deque([call])
            self._ready[call.call.lane].append(queue)

    def take(self, now: float) -> Waiting | float | None:
        """Take the next call; or tell how many seconds to wait for one; or None: there is none.

        A call that was taken stays at the head of its queue until `finish` or `hold`.
        """
        self._release(now)
        waits = []
        for lane in Lane:
            if not self._ready[lane]:
                continue
            wait = max(self.count_rest(lane, now), self._pace_wait(lane, now))
            if wait <= 0:
                return self._begin(self._ready[lane].popleft(), now)
            waits.append(wait)
        if self._held:
            waits.append(self._held[0][0] - now)
        return min(waits, default=None)

    def note_answer(self, call: Call, now: float) -> None:
        """Note that a call that was taken has an answer, or will not have one."""
        began_at = self._began_at.pop((call.lane, call.chat_id), None)
        if self._window is not None and began_at is not None:
            self._window.end(began_at, now)

    def finish(self, call: Waiting) -> None:
        """Drop a call that was taken: made, or never to be made."""
        queue = _name_queue(call)
        calls = self._calls[queue]
        calls.popleft()
        if (next_at := self._next_at.pop(queue, None)) is not None:
            heapq.heappush(self._held, (next_at, queue))
        elif calls:
            self._ready[call.call.lane].append(queue)
        else:
            del self._calls[queue]

    def withdraw_deliveries(self, lane: Lane, now: float = float("inf")) -> list[Delivery]:
        """Give back the calls of a lane kept by others that have not begun, and now must not."""
        queues = self._ready[lane]
        heads = [(queue, self._calls[queue][0]) for queue in queues]
        mine = [
            (queue, head)
            for queue, head in heads
            if isinstance(head, Delivery) and head.ends_at <= now
        ]
        for queue, _ in mine:
            self._drop_head(queue)
        self._ready[lane] = deque(queue for queue in queues if queue in self._calls)
        return [delivery for _, delivery in mine]

    def _drop_head(self, queue: Queue) -> None:
        self._calls[queue].popleft()
        if not self._calls[queue]:
            del self._calls[queue]

    def hold(self, call: Waiting, until: float) -> None:
        """Try a call that was taken again later; its queue waits with it."""
        heapq.heappush(self._held, (until, _name_queue(call)))

    def hold_lane(self, lane: Lane, until: float) -> None:
        """Begin no call of a lane before a time."""
        self._lane_held_until[lane] = max(until, self._lane_held_until[lane])

    def count_rest(self, lane: Lane, now: float) -> float:
        """Count the seconds until a call of a lane may begin."""
        return max(0.0, self._lane_held_until[lane] - now)

    def _release(self, now: float) -> None:
        while self._held and self._held[0][0] <= now:
            queue = heapq.heappop(self._held)[1]
            if self._calls[queue]:
                self._ready[queue[0]].append(queue)
            else:
                del self._calls[queue]

    def _begin(self, queue: Queue, now: float) -> Waiting:
        call = self._calls[queue][0]
        if is_paced(call):
            self._paces[queue[0]].take(now)
            self._began_at[queue] = now
            if queue[0] is Lane.STAFF:
                self._next_at[queue] = now + CHAT_SPACE_SECONDS
            if self._window is not None:
                self._window.begin()
        return call

    def _pace_wait(self, lane: Lane, now: float) -> float:
        call = self._calls[self._ready[lane][0]][0]
        if not is_paced(call):
            return 0.0
        wait = self._paces[lane].wait(now)
        if lane is Lane.BULK and self._window is not None:
            return max(wait, self._window.wait(now))
        return wait


def _make_window(per_second: int, bulk_per_second: int | None) -> Window | None:
    """Make the bound of a second; a pace beyond what Telegram allows is somebody's own server.

    A paid pace has a tenth to spare: it could not be held at all if no second might exceed it.
    """
    if bulk_per_second is None:
        return Window(max(FREE_A_SECOND, per_second)) if per_second else None
    return Window(max(PAID_A_SECOND, bulk_per_second * 11 // 10)) if bulk_per_second else None


def _name_queue(call: Waiting) -> Queue:
    return call.call.lane, call.call.chat_id


def is_paced(call: Waiting) -> bool:
    """Whether a call counts toward Telegram's limit a second: new messages, and changed ones."""
    return call.call.method.startswith(("send", "edit"))

"""Faults that tests inject into the bot's calls, and how the bot keeps to what it was told."""

import random
from collections import Counter, deque
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

from simulator.clock import Clock
from simulator.errors import Refusal, forbidden, too_many_requests

KINDS = frozenset(
    ["429", "403", "500", "502", "slow", "delivered_then_timeout", "cut_before", "cut_after"]
)
REFUSING = frozenset({"429", "403", "500", "502"})
CALLS_KEPT = 100_000


@dataclass(slots=True)
class Rule:
    """One fault: which calls it meets, how often, and what it does."""

    id: int
    kind: str
    method: str | None = None
    chat_id: int | None = None
    count: int | None = None
    probability: float = 1.0
    retry_after: int = 1
    seconds: float = 1.0
    scope: str = "chat"

    def meets(self, method: str, chat_id: object) -> bool:
        """Tell whether the rule is about such a call and not used up."""
        if self.count == 0 or (self.chat_id is not None and str(self.chat_id) != str(chat_id)):
            return False
        return self.method.lower() == method.lower() if self.method else method != "getUpdates"


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call of the bot and what became of it ("ok", an error code, or the fault's kind)."""

    number: int
    at: float
    method: str
    parameters: dict[str, Any]
    outcome: str


class Faults:
    """Decide which call meets which fault."""

    def __init__(self, clock: Clock, seed: int | None = None) -> None:
        self.rules: list[Rule] = []
        self.hits: Counter[str] = Counter()
        self.violations = 0
        self._clock = clock
        self._random = random.Random(seed)  # noqa: S311 - faults are no secret
        self._ids = count(1)
        self._windows: dict[str, float] = {}

    def add(self, kind: str, **details: Any) -> Rule:
        """Add a rule; ValueError says what is wrong with it."""
        if kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(sorted(KINDS))}")
        if details.get("scope", "chat") not in ("chat", "bot"):
            raise ValueError("scope is chat or bot")
        rule = Rule(next(self._ids), kind, **details)
        self.rules.append(rule)
        return rule

    def clear(self) -> None:
        """Remove every rule and forget what the bot was told to wait for."""
        self.rules.clear()
        self._windows.clear()

    def find(self, method: str, chat_id: object) -> Rule | None:
        """Find and use up the rule that this call meets; a call inside a wait is refused."""
        if self._windows and method != "getUpdates":
            self._refuse_early(chat_id)
        for rule in self.rules:
            if rule.meets(method, chat_id) and self._random.random() < rule.probability:
                if rule.count is not None:
                    rule.count -= 1
                self.hits[rule.kind] += 1
                return rule
        return None

    def refuse(self, rule: Rule, chat_id: object) -> Refusal:
        """Build the refusal that a rule stands for."""
        if rule.kind == "429":
            key = "bot" if rule.scope == "bot" or chat_id is None else str(chat_id)
            self._windows[key] = self._clock.now() + rule.retry_after
            return too_many_requests(rule.retry_after)
        if rule.kind == "403":
            return forbidden("bot was blocked by the user")
        return Refusal(
            int(rule.kind), "Internal Server Error" if rule.kind == "500" else "Bad Gateway"
        )

    def _refuse_early(self, chat_id: object) -> None:
        now = self._clock.now()
        for key in ("bot", str(chat_id)):
            ends = self._windows.get(key, 0.0)
            if ends > now:
                self.violations += 1
                raise too_many_requests(int(ends - now) + 1)
            self._windows.pop(key, None)


class CallLog:
    """Remember the bot's latest calls and count them."""

    def __init__(self, clock: Clock) -> None:
        self.calls: deque[CallRecord] = deque(maxlen=CALLS_KEPT)
        self.by_method: Counter[str] = Counter()
        self.worst_second = 0
        self._clock = clock
        self._sends: deque[float] = deque()

    def note(self, method: str, parameters: dict[str, Any], outcome: str) -> None:
        """Add one call."""
        now = self._clock.now()
        number = self.calls[-1].number if self.calls else 0
        self.by_method[method] += 1
        self.calls.append(CallRecord(number + 1, now, method, parameters, outcome))
        if method.startswith(("send", "edit", "copy", "forward")) and method != "sendChatAction":
            self._count_send(now)

    def _count_send(self, now: float) -> None:
        self._sends.append(now)
        while self._sends[0] <= now - 1:
            self._sends.popleft()
        self.worst_second = max(self.worst_second, len(self._sends))

    def list_since(self, number: int) -> list[CallRecord]:
        """List the calls after a number, oldest first."""
        if not self.calls:
            return []
        first = self.calls[0].number
        skip = max(number - first + 1, 0)
        return list(islice(self.calls, skip, None))

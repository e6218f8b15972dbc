"""How long people who register wait for an answer, and whether the bot was there all the while."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.measuring import find_percentile
from benchmarks.notice_audience import MARK
from simulator.telegram import Event, Telegram
from simulator.updates import Entry


@dataclass(frozen=True)
class Wait:
    """One person's wait for an answer, on the clock that only goes forward."""

    began: float
    ended: float


@dataclass
class ReplyTimes:
    """Watches the chats of those who register, from inside the simulator."""

    telegram: Telegram
    first_chat: int
    waits: list[Wait] = field(default_factory=list)
    absences: list[Wait] = field(default_factory=list)
    _asked: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.telegram.updates.on_add.append(self._note_act)

    def _note_act(self, entry: Entry) -> None:
        chat_id = int(entry.queue.partition(":")[2])
        if chat_id < self.first_chat or chat_id in self._asked:
            return
        self._asked[chat_id] = time.monotonic()
        leave: list[Callable[[], None]] = []

        def hear(event: Event) -> None:
            message = event.get("message")
            if event["type"] not in ("message", "edited") or not message:
                return
            if message["from_bot"] and MARK not in message.get("text", ""):
                leave[0]()
                self.waits.append(Wait(self._asked.pop(chat_id), time.monotonic()))

        leave.append(self.telegram.watch(chat_id, hear))

    def list_seconds(self, *, while_serving: bool) -> list[float]:
        """List how long they waited: where the bot served all the while, or where it did not."""
        return [
            wait.ended - wait.began
            for wait in self.waits
            if while_serving != any(_meet(wait, absence) for absence in self.absences)
        ]

    def p95_ms(self, *, while_serving: bool = True) -> float:
        """Give the time in which 95 of 100 were answered."""
        waited = sorted(self.list_seconds(while_serving=while_serving))
        return round(1000 * find_percentile(waited, 0.95), 1) if waited else 0.0


def _meet(one: Wait, other: Wait) -> bool:
    return one.began < other.ended and other.began < one.ended

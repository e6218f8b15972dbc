"""Many scripted people at once, who answer as soon as the bot does: load for benchmarks.

It lives in the simulator's own event loop, so that no HTTP stands between a person and Telegram.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from simulator.people import People
from simulator.reading import list_buttons
from simulator.telegram import Event, Message

Step = str | tuple[str, str]


@dataclass(slots=True)
class Outcome:
    """What a crowd lived through: how long each answer took, and who finished."""

    people: int
    answers_sent: int = 0
    finished: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """Return the latency in seconds that this share of the answers did not exceed."""
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


class Crowd:
    """Let people live through one script: texts, and taps as ("tap", data or a part of it).

    ("tap", "") taps the first button of the newest message that has any; ("contact", "") shares the
    own contact. A step is done when the bot has sent or edited `replies_per_step` texts; a
    picture or a document goes along with an answer and is none itself.
    """

    def __init__(
        self, people: People, script: Sequence[Step], *, replies_per_step: int = 1
    ) -> None:
        self.people = people
        self.script = script
        self.replies_per_step = replies_per_step

    async def run(self, count: int, *, seconds: float = 60.0) -> Outcome:
        """Let so many new people live through the script at the same time."""
        outcome = Outcome(count)
        members = [_Member(self, outcome, index) for index in range(count)]
        began = time.perf_counter()
        for member in members:
            member.act()
        waits = [member.done for member in members]
        if waits:
            _, pending = await asyncio.wait(waits, timeout=seconds)
            outcome.finished = count - len(pending)
        outcome.seconds = time.perf_counter() - began
        for member in members:
            member.leave()
        return outcome


class _Member:
    """One person of the crowd."""

    def __init__(self, crowd: Crowd, outcome: Outcome, index: int) -> None:
        self.crowd = crowd
        self.outcome = outcome
        self.person_id = crowd.people.add(f"Person {index + 1}").id
        self.loop = asyncio.get_running_loop()
        self.done: asyncio.Future[None] = self.loop.create_future()
        self.leave = crowd.people.telegram.watch(self.person_id, self.notice)
        self.position = 0
        self.replies = 0
        self.asked_at = 0.0
        self.newest: Message | None = None

    def notice(self, event: Event) -> None:
        message = event.get("message")
        if event["type"] not in ("message", "edited") or not message or not message["from_bot"]:
            return
        if list_buttons(message):
            self.newest = message
        if "text" not in message:
            return
        self.replies += 1
        if self.replies == self.crowd.replies_per_step:
            self.outcome.latencies.append(time.perf_counter() - self.asked_at)
            self.position += 1
            self.loop.call_soon(self.act)

    def act(self) -> None:
        if self.position >= len(self.crowd.script):
            if not self.done.done():
                self.done.set_result(None)
            return
        self.replies = 0
        self.asked_at = time.perf_counter()
        self.outcome.answers_sent += 1
        self.do(self.crowd.script[self.position])

    def do(self, step: Step) -> None:
        people = self.crowd.people
        if isinstance(step, str):
            starts = step.startswith("/start")
            payload = step.partition(" ")[2]
            people.start(self.person_id, payload) if starts else people.type_text(
                self.person_id, step
            )
        elif step[0] == "contact":
            people.share_contact(self.person_id)
        else:
            self.tap(step[1])

    def tap(self, part: str) -> None:
        message = self.newest or {"message_id": 0}
        wanted: list[dict[str, Any]] = [
            b for b in list_buttons(message) if part in b["callback_data"]
        ]
        data = wanted[0]["callback_data"] if wanted else part
        self.crowd.people.tap(self.person_id, message["message_id"], data)

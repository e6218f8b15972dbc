"""People who act again as soon as they are answered: the load, always the same number of them."""

import asyncio
import time
from dataclasses import dataclass

from benchmarks.dialogue import TAP, Script, perform
from simulator.people import People
from simulator.reading import list_buttons
from simulator.telegram import Event, Message


@dataclass(frozen=True, slots=True)
class Answer:
    """One act that was answered in full: when, and how long that took."""

    at: float
    seconds: float


class Crowd:
    """Seats, each with one person; who has finished the script leaves the seat to somebody new.

    The first person in a seat leaves early, each at another step: from then on every step is as
    frequent as any other, whatever a bot's speed, so that short rounds do not favour anybody.
    """

    def __init__(self, people: People, script: Script, seats: int, *, spread: bool = True) -> None:
        self.people = people
        self.script = script
        self.answers: list[Answer] = []
        self.members: list[Member] = []
        self.settled = asyncio.Event()
        self._first = seats
        self.running = True
        for seat in range(seats):
            self._seat(len(script) - seat % len(script) if spread else len(script))

    def stop(self) -> None:
        """Let nobody act any more, and nobody notice an answer."""
        self.running = False
        for member in self.members:
            member.leave()

    def _seat(self, steps: int) -> None:
        member = Member(self, steps)
        self.members.append(member)
        member.act()

    def replace(self, member: "Member") -> None:
        """Give a seat to somebody new."""
        member.leave()
        self._first -= 1
        if self._first == 0:
            self.settled.set()
        if self.running:
            self._seat(len(self.script))

    def list_answers(self, began: float, ended: float) -> list[Answer]:
        """List the answers of a stretch of time."""
        return [answer for answer in self.answers if began <= answer.at < ended]


class Member:
    """One person; an act is answered when every call of its step has arrived."""

    def __init__(self, crowd: Crowd, steps: int) -> None:
        self.answered = 0
        self._crowd = crowd
        self._steps = steps
        self._missing = 0
        self._act = TAP
        self._acted_at = 0.0
        self._newest: Message | None = None
        people = crowd.people
        self.person_id = people.add("Dara", last_name="Sok", language_code="km").id
        self.leave = people.telegram.watch(self.person_id, self._notice)

    def act(self) -> None:
        """Do what the script says next, unless the crowd was stopped."""
        if not self._crowd.running:
            return
        step = self._crowd.script[self.answered]
        self._act, self._missing = step.act, len(step.calls)
        self._acted_at = time.perf_counter()
        perform(self._crowd.people, self.person_id, step.act, self._newest)

    def _notice(self, event: Event) -> None:
        message = find_answer(event, self._act)
        if message is None:
            return
        if list_buttons(message):
            self._newest = message
        self._missing -= 1
        if self._missing == 0:
            self._take_answer()

    def _take_answer(self) -> None:
        now = time.perf_counter()
        self.answered += 1
        self._crowd.answers.append(Answer(now, now - self._acted_at))
        done = self.answered == self._steps
        following = (lambda: self._crowd.replace(self)) if done else self.act
        asyncio.get_running_loop().call_soon(following)


def find_answer(event: Event, act: str) -> Message | None:
    """Find what a call of the bot's shows in the chat; an acknowledged tap shows no message.

    After a typed answer our bot also takes the buttons off the question, if it knows already which
    message that is: work that comes on top and that nobody waits for.
    """
    if event["type"] in ("callback_answer", "deleted"):
        return {}
    if event["type"] == "edited" and act != TAP:
        return None
    message: Message = event.get("message", {})
    return message if event["type"] in ("message", "edited") and message["from_bot"] else None

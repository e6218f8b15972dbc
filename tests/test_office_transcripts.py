"""Conversations of workers while an office decides, replayed line by line like the others.

Lines that begin with `*` are what the office does; tests/transcripts/README.md names them.
"""

import os
import secrets
from collections.abc import AsyncIterator, Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from db.database import Database
from db.questions import list_open
from domain.numbers import draw_number
from domain.staff import WHOLE_COUNTRY
from services import cases, decisions, questions
from services.desk import Actor, Desk
from tests.conftest import Clock
from tests.conversation import Conversation
from tests.event_plan import WHOLE
from tests.services.counter import Counter
from tests.services.event_days import open_day
from tests.services.imported import LINE, import_lines, make_line
from tests.services.office import Bureau

FOLDER = Path(__file__).parent / "transcripts" / "office"
LOT = 20251123


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
async def test_conversation_goes_as_written(
    path: Path,
    sqlite_database: Database,
    desk: Desk,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = count(LOT)
    monkeypatch.setattr(secrets, "randbelow", lambda _: next(numbers))
    counter = Counter(sqlite_database, desk, clock)
    play = Play(Conversation(counter), Bureau(counter))
    compare(path, [line async for line in play.replay(read(path))])


def read(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def compare(path: Path, lines: list[str]) -> None:
    said = "\n".join(lines) + "\n"
    if os.environ.get("RENEW_TRANSCRIPTS"):
        path.write_text(said, "utf-8")
    assert said == path.read_text("utf-8")


class Play:
    """A worker on one side, and an office with two officers on the other."""

    def __init__(self, worker: Conversation, bureau: Bureau) -> None:
        self.worker = worker
        self.bureau = bureau
        self.officers: dict[str, Actor] = {}

    async def replay(self, lines: list[str]) -> AsyncIterator[str]:
        """Keep headings and what people do, and write anew what the bot answers."""
        heading = True
        for line in lines:
            heading = heading and not line.startswith((">", "*"))
            if line.startswith(("#", "@")) or (not line and heading):
                yield line
                if line.startswith("@ has submitted: "):
                    await self.worker.submit(line.removeprefix("@ has submitted: "))
                elif line == "@ an event day is planned":
                    await self.plan_day()
                elif line.startswith("@ is on a list: "):
                    await self.put_on_list(line.removeprefix("@ is on a list: "))
            elif line.startswith("> "):
                yield line
                for answered in await self.worker.act(line.removeprefix("> ")):
                    yield answered
            elif line.startswith("* "):
                yield line
                await self.act(line.removeprefix("* "))
                for told in await self.worker.read():
                    yield told

    async def plan_day(self) -> None:
        """Plan an event day whose end and point on the map are known, and hang its poster."""
        await open_day(self.bureau, WHOLE)

    async def put_on_list(self, given_names: str) -> None:
        """Import people of the worker's phone number, born in 1985."""
        counter = self.worker.counter
        for number, name in enumerate(given_names.split(", "), start=1):
            known = {"phone": LINE["phone"], "birth_date": "1985", "id_number": ""}
            line = make_line(number, given_km=name, **known)
            await import_lines(counter.database, counter.desk, [line])

    async def act(self, what: str) -> None:
        """Let the office act: `officer rejects: outside_programme`, or time pass."""
        does, _, terms = what.partition(": ")
        who, _, act = does.partition(" ")
        if does == "days pass":
            self.worker.counter.clock.advance(days=int(terms))
            return
        officer = self.officers.get(who) or await self.bureau.hire(who)
        self.officers[who] = officer
        if act == "answers":
            async with self.worker.counter.database.read() as connection:
                [asked] = await list_open(connection, WHOLE_COUNTRY)
            await self.bureau.act(questions.answer, officer, asked.id, terms)
        else:
            use_case, given = ACTS[act](terms)
            await self.bureau.act(use_case, officer, draw_number(LOT), *given)


Made = tuple[Callable[..., Any], tuple[Any, ...]]
ACTS: dict[str, Callable[[str], Made]] = {
    "takes it": lambda _: (cases.take, ()),
    "looks at it": lambda _: (note_look, ()),
    "approves": lambda _: (decisions.approve, (frozenset({"photo"}),)),
    "rejects": lambda reason: (decisions.reject, (reason,)),
    "asks again": lambda terms: (decisions.request_correction, tuple(terms.split(", "))),
    "accepts the change": lambda _: (decisions.accept_change, ()),
    "declines the change": lambda reason: (decisions.decline_change, (reason,)),
}


async def note_look(uow: Any, _desk: Desk, actor: Actor, number: str) -> None:
    """Open the case on the staff pages."""
    await partial(cases.note_look, what="open_case")(uow, actor, number)

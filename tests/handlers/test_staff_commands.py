"""Commands of staff go to whom they belong, and tell a stranger nothing."""

from types import SimpleNamespace
from typing import cast

import pytest

from db.database import Database
from db.unit_of_work import UnitOfWork
from domain.staff import Role
from domain.texts import message
from handlers.arrivals import CommandSent
from handlers.chats import on_command
from handlers.context import Context
from locales.catalogue import render
from services.desk import Desk, Person
from services.invitations import Invitation, invite
from services.office_words import INVITATION_REFUSED
from tests.conftest import Clock
from tests.services.counter import Counter

BOPHA = 21


@pytest.fixture
def counter(sqlite_database: Database, desk: Desk, clock: Clock) -> Counter:
    return Counter(sqlite_database, desk, clock)


async def send(counter: Counter, name: str, argument: str = "") -> None:
    async def take(uow: UnitOfWork, desk: Desk, person: Person) -> None:
        context = cast("Context", SimpleNamespace(uow=uow, desk=desk))
        await on_command(CommandSent(person, name, argument), context)

    counter.forget_sent()
    await counter.serve(BOPHA, take)


async def make_invitation(counter: Counter) -> str:
    secrets: list[str] = []

    async def work(uow: UnitOfWork) -> None:
        invitation = Invitation("Bopha", frozenset({Role.OFFICER}), None)
        secrets.append(await invite(uow, None, invitation))

    await counter.run(work)
    return secrets[-1]


async def test_an_invitation_is_opened_by_its_start_code(counter: Counter) -> None:
    await send(counter, "start", f"staff_{await make_invitation(counter)}")
    assert "Bopha" in counter.texts(BOPHA)[0]
    await send(counter, "staff")
    assert "/enter/" in counter.texts(BOPHA)[0]


@pytest.mark.parametrize("code", ["staff_", "staff_forged"])
async def test_an_invitation_that_is_none_begins_no_registration(
    counter: Counter, code: str
) -> None:
    await send(counter, "start", code)
    assert counter.texts(BOPHA) == [render(INVITATION_REFUSED, "km", counter.desk.names)]
    assert await counter.count_rows() == {}


async def test_a_worker_may_come_with_a_source_that_only_sounds_like_one(counter: Counter) -> None:
    await send(counter, "start", "staffing")
    draft = await counter.find_draft(BOPHA)
    assert draft is not None
    assert draft.draft.source == "staffing"


async def test_the_command_of_staff_is_unknown_to_strangers(counter: Counter) -> None:
    await send(counter, "staff")
    heard = counter.texts(BOPHA)
    await send(counter, "nonsense")
    assert counter.texts(BOPHA) == heard == [render_help(counter)]


async def test_an_open_form_stays_open_while_staff_join(counter: Counter) -> None:
    before = await counter.leave_draft(BOPHA)
    await send(counter, "start", f"staff_{await make_invitation(counter)}")
    assert await counter.find_draft(BOPHA) == before
    assert "reply_markup" not in counter.sent[0].parameters


def render_help(counter: Counter) -> str:
    return render(message("help.outside"), "km", counter.desk.names)

"""How much waits, and for whom."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from db import waiting
from db.database import Database
from db.tables import applications, questions
from db.unit_of_work import UnitOfWork, run_unit
from db.waiting import Backlog
from domain.staff import WHOLE_COUNTRY, Scope
from tests.samples import NOON, make_application, make_contact

HOUR = timedelta(hours=1)
UNTIL = NOON + 2 * HOUR
STANDING = [
    ("0203", "decision", NOON - HOUR),
    ("0203", "decision", NOON),
    ("0203", "appeal", UNTIL),
    ("0204", "change", UNTIL + HOUR),
    ("1703", "decision", NOON - HOUR),
    ("0203", None, None),
]
ASKED = [("02", "open"), ("0204", "open"), ("17", "open"), ("02", "answered"), (None, "unplaced")]


@pytest.fixture
async def filled(database: Database) -> Database:
    """An office at which some things wait."""

    async def work(uow: UnitOfWork) -> None:
        for chat_id in range(1, len(STANDING) + 1):
            uow.save_contact(make_contact(chat_id))
            uow.add_application(make_application(chat_id))

    async def put(uow: UnitOfWork) -> None:
        for chat_id, (office, why, due_at) in enumerate(STANDING, start=1):
            await uow.connection.execute(
                update(applications)
                .where(applications.c.chat_id == chat_id)
                .values(office=office, waiting=why, due_at=due_at)
            )
        for asked_at, status in ASKED:
            row = {"chat_id": 1, "office": asked_at, "status": status, "asked_at": NOON}
            await uow.connection.execute(questions.insert().values(**row))

    await run_unit(database, NOON, work)
    await run_unit(database, NOON, put)
    return database


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (WHOLE_COUNTRY, Backlog(waiting=5, due=2, overdue=2, questions=3)),
        (Scope(frozenset({"02"})), Backlog(waiting=4, due=2, overdue=1, questions=2)),
        (Scope(frozenset({"0204", "17"})), Backlog(waiting=2, overdue=1, questions=3)),
        (Scope(frozenset({"0205"})), Backlog(questions=1)),
        (Scope(frozenset({"03"})), Backlog()),
        (Scope(frozenset()), Backlog()),
    ],
)
async def test_what_waits_is_counted_within_a_scope(
    filled: Database, scope: Scope, expected: Backlog
) -> None:
    async with filled.read() as connection:
        assert await waiting.count_waiting(connection, scope, NOON, UNTIL) == expected
        by_office = await waiting.count_by_office(connection, NOON, UNTIL)
    assert waiting.add_up(by_office, scope) == expected


def test_nothing_waits_only_if_no_question_is_open_either() -> None:
    assert not Backlog()
    assert Backlog(questions=1)

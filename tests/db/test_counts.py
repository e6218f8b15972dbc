"""Counts over applications."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update

from db import applications, contacts, tables
from db.counts import Counts, Overview, count_applications
from db.database import Database
from domain.applications import Status
from domain.staff import WHOLE_COUNTRY, Scope
from tests.samples import REGISTRATION, make_application, make_contact

ZONE = ZoneInfo("Asia/Phnom_Penh")
NOW = datetime(2026, 3, 6, 3, 0, tzinfo=UTC)
PROMISED = date(2026, 3, 5)
LATE_THAT_EVENING = datetime(2026, 3, 5, 16, 59, tzinfo=UTC)
EARLY_NEXT_DAY = datetime(2026, 3, 5, 17, 1, tzinfo=UTC)


async def store(database: Database, chat_id: int, home: str, sex: str, **row: Any) -> None:
    worker = replace(REGISTRATION.worker, home=home, sex=sex)
    registration = replace(REGISTRATION, worker=worker)
    application = make_application(chat_id, registration=registration, answer_due_on=PROMISED)
    table = tables.applications

    async def write(connection: Any) -> None:
        await contacts.save(connection, [make_contact(chat_id)])
        await applications.add(connection, [application])
        if row:
            chosen = update(table).where(table.c.number == application.number)
            await connection.execute(chosen.values(**row))

    await database.write(write)


async def count(database: Database, scope: Scope = WHOLE_COUNTRY) -> Overview:
    async with database.read() as connection:
        return await count_applications(connection, scope, NOW, ZONE)


async def test_without_applications_there_is_nothing_to_count(database: Database) -> None:
    assert await count(database) == Overview(Counts(), {}, {})


async def test_every_application_is_counted_once_by_status_and_by_province(
    database: Database,
) -> None:
    decided = {"status": "approved", "waiting": None, "due_at": None}
    await store(database, 1, "02030105", "female")
    await store(database, 2, "02030105", "male", **decided, decided_at=LATE_THAT_EVENING)
    await store(database, 3, "12010101", "female", **decided, decided_at=EARLY_NEXT_DAY)
    await store(
        database, 4, "12010101", "female", **decided, decided_at=LATE_THAT_EVENING, appealed=True
    )

    found = await count(database)

    assert found.total == Counts(total=4, waiting=1, late=1, women=3, decided=2, in_time=1)
    assert {key: one.total for key, one in found.by_status.items()} == {
        Status.SUBMITTED: 1,
        Status.APPROVED: 3,
    }
    assert {key: one.total for key, one in found.by_province.items()} == {"02": 2, "12": 2}


async def test_what_still_has_time_is_not_late(database: Database) -> None:
    await store(database, 1, "02030105", "female", due_at=datetime(2026, 3, 6, 4, tzinfo=UTC))
    assert (await count(database)).total == Counts(total=1, waiting=1, women=1)


async def test_only_the_scope_is_counted(database: Database) -> None:
    await store(database, 1, "02030105", "female")
    await store(database, 2, "02040105", "male")
    await store(database, 3, "12010101", "female")
    for places, total in ((["02"], 2), (["0203"], 1), (["0203", "12"], 2), ([], 0)):
        assert (await count(database, Scope(frozenset(places)))).total.total == total

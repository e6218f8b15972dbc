"""The next case is taken by one officer, and lists are noted."""

import asyncio
from functools import partial

import pytest
from sqlalchemy import select

from db import staff
from db.database import Database
from db.tables import audit_events
from db.unit_of_work import UnitOfWork, run_unit
from domain.applications import Status
from domain.cases import Case
from domain.filters import Filters
from domain.staff import Role, Staff
from services.desk import Actor, Desk
from services.queue import note_list, take_next
from tests.db.applicants import APPEALED, SIEM_REAP, submit
from tests.samples import NOON

pytestmark = pytest.mark.every_database


async def hire(database: Database, *places: str, role: Role = Role.OFFICER) -> Staff:
    add = partial(staff.add, at=NOON, name="Chan Sophea", roles={role}, places=places)
    return await database.write(add)


async def take(
    database: Database, desk: Desk, officer: Staff, filters: Filters | None = None
) -> Case | None:
    taken: list[Case | None] = []

    async def work(uow: UnitOfWork) -> None:
        taken.append(await take_next(uow, desk, Actor(officer, "web test"), filters))

    await run_unit(database, NOON, work)
    return taken[0]


async def test_the_next_case_is_taken_and_written_down(database: Database, desk: Desk) -> None:
    officer = await hire(database, "02")
    number = await submit(database, 1)
    taken = await take(database, desk, officer)

    assert taken is not None
    assert (taken.number, taken.status) == (number, Status.IN_REVIEW)
    assert taken.assigned_to == officer.id
    async with database.read() as connection:
        [event] = await connection.execute(select(audit_events.c.act, audit_events.c.subject))
    assert tuple(event) == ("take", number)


async def test_two_officers_who_ask_at_once_get_two_cases(database: Database, desk: Desk) -> None:
    officers = [await hire(database, "02") for _ in range(3)]
    numbers = {await submit(database, chat_id) for chat_id in (1, 2)}
    taken = await asyncio.gather(*(take(database, desk, officer) for officer in officers))

    assert {case.number for case in taken if case} == numbers
    assert taken.count(None) == 1


async def test_nothing_is_taken_elsewhere_nor_by_who_decides_nothing(
    database: Database, desk: Desk
) -> None:
    await submit(database, 1, home=SIEM_REAP)
    assert await take(database, desk, await hire(database, "02")) is None
    assert await take(database, desk, await hire(database, "17", role=Role.ANALYST)) is None


async def test_an_appeal_goes_to_another_officer(database: Database, desk: Desk) -> None:
    first, second = await hire(database, "02"), await hire(database, "02")
    number = await submit(database, 1, standing={**APPEALED, "decided_by": first.id})

    assert await take(database, desk, first) is None
    taken = await take(database, desk, second)
    assert taken is not None
    assert taken.number == number


async def test_the_next_case_is_of_those_that_were_asked_for(
    database: Database, desk: Desk
) -> None:
    await submit(database, 1)
    minor = await submit(database, 2, flags={"minor"})
    taken = await take(database, desk, await hire(database, "02"), Filters(flag="minor"))
    assert taken is not None
    assert taken.number == minor


async def test_a_list_is_noted_by_its_length_alone(database: Database) -> None:
    actor = Actor(await hire(database, "02"), "web test")
    await run_unit(database, NOON, lambda uow: note_list(uow, actor, "search_cases", 7))
    async with database.read() as connection:
        [event] = (await connection.execute(select(audit_events))).mappings()
    assert (event["act"], event["subject"], event["details"]) == ("search_cases", None, {"rows": 7})
    assert event["actor_id"] == actor.staff.id

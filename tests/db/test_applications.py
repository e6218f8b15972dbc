"""Submitted registrations are stored whole, each under a number of its own."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Table, select

from db.applications import apply_revision, find_chat, find_registration
from db.database import Database
from db.errors import FlushRefused
from db.tables import activities, applications, consents, workers
from db.unit_of_work import UnitOfWork, run_unit
from domain.applications import Application
from domain.registrations import Activity, Background
from tests.samples import NOON, REGISTRATION, chat_of, make_application, make_contact


def submitting(*submitted: Application) -> Callable[[UnitOfWork], Awaitable[None]]:
    """Make work that submits applications."""

    async def work(uow: UnitOfWork) -> None:
        for application in submitted:
            uow.save_contact(make_contact(chat_of(application)))
            uow.add_application(application)

    return work


async def list_rows(database: Database, table: Table) -> list[dict[str, Any]]:
    async with database.read() as connection:
        rows = await connection.execute(select(table).order_by(*table.primary_key))
        return [dict(row) for row in rows.mappings()]


async def test_an_application_is_stored_with_everything_in_it(database: Database) -> None:
    await run_unit(database, NOON, submitting(make_application(7)))

    [worker] = await list_rows(database, workers)
    assert worker == {"id": worker["id"], "created_at": NOON, **asdict(REGISTRATION.worker)}
    [application] = await list_rows(database, applications)
    assert application == {
        "id": application["id"],
        "worker_id": worker["id"],
        "number": make_application(7).number,
        "chat_id": 7,
        "draft_tag": "k3y5p7",
        "form_version": 1,
        "status": "submitted",
        "for_whom": "self",
        "workplace": asdict(REGISTRATION.workplace),
        "support": ["finance", "nssf"],
        "background": asdict(REGISTRATION.background),
        "flags": ["minor"],
        "source": "market",
        "submitted_at": NOON,
        "answer_due_on": make_application(7).answer_due_on,
        "answers": make_application(7).answers,
        "office": "0203",
        "place": "02030105",
        "occupation": "street_food_vendor",
        "waiting": "decision",
        "due_at": make_application(7).due_at,
        "assigned_to": None,
        "decided_by": None,
        "decided_at": None,
        "reason": None,
        "appealed": False,
        "duplicate_of": None,
        "registered_by": None,
    }


async def test_activities_keep_their_order_and_consents_their_time(database: Database) -> None:
    await run_unit(database, NOON, submitting(make_application(7), make_application(8)))

    ids = [row["id"] for row in await list_rows(database, applications)]
    assert await list_rows(database, activities) == [
        {"application_id": application_id, "position": position, **asdict(activity)}
        for application_id in ids
        for position, activity in enumerate(REGISTRATION.activities, start=1)
    ]
    rows = await list_rows(database, consents)
    assert [(row["application_id"], row["purpose"]) for row in rows] == [
        (application_id, purpose)
        for application_id in ids
        for purpose in ("notices", "registration")
    ]
    given_at = datetime.fromisoformat(REGISTRATION.consents[0].given_at)
    assert {row["given_at"] for row in rows} == {given_at}


async def test_two_applications_cannot_have_one_number(database: Database) -> None:
    taken = make_application(7)
    await run_unit(database, NOON, submitting(taken))

    with pytest.raises(FlushRefused):
        await run_unit(database, NOON, submitting(make_application(8, number=taken.number)))
    assert len(await list_rows(database, workers)) == 1


async def test_one_draft_cannot_become_two_applications(database: Database) -> None:
    await run_unit(database, NOON, submitting(make_application(7)))

    with pytest.raises(FlushRefused):
        await run_unit(database, NOON, submitting(make_application(7, number="111111110")))
    assert len(await list_rows(database, applications)) == 1


async def test_one_chat_can_submit_for_several_people(database: Database) -> None:
    mothers = make_application(7, number="111111110", draft_tag="m2t8hr")
    await run_unit(database, NOON, submitting(make_application(7), mothers))

    assert len(await list_rows(database, applications)) == 2


async def test_a_registration_is_found_as_it_was_submitted(database: Database) -> None:
    await run_unit(database, NOON, submitting(make_application(7), make_application(8)))

    async with database.read() as connection:
        found = await find_registration(connection, make_application(7).number)
        nothing = await find_registration(connection, "000000000")
        chat = await find_chat(connection, make_application(8).number)
    assert found is not None
    flags = found.flags - {"possible_duplicate"}
    assert replace(found, wants_notices=True, flags=flags) == REGISTRATION
    assert nothing is None
    assert chat == 8


async def test_a_revision_takes_the_place_of_what_was_submitted(database: Database) -> None:
    first, other = make_application(7), make_application(8)
    await run_unit(database, NOON, submitting(first, other))
    tailor = Activity("tailor", None, "self_employed", None, "1_2", "unsaid")
    revised = replace(
        REGISTRATION,
        worker=replace(REGISTRATION.worker, given_km="ដារា", home="17010101"),
        activities=(tailor,),
        support=(),
        background=Background(health="nssf"),
        wants_notices=False,
        flags=frozenset(),
    )

    async def work(uow: UnitOfWork) -> None:
        uow.write(
            partial(
                apply_revision,
                number=first.number,
                registration=revised,
                answers={"home": "17010101"},
                form_version=2,
                at=NOON,
            )
        )

    await run_unit(database, NOON, work)
    async with database.read() as connection:
        stored = await find_registration(connection, first.number)
        untouched = await find_registration(connection, other.number)
    assert stored is not None
    assert replace(stored, flags=frozenset()) == revised
    assert stored.flags == {"possible_duplicate"}
    assert untouched is not None
    assert untouched.worker == REGISTRATION.worker
    row, _ = await list_rows(database, applications)
    assert row["answers"] == {"home": "17010101"}
    assert (row["form_version"], row["office"]) == (2, first.office)
    assert (row["place"], row["occupation"]) == ("17010101", "tailor")

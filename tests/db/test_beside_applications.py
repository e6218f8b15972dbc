"""What is kept beside an application: corrections, wishes, notes, certificates and merges."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from db import cases, certificates, change_requests, corrections, merges, notes, staff
from db.certificates import IssuedCertificate
from db.database import Database
from db.unit_of_work import UnitOfWork, run_unit
from domain.applications import Status
from domain.cases import Case
from domain.certificates import Certificate
from domain.staff import Role
from tests.samples import NOON, make_application, make_contact

LATER = NOON + timedelta(hours=1)
FIRST, SECOND, THIRD = (make_application(chat_id).number for chat_id in (7, 8, 9))


@pytest.fixture
async def database(database: Database) -> Database:
    """A database with three applications."""

    async def work(uow: UnitOfWork) -> None:
        for chat_id in (7, 8, 9):
            uow.save_contact(make_contact(chat_id))
            uow.add_application(make_application(chat_id))

    await run_unit(database, NOON, work)
    return database


async def test_the_last_correction_waits_until_all_are_answered(database: Database) -> None:
    async def ask(connection: AsyncConnection) -> None:
        await corrections.add(connection, FIRST, "home", "unclear", NOON)
        await corrections.add(connection, FIRST, "sex", "does_not_fit", LATER)
        await corrections.add(connection, SECOND, "born", "unclear", LATER)

    async def answer(connection: AsyncConnection) -> None:
        await corrections.close(connection, FIRST, LATER)

    await database.write(ask)
    async with database.read() as connection:
        asked = await corrections.find_open(connection, FIRST)
    assert asked == corrections.Correction("sex", "does_not_fit", LATER)
    await database.write(answer)
    async with database.read() as connection:
        assert await corrections.find_open(connection, FIRST) is None
        assert await corrections.find_open(connection, SECOND) is not None


async def test_a_wish_waits_until_it_is_settled(database: Database) -> None:
    async def wish(connection: AsyncConnection) -> None:
        await change_requests.add(connection, FIRST, "sex", {"sex": "male"}, 1, NOON)

    async def settle(connection: AsyncConnection) -> None:
        await change_requests.settle(connection, SECOND, LATER, accepted=True)
        assert await change_requests.find_open(connection, FIRST) is not None
        await change_requests.settle(connection, FIRST, LATER, accepted=False)

    await database.write(wish)
    async with database.read() as connection:
        found = await change_requests.find_open(connection, FIRST)
    assert found == change_requests.ChangeRequest("sex", {"sex": "male"}, 1, NOON)
    await database.write(settle)
    async with database.read() as connection:
        assert await change_requests.find_open(connection, FIRST) is None


async def test_notes_are_listed_in_their_order(database: Database) -> None:
    async def write(connection: AsyncConnection) -> None:
        await notes.add(connection, FIRST, None, "ខ្ញុំមានប័ណ្ណថ្មី", NOON)
        await notes.add(connection, SECOND, None, "...", NOON)
        await notes.add(connection, FIRST, None, "ពិតមែន", LATER)

    await database.write(write)
    async with database.read() as connection:
        found = await notes.list_about(connection, FIRST)
    assert found == [
        notes.Note(None, "ខ្ញុំមានប័ណ្ណថ្មី", NOON),
        notes.Note(None, "ពិតមែន", LATER),
    ]


def make_certificate(number: str, given: str) -> IssuedCertificate:
    """Issue a certificate to somebody."""
    certificate = Certificate(
        number=number,
        family_km="សុខ",
        given_km="ដារ៉ា",
        family_latin="SOK",
        given_latin=given,
        category="self_employed",
        occupation="tailor",
        place="0203",
        issued_on=NOON.date(),
        specimen=True,
    )
    return IssuedCertificate(certificate, "abcd2345", f"{given}.token", NOON)


async def test_a_new_certificate_follows_a_revoked_one(database: Database) -> None:
    former, new = make_certificate(FIRST, "DARA"), make_certificate(FIRST, "DALA")
    other = make_certificate(SECOND, "SOPHEA")

    async def issue(connection: AsyncConnection) -> None:
        await certificates.add(connection, former)
        await certificates.add(connection, other)
        await certificates.revoke(connection, FIRST, LATER)
        latest = await certificates.find_latest(connection, FIRST)
        assert latest is not None
        assert (latest.certificate, latest.revoked_at) == (former.certificate, LATER)
        await certificates.add(connection, new)

    await database.write(issue)
    async with database.read() as connection:
        assert await certificates.find_latest(connection, FIRST) == new
        assert await certificates.find_latest(connection, SECOND) == other
        assert await certificates.find_latest(connection, THIRD) is None


async def test_a_merge_remembers_the_standing_to_the_microsecond(database: Database) -> None:
    former = await get_case(database, FIRST)
    former = replace(former, decided_at=NOON + timedelta(microseconds=1), appealed=True)

    async def merge(connection: AsyncConnection) -> None:
        officer = await hire(connection)
        await merges.add(connection, former, SECOND, officer, NOON)

    await database.write(merge)
    async with database.read() as connection:
        found = await merges.find_open(connection, FIRST)
    assert found is not None
    assert found.former == former


async def test_what_was_withdrawn_does_not_bind_what_was_kept(database: Database) -> None:
    former = await get_case(database, FIRST)

    async def merge(connection: AsyncConnection) -> None:
        officer = await hire(connection)
        await merges.add(connection, former, SECOND, officer, NOON)
        assert await merges.has_merged(connection, SECOND)
        assert not await merges.has_merged(connection, FIRST)
        withdrawn = replace(former, status=Status.WITHDRAWN, waiting=None)
        await cases.save(connection, [withdrawn])
        assert not await merges.has_merged(connection, SECOND)

    await database.write(merge)


async def get_case(database: Database, number: str) -> Case:
    """Get the standing of an application."""
    async with database.read() as connection:
        case = await cases.find(connection, number)
    assert case is not None
    return case


async def hire(connection: AsyncConnection) -> int:
    """Take an officer on, and give the id."""
    return (await staff.add(connection, NOON, "ចាន់ ណារី", [Role.OFFICER], None)).id

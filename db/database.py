"""The connection to SQLite or PostgreSQL: one writer at a time, readers beside it."""

import asyncio
import fcntl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from copy import copy
from pathlib import Path
from typing import Any, TextIO, TypeVar

from sqlalchemy import Engine, event, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from db.errors import AlreadyOwned, FlushRefused, told_apart
from db.time_limits import limit_statements

T = TypeVar("T")

writing: ContextVar[bool] = ContextVar("writing", default=False)
"""Whether this task is inside a write transaction; nothing may be sent from there."""

WRITER_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA mmap_size = 0",
    "PRAGMA busy_timeout = 5000",
)
REBUILDER_PRAGMAS = tuple(
    "PRAGMA foreign_keys = OFF" if "foreign_keys" in pragma else pragma for pragma in WRITER_PRAGMAS
)
READER_PRAGMAS = (
    "PRAGMA query_only = ON",
    "PRAGMA mmap_size = 0",
    "PRAGMA busy_timeout = 5000",
)

READERS = 4
PAGE_SECONDS = 8.0
"""How long one statement of a page may take before it is ended; a page has several."""


class Database:
    """One database; for SQLite this process is the only one that writes to the file.

    Writes wait for each other behind a first-come lock, each in one short transaction. Readers
    have connections of their own and never wait for a writer.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self._turn = asyncio.Lock()
        self._owned: TextIO | None = None
        self._writer: AsyncEngine = self._make_engine(WRITER_PRAGMAS, "BEGIN IMMEDIATE", 1)
        self._reader: AsyncEngine = (
            self._make_engine(READER_PRAGMAS, "BEGIN", READERS) if self.is_sqlite else self._writer
        )
        self._engines = [self._writer, self._reader]

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a SQLite file."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def file(self) -> Path | None:
        """The SQLite file, if it is one."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    def own(self) -> None:
        """Claim a SQLite file for this process.

        Raises:
            AlreadyOwned: another process has it.
        """
        if self.file is None:
            return
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = self.file.with_name(self.file.name + ".lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise AlreadyOwned(f"{self.file} is in use by another process of the bot") from None
        self._owned = lock
        for file in self.file.parent.glob(self.file.name + "*"):
            file.chmod(0o600)

    def for_pages(self, most_seconds: float = PAGE_SECONDS) -> "Database":
        """Give the same database with readers of its own, which end statements that take too long.

        So nobody who looks at pages keeps waiting what is to be sent. On SQLite only what goes
        through SQLAlchemy is ended, not what is selected by ids. It is closed with this one.
        """
        reader = self._make_engine(READER_PRAGMAS, "BEGIN", READERS, most_seconds)
        self._engines.append(reader)
        pages = copy(self)
        pages._reader = reader  # noqa: SLF001 - one of this class
        return pages

    async def close(self) -> None:
        """Let every connection and the file go, after the writes that have been begun."""
        async with self._turn:
            await self._dispose()

    async def _dispose(self) -> None:
        for engine in reversed(self._engines):
            await engine.dispose()
        if self._owned is not None:
            self._owned.close()
            self._owned = None

    async def write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Do some work in one write transaction: all of it is stored, or nothing.

        A caller that is cancelled leaves; the transaction ends as it would have.

        Raises:
            DatabaseUnavailable: the database is locked, full or away.
            FlushRefused: the database refuses the values.
        """
        return await asyncio.shield(asyncio.ensure_future(self._write(work)))

    async def rebuild(self, work: Callable[[AsyncConnection], Awaitable[None]]) -> None:
        """Change the schema in one transaction, with foreign keys checked only at its end.

        SQLite can alter many things of a table only by making it anew, which would otherwise fail
        as long as others refer to it.
        """
        engine = self._make_engine(REBUILDER_PRAGMAS, "BEGIN IMMEDIATE", 1)
        try:
            async with self._turn:
                with told_apart():
                    async with engine.begin() as connection:
                        await work(connection)
                        await self._check_references(connection)
        finally:
            await engine.dispose()

    async def fold_log(self) -> None:
        """Empty SQLite's write-ahead log, which still holds what was erased from the tables."""
        if not self.is_sqlite:
            return
        async with self._turn:
            with told_apart():
                async with self._writer.connect() as connection:
                    # Straight to the driver: a checkpoint cannot be made inside a transaction.
                    driver = (await connection.get_raw_connection()).driver_connection
                    assert driver is not None  # noqa: S101 - it has just been opened
                    await driver.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")

    async def _check_references(self, connection: AsyncConnection) -> None:
        if self.is_sqlite and (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all():
            raise FlushRefused("the migration leaves rows that refer to nothing")

    async def _write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        async with self._turn:
            writing.set(True)
            with told_apart():
                async with self._writer.begin() as connection:
                    return await work(connection)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection that only reads."""
        with told_apart():
            async with self._reader.connect() as connection:
                yield connection

    def _make_engine(
        self, pragmas: tuple[str, ...], begin: str, size: int, most_seconds: float | None = None
    ) -> AsyncEngine:
        if not self.is_sqlite:
            limit = {"statement_timeout": str(int(1000 * most_seconds))} if most_seconds else {}
            settings = {"server_settings": limit}
            return create_async_engine(
                self.url, pool_size=5, pool_pre_ping=True, connect_args=settings
            )
        engine = create_async_engine(self.url, pool_size=size, max_overflow=0)
        _prepare_sqlite(engine.sync_engine, pragmas, begin)
        if most_seconds is not None:
            limit_statements(engine.sync_engine, most_seconds)
        return engine


def _prepare_sqlite(engine: Engine, pragmas: tuple[str, ...], begin: str) -> None:
    """Give every new connection its settings, and begin transactions as asked.

    The driver's own way of beginning would start a writing transaction as a reading one, and two
    such transactions overwrite each other's work silently.
    """

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(pragma).close()

    @event.listens_for(engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)

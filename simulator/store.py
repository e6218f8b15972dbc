"""The simulator's own SQLite file, written behind what happens in memory."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

FLUSH_SECONDS = 0.1
SCHEMA = "create table if not exists thing (kind text, key text, value, primary key (kind, key))"
UPSERT = (
    "insert into thing (kind, key, value) values (?, ?, ?)"
    " on conflict (kind, key) do update set value = excluded.value"
)
DELETE = "delete from thing where kind = ? and key = ?"


class Journal(Protocol):
    """Whoever wants to know what changed.

    Values are JSON-like, bytes, or None when a thing is gone; nobody may change them afterwards.
    """

    def record(self, kind: str, key: object, value: object) -> None:
        """Note that a thing has this value now."""


class NoJournal:
    """A journal that keeps nothing."""

    def record(self, kind: str, key: object, value: object) -> None:
        """Forget it at once."""


class Store:
    """Collect changes in memory and write them in batches, off the event loop."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = normal")
        self._connection.execute(SCHEMA)
        self._dirty: dict[tuple[str, str], object] = {}
        self._closing = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def record(self, kind: str, key: object, value: object) -> None:
        """Note a change for the next batch."""
        self._dirty[kind, str(key)] = value

    def load(self, kind: str) -> Iterator[tuple[str, Any]]:
        """Read every thing of a kind, in the order of its first writing."""
        query = "select key, value from thing where kind = ? order by rowid"
        for key, value in self._connection.execute(query, (kind,)).fetchall():
            yield key, value if isinstance(value, bytes) else json.loads(value)

    def flush(self) -> None:
        """Write all collected changes as one transaction."""
        dirty, self._dirty = self._dirty, {}
        if dirty:
            self._write(dirty)

    def _write(self, dirty: dict[tuple[str, str], object]) -> None:
        gone = [key for key, value in dirty.items() if value is None]
        kept = [(*key, _encode(value)) for key, value in dirty.items() if value is not None]
        self._connection.execute("begin")
        self._connection.executemany(DELETE, gone)
        self._connection.executemany(UPSERT, kept)
        self._connection.execute("commit")

    def start(self) -> None:
        """Begin to write behind; needs a running event loop."""
        self._task = asyncio.create_task(self._write_behind())

    async def _write_behind(self) -> None:
        while not self._closing.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), FLUSH_SECONDS)
            dirty, self._dirty = self._dirty, {}
            if dirty:
                await asyncio.to_thread(self._write, dirty)

    async def close(self) -> None:
        """Write what is left and close the file."""
        self._closing.set()
        if self._task is not None:
            await self._task
        self.flush()
        self._connection.close()


def _encode(value: object) -> object:
    return value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False)

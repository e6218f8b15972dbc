"""The statements of every batch, made once and run with as little ado as each database allows.

On SQLite they go straight to the driver: through SQLAlchemy each would wait for the driver's
thread four times instead of once, and be looked up and wrapped anew. On PostgreSQL, and for
everything that is not in each batch, SQLAlchemy runs them.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from aiosqlite import Connection as Driver
from sqlalchemy import Delete, Select, Table, Update
from sqlalchemy import Insert as AnyInsert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

Row = dict[str, Any]
Convert = Callable[[Any], Any] | None
Insert = sqlite.Insert | postgresql.Insert

_DIALECT = sqlite.dialect(paramstyle="qmark")


async def select_by_ids(
    connection: AsyncConnection, statement: Select[Any], ids: Collection[int] | Collection[str]
) -> list[tuple[Any, ...]]:
    """Select rows; the one parameter of the statement, `ids`, is these."""
    if not ids:
        return []
    driver = _find_driver(connection)
    if driver is None:
        rows = await connection.execute(statement, {"ids": list(ids)})
        return [tuple(row) for row in rows]
    prepared = _prepare_by_ids(statement, len(ids))
    found = await driver.execute_fetchall(prepared.text, tuple(ids))
    return [prepared.read(row) for row in found]


async def upsert(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, or overwrite the ones whose primary key is there already."""
    await run_many(connection, _upsert(connection.dialect.name, table), rows)


async def insert_new(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, leaving the ones alone whose primary key is there already."""
    await run_many(connection, _insert_new(connection.dialect.name, table), rows)


async def insert_in_order(
    connection: AsyncConnection, table: Table, rows: Sequence[Row]
) -> list[int]:
    """Insert rows and give their generated keys, rising in the order of the rows."""
    insert = _insert(connection.dialect.name, table)
    driver = _find_driver(connection)
    if driver is None:
        returning = insert.returning(*table.primary_key, sort_by_parameter_order=True)
        return list(await connection.scalars(returning, rows))
    # With RETURNING the rows would go one by one; SQLite counts on from its largest key.
    await run_many(connection, insert, rows)
    [[last]] = await driver.execute_fetchall("SELECT last_insert_rowid()")
    return list(range(last - len(rows) + 1, last + 1))


async def run_many(
    connection: AsyncConnection, statement: AnyInsert | Update | Delete, rows: Sequence[Row]
) -> None:
    """Run a statement once for each row of parameters; the rows have the same keys."""
    if not rows:
        return
    driver = _find_driver(connection)
    if driver is None:
        await connection.execute(statement, rows)
        return
    prepared = _prepare(statement, tuple(rows[0]))
    cursor = await driver.executemany(prepared.text, [prepared.write(row) for row in rows])
    await cursor.close()


def _find_driver(connection: AsyncConnection) -> Driver | None:
    if connection.dialect.name != "sqlite" or connection.sync_connection is None:
        return None
    found = connection.sync_connection.connection.driver_connection
    return found if isinstance(found, Driver) else None


@dataclass(frozen=True)
class _Prepared:
    """A statement as SQLite reads it, and how values go in and come out."""

    text: str
    names: tuple[str, ...] = ()
    into: tuple[Convert, ...] = ()
    out: tuple[Convert, ...] = ()

    def write(self, row: Row) -> tuple[Any, ...]:
        """Give a row's values as the driver wants them."""
        return tuple(
            convert(row[name]) if convert else row[name]
            for name, convert in zip(self.names, self.into, strict=True)
        )

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """Give what the driver found as the program wants it."""
        return tuple(
            convert(value) if convert else value
            for value, convert in zip(row, self.out, strict=True)
        )


@lru_cache(maxsize=512)
def _prepare_by_ids(statement: Select[Any], count: int) -> _Prepared:
    compiled = statement.params(ids=[0] * count).compile(
        dialect=_DIALECT, compile_kwargs={"render_postcompile": True}
    )
    out = tuple(_make_reader(column.type) for column in statement.selected_columns)
    return _Prepared(str(compiled), out=out)


@lru_cache(maxsize=64)
def _prepare(statement: AnyInsert | Update | Delete, keys: tuple[str, ...]) -> _Prepared:
    compiled = statement.compile(dialect=_DIALECT, column_keys=list(keys))
    names = tuple(getattr(compiled, "positiontup", None) or ())
    into = tuple(_make_writer(compiled.binds[name].type) for name in names)
    return _Prepared(str(compiled), names, into)


def _make_writer(kind: TypeEngine[Any]) -> Convert:
    return kind.dialect_impl(_DIALECT).bind_processor(_DIALECT)


def _make_reader(kind: TypeEngine[Any]) -> Convert:
    return kind.dialect_impl(_DIALECT).result_processor(_DIALECT, None)


@lru_cache
def _insert(dialect: str, table: Table) -> Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


@lru_cache
def _insert_new(dialect: str, table: Table) -> Insert:
    return _insert(dialect, table).on_conflict_do_nothing()


@lru_cache
def _upsert(dialect: str, table: Table) -> Insert:
    insert = _insert(dialect, table)
    values = [column.name for column in table.columns if not column.primary_key]
    return insert.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={name: insert.excluded[name] for name in values},
    )

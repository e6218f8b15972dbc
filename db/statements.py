"""Statements that SQLite and PostgreSQL spell alike but SQLAlchemy keeps apart."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

Row = dict[str, Any]


async def upsert(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, or overwrite the ones whose primary key is there already."""
    if not rows:
        return
    await connection.execute(_upsert(connection.dialect.name, table), rows)


async def insert_new(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, leaving the ones alone whose primary key is there already."""
    if rows:
        insert = _insert(connection.dialect.name, table)
        await connection.execute(insert.on_conflict_do_nothing(), rows)


async def insert_in_order(
    connection: AsyncConnection, table: Table, rows: Sequence[Row]
) -> list[int]:
    """Insert rows and give their generated keys, rising in the order of the rows."""
    insert = _insert(connection.dialect.name, table)
    if connection.dialect.name == "sqlite":
        # With RETURNING the rows would go one by one; SQLite counts on from its largest key.
        await connection.execute(insert, rows)
        last = (await connection.scalars(select(func.last_insert_rowid()))).one()
        return list(range(last - len(rows) + 1, last + 1))
    returning = insert.returning(*table.primary_key, sort_by_parameter_order=True)
    return list(await connection.scalars(returning, rows))


@lru_cache
def _insert(dialect: str, table: Table) -> "sqlite.Insert | postgresql.Insert":
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


@lru_cache
def _upsert(dialect: str, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """Make the statement once for a table: making it costs more than running it."""
    insert = _insert(dialect, table)
    values = [column.name for column in table.columns if not column.primary_key]
    return insert.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={name: insert.excluded[name] for name in values},
    )

"""Statements that SQLite and PostgreSQL spell alike but SQLAlchemy keeps apart."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

Row = dict[str, Any]


async def upsert(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, or overwrite the ones whose primary key is there already."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    insert = _insert(connection, table)
    await connection.execute(
        insert.on_conflict_do_update(
            index_elements=keys,
            set_={name: insert.excluded[name] for name in rows[0] if name not in keys},
        ),
        rows,
    )


async def insert_new(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, leaving the ones alone whose primary key is there already."""
    if rows:
        await connection.execute(_insert(connection, table).on_conflict_do_nothing(), rows)


async def insert_in_order(
    connection: AsyncConnection, table: Table, rows: Sequence[Row]
) -> list[int]:
    """Insert rows and give their generated keys, rising in the order of the rows."""
    insert = _insert(connection, table)
    if connection.dialect.name == "sqlite":
        # With RETURNING the rows would go one by one; SQLite counts on from its largest key.
        await connection.execute(insert, rows)
        last = (await connection.scalars(select(func.last_insert_rowid()))).one()
        return list(range(last - len(rows) + 1, last + 1))
    returning = insert.returning(*table.primary_key, sort_by_parameter_order=True)
    return list(await connection.scalars(returning, rows))


def _insert(connection: AsyncConnection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)

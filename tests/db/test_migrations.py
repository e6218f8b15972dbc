"""The schema that the migrations leave is the one that the tables describe."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from db.database import Database
from db.migrations import get_revision, migrate, newest_revision
from db.tables import metadata


async def test_migrations_leave_no_difference_to_the_tables(database: Database) -> None:
    async with database.read() as connection:
        differences = await connection.run_sync(_compare)
        revision = await get_revision(connection)

    assert differences == []
    assert revision == newest_revision() != ""


async def test_migrations_leave_the_same_keys_and_checks_as_the_tables(database: Database) -> None:
    migrated = await database.write(lambda connection: connection.run_sync(_describe))
    await database.write(lambda connection: connection.run_sync(_make_anew))
    described = await database.write(lambda connection: connection.run_sync(_describe))

    assert migrated == described
    checks = [check["name"] for table in migrated.values() for check in table["checks"]]
    assert sorted(checks) == [
        "ck_applications_status",
        "ck_contacts_locale",
        "ck_outgoing_calls_status",
        "ck_workers_phone_is",
    ]


async def test_migrating_again_changes_nothing(database: Database) -> None:
    before = await database.write(lambda connection: connection.run_sync(_describe))
    await migrate(database)

    assert await database.write(lambda connection: connection.run_sync(_describe)) == before


def _compare(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_server_default": True})
    return list(compare_metadata(context, metadata))


def _make_anew(connection: Connection) -> None:
    metadata.drop_all(connection)
    metadata.create_all(connection)


def _describe(connection: Connection) -> dict[str, dict[str, Any]]:
    """Read everything that the database itself says of its tables."""
    found = inspect(connection)
    return {
        table: {
            "columns": _by_name(found.get_columns(table)),
            "key": found.get_pk_constraint(table),
            "checks": _by_name(found.get_check_constraints(table)),
            "unique": _by_name(found.get_unique_constraints(table)),
            "foreign": _by_name(found.get_foreign_keys(table)),
            "indexes": _by_name(found.get_indexes(table)),
        }
        for table in metadata.tables
    }


def _by_name(described: Any) -> list[dict[str, Any]]:
    rows = [{**row, "type": str(row.get("type"))} for row in described]
    return sorted(rows, key=lambda row: str(row["name"]))

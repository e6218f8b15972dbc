"""The schema that the migrations leave is the one that the tables describe."""

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import AsyncConnection

from db import contacts, drafts
from db.database import Database
from db.errors import FlushRefused
from db.migrations import get_revision, migrate, newest_revision
from db.tables import metadata
from tests.samples import make_contact, make_draft


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
        "ck_applications_waiting",
        "ck_audit_events_actor_kind",
        "ck_campaigns_point",
        "ck_campaigns_status",
        "ck_contacts_locale",
        "ck_import_errors_kind",
        "ck_imports_status",
        "ck_lane_rests_lane",
        "ck_notice_files_kind",
        "ck_notices_occasion",
        "ck_notices_status",
        "ck_notices_topic",
        "ck_opt_outs_topic",
        "ck_outgoing_calls_status",
        "ck_questions_status",
        "ck_recipients_status",
        "ck_reminders_status",
        "ck_staff_grants_place",
        "ck_staff_grants_role",
        "ck_staff_links_purpose",
        "ck_worker_keys_kind",
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


def _by_name(described: Any) -> list[dict[str, str]]:
    rows = [{key: _write(value) for key, value in row.items()} for row in described]
    return sorted(rows, key=lambda row: row["name"])


def _write(value: Any) -> str:
    """Write what an inspector says; the condition of a partial index is an object of its own."""
    if isinstance(value, dict):
        return str({name: str(option) for name, option in value.items()})
    return str(value)


async def test_a_table_that_others_refer_to_can_be_made_anew(sqlite_database: Database) -> None:
    async def add(connection: AsyncConnection) -> None:
        await contacts.save(connection, [make_contact(7)])
        await drafts.save(connection, [make_draft(7)])

    def make_anew(connection: Connection) -> None:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("contacts", recreate="always"):
            pass

    await sqlite_database.write(add)
    await sqlite_database.rebuild(lambda connection: connection.run_sync(make_anew))

    async with sqlite_database.read() as connection:
        assert list(await drafts.load(connection, [7])) == [7]


async def test_a_migration_that_leaves_rows_without_their_parents_is_undone(
    sqlite_database: Database,
) -> None:
    async def add(connection: AsyncConnection) -> None:
        await contacts.save(connection, [make_contact(7)])
        await drafts.save(connection, [make_draft(7)])

    async def forget_parents(connection: AsyncConnection) -> None:
        await contacts.erase(connection, [7])

    await sqlite_database.write(add)
    with pytest.raises(FlushRefused):
        await sqlite_database.rebuild(forget_parents)

    async with sqlite_database.read() as connection:
        assert list((await contacts.load(connection, [7]))[0]) == [7]

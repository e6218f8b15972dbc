"""An import is stopped between two parts: what is in stays, and the rest comes another time."""

import io
from itertools import count

from sqlalchemy import select

from db import audit, imports
from db.database import Database
from db.tables import applications
from domain.staff import Role, Staff
from services.desk import Actor, Desk
from services.import_lists import open_list
from services.importing import STOPPED, Order, Result, begin_import, run_import, stop_import
from tests.samples import NOON
from tests.services.imported import import_lines, make_line, write_csv

LINES = [make_line(number) for number in range(1, 61)]
ORDER = Order("list.csv", "cie2025", total=60)


async def import_some(database: Database, desk: Desk, parts: int) -> Result:
    """Import the lines until so many parts are in."""
    asked = count()
    opened = open_list(io.BytesIO(write_csv(*LINES)), "list.csv")
    begun = await begin_import(database, ORDER, NOON)
    return await run_import(
        database, desk, opened, ORDER, begun, lambda: NOON, is_wanted=lambda: next(asked) < parts
    )


async def list_people(database: Database) -> list[str]:
    async with database.read() as connection:
        return list(await connection.scalars(select(applications.c.number)))


async def test_what_is_in_stays_and_the_report_says_how_far_it_came(
    database: Database, desk: Desk
) -> None:
    result = await import_some(database, desk, 1)
    assert result.reason == STOPPED
    assert 0 < result.counts.added < 60
    assert len(await list_people(database)) == result.counts.added
    async with database.read() as connection:
        [last] = await imports.list_recent(connection)
        events = [one.event for one in await audit.list_about(connection, f"import:{last.id}")]
    assert (last.status, last.reason, last.counts, last.total) == (
        "stopped",
        STOPPED,
        result.counts,
        60,
    )
    assert events[-1].act == "end_import"
    assert events[-1].details["added"] == result.counts.added


async def test_the_same_file_goes_on_where_it_was_stopped_and_brings_nobody_twice(
    database: Database, desk: Desk
) -> None:
    first = await import_some(database, desk, 1)
    before = await list_people(database)
    again = await import_lines(database, desk, LINES)
    assert again.reason is None
    assert (again.counts.unchanged, again.counts.added) == (
        first.counts.added,
        60 - first.counts.added,
    )
    assert set(before) < set(await list_people(database))
    assert len(await list_people(database)) == 60


async def test_one_that_is_not_wanted_from_the_start_brings_nobody(
    sqlite_database: Database, desk: Desk
) -> None:
    result = await import_some(sqlite_database, desk, 0)
    assert (result.counts.rows, result.reason) == (0, STOPPED)


async def test_a_stop_that_comes_after_the_last_part_changes_nothing(
    sqlite_database: Database, desk: Desk
) -> None:
    whole = await import_some(sqlite_database, desk, 60)
    assert (whole.counts.added, whole.reason) == (60, None)


async def test_who_stopped_it_is_in_the_audit_log(sqlite_database: Database, desk: Desk) -> None:
    nary = Actor(Staff(3, "Nary", {Role.ADMINISTRATOR: None}), "web test")
    await stop_import(sqlite_database, nary, 1, NOON)
    async with sqlite_database.read() as connection:
        [stored] = await audit.list_about(connection, "import:1")
        assert await audit.find_break(connection) is None
    assert (stored.event.act, stored.event.actor_id) == ("stop_import", 3)

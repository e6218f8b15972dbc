"""The audit log: nobody changes it, or else it shows."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db import audit
from db.audit import StoredEvent
from db.database import Database
from db.errors import DatabaseUnavailable, FlushRefused
from domain.audit import ActorKind, AuditEvent
from tests.samples import NOON

EVENTS = [
    AuditEvent("open_case", f"10000000{number}", ActorKind.STAFF, number, "web", {"n": number})
    for number in range(1, 6)
]
DROP_GUARD = {
    "sqlite": ["DROP TRIGGER audit_events_no_update", "DROP TRIGGER audit_events_no_delete"],
    "postgresql": ["DROP TRIGGER audit_events_append_only ON audit_events"],
}
SWAP = (
    "UPDATE audit_events SET id = -2 WHERE id = 2",
    "UPDATE audit_events SET id = 2 WHERE id = 3",
    "UPDATE audit_events SET id = 3 WHERE id = -2",
)
TAMPERINGS = [
    (["UPDATE audit_events SET act = 'see_photo' WHERE id = 3"], 3),
    (["UPDATE audit_events SET subject = NULL WHERE id = 1"], 1),
    (["UPDATE audit_events SET actor_id = 9 WHERE id = 5"], 5),
    (["UPDATE audit_events SET origin = 'chat' WHERE id = 4"], 4),
    (["UPDATE audit_events SET details = '{}' WHERE id = 2"], 2),
    (["UPDATE audit_events SET details = 'no json' WHERE id = 4"], 4),
    (["UPDATE audit_events SET at = '2026-03-04 05:00:01.000000' WHERE id = 3"], 3),
    (["UPDATE audit_events SET link = '' WHERE id = 2"], 2),
    (["DELETE FROM audit_events WHERE id = 1"], 2),
    (["DELETE FROM audit_events WHERE id = 3"], 4),
    (["DELETE FROM audit_events WHERE id IN (2, 3)"], 4),
    (SWAP, 2),
    (
        [
            "UPDATE audit_events SET act = 'x' WHERE id = 2",
            "UPDATE audit_events SET details = '' WHERE id = 4",
        ],
        2,
    ),
]


@pytest.fixture
async def written(database: Database) -> Database:
    """A log with five events, written in two transactions."""
    for events in (EVENTS[:2], EVENTS[2:]):
        await database.write(writing(events))
    return database


def writing(events: list[AuditEvent]) -> Callable[[AsyncConnection], Awaitable[None]]:
    async def write(connection: AsyncConnection) -> None:
        await audit.append(connection, events, NOON)

    return write


async def run(database: Database, *statements: str) -> None:
    async def work(connection: AsyncConnection) -> None:
        for statement in statements:
            await connection.execute(text(statement))

    await database.write(work)


async def find_break(database: Database) -> tuple[int | None, list[StoredEvent]]:
    good: list[StoredEvent] = []
    async with database.read() as connection:
        return await audit.find_break(connection, good.append), good


async def test_a_log_that_nobody_changed_holds(written: Database) -> None:
    broken_at, good = await find_break(written)
    assert broken_at is None
    assert [stored.event for stored in good] == EVENTS


@pytest.mark.parametrize(("statements", "broken_at"), TAMPERINGS)
async def test_an_edited_a_removed_and_a_swapped_event_is_found(
    written: Database, statements: list[str], broken_at: int
) -> None:
    await run(written, *DROP_GUARD[written.url.get_backend_name()])
    await run(written, *statements)
    assert (await find_break(written))[0] == broken_at


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_events SET act = act", "DELETE FROM audit_events WHERE id = 5"]
)
async def test_the_database_refuses_to_change_the_log(written: Database, statement: str) -> None:
    with pytest.raises((FlushRefused, DatabaseUnavailable)):
        await run(written, statement)
    assert len((await find_break(written))[1]) == len(EVENTS)

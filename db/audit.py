"""The audit log: append-only, each event chained to the one before it."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.statements import run_many
from db.tables import audit_events
from domain.audit import FIRST_LINK, ActorKind, AuditEvent, link

AT_ONCE = 1_000
"""Events read and chained at a time: between them the loop serves whoever else is waiting."""


@dataclass(frozen=True)
class StoredEvent:
    """An event of the log, and what chains it to the one before."""

    id: int
    at: datetime
    event: AuditEvent
    link: str


async def append(connection: AsyncConnection, events: Sequence[AuditEvent], at: datetime) -> None:
    """Add events to the end of the log; the caller holds the write transaction."""
    await append_dated(connection, [(event, at) for event in events])


async def append_dated(
    connection: AsyncConnection, events: Sequence[tuple[AuditEvent, datetime]]
) -> None:
    """Add events that happened at different moments, in their order."""
    if not events:
        return
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    last = await connection.scalar(
        select(audit_events.c.link).order_by(audit_events.c.id.desc()).limit(1)
    )
    rows = []
    chained = last or FIRST_LINK
    for event, at in events:
        chained = link(chained, event, at)
        rows.append(
            {
                "at": at,
                "act": event.act,
                "subject": event.subject,
                "actor_kind": event.actor_kind.value,
                "actor_id": event.actor_id,
                "origin": event.origin,
                "details": dict(event.details),
                "link": chained,
            }
        )
    await run_many(connection, audit_events.insert(), rows)


_LOCK = 4_120_251
"""Names the advisory lock under which PostgreSQL lets one process at a time lengthen the chain."""


async def list_about(connection: AsyncConnection, subject: str) -> list[StoredEvent]:
    """List all that was done with or seen of a subject, the oldest first."""
    rows = await connection.execute(
        select(audit_events).where(audit_events.c.subject == subject).order_by(audit_events.c.id)
    )
    return [_read(row) for row in rows.mappings()]


async def list_latest(
    connection: AsyncConnection, before: int | None = None, limit: int = 100
) -> list[StoredEvent]:
    """List the latest events, newest first, beginning before an id."""
    statement = select(audit_events).order_by(audit_events.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(audit_events.c.id < before)
    return [_read(row) for row in (await connection.execute(statement)).mappings()]


async def read_all(connection: AsyncConnection) -> AsyncIterator[StoredEvent]:
    """Read the whole log from its beginning, a few thousand events at a time."""
    after = 0
    while True:
        rows = await connection.execute(
            select(audit_events)
            .where(audit_events.c.id > after)
            .order_by(audit_events.c.id)
            .limit(AT_ONCE)
        )
        events = [_read(row) for row in rows.mappings()]
        for stored in events:
            yield stored
        if len(events) < AT_ONCE:
            return
        after = events[-1].id


async def find_break(
    connection: AsyncConnection, note: Callable[[StoredEvent], None] = lambda _: None
) -> int | None:
    """Find the first event that does not follow from the one before it: edited, lost or moved.

    `note` is told of every event that does.
    """
    last, previous = 0, FIRST_LINK
    try:
        async for stored in read_all(connection):
            previous = link(previous, stored.event, stored.at)
            if previous != stored.link:
                return stored.id
            last = stored.id
            note(stored)
    except _UNREADABLE:
        return await _find_break_after(connection, last, previous)
    return None


_UNREADABLE = (ValueError, TypeError)
"""What reading a row raises if it was edited to something that we never wrote."""


async def _find_break_after(connection: AsyncConnection, last: int, previous: str) -> int | None:
    """Look closely, one by one, at the events among which one cannot be read."""
    events = audit_events.c
    ids = await connection.scalars(select(events.id).where(events.id > last).order_by(events.id))
    found: int
    for found in ids.all():
        rows = await connection.execute(select(audit_events).where(events.id == found))
        try:
            stored = _read(rows.mappings().one())
        except _UNREADABLE:
            return found
        previous = link(previous, stored.event, stored.at)
        if previous != stored.link:
            return found
    return None


async def count(connection: AsyncConnection) -> int:
    """Count the events of the log."""
    return await connection.scalar(select(func.count()).select_from(audit_events)) or 0


async def count_acts(
    connection: AsyncConnection, act: str, subject: str, staff_id: int, since: datetime
) -> int:
    """Count how often somebody of the staff did the same to one subject since a moment."""
    statement = select(func.count()).where(
        audit_events.c.subject == subject,
        audit_events.c.act == act,
        audit_events.c.actor_kind == ActorKind.STAFF.value,
        audit_events.c.actor_id == staff_id,
        audit_events.c.at > since,
    )
    return await connection.scalar(statement) or 0


def _read(row: RowMapping) -> StoredEvent:
    event = AuditEvent(
        act=row["act"],
        subject=row["subject"],
        actor_kind=ActorKind(row["actor_kind"]),
        actor_id=row["actor_id"],
        origin=row["origin"],
        details=row["details"],
    )
    return StoredEvent(row["id"], row["at"], event, row["link"])

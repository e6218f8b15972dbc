"""Who of the staff has opened an application, as far as its worker may know it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from db import staff
from db.tables import audit_events
from domain.staff import Places, Right, list_places

LOOKS = {
    "open_case": Right.SEE_CASES,
    "see_photo": Right.SEE_CASES,
    "see_card": Right.SEE_CASES,
    "see_sample": Right.WRITE_NOTICES,
}
"""The acts that are looks, each with the right by whose places an officer is told of."""


@dataclass(frozen=True)
class Look:
    """When an application was opened, and for which places its officer works; never by whom."""

    number: str
    at: datetime
    places: Places


async def list_looks(
    connection: AsyncConnection, numbers: Collection[str], limit: int
) -> list[Look]:
    """List the last times that these applications were opened, the newest first."""
    events = audit_events.c
    rows = await connection.execute(
        select(events.subject, events.at, events.act, events.actor_id)
        .where(events.subject.in_(numbers), events.act.in_(LOOKS), events.actor_kind == "staff")
        .order_by(events.id.desc())
        .limit(limit)
    )
    looks = rows.all()
    officers = await staff.list_some(connection, {row.actor_id for row in looks})
    grants = {one.id: one.grants for one in officers}
    return [
        Look(row.subject, row.at, list_places(grants[row.actor_id], LOOKS[row.act]))
        for row in looks
        if row.actor_id in grants
    ]

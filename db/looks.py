"""Who of the staff has opened an application, as far as its worker may know it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import audit_events, staff

LOOKS = ("open_case", "see_photo", "see_card")


@dataclass(frozen=True)
class Look:
    """When an application was opened, and for which places its officer works; never by whom."""

    number: str
    at: datetime
    places: frozenset[str] | None


async def list_looks(
    connection: AsyncConnection, numbers: Collection[str], limit: int
) -> list[Look]:
    """List the last times that these applications were opened, the newest first."""
    rows = await connection.execute(
        select(audit_events.c.subject, audit_events.c.at, staff.c.places)
        .join(staff, staff.c.id == audit_events.c.actor_id)
        .where(
            audit_events.c.subject.in_(numbers),
            audit_events.c.act.in_(LOOKS),
            audit_events.c.actor_kind == "staff",
        )
        .order_by(audit_events.c.id.desc())
        .limit(limit)
    )
    return [
        Look(row.subject, row.at, None if row.places is None else frozenset(row.places))
        for row in rows
    ]

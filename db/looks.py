"""Who of the staff has opened an application, as far as its worker may know it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from db import staff
from db.tables import audit_events
from domain.staff import Places, Right, list_places

LOOKS = ("open_case", "see_photo", "see_card")


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
        select(events.subject, events.at, events.actor_id)
        .where(events.subject.in_(numbers), events.act.in_(LOOKS), events.actor_kind == "staff")
        .order_by(events.id.desc())
        .limit(limit)
    )
    looks = rows.all()
    officers = await staff.list_some(connection, {row.actor_id for row in looks})
    places = {one.id: list_places(one.grants, Right.SEE_CASES) for one in officers}
    return [
        Look(row.subject, row.at, places[row.actor_id]) for row in looks if row.actor_id in places
    ]

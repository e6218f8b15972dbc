"""What officers note about an application, for their colleagues alone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.applications import id_of
from db.tables import notes


@dataclass(frozen=True)
class Note:
    """Some words, and the id of who wrote them."""

    staff_id: int | None
    body: str
    at: datetime


async def add(
    connection: AsyncConnection, number: str, staff_id: int | None, body: str, at: datetime
) -> None:
    """Store a note."""
    await connection.execute(
        insert(notes).values(application_id=id_of(number), staff_id=staff_id, body=body, at=at)
    )


async def list_about(connection: AsyncConnection, number: str) -> list[Note]:
    """List the notes about an application, the oldest first."""
    rows = await connection.execute(
        select(notes.c.staff_id, notes.c.body, notes.c.at)
        .where(notes.c.application_id == id_of(number))
        .order_by(notes.c.id)
    )
    return [Note(**row) for row in rows.mappings()]

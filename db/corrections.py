"""Answers that an office has asked for once more."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.applications import id_of
from db.tables import corrections


@dataclass(frozen=True)
class Correction:
    """An item that is asked once more, and the code of the reason."""

    item: str
    reason: str
    asked_at: datetime


async def add(
    connection: AsyncConnection, number: str, item: str, reason: str, at: datetime
) -> None:
    """Note that an item is asked once more."""
    await connection.execute(
        insert(corrections).values(
            application_id=id_of(number), item=item, reason=reason, asked_at=at
        )
    )


async def find_open(connection: AsyncConnection, number: str) -> Correction | None:
    """Find what was asked last and is not answered yet."""
    rows = await connection.execute(
        select(corrections.c.item, corrections.c.reason, corrections.c.asked_at)
        .where(
            corrections.c.application_id == id_of(number),
            corrections.c.answered_at.is_(None),
        )
        .order_by(corrections.c.id.desc())
        .limit(1)
    )
    row = rows.mappings().one_or_none()
    return Correction(**row) if row else None


async def close(connection: AsyncConnection, number: str, at: datetime) -> None:
    """Note that whatever was asked is answered, or not waited for any more."""
    await connection.execute(
        update(corrections)
        .where(
            corrections.c.application_id == id_of(number),
            corrections.c.answered_at.is_(None),
        )
        .values(answered_at=at)
    )

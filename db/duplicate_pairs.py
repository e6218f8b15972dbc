"""Pairs of applications that may be one person's, once an officer has looked at them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.likeness import POSSIBLE_DUPLICATE
from db.tables import applications, duplicate_pairs


async def dismiss(
    connection: AsyncConnection, number: str, other: str, staff_id: int, at: datetime
) -> None:
    """Note that two applications are of two people, whichever of them was paired first.

    An application without any other open pair loses its flag.
    """
    ids = await _find_ids(connection, number, other)
    pair = duplicate_pairs.c
    await connection.execute(
        update(duplicate_pairs)
        .where(
            pair.application_id.in_(ids),
            pair.other_id.in_(ids),
            pair.dismissed_at.is_(None),
        )
        .values(dismissed_by=staff_id, dismissed_at=at)
    )
    for application_id in ids:
        if not await _has_open_pairs(connection, application_id):
            await _unflag(connection, application_id)


async def _find_ids(connection: AsyncConnection, *numbers: str) -> list[int]:
    statement = select(applications.c.id).where(applications.c.number.in_(numbers))
    return list(await connection.scalars(statement))


async def _has_open_pairs(connection: AsyncConnection, application_id: int) -> bool:
    pair = duplicate_pairs.c
    statement = select(func.count()).where(
        or_(pair.application_id == application_id, pair.other_id == application_id),
        pair.dismissed_at.is_(None),
    )
    return bool(await connection.scalar(statement))


async def _unflag(connection: AsyncConnection, application_id: int) -> None:
    is_it = applications.c.id == application_id
    stored = await connection.execute(select(applications.c.flags).where(is_it))
    flags: Iterable[str] = stored.scalar_one()
    kept = sorted(set(flags) - {POSSIBLE_DUPLICATE})
    await connection.execute(update(applications).where(is_it).values(flags=kept))

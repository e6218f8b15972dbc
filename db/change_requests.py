"""Changes that workers wish after approval, each with all the answers as they would be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.applications import id_of
from db.tables import change_requests


@dataclass(frozen=True)
class ChangeRequest:
    """A wish: the item, and the whole answers that would take the place of the stored ones."""

    item: str
    answers: Mapping[str, Any]
    form_version: int
    asked_at: datetime


async def add(
    connection: AsyncConnection,
    number: str,
    item: str,
    answers: Mapping[str, Any],
    form_version: int,
    at: datetime,
) -> None:
    """Store a wish, which waits to be decided."""
    await connection.execute(
        insert(change_requests).values(
            application_id=id_of(number),
            item=item,
            answers=dict(answers),
            form_version=form_version,
            asked_at=at,
        )
    )


async def find_open(connection: AsyncConnection, number: str) -> ChangeRequest | None:
    """Find the wish that waits to be decided; there is one at a time."""
    columns = (
        change_requests.c.item,
        change_requests.c.answers,
        change_requests.c.form_version,
        change_requests.c.asked_at,
    )
    rows = await connection.execute(
        select(*columns)
        .where(
            change_requests.c.application_id == id_of(number),
            change_requests.c.decided_at.is_(None),
        )
        .order_by(change_requests.c.id.desc())
        .limit(1)
    )
    row = rows.mappings().one_or_none()
    return ChangeRequest(**row) if row else None


async def settle(connection: AsyncConnection, number: str, at: datetime, *, accepted: bool) -> None:
    """Note how a wish was decided, if one waits; one that lost its object is not accepted."""
    await connection.execute(
        update(change_requests)
        .where(
            change_requests.c.application_id == id_of(number),
            change_requests.c.decided_at.is_(None),
        )
        .values(decided_at=at, accepted=accepted)
    )

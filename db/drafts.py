"""Registrations on their way, one a chat."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, bindparam, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.statements import upsert
from db.tables import drafts
from domain.drafts import Draft, read_draft, write_draft


@dataclass(frozen=True)
class StoredDraft:
    """A draft with its clock: when it was begun, last touched, nudged and reminded."""

    chat_id: int
    draft: Draft
    started_at: datetime
    active_at: datetime
    nudged_at: datetime | None = None
    reminded_at: datetime | None = None
    asked_again_at: datetime | None = None


_LOAD = select(drafts).where(drafts.c.chat_id.in_(bindparam("chat_ids", expanding=True)))


async def load(connection: AsyncConnection, chat_ids: Collection[int]) -> dict[int, StoredDraft]:
    """Load the drafts of these chats."""
    rows = await connection.execute(_LOAD, {"chat_ids": list(chat_ids)})
    return {row["chat_id"]: _from_row(row) for row in rows.mappings()}


async def save(connection: AsyncConnection, changed: Iterable[StoredDraft]) -> None:
    """Store new and changed drafts."""
    await upsert(connection, drafts, [_to_row(stored) for stored in changed])


async def erase(connection: AsyncConnection, chat_ids: Collection[int]) -> None:
    """Erase the drafts of these chats."""
    if chat_ids:
        await connection.execute(delete(drafts).where(drafts.c.chat_id.in_(chat_ids)))


async def list_to_nudge(
    connection: AsyncConnection, quiet_since: datetime, limit: int
) -> list[StoredDraft]:
    """List drafts left alone since a moment that were never nudged, the longest first."""
    return await _list_quiet(connection, quiet_since, limit, drafts.c.nudged_at.is_(None))


async def list_to_remind(
    connection: AsyncConnection, quiet_since: datetime, limit: int
) -> list[StoredDraft]:
    """List drafts left alone since a moment whose owner was not told of their end."""
    return await _list_quiet(connection, quiet_since, limit, drafts.c.reminded_at.is_(None))


async def list_to_erase(
    connection: AsyncConnection, quiet_since: datetime, reminded_before: datetime, limit: int
) -> list[StoredDraft]:
    """List drafts left alone since a moment whose owner was told of their end long enough ago."""
    return await _list_quiet(
        connection, quiet_since, limit, drafts.c.reminded_at <= reminded_before
    )


async def list_to_ask_again(
    connection: AsyncConnection, began: datetime, ended: datetime, window: timedelta, limit: int
) -> list[StoredDraft]:
    """List drafts touched shortly before or in an outage whose owner was not asked again since."""
    asked = drafts.c.asked_again_at
    return await _list(
        connection,
        select(drafts)
        .where(drafts.c.active_at >= began - window, drafts.c.active_at < ended)
        .where(or_(asked.is_(None), asked < ended))
        .order_by(drafts.c.active_at)
        .limit(limit),
    )


async def _list_quiet(
    connection: AsyncConnection,
    quiet_since: datetime,
    limit: int,
    *conditions: ColumnElement[bool],
) -> list[StoredDraft]:
    return await _list(
        connection,
        select(drafts)
        .where(drafts.c.active_at <= quiet_since, *conditions)
        .order_by(drafts.c.active_at)
        .limit(limit),
    )


async def _list(connection: AsyncConnection, query: Select[Any]) -> list[StoredDraft]:
    rows = await connection.execute(query)
    return [_from_row(row) for row in rows.mappings()]


def _to_row(stored: StoredDraft) -> dict[str, Any]:
    return {
        "chat_id": stored.chat_id,
        "body": write_draft(stored.draft),
        "started_at": stored.started_at,
        "active_at": stored.active_at,
        "nudged_at": stored.nudged_at,
        "reminded_at": stored.reminded_at,
        "asked_again_at": stored.asked_again_at,
    }


def _from_row(row: RowMapping) -> StoredDraft:
    return StoredDraft(
        chat_id=row["chat_id"],
        draft=read_draft(row["body"]),
        started_at=row["started_at"],
        active_at=row["active_at"],
        nudged_at=row["nudged_at"],
        reminded_at=row["reminded_at"],
        asked_again_at=row["asked_again_at"],
    )

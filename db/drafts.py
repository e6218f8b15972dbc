"""Registrations on their way, one a chat."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.statements import run_many, select_by_ids, upsert
from db.tables import drafts
from domain.drafts import Draft, read_draft, write_draft


@dataclass(frozen=True)
class StoredDraft:
    """A draft with its clock: when it was begun, last touched, nudged and reminded.

    `questions` counts the messages that put a question; `question_message_id` is the last of
    them, once Telegram has told it.
    """

    chat_id: int
    draft: Draft
    started_at: datetime
    active_at: datetime
    nudged_at: datetime | None = None
    reminded_at: datetime | None = None
    asked_again_at: datetime | None = None
    questions: int = 0
    question_message_id: int | None = None


@dataclass(frozen=True)
class Shown:
    """A message that shows a question of a chat's draft, by the count of the question."""

    chat: int
    question: int
    message: int


_NOTE_SHOWN = (
    update(drafts)
    .where(drafts.c.chat_id == bindparam("chat"), drafts.c.questions == bindparam("question"))
    .values(question_message_id=bindparam("message"))
)
_LOAD = select(drafts).where(drafts.c.chat_id.in_(bindparam("ids", expanding=True)))


async def load(connection: AsyncConnection, chat_ids: Collection[int]) -> dict[int, StoredDraft]:
    """Load the drafts of these chats."""
    rows = await select_by_ids(connection, _LOAD, chat_ids)
    found = [_from_row(dict(zip(drafts.c.keys(), row, strict=True))) for row in rows]
    return {stored.chat_id: stored for stored in found}


async def save(connection: AsyncConnection, changed: Iterable[StoredDraft]) -> None:
    """Store new and changed drafts."""
    await upsert(connection, drafts, [_to_row(stored) for stored in changed])


async def note_shown(connection: AsyncConnection, shown: Collection[Shown]) -> None:
    """Note which messages show the open questions; of a question that is past, nothing."""
    await run_many(connection, _NOTE_SHOWN, [vars(one) for one in shown])


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
    return [_from_row(dict(row)) for row in rows.mappings()]


def _to_row(stored: StoredDraft) -> dict[str, Any]:
    row = {**vars(stored), "body": write_draft(stored.draft)}
    del row["draft"]
    return row


def _from_row(values: dict[str, Any]) -> StoredDraft:
    return StoredDraft(draft=read_draft(values.pop("body")), **values)

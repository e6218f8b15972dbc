"""Who is queued for a notice: put into the ledger, let go of, or queued again."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, literal, not_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from db.ledger import QUEUED, end_as, end_at
from db.tables import notices, recipients
from db.types import UtcTime
from domain.recipients import BLOCKED, UNSETTLED, Status

MOST_ENDED = 1_000
"""Ended in one transaction, so that no reply waits long behind it."""


_HAD_BLOCKED = and_(
    recipients.c.status == Status.FAILED.value,
    func.coalesce(recipients.c.reason, "") == BLOCKED,
)


async def enlist(
    connection: AsyncConnection, notice_id: int, audience: Select[Any], now: datetime
) -> int:
    """Queue everybody of an audience who is not in the ledger yet; tell how many those are.

    The audience selects `chat_id` and `application_id`, once for each chat. Nobody is in it who has
    blocked the bot: whoever had is back, and is queued anew.
    """
    chosen = audience.subquery()
    rows = select(
        literal(notice_id),
        chosen.c.chat_id,
        chosen.c.application_id,
        literal("queued"),
        literal(now, UtcTime()),
    ).where(true())  # without it SQLite takes ON CONFLICT for a part of the select
    insert_into = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    columns = ["notice_id", "chat_id", "application_id", "status", "queued_at"]
    statement = insert_into(recipients).from_select(columns, rows)
    queued = statement.on_conflict_do_update(
        index_elements=["notice_id", "chat_id"],
        set_={"status": "queued", "queued_at": now, "reason": None, "settled_at": None},
        where=_HAD_BLOCKED,
    )
    return (await connection.execute(queued)).rowcount


async def has_new(connection: AsyncConnection, notice_id: int, audience: Select[Any]) -> bool:
    """Tell whether somebody of an audience is not in the ledger yet, or is back."""
    chosen = audience.subquery()
    listed = select(recipients.c.chat_id).where(
        recipients.c.notice_id == notice_id,
        recipients.c.chat_id == chosen.c.chat_id,
        not_(_HAD_BLOCKED),
    )
    new = select(chosen.c.chat_id).where(~listed.exists()).limit(1)
    return await connection.scalar(new) is not None


async def may_go_on(connection: AsyncConnection, notice_id: int) -> bool:
    """Tell whether somebody is sent to, or might be sent to again."""
    found = select(recipients.c.chat_id).where(
        recipients.c.notice_id == notice_id, recipients.c.status.in_(UNSETTLED)
    )
    return await connection.scalar(found.limit(1)) is not None


async def list_stopped(connection: AsyncConnection) -> list[int]:
    """List the notices that were stopped while somebody is still queued for them."""
    queued = select(recipients.c.chat_id).where(recipients.c.notice_id == notices.c.id, QUEUED)
    stopped = select(notices.c.id).where(notices.c.status == "cancelled", queued.exists())
    return list(await connection.scalars(stopped.order_by(notices.c.id)))


async def end_queued(
    connection: AsyncConnection,
    notice_id: int,
    status: Status,
    now: datetime,
    limit: int = MOST_ENDED,
) -> int:
    """Let so many who are still queued not be sent to: cancelled or expired; tell how many.

    Who may have got it before is uncertain again. The clock ends what is left. Until then, nobody
    of them is claimed either.
    """
    queued = recipients.c.notice_id == notice_id, QUEUED
    some = select(recipients.c.chat_id).where(*queued).limit(limit)
    ended = (
        update(recipients)
        .where(*queued, recipients.c.chat_id.in_(some))
        .values(
            status=end_as(status.value), reason=None, settled_at=end_at(literal(now, UtcTime()))
        )
    )
    return (await connection.execute(ended)).rowcount


async def resend_uncertain(
    connection: AsyncConnection, notice_id: int, chat_id: int, seen_at: datetime | None = None
) -> bool:
    """Queue an uncertain recipient again, which only a person may decide; tell whether it was.

    Whoever has become uncertain after `seen_at`, perhaps once more, is left to another decision.
    When it became uncertain is kept: it tells that they may have got the notice, and goes on to
    count for the cap of a week.
    """
    known = true() if seen_at is None else recipients.c.settled_at <= seen_at
    again = (
        update(recipients)
        .where(
            recipients.c.notice_id == notice_id,
            recipients.c.chat_id == chat_id,
            recipients.c.status == Status.UNCERTAIN.value,
            known,
        )
        .values(status=Status.QUEUED.value, reason=None, not_before=None)
    )
    return (await connection.execute(again)).rowcount == 1

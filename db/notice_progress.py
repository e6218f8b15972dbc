"""How far the sending of a notice is: its recipients counted, and what those who wait wait for."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.ledger import QUEUED
from db.tables import outgoing_calls, recipients
from domain.recipients import OPEN, Status, Wait


async def count_by_status(connection: AsyncConnection, notice_id: int) -> dict[Status, int]:
    """Count the recipients of a notice in every status; together they are the audience."""
    rows = await connection.execute(
        select(recipients.c.status, func.count())
        .where(recipients.c.notice_id == notice_id)
        .group_by(recipients.c.status)
    )
    found = {Status(status): count for status, count in rows}
    return {status: found.get(status, 0) for status in Status}


async def count_reasons(
    connection: AsyncConnection, notice_id: int, status: Status = Status.FAILED
) -> dict[str, int]:
    """Count the recipients in a status by reason, the most frequent reason first."""
    count = func.count()
    rows = await connection.execute(
        select(recipients.c.reason, count)
        .where(recipients.c.notice_id == notice_id, recipients.c.status == status.value)
        .group_by(recipients.c.reason)
        .order_by(count.desc(), recipients.c.reason)
    )
    return {reason or "": number for reason, number in rows}


async def has_open(connection: AsyncConnection, notice_id: int) -> bool:
    """Tell whether somebody is queued, or being sent to."""
    of_notice = recipients.c.notice_id == notice_id
    found = select(recipients.c.chat_id).where(of_notice, recipients.c.status.in_(OPEN))
    return await connection.scalar(found.limit(1)) is not None


async def list_waits(connection: AsyncConnection, notice_id: int, after: datetime) -> list[Wait]:
    """Count who is queued and waits beyond a moment, by what for; and until when the first does."""
    first, count = func.min(recipients.c.not_before), func.count()
    rows = await connection.execute(
        select(recipients.c.reason, count, first)
        .where(recipients.c.notice_id == notice_id, QUEUED, recipients.c.not_before > after)
        .group_by(recipients.c.reason)
        .order_by(first)
    )
    return [Wait(reason, count, until) for reason, count, until in rows]


async def list_being_told(connection: AsyncConnection) -> set[int]:
    """List the notices of which the last words on how far they are wait to be sent."""
    told = outgoing_calls.c.progress_of
    waiting = select(told).where(told.is_not(None), outgoing_calls.c.status == "queued")
    return {notice_id for (notice_id,) in await connection.execute(waiting)}

"""The queued recipients whose turn has come, of all notices that are being sent."""

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from db.ledger import QUEUED
from db.tables import notices, recipients
from domain.recipients import ReadyRecipient, Rules, order_by_turn, share_out

_QUEUE = select(recipients.c.notice_id, recipients.c.chat_id, recipients.c.application_id).where(
    QUEUED
)


async def list_ready(
    connection: AsyncConnection,
    now: datetime,
    limit: int,
    rules: Rules,
    *,
    apart_from: Collection[int] = (),
    without: Collection[int] = (),
    served: Mapping[int, int] = MappingProxyType({}),
) -> list[ReadyRecipient]:
    """List queued recipients whose turn has come: the oldest notice gets half, the rest share.

    Emergencies go before all others, and share alike. Each is of another chat and of none in
    `apart_from`, nor of the notices in `without`. Of the rest those notices go first that were
    served longest ago: `served` says when, as a number. A completed notice has none queued but
    those whom a person has asked to be sent to again.
    """
    waiting = select(recipients.c.chat_id).where(recipients.c.notice_id == notices.c.id, QUEUED)
    statement = (
        select(notices.c.id, notices.c.emergency)
        .where(
            notices.c.status.in_(["sending", "completed"]),
            notices.c.id.not_in(without),
            waiting.exists(),
        )
        .order_by(notices.c.id)
    )
    if rules.is_quiet(now):
        statement = statement.where(notices.c.emergency.is_(true()))
    found = list(await connection.execute(statement))
    begin = _QUEUE.where(recipients.c.chat_id.not_in(apart_from))
    urgent, others = [
        order_by_turn([row.id for row in found if row.emergency is kind], served)
        for kind in (True, False)
    ]
    queues = {
        one: await _list_queued(connection, begin, one, now, limit) for one in (*urgent, *others)
    }
    return share_out([queues[one] for one in others], limit, [queues[one] for one in urgent])


async def _list_queued(
    connection: AsyncConnection, begin: Select[Any], notice_id: int, now: datetime, limit: int
) -> list[ReadyRecipient]:
    """List the queued of a notice: first those who never waited, then those who waited enough."""
    queued = begin.where(recipients.c.notice_id == notice_id)
    fresh = queued.where(recipients.c.not_before.is_(None)).order_by(recipients.c.chat_id)
    waited = queued.where(recipients.c.not_before <= now).order_by(recipients.c.not_before)
    rows = list(await connection.execute(fresh.limit(limit)))
    if len(rows) < limit:
        rows += list(await connection.execute(waited.limit(limit - len(rows))))
    return [ReadyRecipient(*row) for row in rows]

"""Notices that somebody has got, to compare with what people are shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.delivery import may_have_it
from db.tables import notices, recipients
from domain.notices import Status


@dataclass(frozen=True)
class DeliveredNotice:
    """What a notice said, since when it was sent, and where it stands."""

    id: int
    status: Status
    content: Mapping[str, Any]
    started_at: datetime


async def list_delivered(
    connection: AsyncConnection, since: datetime, limit: int
) -> list[DeliveredNotice]:
    """List notices whose sending began after a moment and which one person at least may have.

    The newest come first, and no more than a limit.
    """
    of_notice = recipients.c.notice_id == notices.c.id
    reached = select(recipients.c.chat_id).where(of_notice, may_have_it())
    rows = await connection.execute(
        select(notices.c.id, notices.c.status, notices.c.content, notices.c.started_at)
        .where(notices.c.started_at >= since, reached.exists())
        .order_by(notices.c.id.desc())
        .limit(limit)
    )
    return [DeliveredNotice(**{**row, "status": Status(row["status"])}) for row in rows.mappings()]

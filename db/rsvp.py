"""Who was asked to an event day, and in which order those who come said so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Text, func, literal, or_, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.campaigns import select_reminders
from db.delivery import may_have_it
from db.ledger import end_as, end_at
from db.tables import applications, attendances, campaigns, notices, recipients
from db.types import UtcTime
from domain.campaigns import JOINT
from domain.notice_content import find_day, read_content

_TURN = attendances.c.answered_at, attendances.c.application_id


@dataclass(frozen=True)
class AskingNotice:
    """A notice that reached a chat and asks about an event day."""

    notice_id: int
    message_id: int | None


async def list_asking(
    connection: AsyncConnection, campaign_id: int, chat_id: int
) -> list[AskingNotice]:
    """List the notices in a chat that ask about an event day; those of known messages first."""
    may_ask = or_(
        notices.c.campaign_id == campaign_id, type_coerce(notices.c.content, Text).contains("rsvp")
    )
    statement = (
        select(notices.c.id, recipients.c.message_id, notices.c.campaign_id, notices.c.content)
        .join(notices, notices.c.id == recipients.c.notice_id)
        .where(recipients.c.chat_id == chat_id, may_have_it(), may_ask)
        .order_by(recipients.c.message_id.is_(None), notices.c.id.desc())
    )
    return [
        AskingNotice(row.id, row.message_id)
        for row in await connection.execute(statement)
        if campaign_id in (row.campaign_id, find_day(read_content(row.content)))
    ]


async def is_brought(
    connection: AsyncConnection, campaign_id: int, code: str, chat_id: int
) -> bool:
    """Tell whether somebody of a chat came by a poster or link of an event day.

    They began to register by it, or were shown the day when they opened it.
    """
    source = applications.c.source
    of_code = or_(source == code, source.startswith(code + JOINT, autoescape=True))
    was_shown = select(attendances.c.application_id).where(attendances.c.campaign_id == campaign_id)
    found = select(applications.c.id).where(
        applications.c.chat_id == chat_id, or_(of_code, applications.c.id.in_(was_shown))
    )
    return await connection.scalar(found.limit(1)) is not None


async def list_turns(connection: AsyncConnection, campaign_id: int) -> list[int]:
    """List the applications of those who come, in the order in which they said so."""
    of_this = attendances.c.campaign_id == campaign_id, attendances.c.coming.is_(True)
    statement = select(attendances.c.application_id).where(*of_this).order_by(*_TURN)
    return list(await connection.scalars(statement))


def select_placed(codes: Iterable[str]) -> Select[Any]:
    """Select the applications of those who come to some event days and have a place there."""
    turn = func.row_number().over(partition_by=attendances.c.campaign_id, order_by=_TURN)
    coming = (
        select(attendances.c.application_id, campaigns.c.capacity, turn.label("turn"))
        .join(campaigns, campaigns.c.id == attendances.c.campaign_id)
        .where(campaigns.c.code.in_(list(codes)), attendances.c.coming.is_(True))
        .subquery()
    )
    has_place = or_(coming.c.capacity.is_(None), coming.c.turn <= coming.c.capacity)
    return select(coming.c.application_id).where(has_place)


async def find_chat(connection: AsyncConnection, application_id: int) -> int | None:
    """Find the chat of an application."""
    found: int | None = await connection.scalar(
        select(applications.c.chat_id).where(applications.c.id == application_id)
    )
    return found


async def drop_reminded(
    connection: AsyncConnection, campaign_id: int, chat_id: int, at: datetime
) -> None:
    """Let a chat that waits for a reminder of an event day not get it any more."""
    await connection.execute(
        update(recipients)
        .where(
            recipients.c.chat_id == chat_id,
            recipients.c.notice_id.in_(select_reminders(campaign_id)),
            recipients.c.status == "queued",
        )
        .values(
            status=end_as("cancelled"),
            reason=None,
            not_before=None,
            settled_at=end_at(literal(at, UtcTime())),
        )
    )

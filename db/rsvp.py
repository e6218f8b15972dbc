"""Who was asked to an event day, and in which order those who come said so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    type_coerce,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from db.campaigns import select_reminders
from db.delivery import may_have_it
from db.ledger import end_as, end_at
from db.tables import applications, attendances, campaigns, notices, recipients
from db.types import UtcTime
from domain.campaigns import JOINT, Status
from domain.notice_content import find_day, read_content

Turn: TypeAlias = tuple[datetime, int]
"""When somebody said that they come, and their application: two may have said so at once."""

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
    ids = select(attendances.c.application_id)
    statement = ids.where(*_comes(campaign_id)).order_by(*_TURN)
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


async def find_first_waiting(
    connection: AsyncConnection, campaign_id: int, places: int | None
) -> Turn | None:
    """Find whose turn is the first without a place; without a limit nobody's is."""
    if places is None:
        return None
    after = select(*_TURN).where(*_comes(campaign_id)).order_by(*_TURN).offset(places).limit(1)
    found = (await connection.execute(after)).one_or_none()
    return (found.answered_at, found.application_id) if found else None


def is_turn_from(first: Turn) -> ColumnElement[bool]:
    """Hold of a turn and of all that come after it."""
    at, application_id = first
    is_later = attendances.c.answered_at > at
    is_same = attendances.c.answered_at == at
    return or_(is_later, and_(is_same, attendances.c.application_id >= application_id))


async def is_waiting(
    connection: AsyncConnection, campaign_id: int, places: int | None, application_id: int
) -> bool:
    """Tell whether somebody comes and has no place yet."""
    first = await find_first_waiting(connection, campaign_id, places)
    if first is None:
        return False
    is_theirs = attendances.c.application_id == application_id
    found = select(attendances.c.application_id).where(*_comes(campaign_id), is_theirs)
    return await connection.scalar(found.where(is_turn_from(first))) is not None


async def begin_wait(
    connection: AsyncConnection, campaign_id: int, application_id: int, at: datetime
) -> None:
    """Note that somebody was told to wait, and so is told once there is a place."""
    await connection.execute(
        update(attendances)
        .where(*_is_theirs(campaign_id, [application_id]))
        .where(attendances.c.told_to_wait_at.is_(None))
        .values(told_to_wait_at=at)
    )


async def end_wait(
    connection: AsyncConnection, campaign_id: int, application_ids: Sequence[int]
) -> bool:
    """Note that some know whether they have a place; False if none of them was told to wait."""
    changed = await connection.execute(
        update(attendances)
        .where(*_is_theirs(campaign_id, application_ids))
        .where(attendances.c.told_to_wait_at.is_not(None))
        .values(told_to_wait_at=None)
    )
    return bool(changed.rowcount)


async def list_waited_for(connection: AsyncConnection) -> list[int]:
    """List the planned event days of which somebody was told to wait for a place."""
    waited = select(attendances.c.campaign_id).where(attendances.c.told_to_wait_at.is_not(None))
    statement = select(campaigns.c.id).where(
        campaigns.c.status == Status.PLANNED.value, campaigns.c.id.in_(waited)
    )
    return list(await connection.scalars(statement.order_by(campaigns.c.id)))


async def list_moved_up(
    connection: AsyncConnection, campaign_id: int, places: int | None, limit: int
) -> list[tuple[int, int | None]]:
    """List some who were told to wait and have a place now, in their turn: application and chat."""
    first = await find_first_waiting(connection, campaign_id, places)
    has_place = not_(is_turn_from(first)) if first else true()
    statement = (
        select(attendances.c.application_id, applications.c.chat_id)
        .join(applications, applications.c.id == attendances.c.application_id)
        .where(*_comes(campaign_id), attendances.c.told_to_wait_at.is_not(None), has_place)
        .order_by(*_TURN)
        .limit(limit)
    )
    return [(row.application_id, row.chat_id) for row in await connection.execute(statement)]


def _comes(campaign_id: int) -> tuple[ColumnElement[bool], ...]:
    return attendances.c.campaign_id == campaign_id, attendances.c.coming.is_(True)


def _is_theirs(campaign_id: int, ids: Sequence[int]) -> tuple[ColumnElement[bool], ...]:
    return attendances.c.campaign_id == campaign_id, attendances.c.application_id.in_(ids)


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

"""Who said that they come to an event day, and who came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.campaigns import select_invitations
from db.statements import insert_new
from db.tables import applications, attendances, campaigns, recipients, workers
from domain.applications import Status
from domain.campaigns import Status as DayStatus


@dataclass(frozen=True)
class Guest:
    """A registered person at an event day.

    `coming` is None of somebody who has not answered; `is_duplicate` holds of an application that
    was found to be one person's second.
    """

    application_id: int
    number: str
    chat_id: int | None
    family_latin: str
    given_latin: str
    family_km: str
    given_km: str
    office: str
    status: Status
    is_duplicate: bool
    coming: bool | None = None
    checked_in_at: datetime | None = None


@dataclass(frozen=True)
class Slip:
    """What somebody takes home who was registered at a desk."""

    number: str
    name_km: str
    home: str


async def find_guest(connection: AsyncConnection, campaign_id: int, number: str) -> Guest | None:
    """Find a registered person by number, with what is known of them for an event day."""
    return await _find_one(connection, campaign_id, applications.c.number == number)


async def find_guest_of_chat(
    connection: AsyncConnection, campaign_id: int, chat_id: int
) -> Guest | None:
    """Find whom an invitation in a chat was meant for, or else its newest application."""
    invited = (
        select(recipients.c.application_id)
        .where(
            recipients.c.chat_id == chat_id,
            recipients.c.notice_id.in_(select_invitations(campaign_id)),
        )
        .order_by(recipients.c.notice_id.desc())
        .limit(1)
    )
    application_id = await connection.scalar(invited)
    if application_id is None:
        newest = select(func.max(applications.c.id)).where(applications.c.chat_id == chat_id)
        application_id = await connection.scalar(newest)
    return await _find_one(connection, campaign_id, applications.c.id == application_id)


async def answer(
    connection: AsyncConnection, campaign_id: int, application_id: int, coming: bool, at: datetime
) -> None:
    """Note whether somebody comes, in the place of what they said before.

    Who says the same again keeps the turn they have; no two who come have the same.
    """
    await note_shown(connection, campaign_id, application_id)
    comes = attendances.c.campaign_id == campaign_id, attendances.c.coming.is_(True)
    latest = select(func.max(attendances.c.answered_at)).where(*comes)
    last: datetime | None = await connection.scalar(latest)
    at = max(at, last + timedelta(microseconds=1)) if last else at
    await connection.execute(
        _change(campaign_id, application_id)
        .where(attendances.c.coming.is_distinct_from(coming))
        .values(coming=coming, answered_at=at)
    )


async def check_in(
    connection: AsyncConnection, campaign_id: int, application_id: int, staff_id: int, at: datetime
) -> bool:
    """Note that somebody has come; False if they were checked in before."""
    await note_shown(connection, campaign_id, application_id)
    changed = await connection.execute(
        _change(campaign_id, application_id)
        .where(attendances.c.checked_in_at.is_(None))
        .values(checked_in_at=at, checked_in_by=staff_id)
    )
    return bool(changed.rowcount)


async def undo_check_in(
    connection: AsyncConnection, campaign_id: int, number: str, staff_id: int, since: datetime
) -> bool:
    """Take back what an officer noted since a moment; False if there is no such note."""
    theirs = select(applications.c.id).where(applications.c.number == number).scalar_subquery()
    changed = await connection.execute(
        _change(campaign_id, theirs)
        .where(attendances.c.checked_in_by == staff_id, attendances.c.checked_in_at >= since)
        .values(checked_in_at=None, checked_in_by=None)
    )
    return bool(changed.rowcount)


async def check_in_new(
    connection: AsyncConnection, campaign_id: int, number: str, staff_id: int, at: datetime
) -> None:
    """Note that somebody has come who was registered at the desk in this transaction."""
    application_id = await connection.scalar(
        select(applications.c.id).where(applications.c.number == number)
    )
    if application_id is not None:
        await check_in(connection, campaign_id, application_id, staff_id, at)


async def count_coming(connection: AsyncConnection, campaign_id: int) -> int:
    """Count those who said that they come."""
    statement = select(func.count()).select_from(attendances)
    of_this = attendances.c.campaign_id == campaign_id, attendances.c.coming.is_(True)
    return await connection.scalar(statement.where(*of_this)) or 0


async def count_came(connection: AsyncConnection, campaign_id: int) -> int:
    """Count those who were checked in, each person once."""
    is_theirs = applications.c.id == attendances.c.application_id
    statement = select(func.count()).select_from(attendances.join(applications, is_theirs))
    of_this = attendances.c.campaign_id == campaign_id, attendances.c.checked_in_at.is_not(None)
    return await connection.scalar(statement.where(*of_this, _IS_ONE)) or 0


async def list_days_ahead(
    connection: AsyncConnection, number: str, today: date, limit: int
) -> list[tuple[int, Mapping[str, str], date]]:
    """List the event days, not over, to which somebody may come: id, names and day.

    They are those of the district where they live, and those to which they said yes.
    """
    is_theirs = (attendances.c.application_id == applications.c.id) & (
        attendances.c.campaign_id == campaigns.c.id
    )
    lives_there = applications.c.office.like(campaigns.c.place + "%")
    statement = (
        select(campaigns.c.id, campaigns.c.name_km, campaigns.c.name_en, campaigns.c.held_on)
        .select_from(campaigns.join(applications, applications.c.number == number))
        .outerjoin(attendances, is_theirs)
        .where(campaigns.c.status != DayStatus.CANCELLED.value, campaigns.c.held_on >= today)
        .where(or_(lives_there, attendances.c.coming.is_(True)))
        .order_by(campaigns.c.held_on, campaigns.c.id)
        .limit(limit)
    )
    rows = await connection.execute(statement)
    return [(row.id, {"km": row.name_km, "en": row.name_en}, row.held_on) for row in rows]


async def find_by_tag(connection: AsyncConnection, tag: str) -> tuple[str, Any] | None:
    """Find the number and the answers of what was registered at a desk with one page's tag."""
    statement = select(applications.c.number, applications.c.answers).where(
        applications.c.draft_tag == tag, applications.c.chat_id.is_(None)
    )
    found = (await connection.execute(statement)).one_or_none()
    return (found.number, found.answers) if found else None


async def find_slip(
    connection: AsyncConnection, source: str, number: str, since: datetime
) -> Slip | None:
    """Find whom a desk has registered since a moment, by its day's source and their number."""
    name = workers.c.family_km + " " + workers.c.given_km
    statement = (
        select(applications.c.number, name, workers.c.home)
        .join(workers, workers.c.id == applications.c.worker_id)
        .where(applications.c.number == number, applications.c.source == source)
        .where(applications.c.registered_by.is_not(None), applications.c.submitted_at >= since)
    )
    found = (await connection.execute(statement)).one_or_none()
    return Slip(*found) if found else None


_IS_ONE = applications.c.duplicate_of.is_(None)


async def note_shown(connection: AsyncConnection, campaign_id: int, application_id: int) -> None:
    """Note that somebody was shown an event day, and so may answer."""
    row: dict[str, Any] = {"campaign_id": campaign_id, "application_id": application_id}
    await insert_new(connection, attendances, [row])


def _change(campaign_id: int, application_id: Any) -> Any:
    return update(attendances).where(
        attendances.c.campaign_id == campaign_id, attendances.c.application_id == application_id
    )


async def _find_one(connection: AsyncConnection, campaign_id: int, where: Any) -> Guest | None:
    found = (await connection.execute(_select(campaign_id).where(where))).mappings().one_or_none()
    return Guest(**{**found, "status": Status(found["status"])}) if found else None


def _select(campaign_id: int) -> Select[Any]:
    is_theirs = (attendances.c.application_id == applications.c.id) & (
        attendances.c.campaign_id == campaign_id
    )
    return (
        select(
            applications.c.id.label("application_id"),
            applications.c.number,
            applications.c.chat_id,
            applications.c.office,
            applications.c.status,
            (~_IS_ONE).label("is_duplicate"),
            workers.c.family_latin,
            workers.c.given_latin,
            workers.c.family_km,
            workers.c.given_km,
            attendances.c.coming,
            attendances.c.checked_in_at,
        )
        .join(workers, workers.c.id == applications.c.worker_id)
        .outerjoin(attendances, is_theirs)
    )

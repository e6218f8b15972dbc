"""Event days as they are stored, and the reminders that belong to them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    delete,
    false,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import campaigns, notices, reminders
from domain.campaigns import Campaign, Occasion, Plan, Reminder, ReminderKind, Status
from domain.staff import Scope

PENDING, MADE, EXPIRED = "pending", "made", "expired"
_PLAN = tuple(field.name for field in fields(Plan))
MOST_LISTED = 200


@dataclass(frozen=True)
class StoredReminder:
    """A reminder and what became of it: pending, made (into a notice) or expired."""

    id: int
    campaign_id: int
    reminder: Reminder
    status: str
    notice_id: int | None = None


async def add(connection: AsyncConnection, plan: Plan, created_by: int, at: datetime) -> int:
    """Store a new event day and give its id."""
    statement = insert(campaigns).values(
        **asdict(plan), status=Status.PLANNED.value, created_by=created_by, created_at=at
    )
    added: int = (await connection.execute(statement.returning(campaigns.c.id))).scalar_one()
    return added


async def save(connection: AsyncConnection, campaign: Campaign) -> None:
    """Store what has changed about an event day."""
    told = {"told_km": campaign.told_km, "told_en": campaign.told_en}
    values = {**asdict(campaign.plan), **told, "status": campaign.status.value}
    await connection.execute(
        update(campaigns).where(campaigns.c.id == campaign.id).values(**values)
    )


async def forget_told(connection: AsyncConnection, campaign_id: int) -> None:
    """Let the words of an event day be those of its plan, now that somebody has approved them."""
    await connection.execute(
        update(campaigns).where(campaigns.c.id == campaign_id).values(told_km=None, told_en=None)
    )


async def find(connection: AsyncConnection, campaign_id: int) -> Campaign | None:
    """Find an event day."""
    return await _find_one(connection, select(campaigns).where(campaigns.c.id == campaign_id))


async def find_by_code(connection: AsyncConnection, code: str) -> Campaign | None:
    """Find the event day of a code."""
    return await _find_one(connection, select(campaigns).where(campaigns.c.code == code))


async def list_within(connection: AsyncConnection, scope: Scope) -> list[Campaign]:
    """List the event days of a scope, the latest day first."""
    order = campaigns.c.held_on.desc(), campaigns.c.id.desc()
    return await _list(
        connection, select(campaigns).where(_lies_in(scope)).order_by(*order).limit(MOST_LISTED)
    )


async def list_touched(connection: AsyncConnection, scope: Scope) -> list[Campaign]:
    """List the event days at places that a scope touches, the latest day first."""
    order = campaigns.c.held_on.desc(), campaigns.c.id.desc()
    above = {code[:digits] for code in scope.places or () for digits in range(0, len(code), 2)}
    touched = or_(_lies_in(scope), campaigns.c.place.in_(sorted(above)))
    return await _list(
        connection, select(campaigns).where(touched).order_by(*order).limit(MOST_LISTED)
    )


async def list_past(connection: AsyncConnection, before: date) -> list[Campaign]:
    """List the planned event days whose day is over."""
    statement = select(campaigns).where(
        campaigns.c.status == Status.PLANNED.value, campaigns.c.held_on < before
    )
    return await _list(connection, statement.order_by(campaigns.c.id))


async def put_reminders(
    connection: AsyncConnection,
    campaign_id: int,
    planned: Iterable[Reminder],
    *,
    anew: bool = False,
) -> None:
    """Put reminders in the place of those that were not made yet, or with `anew` of all."""
    of_this = reminders.c.campaign_id == campaign_id
    replaced = true() if anew else reminders.c.status == PENDING
    await connection.execute(delete(reminders).where(of_this, replaced))
    settled = set(await connection.scalars(select(reminders.c.kind).where(of_this)))
    rows = [
        {**asdict(one), "kind": one.kind.value, "campaign_id": campaign_id, "status": PENDING}
        for one in planned
        if one.kind.value not in settled
    ]
    if rows:
        await connection.execute(insert(reminders), rows)


async def list_reminders(connection: AsyncConnection, campaign_id: int) -> list[StoredReminder]:
    """List the reminders of an event day in their order."""
    statement = select(reminders).where(reminders.c.campaign_id == campaign_id)
    rows = await connection.execute(statement.order_by(reminders.c.due_at))
    return [_read_reminder(row) for row in rows.mappings()]


async def list_due(connection: AsyncConnection, now: datetime) -> list[StoredReminder]:
    """List the reminders whose time has come."""
    statement = select(reminders).where(reminders.c.status == PENDING, reminders.c.due_at <= now)
    rows = await connection.execute(statement.order_by(reminders.c.due_at, reminders.c.id))
    return [_read_reminder(row) for row in rows.mappings()]


async def settle_reminder(
    connection: AsyncConnection, reminder_id: int, status: str, notice_id: int | None = None
) -> bool:
    """Note what became of a pending reminder; False if that is settled already."""
    changed = await connection.execute(
        update(reminders)
        .where(reminders.c.id == reminder_id, reminders.c.status == PENDING)
        .values(status=status, notice_id=notice_id)
    )
    return bool(changed.rowcount)


async def drop_reminders(connection: AsyncConnection, campaign_id: int) -> None:
    """Let no pending reminder of an event day be made any more."""
    await connection.execute(
        update(reminders)
        .where(reminders.c.campaign_id == campaign_id, reminders.c.status == PENDING)
        .values(status=EXPIRED)
    )


def select_invitations(campaign_id: int) -> Select[Any]:
    """Select the ids of the notices that invite to an event day."""
    return _select_of(campaign_id, Occasion.INVITATION)


def select_reminders(campaign_id: int) -> Select[Any]:
    """Select the ids of the notices that remind of an event day."""
    return _select_of(campaign_id, Occasion.REMINDER)


async def list_invitations(connection: AsyncConnection, campaign_id: int) -> list[int]:
    """List the ids of the notices that invite to an event day, the newest first."""
    statement = select_invitations(campaign_id).order_by(notices.c.id.desc())
    return list(await connection.scalars(statement))


async def list_news(connection: AsyncConnection, campaign_id: int) -> list[int]:
    """List the ids of the notices that told guests what has changed, the newest first."""
    statement = _select_of(campaign_id, Occasion.NEWS).order_by(notices.c.id.desc())
    return list(await connection.scalars(statement))


async def list_notices(connection: AsyncConnection, campaign_id: int) -> list[int]:
    """List the ids of all notices about an event day, those that the program made too."""
    statement = select(notices.c.id).where(notices.c.campaign_id == campaign_id)
    return list(await connection.scalars(statement.order_by(notices.c.id)))


def _select_of(campaign_id: int, occasion: Occasion) -> Select[Any]:
    return select(notices.c.id).where(
        notices.c.campaign_id == campaign_id, notices.c.occasion == occasion.value
    )


def _lies_in(scope: Scope) -> ColumnElement[bool]:
    if scope.places is None:
        return true()
    covered = [campaigns.c.place.startswith(place) for place in sorted(scope.places)]
    return or_(false(), *covered)


async def _find_one(connection: AsyncConnection, statement: Select[Any]) -> Campaign | None:
    row = (await connection.execute(statement)).mappings().one_or_none()
    return _read(row) if row else None


async def _list(connection: AsyncConnection, statement: Select[Any]) -> list[Campaign]:
    return [_read(row) for row in (await connection.execute(statement)).mappings()]


def _read(row: RowMapping) -> Campaign:
    plan = Plan(**{name: row[name] for name in _PLAN})
    status = Status(row["status"])
    told = row["told_km"], row["told_en"]
    return Campaign(row["id"], plan, status, row["created_by"], row["created_at"], *told)


def _read_reminder(row: RowMapping) -> StoredReminder:
    reminder = Reminder(ReminderKind(row["kind"]), row["due_at"], row["expires_at"])
    return StoredReminder(row["id"], row["campaign_id"], reminder, row["status"], row["notice_id"])

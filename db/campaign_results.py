"""What came of an event day: counts, by source and by officer, and the rows behind each count.

All of it is about the people of a scope, and leaves out the second applications of one person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    cast,
    exists,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from db.campaigns import select_invitations
from db.delivery import may_have_it
from db.rsvp import find_first_waiting, is_turn_from, list_turns, select_placed
from db.tables import applications, attendances, recipients
from domain.applications import Status
from domain.campaigns import JOINT, Campaign, count_places
from domain.staff import Scope

FIGURES = ("invited", "answered", "coming", "waiting", "came", "registered", "approved")
"""What is counted, from the invitation to the certificate.

Who comes has a place; who has said yes and has none yet waits.
"""

OF_SOURCE = ("registered", "approved", "came")
"""What is counted of each source."""

OF_OFFICER = ("checked_in", "at_desk", "approved")
"""What is counted of each officer."""


@dataclass(frozen=True)
class Count:
    """One count on the page: a figure, of everybody or of one source or one officer."""

    figure: str
    source: str | None = None
    officer: int | None = None


@dataclass(frozen=True)
class BySource:
    """What one source, a code on posters and links, brought."""

    source: str
    registered: int
    approved: int
    came: int


@dataclass(frozen=True)
class ByOfficer:
    """Whom one officer checked in, and how many of them were registered at the desk."""

    staff_id: int
    checked_in: int
    registered: int
    approved: int


@dataclass(frozen=True)
class Row:
    """One person behind a figure; nothing by which they could be told from others but a number.

    `waiting` is their turn among those who said that they come and have no place yet.
    """

    number: str
    office: str
    status: Status
    source: str | None
    submitted_at: datetime
    coming: bool | None
    checked_in_at: datetime | None
    waiting: int | None = None


async def count_figures(
    connection: AsyncConnection,
    campaign: Campaign,
    until: datetime,
    scope: Scope,
    names: Sequence[str] = FIGURES,
) -> dict[str, int]:
    """Count every figure, or some; registrations count until a moment."""
    return {
        name: await connection.scalar(_count(campaign, name, until, scope)) or 0 for name in names
    }


async def count_days(
    connection: AsyncConnection, campaigns: Sequence[Campaign], scope: Scope
) -> dict[int, dict[str, int]]:
    """Count who comes, who waits and who came at some event days, by the days' ids."""
    said = attendances.c.coming.is_(True), attendances.c.checked_in_at.is_not(None)
    statement = (
        select(attendances.c.campaign_id, *map(_sum, said))
        .join(applications, applications.c.id == attendances.c.application_id)
        .where(attendances.c.campaign_id.in_([one.id for one in campaigns]), _is_within(scope))
        .group_by(attendances.c.campaign_id)
    )
    counts = {row[0]: row[1:] for row in await connection.execute(statement)}
    found = {}
    for one in campaigns:
        theirs, came_of_them = counts.get(one.id, (0, 0))
        waiting = await _count_waiting(connection, one, scope)
        found[one.id] = {"coming": theirs - waiting, "waiting": waiting, "came": came_of_them}
    return found


async def _count_waiting(connection: AsyncConnection, campaign: Campaign, scope: Scope) -> int:
    first = await find_first_waiting(connection, campaign.id, campaign.plan.capacity)
    if first is None:
        return 0
    counted = (
        select(func.count())
        .select_from(attendances)
        .join(applications, applications.c.id == attendances.c.application_id)
        .where(attendances.c.campaign_id == campaign.id, attendances.c.coming.is_(True))
        .where(is_turn_from(first), _is_within(scope))
    )
    return await connection.scalar(counted) or 0


async def count_by_source(
    connection: AsyncConnection, campaign: Campaign, until: datetime, scope: Scope
) -> list[BySource]:
    """Count what each of the campaign's sources brought, the best first."""
    counted = [_sum(condition) for condition in _list_of_source(campaign).values()]
    statement = (
        select(applications.c.source, *counted)
        .where(_is_of_source(campaign.plan.code), _is_counted(campaign, until), _is_within(scope))
        .group_by(applications.c.source)
        .order_by(func.count().desc(), applications.c.source)
    )
    return [BySource(*row) for row in await connection.execute(statement)]


async def count_by_officer(
    connection: AsyncConnection, campaign: Campaign, scope: Scope
) -> list[ByOfficer]:
    """Count whom each officer checked in, and who was registered at their desk."""
    counted = [_sum(condition) for condition in _list_of_officer(campaign).values()]
    statement = (
        select(attendances.c.checked_in_by, *counted)
        .join(applications, applications.c.id == attendances.c.application_id)
        .where(attendances.c.campaign_id == campaign.id, attendances.c.checked_in_by.is_not(None))
        .where(_is_within(scope))
        .group_by(attendances.c.checked_in_by)
        .order_by(func.count().desc(), attendances.c.checked_in_by)
    )
    return [ByOfficer(*row) for row in await connection.execute(statement)]


async def list_rows(
    connection: AsyncConnection,
    campaign: Campaign,
    count: Count,
    until: datetime,
    scope: Scope,
    after: int = 0,
    limit: int = 100,
) -> list[tuple[int, Row]]:
    """List the people behind a count with their ids, beginning after an id."""
    ids = _select_counted(campaign, count, until).subquery()
    is_theirs = and_(
        attendances.c.application_id == applications.c.id,
        attendances.c.campaign_id == campaign.id,
    )
    statement = (
        select(
            applications.c.id,
            applications.c.number,
            applications.c.office,
            applications.c.status,
            applications.c.source,
            applications.c.submitted_at,
            attendances.c.coming,
            attendances.c.checked_in_at,
        )
        .outerjoin(attendances, is_theirs)
        .where(applications.c.id.in_(select(ids.c.id)), applications.c.id > after)
        .where(_is_within(scope))
        .order_by(applications.c.id)
        .limit(limit)
    )
    rows = await connection.execute(statement)
    waiting = await _number_waiting(connection, campaign)
    return [(row["id"], _read(dict(row), waiting)) for row in rows.mappings()]


async def is_source(connection: AsyncConnection, code: str) -> bool:
    """Tell whether any application came by a code, or by one of its posters."""
    statement = select(applications.c.id).where(_is_of_source(code)).limit(1)
    return await connection.scalar(statement) is not None


def _count(campaign: Campaign, figure: str, until: datetime, scope: Scope) -> Select[Any]:
    within = select(applications.c.id).where(_is_within(scope))
    if figure == "invited":
        told = _select_invited(campaign, recipients.c.chat_id).distinct()
        told = told.where(recipients.c.application_id.in_(within))
        return select(func.count()).select_from(told.subquery())
    ids = _select_ids(campaign, figure, until).subquery()
    counted = within.where(applications.c.id.in_(select(ids.c.id)))
    return select(func.count()).select_from(counted.subquery())


def _select_counted(campaign: Campaign, count: Count, until: datetime) -> Select[Any]:
    """Select the ids of the applications behind a count."""
    if count.source is not None:
        return select(applications.c.id).where(
            applications.c.source == count.source,
            _is_of_source(campaign.plan.code),
            _is_counted(campaign, until),
            _list_of_source(campaign)[count.figure],
        )
    if count.officer is not None:
        found = select(applications.c.id).join(
            attendances, attendances.c.application_id == applications.c.id
        )
        return found.where(
            attendances.c.campaign_id == campaign.id,
            attendances.c.checked_in_by == count.officer,
            _list_of_officer(campaign)[count.figure],
        )
    return _select_ids(campaign, count.figure, until)


def _list_of_source(campaign: Campaign) -> dict[str, ColumnElement[bool]]:
    """List what must hold of an application of a source, by what is counted."""
    came = exists().where(
        attendances.c.campaign_id == campaign.id,
        attendances.c.application_id == applications.c.id,
        attendances.c.checked_in_at.is_not(None),
    )
    return dict(zip(OF_SOURCE, (true(), _IS_APPROVED, came), strict=True))


def _list_of_officer(campaign: Campaign) -> dict[str, ColumnElement[bool]]:
    """List what must hold of an application whose person an officer checked in."""
    at_desk = and_(
        applications.c.registered_by.is_not(None),
        applications.c.source == campaign.plan.code,
    )
    return dict(zip(OF_OFFICER, (true(), at_desk, and_(at_desk, _IS_APPROVED)), strict=True))


def _select_ids(campaign: Campaign, figure: str, until: datetime) -> Select[Any]:
    """Select the ids of the applications behind a figure."""
    placed = attendances.c.application_id.in_(select_placed((campaign.plan.code,)))
    conditions: Mapping[str, ColumnElement[bool]] = {
        "answered": attendances.c.coming.is_not(None),
        "coming": placed,
        "waiting": and_(attendances.c.coming.is_(True), ~placed),
        "came": attendances.c.checked_in_at.is_not(None),
    }
    if figure == "invited":
        return _select_invited(campaign, recipients.c.application_id.label("id"))
    if figure in conditions:
        of_this = attendances.c.campaign_id == campaign.id
        found = select(attendances.c.application_id.label("id"))
        return found.where(of_this, conditions[figure])
    registered = select(applications.c.id).where(
        or_(_is_of_source(campaign.plan.code), _is_of_invited(campaign)),
        _is_counted(campaign, until),
    )
    return registered.where(_IS_APPROVED) if figure == "approved" else registered


def _select_invited(campaign: Campaign, column: ColumnElement[Any]) -> Select[Any]:
    return select(column).where(
        recipients.c.notice_id.in_(select_invitations(campaign.id)),
        may_have_it(),
    )


def _is_of_source(code: str) -> ColumnElement[bool]:
    from_poster = applications.c.source.startswith(code + JOINT, autoescape=True)
    return or_(applications.c.source == code, from_poster)


def _is_of_invited(campaign: Campaign) -> ColumnElement[bool]:
    """Hold of what was sent from a chat after it was invited, a neighbour's for instance."""
    return exists().where(
        recipients.c.chat_id == applications.c.chat_id,
        recipients.c.notice_id.in_(select_invitations(campaign.id)),
        may_have_it(),
        recipients.c.settled_at < applications.c.submitted_at,
    )


def _is_counted(campaign: Campaign, until: datetime) -> ColumnElement[bool]:
    at = applications.c.submitted_at
    return and_(at >= campaign.created_at, at < until)


def _is_within(scope: Scope) -> ColumnElement[bool]:
    """Hold of each person once, if they live within a scope."""
    is_one = applications.c.duplicate_of.is_(None)
    if scope.places is None:
        return is_one
    covered = [applications.c.office.startswith(place) for place in sorted(scope.places)]
    return and_(is_one, or_(false(), *covered))


_IS_APPROVED = applications.c.status == Status.APPROVED.value


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(cast(condition, Integer)), 0)


async def _number_waiting(connection: AsyncConnection, campaign: Campaign) -> dict[int, int]:
    turns = await list_turns(connection, campaign.id)
    waiting = turns[count_places(campaign.plan, len(turns)) :]
    return {application_id: turn for turn, application_id in enumerate(waiting, start=1)}


def _read(row: dict[str, Any], waiting: Mapping[int, int]) -> Row:
    turn = waiting.get(row.pop("id"))
    return Row(**{**row, "status": Status(row["status"])}, waiting=turn)

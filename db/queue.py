"""The lists of applications that officers work through: what waits, and what has been decided."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, Text, and_, exists, func, select, tuple_, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from db.cases import within
from db.reference import load_occupations
from db.tables import applications, staff, workers
from db.waiting import count_waiting
from domain.applications import Status
from domain.cases import Waiting
from domain.filters import Age, Assigned, Filters, list_keys
from domain.staff import Scope
from domain.whole_numbers import read_number

PAGE = 50
_PLACE_DIGITS = 8
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Viewpoint:
    """Who looks at lists, where they may, and when; up to `close_until` a promise is close."""

    scope: Scope
    staff_id: int
    now: datetime
    close_until: datetime


@dataclass(frozen=True)
class QueueRow:
    """An application in a list."""

    id: int
    number: str
    family_km: str
    given_km: str
    family_latin: str
    given_latin: str
    occupation: str
    place: str
    office: str
    status: Status
    waiting: Waiting | None
    due_at: datetime | None
    submitted_at: datetime
    flags: tuple[str, ...]
    assigned_to: int | None
    source: str | None


@dataclass(frozen=True)
class Cursor:
    """The place in a list behind which the next page begins."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}-{self.id}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read a cursor as it was written; None if it is none."""
        since, row_id = (read_number(part, 17) for part in text.partition("-")[::2])
        if since is None or row_id is None:
            return None
        return cls(_EPOCH + since * _MICROSECOND, row_id)


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and where the next page begins if there is one."""

    rows: tuple[QueueRow, ...]
    after: Cursor | None = None


@dataclass(frozen=True)
class Summary:
    """How many applications wait, and of them are close, overdue, and taken by who looks."""

    waiting: int
    close: int
    overdue: int
    mine: int


_COLUMNS = (
    applications.c.id,
    applications.c.number,
    workers.c.family_km,
    workers.c.given_km,
    workers.c.family_latin,
    workers.c.given_latin,
    applications.c.occupation,
    applications.c.place,
    applications.c.office,
    applications.c.status,
    applications.c.waiting,
    applications.c.due_at,
    applications.c.submitted_at,
    applications.c.flags,
    applications.c.assigned_to,
    applications.c.source,
)
_IS_WAITING = applications.c.waiting.is_not(None)


async def list_waiting(
    connection: AsyncConnection,
    viewpoint: Viewpoint,
    filters: Filters,
    after: Cursor | None = None,
    limit: int = PAGE,
) -> Page:
    """List what the office owes an answer to, the oldest promise first."""
    order = (applications.c.due_at, applications.c.id)
    statement = (
        _select_rows(viewpoint, filters).where(_IS_WAITING).order_by(*order).limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(tuple_(*order) > (after.at, after.id))
    return _cut(await _list(connection, statement), limit, "due_at")


async def list_all(
    connection: AsyncConnection,
    viewpoint: Viewpoint,
    filters: Filters,
    after: Cursor | None = None,
    limit: int = PAGE,
) -> Page:
    """List applications wherever they stand, the newest first."""
    order = (applications.c.submitted_at, applications.c.id)
    newest_first = (column.desc() for column in order)
    statement = _select_rows(viewpoint, filters).order_by(*newest_first).limit(limit + 1)
    if after is not None:
        statement = statement.where(tuple_(*order) < (after.at, after.id))
    return _cut(await _list(connection, statement), limit, "submitted_at")


async def count_summary(connection: AsyncConnection, viewpoint: Viewpoint) -> Summary:
    """Count what waits."""
    counted = await count_waiting(connection, viewpoint.scope, viewpoint.now, viewpoint.close_until)
    is_mine = applications.c.assigned_to == viewpoint.staff_id
    mine = within(select(func.count()).where(_IS_WAITING, is_mine), viewpoint.scope)
    return Summary(
        counted.waiting, counted.due, counted.overdue, await connection.scalar(mine) or 0
    )


async def find_next(
    connection: AsyncConnection, viewpoint: Viewpoint, filters: Filters
) -> str | None:
    """Find the oldest promise that nobody has taken and this officer may keep, by its number."""
    is_own_decision = and_(
        applications.c.waiting == Waiting.APPEAL.value,
        applications.c.decided_by == viewpoint.staff_id,
        applications.c.decided_by.is_not(None),
    )
    is_own = exists().where(
        staff.c.id == viewpoint.staff_id, staff.c.chat_id == applications.c.chat_id
    )
    statement = (
        within(select(applications.c.number), viewpoint.scope)
        .where(_IS_WAITING, applications.c.assigned_to.is_(None), ~is_own_decision, ~is_own)
        .where(applications.c.registered_by.is_distinct_from(viewpoint.staff_id))
        .where(*_list_conditions(viewpoint, filters))
        .order_by(applications.c.due_at, applications.c.id)
        .limit(1)
    )
    number: str | None = await connection.scalar(statement)
    return number


async def list_of_ids(
    connection: AsyncConnection, viewpoint: Viewpoint, ids: Select[Any], limit: int
) -> Page:
    """List the applications whose ids a statement finds, the newest first."""
    statement = _select_rows(viewpoint, Filters()).where(applications.c.id.in_(ids))
    statement = statement.order_by(applications.c.id.desc()).limit(limit + 1)
    return _cut(await _list(connection, statement), limit, "submitted_at")


def _select_rows(viewpoint: Viewpoint, filters: Filters) -> Select[Any]:
    joined = select(*_COLUMNS).join(workers, workers.c.id == applications.c.worker_id)
    return within(joined, viewpoint.scope).where(*_list_conditions(viewpoint, filters))


def _list_conditions(viewpoint: Viewpoint, filters: Filters) -> list[ColumnElement[bool]]:
    column, found = applications.c, list[ColumnElement[bool]]()
    if filters.place is not None:
        first, last = (filters.place.ljust(_PLACE_DIGITS, digit) for digit in "09")
        found.append(column.place.between(first, last))
    if filters.status is not None:
        # Joined with nothing, so that no index of statuses lures SQLite from the one in order.
        found.append(column.status.concat("") == filters.status.value)
    if filters.waiting is not None:
        found.append(column.waiting == filters.waiting.value)
    if filters.work is not None:
        found.append(column.occupation.in_(list_keys(filters.work, load_occupations())))
    if filters.source is not None:
        found.append(column.source == filters.source)
    if filters.flag is not None:
        quoted = json.dumps(filters.flag)
        found.append(type_coerce(column.flags, Text).contains(quoted, autoescape=True))
    return [*found, *_list_duties(viewpoint, filters)]


def _list_duties(viewpoint: Viewpoint, filters: Filters) -> list[ColumnElement[bool]]:
    """List what is asked of who has taken it, and of the clock."""
    column = applications.c
    takers: dict[Assigned | None, ColumnElement[bool]] = {
        Assigned.ME: column.assigned_to == viewpoint.staff_id,
        Assigned.NOBODY: column.assigned_to.is_(None),
    }
    ages: dict[Age | None, ColumnElement[bool]] = {
        Age.OVERDUE: column.due_at < viewpoint.now,
        Age.CLOSE: column.due_at.between(viewpoint.now, viewpoint.close_until),
    }
    wanted = (takers.get(filters.assigned), ages.get(filters.age))
    return [condition for condition in wanted if condition is not None]


async def _list(connection: AsyncConnection, statement: Select[Any]) -> list[QueueRow]:
    rows = await connection.execute(statement)
    return [_read(row) for row in rows.mappings()]


def _read(row: Any) -> QueueRow:
    waiting = row["waiting"]
    return QueueRow(
        **{
            **row,
            "status": Status(row["status"]),
            "waiting": Waiting(waiting) if waiting else None,
            "flags": tuple(row["flags"]),
        }
    )


def _cut(rows: list[QueueRow], limit: int, moment: str) -> Page:
    if len(rows) <= limit:
        return Page(tuple(rows))
    last = rows[limit - 1]
    return Page(tuple(rows[:limit]), Cursor(getattr(last, moment), last.id))

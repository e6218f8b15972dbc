"""Counts over applications, within a scope: never a row about one person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, and_, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.cases import within
from db.tables import applications, workers
from domain.applications import Status
from domain.staff import Scope

PROVINCE_DIGITS = 2


@dataclass(frozen=True)
class Counts:
    """What a number of applications comes to.

    `decided` leaves out the appealed; `in_time` are those of them that were decided by the end of
    the day that was promised.
    """

    total: int = 0
    waiting: int = 0
    late: int = 0
    women: int = 0
    decided: int = 0
    in_time: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            *(mine + its for mine, its in zip(_values(self), _values(other), strict=True))
        )


@dataclass(frozen=True)
class Overview:
    """The counts of all applications of a scope, by status and by the office's province."""

    total: Counts
    by_status: dict[Status, Counts]
    by_province: dict[str, Counts]


async def count_applications(
    connection: AsyncConnection, scope: Scope, now: datetime, zone: ZoneInfo
) -> Overview:
    """Count the applications of a scope, in one pass over them."""
    province = func.substr(applications.c.office, 1, PROVINCE_DIGITS).label("province")
    statement = (
        select(province, applications.c.status, *_list_sums(connection, now, zone))
        .join(workers, workers.c.id == applications.c.worker_id)
        .group_by(province, applications.c.status)
    )
    rows = (await connection.execute(within(statement, scope))).all()
    by_status: dict[Status, Counts] = {}
    by_province: dict[str, Counts] = {}
    for code, word, *numbers in rows:
        status, counts = Status(word), Counts(*numbers)
        by_status[status] = by_status.get(status, Counts()) + counts
        by_province[code] = by_province.get(code, Counts()) + counts
    return Overview(sum(by_status.values(), Counts()), by_status, by_province)


def _list_sums(
    connection: AsyncConnection, now: datetime, zone: ZoneInfo
) -> list[ColumnElement[Any]]:
    one = applications.c
    waits = one.waiting.is_not(None)
    is_decided = and_(one.decided_at.is_not(None), ~one.appealed)
    is_in_time = _local_day(connection, zone) <= one.answer_due_on
    return [
        func.count(),
        _sum(waits),
        _sum(and_(waits, one.due_at < now)),
        _sum(workers.c.sex == "female"),
        _sum(is_decided),
        _sum(and_(is_decided, is_in_time)),
    ]


def _sum(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(cast(condition, Integer)), 0)


def _local_day(connection: AsyncConnection, zone: ZoneInfo) -> ColumnElement[Any]:
    """Return the day of a decision on the calendar of the house."""
    decided_at = applications.c.decided_at
    if connection.dialect.name == "postgresql":
        return func.date(func.timezone(zone.key, decided_at))
    offset = datetime.now(zone).utcoffset()
    assert offset is not None  # noqa: S101 - a zone has one
    return func.date(decided_at, f"{offset.total_seconds():+.0f} seconds")


def _values(counts: Counts) -> tuple[int, ...]:
    return tuple(vars(counts).values())

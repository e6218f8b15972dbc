"""How much waits for the office: counts over the applications and questions that are open."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.cases import within
from db.tables import applications, questions
from domain.staff import WHOLE_COUNTRY, Scope


@dataclass(frozen=True)
class Backlog:
    """How many applications wait, of them how many are due by a moment and how many overdue; and
    how many questions are open.
    """

    waiting: int = 0
    due: int = 0
    overdue: int = 0
    questions: int = 0

    def __bool__(self) -> bool:
        return bool(self.waiting or self.questions)


async def count_waiting(
    connection: AsyncConnection, scope: Scope, now: datetime, until: datetime
) -> Backlog:
    """Count what waits in a scope."""
    rows = await connection.execute(_count_applications(scope, now, until))
    asked = await connection.execute(_count_questions())
    return add_up(_read(rows, asked), scope)


async def count_by_office(
    connection: AsyncConnection, now: datetime, until: datetime
) -> dict[str, Backlog]:
    """Count what waits at each office."""
    rows = await connection.execute(_count_applications(WHOLE_COUNTRY, now, until))
    return _read(rows, await connection.execute(_count_questions()))


def add_up(counts: dict[str, Backlog], scope: Scope) -> Backlog:
    """Add up what waits at the offices of a scope; a province's strangers ask its districts too."""
    found = [vars(one) for office, one in counts.items() if scope.touches(office)]
    return Backlog(**{name: sum(one[name] for one in found) for name in vars(Backlog())})


def _count_applications(scope: Scope, now: datetime, until: datetime) -> Select[Any]:
    due_at = applications.c.due_at
    counted = select(
        applications.c.office,
        func.count().label("waiting"),
        func.count().filter(due_at >= now, due_at <= until).label("due"),
        func.count().filter(due_at < now).label("overdue"),
    ).where(applications.c.waiting.is_not(None))
    return within(counted, scope).group_by(applications.c.office)


def _count_questions() -> Select[Any]:
    return (
        select(questions.c.office, func.count().label("questions"))
        .where(questions.c.status == "open", questions.c.office.is_not(None))
        .group_by(questions.c.office)
    )


def _read(rows: Iterable[Row[Any]], asked: Iterable[Row[Any]]) -> dict[str, Backlog]:
    found = {row.office: Backlog(row.waiting, row.due, row.overdue) for row in rows}
    for row in asked:
        found[row.office] = replace(found.get(row.office, Backlog()), questions=row.questions)
    return found

"""What people ask an office, and what it answers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, insert, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import question_messages, questions
from domain.questions import QuestionStatus
from domain.staff import Scope


@dataclass(frozen=True)
class QuestionMessage:
    """Some words about a question; `staff_id` is None where its asker wrote them."""

    staff_id: int | None
    body: str
    at: datetime


@dataclass(frozen=True)
class AskedQuestion:
    """A question as an office sees it."""

    id: int
    chat_id: int
    office: str
    number: str | None
    status: QuestionStatus
    asked_at: datetime
    answered_at: datetime | None
    messages: tuple[QuestionMessage, ...]


async def answer(
    connection: AsyncConnection, question_id: int, staff_id: int, text: str, at: datetime
) -> None:
    """Store an officer's answer."""
    await connection.execute(
        insert(question_messages).values(
            question_id=question_id, staff_id=staff_id, body=text, at=at
        )
    )
    await connection.execute(
        update(questions)
        .where(questions.c.id == question_id)
        .values(status=QuestionStatus.ANSWERED.value, answered_at=at)
    )


async def find_chat(connection: AsyncConnection, question_id: int) -> int | None:
    """Find the chat in which a question was asked."""
    found: int | None = await connection.scalar(
        select(questions.c.chat_id).where(questions.c.id == question_id)
    )
    return found


async def find(connection: AsyncConnection, question_id: int) -> AskedQuestion | None:
    """Find a question that an office has got, and hold it until the transaction ends."""
    found = await _list(
        connection,
        select(questions)
        .where(questions.c.id == question_id, questions.c.office.is_not(None))
        .with_for_update(),
    )
    return found[0] if found else None


async def list_open(
    connection: AsyncConnection, scope: Scope, limit: int = 100
) -> list[AskedQuestion]:
    """List the questions that wait for an office of a scope, the oldest first."""
    return await _list(
        connection,
        select(questions)
        .where(questions.c.status == QuestionStatus.OPEN.value, _within(scope))
        .order_by(questions.c.asked_at, questions.c.id)
        .limit(limit),
    )


async def count_open(connection: AsyncConnection, scope: Scope) -> int:
    """Count the questions that wait for an office of a scope."""
    statement = select(func.count()).select_from(questions)
    is_open = questions.c.status == QuestionStatus.OPEN.value
    return await connection.scalar(statement.where(is_open, _within(scope))) or 0


def _within(scope: Scope) -> ColumnElement[bool]:
    """Find the questions that a scope touches: strangers' are known by their province only."""
    if scope.places is None:
        return true()
    provinces = {place[:2] for place in scope.places}
    within = (questions.c.office.startswith(place) for place in sorted(scope.places))
    return or_(false(), questions.c.office.in_(sorted(provinces)), *within)


async def _list(connection: AsyncConnection, statement: Select[Any]) -> list[AskedQuestion]:
    rows = (await connection.execute(statement)).mappings().all()
    messages = await _list_messages(connection, [row["id"] for row in rows])
    return [
        AskedQuestion(
            **{**row, "status": QuestionStatus(row["status"]), "messages": messages[row["id"]]}
        )
        for row in rows
    ]


async def _list_messages(
    connection: AsyncConnection, ids: Collection[int]
) -> dict[int, tuple[QuestionMessage, ...]]:
    rows = await connection.execute(
        select(question_messages)
        .where(question_messages.c.question_id.in_(ids))
        .order_by(question_messages.c.id)
    )
    found: dict[int, tuple[QuestionMessage, ...]] = dict.fromkeys(ids, ())
    for row in rows:
        written = QuestionMessage(row.staff_id, row.body, row.at)
        found[row.question_id] = (*found[row.question_id], written)
    return found

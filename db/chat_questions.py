"""The question that a chat is asking: open, or waiting to hear for which office it is."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.statements import run_many
from db.tables import applications, contacts, drafts, question_messages, questions
from domain.questions import Question, QuestionStatus

_CURRENT = (QuestionStatus.OPEN.value, QuestionStatus.UNPLACED.value)


async def find(connection: AsyncConnection, chat_id: int) -> Question | None:
    """Find the current question of a chat."""
    rows = await connection.execute(
        select(questions)
        .where(questions.c.chat_id == chat_id, questions.c.status.in_(_CURRENT))
        .order_by(questions.c.id.desc())
        .limit(1)
        .with_for_update()
    )
    row = rows.mappings().one_or_none()
    if row is None:
        return None
    written_at = await connection.scalars(
        select(question_messages.c.at)
        .where(question_messages.c.question_id == row["id"])
        .where(question_messages.c.staff_id.is_(None))
        .order_by(question_messages.c.id)
    )
    return Question(
        chat_id=chat_id,
        office=row["office"],
        number=row["number"],
        asked_at=row["asked_at"],
        status=QuestionStatus(row["status"]),
        id=row["id"],
        written_at=tuple(written_at),
    )


async def save(connection: AsyncConnection, changed: Iterable[Question]) -> None:
    """Store new and changed questions with the messages that are not stored yet."""
    for question in changed:
        question_id = question.id or await _add(connection, question)
        if question.id is not None:
            await connection.execute(
                update(questions)
                .where(questions.c.id == question_id)
                .values(
                    office=question.office,
                    status=question.status.value,
                    asked_at=question.asked_at,
                )
            )
        moments = question.written_at[len(question.written_at) - len(question.fresh) :]
        rows = [
            {"question_id": question_id, "staff_id": None, "body": text, "at": at}
            for text, at in zip(question.fresh, moments, strict=True)
        ]
        await run_many(connection, question_messages.insert(), rows)


async def _add(connection: AsyncConnection, question: Question) -> int:
    new = insert(questions).values(
        chat_id=question.chat_id,
        office=question.office,
        number=question.number,
        status=question.status.value,
        asked_at=question.asked_at,
    )
    added: int = (await connection.execute(new.returning(questions.c.id))).scalar_one()
    return added


async def forget_unplaced_before(connection: AsyncConnection, moment: datetime) -> None:
    """Forget questions for which nobody named a province, and strangers who only asked them."""
    rows = await connection.execute(
        select(questions.c.id, questions.c.chat_id).where(
            questions.c.status == QuestionStatus.UNPLACED.value, questions.c.asked_at < moment
        )
    )
    await _forget(connection, [tuple(row) for row in rows])


async def forget_closed_of_strangers(connection: AsyncConnection, moment: datetime) -> None:
    """Forget what was asked and answered, or taken back, by people who never registered."""
    registered = select(applications.c.id).where(applications.c.chat_id == questions.c.chat_id)
    rows = await connection.execute(
        select(questions.c.id, questions.c.chat_id).where(
            questions.c.status.not_in(_CURRENT),
            or_(questions.c.answered_at < moment, questions.c.answered_at.is_(None)),
            questions.c.asked_at < moment,
            ~registered.exists(),
        )
    )
    await _forget(connection, [tuple(row) for row in rows])


async def _forget(connection: AsyncConnection, found: Collection[tuple[int, int]]) -> None:
    if not found:
        return
    ids = [question_id for question_id, _ in found]
    chats = {chat_id for _, chat_id in found}
    await connection.execute(
        delete(question_messages).where(question_messages.c.question_id.in_(ids))
    )
    await connection.execute(delete(questions).where(questions.c.id.in_(ids)))
    for table in (applications, drafts, questions):
        rows = await connection.scalars(select(table.c.chat_id).where(table.c.chat_id.in_(chats)))
        chats -= set(rows)
    await connection.execute(delete(contacts).where(contacts.c.chat_id.in_(chats)))

"""What recipients answered by the buttons of a notice."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.delivery import may_have_it
from db.statements import insert_new
from db.tables import notice_answers, recipients


async def is_recipient(connection: AsyncConnection, notice_id: int, chat_id: int) -> bool:
    """Tell whether a notice has reached a chat, as far as anybody knows."""
    found = select(recipients.c.chat_id).where(
        recipients.c.notice_id == notice_id,
        recipients.c.chat_id == chat_id,
        may_have_it(),
    )
    return await connection.scalar(found) is not None


async def list_of(connection: AsyncConnection, notice_id: int, chat_id: int) -> frozenset[str]:
    """List what somebody answered to a notice."""
    found = select(notice_answers.c.answer).where(
        notice_answers.c.notice_id == notice_id, notice_answers.c.chat_id == chat_id
    )
    return frozenset(await connection.scalars(found))


async def change(
    connection: AsyncConnection,
    notice_id: int,
    chat_id: int,
    dropped: Collection[str],
    added: Collection[str],
    at: datetime,
) -> None:
    """Take some answers of somebody back, and note others."""
    await connection.execute(
        delete(notice_answers).where(
            notice_answers.c.notice_id == notice_id,
            notice_answers.c.chat_id == chat_id,
            notice_answers.c.answer.in_(dropped),
        )
    )
    key = {"notice_id": notice_id, "chat_id": chat_id, "at": at}
    await insert_new(connection, notice_answers, [{**key, "answer": one} for one in added])

"""Topics of notices that people have switched off."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.statements import insert_new
from db.tables import opt_outs
from domain.notices import Topic


async def list_of_chat(connection: AsyncConnection, chat_id: int) -> frozenset[Topic]:
    """List what somebody has switched off."""
    found = await connection.scalars(select(opt_outs.c.topic).where(opt_outs.c.chat_id == chat_id))
    return frozenset(map(Topic, found))


async def add(
    connection: AsyncConnection, chat_id: int, topics: Iterable[Topic], at: datetime
) -> None:
    """Switch some topics off for a chat."""
    rows = [{"chat_id": chat_id, "topic": topic.value, "at": at} for topic in topics]
    await insert_new(connection, opt_outs, rows)


async def drop(connection: AsyncConnection, chat_id: int, topic: Topic) -> None:
    """Switch a topic on again for a chat."""
    await connection.execute(
        delete(opt_outs).where(opt_outs.c.chat_id == chat_id, opt_outs.c.topic == topic.value)
    )

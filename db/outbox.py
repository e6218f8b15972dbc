"""Calls that wait to be made, and the ones that could not be."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import outgoing_calls
from domain.outbox import Call, Lane, OutgoingCall


async def add(
    connection: AsyncConnection, calls: Sequence[Call], now: datetime
) -> list[OutgoingCall]:
    """Store calls in their order and give them back with their ids."""
    if not calls:
        return []
    rows = [
        {
            "lane": call.lane.value,
            "chat_id": call.chat_id,
            "method": call.method,
            "parameters": call.parameters,
            "status": "queued",
            "attempts": 0,
            "created_at": now,
        }
        for call in calls
    ]
    ids = await connection.scalars(
        insert(outgoing_calls).returning(outgoing_calls.c.id, sort_by_parameter_order=True), rows
    )
    return [
        OutgoingCall(id=call_id, call=call, created_at=now)
        for call_id, call in zip(ids, calls, strict=True)
    ]


async def list_queued(
    connection: AsyncConnection, after: int = 0, limit: int = 10_000
) -> list[OutgoingCall]:
    """List the calls still to be made, in order, beginning after an id."""
    rows = await connection.execute(
        select(outgoing_calls)
        .where(outgoing_calls.c.status == "queued", outgoing_calls.c.id > after)
        .order_by(outgoing_calls.c.id)
        .limit(limit)
    )
    return [
        OutgoingCall(
            id=row.id,
            call=Call(row.chat_id, row.method, row.parameters, Lane(row.lane)),
            created_at=row.created_at,
            attempts=row.attempts,
        )
        for row in rows
    ]


async def count_queued(connection: AsyncConnection) -> int:
    """Count the calls still to be made."""
    return (
        await connection.scalar(select(func.count()).where(outgoing_calls.c.status == "queued"))
        or 0
    )


async def forget_made(connection: AsyncConnection, ids: Collection[int]) -> None:
    """Drop calls that Telegram has accepted, and the words in them."""
    if ids:
        await connection.execute(delete(outgoing_calls).where(outgoing_calls.c.id.in_(ids)))


async def mark_failed(connection: AsyncConnection, call_id: int, error: str) -> None:
    """Keep a call that will never be made, with the reason."""
    await connection.execute(
        update(outgoing_calls)
        .where(outgoing_calls.c.id == call_id)
        .values(status="failed", error=error)
    )


async def cancel_to(connection: AsyncConnection, chat_id: int) -> None:
    """Drop whatever still waits for a chat that has blocked the bot."""
    await connection.execute(
        delete(outgoing_calls).where(
            outgoing_calls.c.chat_id == chat_id, outgoing_calls.c.status == "queued"
        )
    )


async def move_chat(connection: AsyncConnection, old: int, new: int) -> None:
    """Send what waits for a chat to the chat that it has become."""
    await connection.execute(
        update(outgoing_calls).where(outgoing_calls.c.chat_id == old).values(chat_id=new)
    )


async def forget_failed_before(connection: AsyncConnection, moment: datetime) -> None:
    """Drop calls that failed long ago."""
    await connection.execute(
        delete(outgoing_calls).where(
            outgoing_calls.c.status == "failed", outgoing_calls.c.created_at < moment
        )
    )

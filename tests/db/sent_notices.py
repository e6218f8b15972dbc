"""Notices that are being sent to everybody, and the steps of their sending."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db import contacts, enlistment, ledger, notice_progress, notices, ready_recipients
from db.database import Database
from db.tables import contacts as people
from db.tables import opt_outs, staff
from domain.notices import Notice, Topic
from domain.notices import Status as NoticeStatus
from domain.recipients import Key, ReadyRecipient, Rules, Settlement, Status
from tests.samples import NOON, make_contact

RULES = Rules(ZoneInfo("Asia/Phnom_Penh"), weekly_cap=3)


def everybody() -> Any:
    """Select every contact, with no application."""
    none = opt_outs.c.chat_id.label("application_id")
    on = (opt_outs.c.chat_id == people.c.chat_id) & (opt_outs.c.chat_id < 0)
    return select(people.c.chat_id, none).select_from(people.outerjoin(opt_outs, on))


async def prepare(
    database: Database, chats: int = 3, count: int = 1, **changed: Any
) -> list[Notice]:
    """Store people and notices that are being sent to all of them."""

    async def work(connection: AsyncConnection) -> list[Notice]:
        author = await connection.scalar(
            insert(staff).values(name="Sok", active=True, created_at=NOON).returning(staff.c.id)
        )
        known = [make_contact(chat, wants_notices=True) for chat in range(1, chats + 1)]
        await contacts.save(connection, known)
        return [await add_notice(connection, author or 0, **changed) for _ in range(count)]

    return await database.write(work)


async def add_notice(connection: AsyncConnection, author: int, **changed: Any) -> Notice:
    notice = Notice(
        0, author, **{"topic": Topic.BENEFITS, "status": NoticeStatus.SENDING} | changed
    )
    notice_id = await notices.add(connection, notice, "Title", NOON)
    assert await enlistment.enlist(connection, notice_id, everybody(), NOON)
    found = await notices.find(connection, notice_id)
    assert found is not None
    return found.notice


async def list_ready(database: Database, now: datetime = NOON) -> list[ReadyRecipient]:
    async with database.read() as connection:
        return await ready_recipients.list_ready(connection, now, 100, RULES)


async def claim(database: Database, now: datetime = NOON, rules: Rules = RULES) -> list[int]:
    """Claim all that are ready and tell whose."""
    ready = await list_ready(database, now)
    claimed = await database.write(lambda c: ledger.claim(c, ready, now, rules))
    return [one.chat_id for one in claimed]


async def settle(
    database: Database, notice_id: int, chat_id: int, status: Status, **details: Any
) -> None:
    at = details.pop("at", NOON)
    settlement = Settlement(Key(notice_id, chat_id), status, **details)
    await database.write(lambda c: ledger.settle(c, [settlement], at))


async def count(database: Database, notice_id: int) -> dict[Status, int]:
    """Count what is not nothing."""
    async with database.read() as connection:
        found = await notice_progress.count_by_status(connection, notice_id)
    return {status: number for status, number in found.items() if number}

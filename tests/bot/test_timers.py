"""What happens because time passed, each in a job of its own."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot import timers
from bot.hearing import Hearing
from bot.sender import Sender
from bot.timers import Timers
from bot.transport import Transport
from bot.units import Units
from db import outbox
from db.database import Database
from db.unit_of_work import UnitOfWork
from domain.staff import Role
from services.desk import Desk
from tests.conftest import Clock
from tests.services.counter import Counter
from tests.services.newsroom import APPROVER_CHAT, AUTHOR_CHAT, Newsroom
from tests.serving import PATIENCE_SECONDS


class Stuck(Units):
    """Units of which those that put somebody into the ledger never come to an end."""

    async def run(self, work: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        if "_enlist_part" in repr(work):
            await asyncio.Event().wait()
        await super().run(work)


async def test_a_stall_is_told_of_while_what_is_done_with_notices_is_stuck(
    database: Database,
    desk: Desk,
    clock: Clock,
    transport: Transport,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timers, "NOTICES_SECONDS", 0.01)
    newsroom = Newsroom(Counter(database, desk, clock))
    author = await newsroom.hire(chat_id=AUTHOR_CHAT)
    approver = await newsroom.hire(Role.ADMINISTRATOR, chat_id=APPROVER_CHAT)
    await newsroom.register(1)
    notice_id = await newsroom.approve(author, approver)
    units = Stuck(database, Sender(database, transport, ""), clock)
    jobs = Timers(database, units, desk, Hearing(database, units, desk, clock), ())
    running = asyncio.create_task(jobs.run())

    async def count_told() -> int:
        async with database.read() as connection:
            queued = await outbox.list_queued(connection)
        return sum("does not move" in one.call.parameters for one in queued)

    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await count_told():
                clock.advance(minutes=1)
                await asyncio.sleep(0.05)
        assert await count_told() == 2
        assert await newsroom.count(notice_id) == {}
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

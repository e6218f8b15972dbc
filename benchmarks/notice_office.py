"""The office beside the bot: it pauses, stops and sends again while notices go out.

It writes to the database from a process of its own, as the bot's pages do from the bot's.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import update

from benchmarks.notice_audience import Stored
from bot.desk import make_desk
from bot.settings import Settings
from db import recipients
from db.database import Database
from db.staff import Connection
from db.tables import contacts
from db.unit_of_work import UnitOfWork, run_unit
from domain.notices import Notice
from domain.recipients import Status
from services import notices as acts
from services.desk import Actor, Desk

MOST_RESENT = 10**6
Act = Callable[[UnitOfWork, Desk, Actor, int], Awaitable[Notice]]


class Office:
    """Acts on the notices of a run, for their author."""

    def __init__(self, file: Path, stored: Stored) -> None:
        self._database = Database(f"sqlite+aiosqlite:///{file}")
        self._desk = make_desk(Settings(_env_file=None))
        self._stored = stored
        self._actor = Actor(stored.author, "web 127.0.0.1")

    async def close(self) -> None:
        """Let the database go."""
        await self._database.close()

    async def pause(self) -> None:
        """Hold the notice."""
        await self._act(acts.pause, self._stored.notice_id)

    async def resume(self) -> None:
        """Let the notice go on."""
        await self._act(acts.resume, self._stored.notice_id)

    async def stop_other(self) -> None:
        """End the other notice."""
        if self._stored.other_id is not None:
            await self._act(acts.stop, self._stored.other_id)

    async def resend_uncertain(self) -> list[int]:
        """Send again to everybody about whom it is uncertain, and tell whom."""
        notice_id = self._stored.notice_id
        async with self._database.read() as connection:
            rows = await recipients.list_recipients(
                connection, notice_id, Status.UNCERTAIN, limit=MOST_RESENT
            )
        chats = [row.chat_id for row in rows]
        await self._run(partial(_resend, actor=self._actor, notice_id=notice_id, chats=chats))
        return chats

    async def let_join(self, chats: Sequence[int]) -> None:
        """Let people want notices who did not."""

        async def work(connection: Connection) -> None:
            late = contacts.c.chat_id.between(chats[0], chats[-1])
            await connection.execute(update(contacts).where(late).values(wants_notices=True))

        await self._database.write(work)

    async def _act(self, act: Act, notice_id: int) -> None:
        async def work(uow: UnitOfWork) -> None:
            await act(uow, self._desk, self._actor, notice_id)

        await self._run(work)

    async def _run(self, work: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        await run_unit(self._database, datetime.now(UTC), work)


async def _resend(uow: UnitOfWork, actor: Actor, notice_id: int, chats: Sequence[int]) -> None:
    await acts.resend(uow, actor, notice_id, chats)

"""A ledger, a broadcaster that empties it, and a strict Telegram: for tests of notices."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, literal, null, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.broadcaster import Broadcaster
from bot.refusals import HoldRefused
from bot.sender import Sender
from bot.transport import Transport
from db import contacts, enlistment, notice_progress, notices, outbox, recipients
from db.database import Database
from db.tables import contacts as people
from db.tables import staff
from domain.notices import Notice, Topic
from domain.notices import Status as NoticeStatus
from domain.outbox import Call, Lane
from domain.recipients import ReadyRecipient, Rules, Status
from simulator.server import Simulator
from tests.conftest import Clock
from tests.samples import NOON, make_contact

RULES = Rules(ZoneInfo("Asia/Phnom_Penh"), weekly_cap=3)
EVENING = datetime(2026, 3, 4, 13, tzinfo=UTC)


async def prepare(
    _connection: AsyncConnection, ready: Sequence[ReadyRecipient]
) -> list[tuple[ReadyRecipient, Call]]:
    return [(one, say(one.chat_id, f"notice {one.notice_id}", Lane.BULK)) for one in ready]


def say(chat_id: int, text: str, lane: Lane = Lane.REPLY) -> Call:
    return Call(chat_id, "sendMessage", json.dumps({"chat_id": chat_id, "text": text}), lane)


class Later:
    """A clock that goes on by itself, from noon or another time."""

    def __init__(self, began_at: datetime = NOON) -> None:
        self._began_at = began_at
        self._began = asyncio.get_running_loop().time()

    def __call__(self) -> datetime:
        return self._began_at + timedelta(seconds=asyncio.get_running_loop().time() - self._began)


class Office:
    """A ledger, and the broadcaster that empties it."""

    def __init__(self, simulator: Simulator, database: Database, transport: Transport) -> None:
        self.simulator, self.database, self.transport = simulator, database, transport
        self.prepare: Any = prepare
        self.hold_refused: HoldRefused | None = None
        self.sender = self.make_sender()

    def make_sender(self, per_second: int = 0, bulk_per_second: int | None = None) -> Sender:
        address = f"{self.simulator.url}/bot{self.simulator.telegram.token}/"
        return Sender(
            self.database,
            self.transport,
            address,
            per_second,
            bulk_per_second=bulk_per_second,
            clock=Clock(),
        )

    @asynccontextmanager
    async def sending(
        self, per_second: int = 0, *, paid: bool = False, began_at: datetime = NOON
    ) -> AsyncIterator[None]:
        """Let the notices go out."""
        broadcaster = Broadcaster(
            self.database,
            self.sender,
            self.prepare,
            RULES,
            Later(began_at),
            per_second,
            paid=paid,
            hold_refused=self.hold_refused,
        )
        await broadcaster.load()
        tasks = [asyncio.create_task(one.run()) for one in (self.sender, broadcaster)]
        try:
            yield
        finally:
            broadcaster.stop()
            await tasks[1]
            self.sender.stop()
            await tasks[0]
            await broadcaster.close()

    @asynccontextmanager
    async def dying(self, per_second: int) -> AsyncIterator[None]:
        """Let the notices go out until the program is killed."""
        broadcaster = Broadcaster(
            self.database, self.sender, self.prepare, RULES, Later(), per_second
        )
        tasks = [asyncio.create_task(one.run()) for one in (broadcaster, self.sender)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def notify(self, count: int, **changed: Any) -> tuple[int, list[int]]:
        """Begin to send a notice to so many people; give its id and theirs."""
        chats = [add_person(self.simulator) for _ in range(count)]

        async def work(connection: AsyncConnection) -> int:
            await contacts.save(connection, [make_contact(c, wants_notices=True) for c in chats])
            return await add_notice(connection, chats, **changed)

        return await self.database.write(work), chats

    async def count(self, notice_id: int) -> dict[Status, int]:
        async with self.database.read() as connection:
            found = await notice_progress.count_by_status(connection, notice_id)
        return {status: number for status, number in found.items() if number}

    async def count_ready(self, notice_id: int) -> int:
        """Count who is queued and was never told to wait."""
        async with self.database.read() as connection:
            queued = await recipients.list_recipients(connection, notice_id, Status.QUEUED)
        return sum(one.not_before is None for one in queued)

    async def reply(self, count: int) -> None:
        """Have so many people answered."""
        calls = [say(add_person(self.simulator), "reply") for _ in range(count)]
        self.sender.offer(await self.database.write(lambda c: outbox.add(c, calls, NOON)))

    def count_got(self, chats: Sequence[int]) -> int:
        """Count what these chats have got."""
        return sum(len(self.texts(chat_id)) for chat_id in chats)

    def texts(self, chat_id: int) -> list[str]:
        said = self.simulator.telegram.chats[chat_id].messages.values()
        return [message.get("text", "") for message in said if message["from"]["is_bot"]]

    async def paused(self, notice_id: int) -> None:
        """Wait until a notice is paused."""
        for _ in range(600):
            async with self.database.read() as connection:
                stored = await notices.find(connection, notice_id)
            if stored and stored.notice.status is NoticeStatus.PAUSED:
                return
            await asyncio.sleep(0.02)
        raise TimeoutError

    async def settled(self, notice_id: int) -> dict[Status, int]:
        """Wait until nobody is queued or being sent to."""
        for _ in range(600):
            found = await self.count(notice_id)
            if not {Status.QUEUED, Status.SENDING} & set(found):
                return found
            await asyncio.sleep(0.02)
        raise TimeoutError


def add_person(simulator: Simulator) -> int:
    person = simulator.people.add("Dara")
    simulator.people.start(person.id)
    return int(person.id)


async def add_notice(connection: AsyncConnection, chats: Sequence[int], **changed: Any) -> int:
    author = await connection.scalar(
        insert(staff).values(name="Sok", active=True, created_at=NOON).returning(staff.c.id)
    )
    given = {"topic": Topic.BENEFITS, "status": NoticeStatus.SENDING} | changed
    notice_id = await notices.add(connection, Notice(0, author or 0, **given), "Title", NOON)
    audience = select(people.c.chat_id, null().label("application_id"))
    audience = audience.where(people.c.chat_id.in_(chats), literal(1) == 1)
    await enlistment.enlist(connection, notice_id, audience, NOON)
    return notice_id

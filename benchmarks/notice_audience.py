"""People on the register, stored in bulk, and the notice that is to reach them all."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.filled_office import fill
from db import ledger, notices
from db.database import Database
from db.migrations import migrate
from db.tables import applications, staff
from domain import recipients
from domain.notices import Notice, Status, Topic
from simulator.people import People
from simulator.telegram import Person

BLOCKED_EACH = 50
"""Every so many people have blocked the bot, which it does not know."""

MARK = "សេចក្តីជូនដំណឹង"
WORDS = f"{MARK} {{given_name}}: " + "អតិថិជនអាចចុះឈ្មោះនៅសាលាខេត្ត។ " * 6


def add_people(people: People, count: int) -> None:
    """Let so many people have started the bot, numbered from 1; some have blocked it since."""
    for number in range(1, count + 1):
        blocked = number % BLOCKED_EACH == 0
        people.telegram.add_person(Person(number, "Dara", started=True, blocked=blocked))


async def store_audience(file: Path, count: int, seed: int) -> int:
    """Store the same people as contacts and workers, and a notice to them; give its id."""
    database = Database(f"sqlite+aiosqlite:///{file}")
    try:
        await migrate(database)
        await fill(database, count, waiting=0, seed=seed)
        return await database.write(_begin_notice)
    finally:
        await database.close()


async def _begin_notice(connection: AsyncConnection) -> int:
    now = datetime.now(UTC)
    person = {"name": "Sok Dara", "active": True, "created_at": now}
    author = await connection.scalar(insert(staff).values(person).returning(staff.c.id))
    content = {"text_km": WORDS, "text_en": WORDS}
    notice = Notice(0, author or 0, Topic.BENEFITS, Status.SENDING, emergency=True, content=content)
    notice_id = await notices.add(connection, notice, "Benchmark", now)
    await notices.note(connection, notice_id, started_at=now, joined_at=now)
    audience = select(applications.c.chat_id, applications.c.id.label("application_id"))
    await ledger.enlist(connection, notice_id, audience, now)
    return notice_id


async def read_ledger(file: Path, notice_id: int) -> dict[int, str]:
    """Read where every recipient stands, by chat."""
    database = Database(f"sqlite+aiosqlite:///{file}")
    try:
        async with database.read() as connection:
            return {
                one.chat_id: status.value
                for status in recipients.Status
                for one in await ledger.list_recipients(connection, notice_id, status, limit=10**9)
            }
    finally:
        await database.close()

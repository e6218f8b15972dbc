"""People on the register, stored in bulk, and two approved notices to all of them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import update

from benchmarks.filled_office import fill
from db import notices, recipients, staff
from db.database import Database
from db.migrations import migrate
from db.staff import Connection
from db.tables import contacts
from domain.audiences import Audience, Field, Filter, write_audience
from domain.notice_content import Content, write_content
from domain.notices import Notice, Status, Topic
from domain.recipients import Status as RecipientStatus
from domain.staff import Role, Staff
from simulator.people import People
from simulator.telegram import Person

BLOCKED_EACH = 50
"""Every so many people have blocked the bot, which it does not know."""

LATE_EACH = 100
"""The last one in so many wants notices only once the run has begun."""

MARK, OTHER_MARK = "ប្រកាសលេខ១", "ប្រកាសលេខ២"
WORDS = "{given_name}: " + "អតិថិជនអាចចុះឈ្មោះនៅសាលាខេត្ត។ " * 6
STORED_UNTIL = "..2026-03-04"
"""Whoever registers during a run is not meant."""


@dataclass(frozen=True)
class Stored:
    """The notice that is to reach everybody, another that will be stopped, and their author."""

    author: Staff
    notice_id: int
    other_id: int | None = None


def list_late(count: int) -> range:
    """List who of so many people fits only later: one at least."""
    return range(count - max(1, count // LATE_EACH) + 1, count + 1)


def add_people(people: People, count: int) -> None:
    """Let so many people have started the bot, numbered from 1; some have blocked it since."""
    for number in range(1, count + 1):
        blocked = number % BLOCKED_EACH == 0
        people.telegram.add_person(Person(number, "Dara", started=True, blocked=blocked))


async def store_audience(file: Path, count: int, seed: int, *, eventful: bool) -> Stored:
    """Store the same people as contacts and workers, and notices to them that are approved.

    Both are emergencies, so that a run can be made at night. In an eventful one some people fit
    only later, and there is a second notice.
    """
    database = Database(f"sqlite+aiosqlite:///{file}")

    async def work(connection: Connection) -> Stored:
        now = datetime.now(UTC)
        author = await staff.add(connection, now, "Sok Dara", [Role.CAMPAIGN_MANAGER], None)
        if eventful:
            late = contacts.c.chat_id >= list_late(count)[0]
            await connection.execute(update(contacts).where(late).values(wants_notices=False))
        # The first one is queued before the other begins and finds out who has blocked the bot:
        # such people fit no notice any more.
        notice_id = await _approve(connection, author, MARK, now)
        other = await _approve(connection, author, OTHER_MARK, now) if eventful else None
        return Stored(author, notice_id, other)

    try:
        await migrate(database)
        await fill(database, count, waiting=0, seed=seed)
        return await database.write(work)
    finally:
        await database.close()


async def _approve(connection: Connection, author: Staff, mark: str, now: datetime) -> int:
    text = f"{mark} {WORDS}"
    notice = Notice(
        id=0,
        author=author.id,
        topic=Topic.BENEFITS,
        status=Status.APPROVED,
        emergency=True,
        starts_at=now,
        send_by=now + timedelta(days=1),
        content=write_content(Content(text, text)),
        audience=write_audience(Audience((Filter(Field.REGISTERED, (STORED_UNTIL,)),))),
    )
    return await notices.add(connection, notice, "Benchmark", now)


async def read_ledger(file: Path, notice_id: int) -> dict[int, str]:
    """Read where every recipient stands, by chat."""
    database = Database(f"sqlite+aiosqlite:///{file}")
    try:
        async with database.read() as connection:
            return {
                one.chat_id: status.value
                for status in RecipientStatus
                for one in await recipients.list_recipients(
                    connection, notice_id, status, limit=10**9
                )
            }
    finally:
        await database.close()

"""What became of calls is written in the end, also while the database comes and goes."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.marking import Marking
from db import outbox
from db.database import Database
from db.drafts import Shown
from db.errors import DatabaseUnavailable
from domain.outbox import Call, OutgoingCall
from tests.conftest import Clock
from tests.serving import eventually


class Locked(Database):
    """A database that refuses the first writings."""

    refusals = 0

    async def write(self, work: Any) -> Any:
        if self.refusals:
            self.refusals -= 1
            raise DatabaseUnavailable("locked")
        return await super().write(work)


@pytest.fixture
async def locked(sqlite_url: str) -> AsyncIterator[Locked]:
    database = Locked(sqlite_url)
    yield database
    await database.close()


async def store(database: Database, count: int) -> list[OutgoingCall]:
    calls = [Call(42, "sendMessage", "{}")] * count
    return await database.write(lambda connection: outbox.add(connection, calls, Clock().now))


async def list_left(database: Database) -> list[int]:
    async with database.read() as connection:
        return [call.id for call in await outbox.list_queued(connection)]


async def test_marks_that_the_database_refused_are_written_with_later_ones(locked: Locked) -> None:
    first, second, third = await store(locked, 3)
    locked.refusals = 1
    marking = Marking(locked)
    running = asyncio.create_task(marking.run())
    marking.marks.made.append(first.id)
    marking.wake()
    await eventually(lambda: locked.refusals == 0)
    marking.marks.made.append(second.id)
    marking.stop()
    await running
    assert await list_left(locked) == [third.id]
    assert not marking.marks


async def test_it_ends_without_the_database_and_leaves_the_calls_to_the_next_start(
    locked: Locked,
) -> None:
    [call] = await store(locked, 1)
    locked.refusals = 2
    marking = Marking(locked)
    marking.marks.made.append(call.id)
    marking.stop()
    await marking.run()
    assert locked.refusals == 1
    assert await list_left(locked) == [call.id]
    assert marking.marks.made == [call.id]


async def test_only_messages_that_are_changed_later_are_remembered(
    locked: Locked,
) -> None:
    answer = b'{"ok":true,"result":{"message_id":7}}'
    marking = Marking(locked)
    marking.note_message(Call(42, "sendMessage", "{}"), answer)
    assert (marking.marks.shown, marking.marks.progress) == ([], {})
    marking.note_message(Call(42, "sendMessage", "{}", question=3), answer)
    marking.note_message(Call(43, "sendMessage", "{}", progress_of=5), answer)
    assert marking.marks.shown == [Shown(chat=42, question=3, message=7)]
    assert marking.marks.progress == {5: 7}

"""What became of calls is written in the end, also while the database comes and goes."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.marking import Marking
from db import outbox
from db.database import Database
from db.drafts import Shown
from db.errors import DatabaseUnavailable
from domain.outbox import Call, OutgoingCall
from tests.conftest import Clock
from tests.serving import eventually


class Locked(Database):
    """A database that refuses some writings, after it has let others pass."""

    passed = 0
    refusals = 0

    async def write(self, work: Any) -> Any:
        if self.passed:
            self.passed -= 1
        elif self.refusals:
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


@pytest.mark.parametrize("refusals", [0, 1])
async def test_what_cannot_be_written_holds_no_other_mark_up_also_while_the_database_goes_away(
    locked: Locked, refusals: int
) -> None:
    first, second, third, fourth = await store(locked, 4)
    locked.passed, locked.refusals = 3, refusals
    marking = Marking(locked)
    marking.marks.made.append(first.id)
    marking.marks.failed |= {second.id: "no such text: \ud800", third.id: "blocked"}
    marking.wake()
    with capture_logs() as logs:
        running = asyncio.create_task(marking.run())
        await eventually(lambda: not locked.passed and not locked.refusals)
        marking.marks.made.append(fourth.id)
        marking.stop()
        await running
    refused = [one["reason"] for one in logs if one["event"] == "outcome refused"]
    assert refused == ["FlushRefused"]
    assert await list_left(locked) == [second.id]


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

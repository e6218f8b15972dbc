"""Batches as transactions: what is stored, what is buried, and what must come again."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text

from bot.application import build_application, build_bot
from bot.desk import make_desk
from bot.intake import Intake, find_sender, open_letter
from bot.polling import next_offset
from bot.sender import Sender
from bot.transport import Transport
from bot.units import Units
from db.database import Database
from db.errors import DatabaseUnavailable
from handlers import chats
from handlers.arrivals import CommandSent, NothingForUs
from simulator.server import Simulator
from tests.serving import make_settings

pytestmark = pytest.mark.every_database


@dataclass
class Office:
    """An intake on a database, whose sender is not running: what it would send stays queued."""

    intake: Intake
    database: Database

    async def take(self, *updates: object) -> None:
        await self.intake.take(updates)

    async def read(self, query: str) -> list[Any]:
        async with self.database.read() as connection:
            return list(await connection.execute(text(query)))

    async def list_sent(self, chat_id: int) -> list[str]:
        rows = await self.read("SELECT chat_id, parameters FROM outgoing_calls ORDER BY id")
        sent = [json.loads(row.parameters) for row in rows if row.chat_id == chat_id]
        return [parameters.get("text", "") for parameters in sent]


@pytest.fixture
async def office(
    simulator: Simulator, database: Database, transport: Transport, tmp_path: Any
) -> AsyncIterator[Office]:
    desk = make_desk(make_settings(simulator, tmp_path))
    bot = build_bot(simulator.telegram.token, simulator.url, transport)
    application = build_application(bot, desk)
    await application.initialize()
    sender = Sender(database, transport, "", per_second=0)
    yield Office(Intake(Units(database, sender), application, desk), database)
    await application.shutdown()


def written(update_id: int, words: str, person: int = 11, **more: object) -> dict[str, Any]:
    user = {"id": person, "is_bot": False, "first_name": "Dara"}
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "date": 1,
            "chat": {"id": person, "type": "private", "first_name": "Dara"},
            "from": user,
            "text": words,
            **more,
        },
    }


async def test_an_update_that_comes_again_does_nothing(office: Office) -> None:
    await office.take(written(1, "/start"))
    before = await office.list_sent(11)
    await office.take(written(1, "/start"), written(1, "/start"))
    assert await office.list_sent(11) == before


async def test_a_part_that_fails_is_undone_buried_and_apologised_for(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(arrival: CommandSent, context: Any) -> None:
        await chats._start(arrival, context)
        raise ZeroDivisionError("ដារ៉ា")

    monkeypatch.setitem(chats.COMMANDS, "explode", fail)
    await office.take(
        written(1, "/start", 21), written(2, "/explode", 22), written(3, "/start", 23)
    )
    assert [row.chat_id for row in await office.read("SELECT chat_id FROM drafts")] == [21, 23]
    [letter] = await office.read("SELECT update_id, reason FROM dead_letters")
    assert letter.update_id == 2
    assert letter.reason.startswith("ZeroDivisionError at tests/bot/test_intake.py:")
    assert len(await office.list_sent(22)) == 1


async def test_values_that_the_database_refuses_cost_nobody_else_anything(office: Office) -> None:
    await office.take(written(1, "/start", 31), written(2, "/start", 32))
    nasty = written(4, "/start \ud800", 33)
    await office.take(written(3, "/status", 31), nasty, written(5, "/status", 32))
    assert len(await office.list_sent(31)) == 2
    assert len(await office.list_sent(32)) == 2
    taken = await office.read("SELECT update_id FROM received_updates ORDER BY update_id")
    assert [row.update_id for row in taken] == [1, 2, 3, 4, 5]


async def test_a_database_in_trouble_buries_nobody(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unavailable(*_: object) -> None:
        raise DatabaseUnavailable("locked")

    with monkeypatch.context() as patch:
        patch.setitem(chats.COMMANDS, "status", unavailable)
        with pytest.raises(DatabaseUnavailable):
            await office.take(written(1, "/start", 41), written(2, "/status", 42))
    assert await office.read("SELECT * FROM dead_letters") == []
    assert await office.read("SELECT * FROM received_updates") == []
    await office.take(written(1, "/start", 41), written(2, "/status", 42))
    assert len(await office.list_sent(42)) == 1


@pytest.mark.parametrize("raw", [None, 7, "x", [], {}, {"update_id": "7"}, {"update_id": 2**80}])
async def test_what_is_no_update_at_all_is_buried(office: Office, raw: object) -> None:
    await office.take(raw, written(9, "/start"))
    assert len(await office.read("SELECT * FROM dead_letters")) == 1
    assert len(await office.list_sent(11)) == 1


@pytest.mark.parametrize(
    ("batch", "expected"),
    [
        ([{"update_id": 5}, {"update_id": 6}], 7),
        ([{"update_id": 5}, {"update_id": "?"}], 7),
        ([{"update_id": None}], 4),
        ([{"update_id": 5}, {}, {"update_id": 9}], 10),
    ],
)
def test_an_update_without_an_id_does_not_come_back_for_ever(
    batch: list[object], expected: int
) -> None:
    assert next_offset(3, batch) == expected


@pytest.mark.parametrize(
    "change",
    [
        lambda update: update["message"]["chat"].update(type="group"),
        lambda update: update["message"]["chat"].update(type="channel"),
        lambda update: update.update(poll=update.pop("message")),
        lambda update: update.update(channel_post=update.pop("message")),
        lambda update: update["message"].pop("from"),
    ],
)
def test_what_is_not_for_us_is_met_with_silence(change: Callable[[Any], object]) -> None:
    update = written(1, "/start")
    change(update)
    letter = open_letter(update)
    assert isinstance(letter.arrival, NothingForUs)
    assert letter.problem is None


def test_nobody_in_a_group_is_apologised_to() -> None:
    update = written(1, "/start")
    update["message"]["chat"]["type"] = "group"
    update["message"]["message_id"] = "damaged"
    assert open_letter(update).problem is not None
    assert find_sender(update) is None

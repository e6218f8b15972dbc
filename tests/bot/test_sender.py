"""The sender against a strict Telegram over real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import attempts
from bot.attachments import Attachment
from bot.outcomes import Kind, Outcome
from bot.sender import Sender, TokenRefused
from bot.transport import SentFromTransaction, Transport
from db import contacts, outbox
from db.database import Database
from db.errors import DatabaseUnavailable
from db.tables import outgoing_calls
from domain.contacts import Contact
from domain.outbox import Acknowledgement, Call, Lane, OutgoingCall
from simulator.server import Simulator
from tests.conftest import Clock
from tests.serving import eventually
from tests.simulator.calls import list_problems

NOW = Clock().now


@asynccontextmanager
async def running(sender: Sender) -> AsyncIterator[None]:
    task = asyncio.create_task(sender.run())
    try:
        yield
    finally:
        sender.stop()
        await task


def add_person(simulator: Simulator) -> int:
    person = simulator.people.add("Dara")
    simulator.people.start(person.id)
    return int(person.id)


async def store(database: Database, *calls: Call) -> list[OutgoingCall]:
    return await database.write(lambda connection: outbox.add(connection, calls, NOW))


def say(chat_id: int, text: str) -> Call:
    return Call(chat_id, "sendMessage", json.dumps({"chat_id": chat_id, "text": text}))


async def count_left(database: Database) -> int:
    async with database.read() as connection:
        return len(await outbox.list_queued(connection))


def texts_of_bot(simulator: Simulator, chat_id: int) -> list[str]:
    messages = simulator.telegram.chats[chat_id].messages.values()
    return [message.get("text", "") for message in messages if message["from"]["is_bot"]]


async def test_a_chats_messages_arrive_in_their_order_and_leave_the_outbox(
    simulator: Simulator, file_database: Database, sender: Sender
) -> None:
    chat_id = add_person(simulator)
    calls = await store(file_database, *[say(chat_id, str(number)) for number in range(20)])
    async with running(sender):
        sender.offer(calls)
        await eventually(lambda: len(texts_of_bot(simulator, chat_id)) == 20)
    assert texts_of_bot(simulator, chat_id) == [str(number) for number in range(20)]
    assert await count_left(file_database) == 0


async def test_what_was_stored_before_a_crash_is_sent_after_it(
    simulator: Simulator, file_database: Database, sender: Sender
) -> None:
    chat_id = add_person(simulator)
    await store(file_database, say(chat_id, "kept"))
    await sender.load()
    async with running(sender):
        await eventually(lambda: texts_of_bot(simulator, chat_id) == ["kept"])


async def test_a_limit_in_one_chat_delays_no_other_and_is_never_broken(
    simulator: Simulator, file_database: Database, sender: Sender
) -> None:
    limited, other = add_person(simulator), add_person(simulator)
    simulator.faults.add("429", chat_id=limited, count=1, retry_after=1)
    calls = await store(file_database, say(limited, "late"), say(other, "at once"))
    async with running(sender):
        sender.offer(calls)
        await eventually(lambda: texts_of_bot(simulator, other) == ["at once"])
        assert texts_of_bot(simulator, limited) == []
        await eventually(lambda: texts_of_bot(simulator, limited) == ["late"])
    assert simulator.faults.violations == 0


async def test_a_clock_that_is_set_back_makes_no_rest_longer_after_a_restart(
    file_database: Database, transport: Transport, clock: Clock
) -> None:
    before, after = (Sender(file_database, transport, "", clock=clock) for _ in range(2))
    async with running(before):
        before.rest(Lane.BULK, Outcome(Kind.LIMITED, "", 30))
    clock.advance(hours=-1)
    await after.load()
    assert 29 < after.count_rest(Lane.BULK) <= 30


@pytest.mark.parametrize("fault", ["500", "502", "cut_before"])
async def test_a_reply_that_did_not_arrive_is_sent_again(
    simulator: Simulator, file_database: Database, sender: Sender, fault: str
) -> None:
    chat_id = add_person(simulator)
    simulator.faults.add(fault, count=1)
    calls = await store(file_database, say(chat_id, "once"), say(chat_id, "twice"))
    async with running(sender):
        sender.offer(calls)
        await eventually(lambda: texts_of_bot(simulator, chat_id) == ["once", "twice"])


async def test_nothing_is_lost_when_an_answer_is_cut_after_delivery(
    simulator: Simulator, file_database: Database, sender: Sender
) -> None:
    chat_id = add_person(simulator)
    simulator.faults.add("cut_after", count=1)
    calls = await store(file_database, say(chat_id, "first"), say(chat_id, "second"))
    async with running(sender):
        sender.offer(calls)
        await eventually(lambda: texts_of_bot(simulator, chat_id)[-1:] == ["second"])
    assert texts_of_bot(simulator, chat_id) == ["first", "first", "second"]


async def test_a_person_who_blocked_the_bot_is_unreachable_and_nothing_waits_for_them(
    simulator: Simulator, file_database: Database, sender: Sender
) -> None:
    chat_id = add_person(simulator)
    simulator.people.block(chat_id)

    async def add_contact(connection: AsyncConnection) -> None:
        await contacts.save(connection, [Contact(chat_id, created_at=NOW, active_at=NOW)])

    await file_database.write(add_contact)
    calls = await store(file_database, say(chat_id, "one"), say(chat_id, "two"))
    async with running(sender):
        sender.offer(calls)
        await eventually(lambda: sender.count_waiting() == 0)
    assert await count_left(file_database) == 0
    async with file_database.read() as connection:
        loaded, _ = await contacts.load(connection, [chat_id])
    assert not loaded[chat_id].reachable


async def test_a_refused_message_is_kept_with_its_reason_and_holds_nobody_up(
    simulator: Simulator, file_database: Database, sender: Sender
) -> None:
    chat_id = add_person(simulator)
    calls = await store(file_database, say(chat_id, ""), say(chat_id, "fine"))
    async with running(sender):
        sender.offer(calls)
        await eventually(lambda: texts_of_bot(simulator, chat_id) == ["fine"])
    assert await list_failed(file_database) == [(calls[0].id, "Bad Request: message text is empty")]


class Moving(Transport):
    """A line to a Telegram that has given a chat a new id."""

    def __init__(self, old: int, new: int) -> None:
        super().__init__()
        self.old, self.new = old, new

    async def call(self, url: str, body: str, read_seconds: float = 30.0) -> tuple[int, bytes]:
        if json.loads(body)["chat_id"] != self.old:
            return await super().call(url, body, read_seconds)
        said = {"description": "Bad Request: group chat was upgraded to a supergroup chat"}
        more = {"ok": False, "error_code": 400, "parameters": {"migrate_to_chat_id": self.new}}
        return 400, json.dumps(said | more).encode()


async def test_replies_follow_a_chat_to_its_new_id(
    simulator: Simulator, file_database: Database
) -> None:
    moving = Moving(old=-5, new=add_person(simulator))
    await moving.initialize()
    address = f"{simulator.url}/bot{simulator.telegram.token}/"
    sender = Sender(file_database, moving, address, 0, clock=Clock())
    await file_database.write(lambda c: contacts.save(c, [Contact(-5, NOW, NOW)]))
    calls = await store(file_database, say(-5, "one"), say(-5, "two"))
    async with running(sender):
        sender.offer(calls)
        await eventually(lambda: texts_of_bot(simulator, moving.new) == ["one", "two"])
    assert await count_left(file_database) == 0
    assert await list_failed(file_database) == []
    async with file_database.read() as connection:
        loaded, _ = await contacts.load(connection, [-5, moving.new])
    assert set(loaded) == {moving.new}
    await moving.shutdown()


PDF = Attachment("document", 'កាត "សុខ".pdf', "application/pdf", b"%PDF-1.4 specimen")


class Shelf:
    """The files by their references; the first askings may fail."""

    def __init__(self) -> None:
        self.failures: list[Exception] = []
        self.asked: list[str] = []

    async def attach(self, reference: str) -> Attachment:
        self.asked.append(reference)
        if self.failures:
            raise self.failures.pop(0)
        return {"card:123456789:pdf": PDF}[reference]


def show_card(chat_id: int, reference: str = "card:123456789:pdf", words: str = "Card") -> Call:
    keys = {"inline_keyboard": [[{"text": "Seen", "callback_data": "seen"}]]}
    given = {"chat_id": chat_id, "caption": f"<b>{words}</b>", "parse_mode": "HTML"}
    parameters = json.dumps(given | {"reply_markup": keys, "disable_notification": True})
    return Call(chat_id, "sendDocument", parameters, attachment=reference)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def attaching(
    simulator: Simulator, file_database: Database, transport: Transport, shelf: Shelf
) -> Sender:
    address = f"{simulator.url}/bot{simulator.telegram.token}/"
    return Sender(file_database, transport, address, 0, attach=shelf.attach, clock=Clock())


def documents_of(simulator: Simulator, chat_id: int) -> list[dict[str, Any]]:
    messages = simulator.telegram.chats[chat_id].messages.values()
    return [message for message in messages if "document" in message]


async def list_failed(database: Database) -> list[tuple[int, str]]:
    async with database.read() as connection:
        columns = outgoing_calls.c.id, outgoing_calls.c.error
        failed = select(*columns).where(outgoing_calls.c.status == "failed")
        return [(row.id, row.error) for row in await connection.execute(failed)]


async def test_a_file_is_made_when_its_call_is_made_even_after_a_crash(
    simulator: Simulator, file_database: Database, attaching: Sender, shelf: Shelf
) -> None:
    chat_id = add_person(simulator)
    await store(file_database, show_card(chat_id, words="កាត \ud83d"))
    await attaching.load()
    assert shelf.asked == []
    async with running(attaching):
        await eventually(lambda: documents_of(simulator, chat_id))
    (message,) = documents_of(simulator, chat_id)
    assert (message["document"]["file_name"], message["caption"]) == (PDF.filename, "កាត ?")
    assert message["reply_markup"]["inline_keyboard"][0][0]["text"] == "Seen"
    assert simulator.telegram.files.get(message["document"]["file_id"]).data == PDF.content
    assert list_problems(simulator) == []
    assert await count_left(file_database) == 0


async def test_a_file_that_does_not_exist_fails_its_call_and_holds_nobody_up(
    simulator: Simulator, file_database: Database, attaching: Sender, shelf: Shelf
) -> None:
    chat_id = add_person(simulator)
    calls = await store(file_database, show_card(chat_id, "card:0:pdf"), say(chat_id, "fine"))
    async with running(attaching):
        attaching.offer(calls)
        await eventually(lambda: texts_of_bot(simulator, chat_id) == ["fine"])
    assert await list_failed(file_database) == [(calls[0].id, "no such attachment")]
    assert shelf.asked == ["card:0:pdf"]


async def test_without_anybody_to_make_files_a_call_with_one_fails(
    simulator: Simulator, file_database: Database, sender: Sender
) -> None:
    calls = await store(file_database, show_card(add_person(simulator)))
    async with running(sender):
        sender.offer(calls)
        await eventually(lambda: sender.count_waiting() == 0)
    assert await list_failed(file_database) == [(calls[0].id, "no such attachment")]


@pytest.mark.parametrize("failure", [OSError("busy"), DatabaseUnavailable("locked")])
async def test_a_file_that_could_not_be_made_is_made_later(
    simulator: Simulator,
    file_database: Database,
    attaching: Sender,
    shelf: Shelf,
    failure: Exception,
) -> None:
    chat_id = add_person(simulator)
    shelf.failures = [failure]
    calls = await store(file_database, show_card(chat_id), say(chat_id, "after it"))
    async with running(attaching):
        attaching.offer(calls)
        await eventually(lambda: texts_of_bot(simulator, chat_id)[1:] == ["after it"])
    assert len(documents_of(simulator, chat_id)) == 1
    assert len(shelf.asked) == 2


@pytest.mark.parametrize("minutes", [-1, 1])
async def test_a_call_that_cannot_be_made_is_tried_for_a_day(
    simulator: Simulator,
    file_database: Database,
    transport: Transport,
    shelf: Shelf,
    clock: Clock,
    minutes: int,
) -> None:
    clock.advance(days=1, minutes=minutes)
    shelf.failures = [DatabaseUnavailable("locked")]
    address = f"{simulator.url}/bot{simulator.telegram.token}/"
    sender = Sender(file_database, transport, address, 0, attach=shelf.attach, clock=clock)
    chat_id = add_person(simulator)
    old, new = await store(file_database, show_card(chat_id), say(chat_id, "new"))
    async with running(sender):
        sender.offer([old, new])
        await eventually(lambda: texts_of_bot(simulator, chat_id)[-1:] == ["new"])
    given_up = [(old.id, "attachment cannot be read now")] if minutes > 0 else []
    assert await list_failed(file_database) == given_up


async def test_a_file_that_cannot_be_made_is_given_up_without_saying_whose_it_is(
    simulator: Simulator,
    file_database: Database,
    attaching: Sender,
    shelf: Shelf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attempts, "LONGEST_BACKOFF_SECONDS", 0.01)
    shelf.failures = [ValueError("Sok Dara")] * 9
    calls = await store(file_database, show_card(add_person(simulator)))
    async with running(attaching):
        attaching.offer(calls)
        await eventually(lambda: attaching.count_waiting() == 0)
    assert await list_failed(file_database) == [(calls[0].id, "attachment not made: ValueError")]
    assert len(shelf.asked) == 5


@pytest.mark.parametrize("fault", ["502", "cut_before"])
async def test_a_file_that_did_not_arrive_is_sent_again(
    simulator: Simulator, file_database: Database, attaching: Sender, shelf: Shelf, fault: str
) -> None:
    chat_id = add_person(simulator)
    simulator.faults.add(fault, count=1)
    calls = await store(file_database, show_card(chat_id))
    async with running(attaching):
        attaching.offer(calls)
        await eventually(lambda: documents_of(simulator, chat_id))
    assert len(shelf.asked) == 2


async def test_a_tap_is_acknowledged_even_if_that_fails(
    simulator: Simulator, file_database: Database, sender: Sender
) -> None:
    chat_id = add_person(simulator)
    calls = await store(file_database, say(chat_id, "next"))
    async with running(sender):
        sender.offer(calls, [Acknowledgement("no-such-tap", "x" * 500)])
        await eventually(lambda: texts_of_bot(simulator, chat_id) == ["next"])
        await eventually(lambda: simulator.calls.by_method["answerCallbackQuery"] == 1)


async def test_a_token_that_telegram_does_not_know_stops_the_sender(
    simulator: Simulator, file_database: Database, transport: Transport
) -> None:
    sender = Sender(file_database, transport, f"{simulator.url}/bot7654321:{'x' * 35}/")
    sender.offer(await store(file_database, say(1, "never")))
    with pytest.raises(TokenRefused):
        await sender.run()
    assert await count_left(file_database) == 1


async def test_nothing_can_be_sent_while_a_unit_of_work_is_open(
    simulator: Simulator, file_database: Database, transport: Transport
) -> None:
    async def send(_connection: AsyncConnection) -> None:
        await transport.call(f"{simulator.url}/bot{simulator.telegram.token}/getMe", "{}")

    with pytest.raises(SentFromTransaction):
        await file_database.write(send)
    assert simulator.calls.by_method["getMe"] == 0


async def test_the_pace_is_kept(
    simulator: Simulator, file_database: Database, transport: Transport
) -> None:
    chats = [add_person(simulator) for _ in range(24)]
    address = f"{simulator.url}/bot{simulator.telegram.token}/"
    sender = Sender(file_database, transport, address, per_second=10)
    calls = await store(file_database, *[say(chat_id, "hello") for chat_id in chats])
    async with running(sender):
        sender.offer(calls)
        await eventually(lambda: sender.count_waiting() == 0)
    assert simulator.calls.worst_second <= 12

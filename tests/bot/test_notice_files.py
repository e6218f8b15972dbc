"""The file of a notice is uploaded once; Telegram then knows it by a name of its own."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from bot.attachments import Attachment
from bot.notice_files import make_notice_attach
from bot.sender import Sender
from bot.transport import Transport
from db import notice_files, notices, outbox, staff
from db.audiences import RecipientFacts
from db.database import Database
from db.notice_files import NoticeFile
from db.staff import Connection
from domain.notice_content import Content, FileKind
from domain.notices import Notice, Topic
from domain.outbox import Call, Lane
from domain.recipients import ReadyRecipient, Status
from domain.staff import Role
from services.desk import Desk
from services.notice_messages import Letter, write_test
from simulator.server import Simulator
from tests.bot.notice_office import Office, add_notice, say
from tests.bot.test_sender import add_person, running
from tests.conftest import Clock
from tests.samples import NOON
from tests.serving import eventually
from tests.simulator.calls import list_problems

VOICE = NoticeFile("voice", "notice.ogg", "audio/ogg", b"OggS invented")
NEWER = replace(VOICE, content=b"OggS invented anew")
CONTENT = Content("ដំណឹង", "News", file_kind=FileKind.VOICE)
DARA = RecipientFacts(7, "en", "123456782", "សុខ", "ដារ៉ា", "SOK", "DARA", "02030105", "tailor")


@pytest.fixture
async def notice_id(file_database: Database) -> int:
    """A notice with a voice note."""

    async def work(connection: Connection) -> int:
        author = await staff.add(connection, NOON, "Bopha", [Role.CAMPAIGN_MANAGER], None)
        added = await notices.add(connection, Notice(0, author.id, Topic.CAMPAIGNS), "News", NOON)
        await notice_files.save(connection, added, VOICE)
        return added

    return await file_database.write(work)


@asynccontextmanager
async def sending(
    simulator: Simulator, database: Database, transport: Transport
) -> AsyncIterator[Sender]:
    address = f"{simulator.url}/bot{simulator.telegram.token}/"
    sender = Sender(
        database, transport, address, 0, attach=make_notice_attach(database), clock=Clock()
    )
    async with running(sender):
        yield sender


async def make(database: Database, sender: Sender, call: Call) -> None:
    sender.offer(await database.write(partial(outbox.add, calls=[call], now=NOON)))


def list_voices(simulator: Simulator, chat_id: int) -> list[dict[str, Any]]:
    messages = simulator.telegram.chats[chat_id].messages.values()
    return [message for message in messages if "voice" in message]


async def find_name(database: Database, notice_id: int) -> str | None:
    async with database.read() as connection:
        return await notice_files.find_telegram_id(connection, notice_id)


async def test_the_second_recipient_gets_the_file_by_its_name(
    simulator: Simulator,
    file_database: Database,
    transport: Transport,
    notice_id: int,
    desk: Desk,
) -> None:
    chat_id = add_person(simulator)
    letter = Letter(notice_id, CONTENT)
    async with sending(simulator, file_database, transport) as sender:
        await make(file_database, sender, write_test(letter, DARA, chat_id, "en", desk))
        await eventually(lambda: list_voices(simulator, chat_id))
    name = await find_name(file_database, notice_id)
    assert name == list_voices(simulator, chat_id)[0]["voice"]["file_id"]
    letter = replace(letter, telegram_id=name)
    async with sending(simulator, file_database, transport) as sender:
        await make(file_database, sender, write_test(letter, DARA, chat_id, "en", desk))
        await eventually(lambda: len(list_voices(simulator, chat_id)) == 2)
    first, second = list_voices(simulator, chat_id)
    assert first["voice"]["file_id"] == second["voice"]["file_id"]
    assert first["caption"] == second["caption"]
    assert list_problems(simulator) == []


@pytest.mark.parametrize("blocked", [0, 2])
async def test_of_many_recipients_one_uploads_the_file_or_else_the_next(
    simulator: Simulator, file_database: Database, transport: Transport, blocked: int
) -> None:
    office = Office(simulator, file_database, transport)
    notice_id, chats = await office.notify(40)
    other = await file_database.write(lambda c: add_notice(c, chats[10:]))
    await file_database.write(partial(notice_files.save, notice_id=notice_id, file=VOICE))
    for chat_id in chats[:blocked]:
        simulator.people.block(chat_id)
    shelf = Shelf(file_database)
    address = f"{simulator.url}/bot{simulator.telegram.token}/"
    office.sender = Sender(file_database, transport, address, 0, attach=shelf.attach, clock=Clock())
    office.prepare = partial(write_voices, with_voice=notice_id)
    async with office.sending():
        await office.settled(other)
        found = await office.settled(notice_id)
    assert found.get(Status.FAILED, 0) == blocked
    assert shelf.asked == 1 + blocked
    voices = [list_voices(simulator, chat_id) for chat_id in chats[blocked:]]
    assert all(len(of_chat) == 1 for of_chat in voices)
    assert len({one["voice"]["file_id"] for [one] in voices}) == 1


async def test_what_was_replaced_while_it_was_uploaded_gives_the_new_file_no_name(
    simulator: Simulator,
    file_database: Database,
    transport: Transport,
    notice_id: int,
    desk: Desk,
) -> None:
    address = f"{simulator.url}/bot{simulator.telegram.token}/"
    shelf = Shelf(file_database)

    async def load_and_replace(reference: str) -> Attachment:
        loaded = await shelf.attach(reference)
        await save(NEWER)
        return loaded

    async def save(file: NoticeFile) -> None:
        await file_database.write(partial(notice_files.save, notice_id=notice_id, file=file))

    chat_id = add_person(simulator)
    sender = Sender(file_database, transport, address, 0, attach=load_and_replace, clock=Clock())
    async with running(sender):
        test = write_test(Letter(notice_id, CONTENT), DARA, chat_id, "en", desk)
        await make(file_database, sender, test)
        await eventually(lambda: list_voices(simulator, chat_id))
    assert await find_name(file_database, notice_id) is None


class Shelf:
    """The files of notices, and how often one was asked for."""

    def __init__(self, database: Database) -> None:
        self.asked = 0
        self._attach = make_notice_attach(database)

    async def attach(self, reference: str) -> Attachment:
        self.asked += 1
        return await self._attach(reference)


async def write_voices(
    connection: Connection, ready: Sequence[ReadyRecipient], with_voice: int
) -> list[tuple[ReadyRecipient, Call]]:
    """Write a notice with a voice note, and others without."""
    name = await notice_files.find_telegram_id(connection, with_voice)
    file = None if name else f"notice:{with_voice}"
    known = {"voice": name} if name else {}

    def write(one: ReadyRecipient) -> Call:
        if one.notice_id != with_voice:
            return say(one.chat_id, "no voice", Lane.BULK)
        parameters = json.dumps({"chat_id": one.chat_id, **known})
        return Call(one.chat_id, "sendVoice", parameters, Lane.BULK, attachment=file)

    return [(one, write(one)) for one in ready]


async def test_the_message_that_tells_progress_is_remembered(
    simulator: Simulator, file_database: Database, transport: Transport, notice_id: int
) -> None:
    chat_id = add_person(simulator)
    call = Call(
        chat_id, "sendMessage", f'{{"chat_id": {chat_id}, "text": "0"}}', progress_of=notice_id
    )
    async with sending(simulator, file_database, transport) as sender:
        await make(file_database, sender, call)
        await eventually(lambda: len(simulator.telegram.chats[chat_id].messages) > 1)
    async with file_database.read() as connection:
        stored = await notices.find(connection, notice_id)
    assert stored is not None
    assert stored.progress_message_id == max(simulator.telegram.chats[chat_id].messages)


async def test_a_notice_without_its_file_fails_rather_than_go_without(
    file_database: Database, notice_id: int
) -> None:
    await file_database.write(partial(notice_files.drop, notice_id=notice_id))
    with pytest.raises(LookupError):
        await make_notice_attach(file_database)(f"notice:{notice_id}")

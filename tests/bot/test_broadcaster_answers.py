"""What the broadcaster makes of odd answers: refusals, late ones, moves, what cannot be kept."""

import asyncio
import json

import pytest
from structlog.testing import capture_logs

from bot import broadcaster as broadcaster_module
from bot.broadcaster import Broadcaster
from bot.refusals import make_hold
from bot.sender import TokenRefused
from bot.transport import Transport
from bot.units import Units
from db import notices, outbox, recipients
from domain.notices import Notice, Topic
from domain.notices import Status as NoticeStatus
from domain.recipients import Status
from services.desk import Desk
from tests.bot.notice_office import (
    RULES,
    Later,
    Office,
    add_notice,
    add_person,
    prepare,
    say,
)
from tests.conftest import Clock
from tests.samples import NOON
from tests.serving import eventually


class Refusing:
    """A line to a Telegram that refuses some notices."""

    def __init__(self, line: Transport) -> None:
        self._line = line
        self.refused: set[int] = set()
        self.upload = line.upload

    async def call(self, url: str, body: str) -> tuple[int, bytes]:
        if json.loads(body)["text"] not in {f"notice {one}" for one in self.refused}:
            return await self._line.call(url, body)
        said = "Bad Request: wrong file identifier/HTTP URL specified"
        return 400, json.dumps({"ok": False, "error_code": 400, "description": said}).encode()


@pytest.mark.parametrize(
    ("per_second", "status"),
    [(40, NoticeStatus.SENDING), (0, NoticeStatus.SENDING), (40, NoticeStatus.COMPLETED)],
)
async def test_what_telegram_refuses_to_everybody_is_paused_and_fails_for_nobody(
    office: Office, desk: Desk, per_second: int, status: NoticeStatus
) -> None:
    line = Refusing(office.transport)
    office.transport = line  # type: ignore[assignment]  # a line
    office.sender = office.make_sender(per_second)
    notice_id, chats = await office.notify(60, status=status)
    line.refused.add(notice_id)
    office.hold_refused = make_hold(Units(office.database, office.sender, Clock()).run, desk)
    async with office.sending(per_second):
        await office.paused(notice_id)
        await asyncio.sleep(0.5)
        assert await office.count(notice_id) == {Status.QUEUED: 60}
        line.refused.clear()
        going_on = Notice(notice_id, 1, Topic.BENEFITS, NoticeStatus.SENDING)
        await office.database.write(lambda c: notices.save(c, going_on))
        assert await office.settled(notice_id) == {Status.SENT: 60}
    assert all(len(office.texts(chat_id)) == 1 for chat_id in chats)


async def test_what_telegram_refuses_to_everybody_holds_no_other_notice_up(
    office: Office, desk: Desk
) -> None:
    line = Refusing(office.transport)
    office.transport = line  # type: ignore[assignment]  # a line
    office.sender = office.make_sender(40)
    refused, chats = await office.notify(60)
    line.refused.add(refused)
    other = await office.database.write(lambda c: add_notice(c, chats))
    office.hold_refused = make_hold(Units(office.database, office.sender, Clock()).run, desk)
    async with office.sending(40):
        assert await office.settled(other) == {Status.SENT: 60}
    assert await office.count(refused) == {Status.QUEUED: 60}


class Lingering:
    """A line on which every answer takes a while, or refuses the token."""

    def __init__(self, line: Transport, seconds: float, refused: int = 0) -> None:
        self._line, self._seconds, self._refused = line, seconds, refused
        self.upload = line.upload

    async def call(self, url: str, body: str) -> tuple[int, bytes]:
        if json.loads(body)["chat_id"] == self._refused:
            said = {"ok": False, "error_code": 401, "description": "Unauthorized"}
            return 401, json.dumps(said).encode()
        answer = await self._line.call(url, body)
        await asyncio.sleep(self._seconds)
        return answer


async def test_an_answer_that_comes_late_in_a_stop_is_not_lost(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcaster_module, "STOP_SECONDS", 0.1)
    office.transport = Lingering(office.transport, 0.5)  # type: ignore[assignment]  # a line
    office.sender = office.make_sender()
    notice_id, [chat_id] = await office.notify(1)
    async with office.sending():
        await eventually(lambda: bool(office.texts(chat_id)))
    assert await office.count(notice_id) == {Status.SENT: 1}


async def test_what_is_known_is_settled_when_the_token_is_refused(office: Office) -> None:
    notice_id, chats = await office.notify(3)
    office.transport = Lingering(office.transport, 0.3, refused=chats[2])  # type: ignore[assignment]  # a line
    office.sender = office.make_sender()
    broadcaster = Broadcaster(office.database, office.sender, prepare, RULES, Later())
    with pytest.RaisesGroup(TokenRefused):
        async with asyncio.TaskGroup() as group:
            group.create_task(office.sender.run())
            group.create_task(broadcaster.run())
    await broadcaster.close()
    assert await office.count(notice_id) == {Status.SENT: 2, Status.QUEUED: 1}


class Unstorable:
    """A line on which one chat is said to have an id that no database takes."""

    def __init__(self, line: Transport, chat_id: int) -> None:
        self._line, self._chat_id = line, chat_id
        self.upload = line.upload

    async def call(self, url: str, body: str) -> tuple[int, bytes]:
        if json.loads(body)["chat_id"] != self._chat_id:
            return await self._line.call(url, body)
        more = {"ok": False, "error_code": 400, "description": "Bad Request: upgraded"}
        return 400, json.dumps(more | {"parameters": {"migrate_to_chat_id": 10**20}}).encode()


async def test_an_outcome_that_the_database_refuses_makes_only_its_own_recipient_uncertain(
    office: Office,
) -> None:
    notice_id, chats = await office.notify(20)
    office.transport = Unstorable(office.transport, chats[3])  # type: ignore[assignment]  # a line
    office.sender = office.make_sender()
    with capture_logs() as logs:
        async with office.sending():
            assert await office.settled(notice_id) == {Status.SENT: 19, Status.UNCERTAIN: 1}
    [refused] = [one for one in logs if one["event"] == "outcome refused"]
    assert refused.keys() == {"event", "log_level", "notice", "reason"}


class Moving:
    """A line to a Telegram that gives a chat a new id while a notice is on its way to the old."""

    def __init__(self, line: Transport, old: int, new: int) -> None:
        self._line, self._old, self._new = line, old, new
        self._moved = asyncio.Event()
        self.upload = line.upload

    async def call(self, url: str, body: str) -> tuple[int, bytes]:
        said = json.loads(body)
        if said["chat_id"] != self._old:
            return await self._line.call(url, body)
        if said["text"] != "reply":
            await self._moved.wait()
            return await self._line.call(url, body)
        self._moved.set()
        more = {"ok": False, "error_code": 400, "description": "Bad Request: upgraded"}
        return 400, json.dumps(more | {"parameters": {"migrate_to_chat_id": self._new}}).encode()


async def test_a_chat_that_a_reply_has_moved_while_a_notice_was_on_its_way_is_settled(
    office: Office,
) -> None:
    notice_id, [old] = await office.notify(1)
    new = add_person(office.simulator)
    office.transport = Moving(office.transport, old, new)  # type: ignore[assignment]  # a line
    office.sender = office.make_sender()
    async with office.sending():
        await eventually(lambda: office.sender.count_waiting() == 1)
        calls = [say(old, "reply")]
        office.sender.offer(await office.database.write(lambda c: outbox.add(c, calls, NOON)))
        assert await office.settled(notice_id) == {Status.SENT: 1}
    async with office.database.read() as connection:
        [sent] = await recipients.list_recipients(connection, notice_id, Status.SENT)
    assert sent.chat_id == new

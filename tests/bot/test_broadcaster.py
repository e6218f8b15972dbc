"""Notices from the ledger to a strict Telegram over real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, literal, null, select
from sqlalchemy.ext.asyncio import AsyncConnection
from structlog.testing import capture_logs

from bot import brake as brake_module
from bot import broadcaster as broadcaster_module
from bot import supply as supply_module
from bot.broadcaster import Broadcaster, count_at_once
from bot.refusals import HoldRefused, make_hold
from bot.sender import Sender, TokenRefused
from bot.transport import Transport
from bot.units import Units
from db import contacts, enlistment, notice_progress, notices, outbox, recipients
from db.database import Database
from db.errors import DatabaseUnavailable
from db.tables import contacts as people
from db.tables import staff
from domain.notices import Notice, Topic
from domain.notices import Status as NoticeStatus
from domain.outbox import Call, Lane
from domain.recipients import BLOCKED, ReadyRecipient, Rules, Status
from services.desk import Desk
from simulator.server import Simulator
from tests.conftest import Clock
from tests.samples import NOON, make_contact
from tests.serving import eventually

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


@pytest.fixture
def office(simulator: Simulator, file_database: Database, transport: Transport) -> Office:
    return Office(simulator, file_database, transport)


async def test_everybody_gets_a_notice_once(office: Office) -> None:
    notice_id, chats = await office.notify(100)
    async with office.sending():
        assert await office.settled(notice_id) == {Status.SENT: 100}
    assert all(office.texts(chat_id) == [f"notice {notice_id}"] for chat_id in chats)
    async with office.database.read() as connection:
        sent = await recipients.list_recipients(connection, notice_id, Status.SENT)
    known = office.simulator.telegram.chats
    assert all(one.message_id in known[one.chat_id].messages for one in sent)


@pytest.mark.parametrize(
    ("fault", "copies"),
    [("500", 0), ("cut_before", 0), ("cut_after", 1), ("delivered_then_timeout", 1)],
)
async def test_what_may_have_arrived_is_uncertain_and_never_sent_again(
    office: Office, fault: str, copies: int
) -> None:
    notice_id, [chat_id] = await office.notify(1)
    office.simulator.faults.add(fault, count=1, seconds=0.01)
    async with office.sending():
        assert await office.settled(notice_id) == {Status.UNCERTAIN: 1}
        await asyncio.sleep(0.1)
    assert len(office.texts(chat_id)) == copies


@pytest.mark.parametrize("per_second", [28, 0])
async def test_while_every_answer_is_ambiguous_only_a_few_become_uncertain(
    office: Office, per_second: int
) -> None:
    office.sender = office.make_sender(per_second)
    notice_id, _ = await office.notify(120)
    other = add_person(office.simulator)
    office.simulator.faults.add("500", method="sendMessage", probability=1.0)
    async with office.sending(per_second):
        await eventually(lambda: office.simulator.faults.hits["500"] >= 5)
        await asyncio.sleep(2.0)
        found = await office.count(notice_id)
        assert found[Status.UNCERTAIN] <= 5 + (0 if per_second else count_at_once(0))
        assert Status.SENDING not in found
        office.simulator.faults.clear()
        stored = await office.database.write(lambda c: outbox.add(c, [say(other, "reply")], NOON))
        office.sender.offer(stored)
        await eventually(lambda: office.texts(other) == ["reply"], seconds=1)


async def test_notices_go_on_once_an_answer_is_certain_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brake_module, "FIRST_REST_SECONDS", 0.3)
    office.sender = office.make_sender(per_second=50)
    notice_id, chats = await office.notify(50)
    office.simulator.faults.add("500", method="sendMessage", count=6)
    async with office.sending(50):
        assert await office.settled(notice_id) == {Status.UNCERTAIN: 6, Status.SENT: 44}
    assert all(len(office.texts(chat_id)) <= 1 for chat_id in chats)
    ats = [call.at for call in office.simulator.calls.calls]
    assert ats[5] - ats[4] >= 0.3
    assert ats[6] - ats[5] >= 0.6


async def test_a_blocked_bot_is_noted_of_the_recipient_and_of_the_contact(office: Office) -> None:
    notice_id, [gone, here] = await office.notify(2)
    office.simulator.people.block(gone)
    async with office.sending():
        assert await office.settled(notice_id) == {Status.SENT: 1, Status.FAILED: 1}
    async with office.database.read() as connection:
        assert await notice_progress.count_reasons(connection, notice_id) == {BLOCKED: 1}
        loaded, _ = await contacts.load(connection, [gone, here])
    assert (loaded[gone].reachable, loaded[here].reachable) == (False, True)


async def test_a_refused_notice_fails_with_the_reason(office: Office) -> None:
    async def write_nothing(_connection: Any, ready: Sequence[ReadyRecipient]) -> Any:
        return [(one, say(one.chat_id, "", Lane.BULK)) for one in ready]

    office.prepare = write_nothing
    notice_id, _ = await office.notify(1)
    async with office.sending():
        await office.settled(notice_id)
    async with office.database.read() as connection:
        reasons = await notice_progress.count_reasons(connection, notice_id)
    assert reasons == {"Bad Request: message text is empty": 1}


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


@pytest.mark.parametrize("per_second", [40, 0])
async def test_what_telegram_refuses_to_everybody_is_paused_and_fails_for_nobody(
    office: Office, desk: Desk, per_second: int
) -> None:
    line = Refusing(office.transport)
    office.transport = line  # type: ignore[assignment]  # a line
    office.sender = office.make_sender(per_second)
    notice_id, chats = await office.notify(60)
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


async def test_a_limit_holds_notices_but_no_reply_and_everybody_gets_theirs_once(
    office: Office,
) -> None:
    notice_id, chats = await office.notify(60)
    other = add_person(office.simulator)
    office.simulator.faults.add("429", chat_id=chats[5], count=1, retry_after=1)
    async with office.sending():
        await eventually(lambda: office.simulator.faults.hits["429"] == 1)
        calls = [say(other, "reply")]
        stored = await office.database.write(lambda c: outbox.add(c, calls, NOON))
        office.sender.offer(stored)
        await eventually(lambda: office.texts(other) == ["reply"], seconds=0.5)
        assert await office.settled(notice_id) == {Status.SENT: 60}
    assert all(len(office.texts(chat_id)) == 1 for chat_id in chats)
    assert office.simulator.faults.violations == 0


async def test_who_is_claimed_while_a_limit_arrives_is_not_sent_to_once_the_notice_is_stopped(
    office: Office,
) -> None:
    office.sender = office.make_sender(per_second=28)
    notice_id, chats = await office.notify(60)
    office.simulator.faults.add("429", chat_id=chats[5], count=1, retry_after=1)
    stored, office.database = office.database, Slow(office.database)  # type: ignore[assignment]  # commits slowly
    async with office.sending(28):
        await eventually(lambda: office.simulator.faults.hits["429"] == 1)
        await asyncio.sleep(0.3)
        assert Status.SENDING not in await office.count(notice_id)
        stopped = Notice(notice_id, 1, Topic.BENEFITS, NoticeStatus.CANCELLED)
        await stored.write(lambda c: notices.save(c, stopped))
        before = sum(len(office.texts(chat_id)) for chat_id in chats)
        await asyncio.sleep(1.2)
        assert sum(len(office.texts(chat_id)) for chat_id in chats) == before


async def test_a_shorter_limit_does_not_end_a_longer_one(office: Office) -> None:
    notice_id, [long, short, *_] = await office.notify(200)
    faults = office.simulator.faults
    faults.add("429", chat_id=long, count=1, retry_after=3)
    faults.add("429", chat_id=short, count=1, retry_after=1)
    async with office.sending():
        await eventually(lambda: faults.hits["429"] == 2)
        await asyncio.sleep(0.3)
        ready = await office.count_ready(notice_id)
        await asyncio.sleep(1.5)
        assert await office.count_ready(notice_id) == ready
        assert Status.SENDING not in await office.count(notice_id)


async def test_a_limit_in_the_chat_of_an_author_holds_no_recipient(office: Office) -> None:
    office.sender = office.make_sender(per_second=28)
    notice_id, chats = await office.notify(40)
    author = add_person(office.simulator)
    office.simulator.faults.add("429", chat_id=author, count=1, retry_after=300)
    progress = [say(author, "how far it is", Lane.NOTICE)]
    async with office.sending(28):
        await eventually(lambda: bool(office.texts(chats[0])))
        stored = await office.database.write(lambda c: outbox.add(c, progress, NOON))
        office.sender.offer(stored)
        await eventually(lambda: office.simulator.faults.hits["429"] == 1)
        assert await office.settled(notice_id) == {Status.SENT: 40}


async def test_a_reply_is_never_behind_notices(
    office: Office, simulator: Simulator, file_database: Database
) -> None:
    office.sender = office.make_sender(per_second=20)
    notice_id, chats = await office.notify(15)
    async with office.sending(20):
        await eventually(lambda: bool(office.texts(chats[0])))
        stored = await file_database.write(lambda c: outbox.add(c, [say(chats[14], "now")], NOON))
        office.sender.offer(stored)
        await eventually(lambda: "now" in office.texts(chats[14]), seconds=0.4)
        assert Status.QUEUED in await office.count(notice_id)
    assert simulator.calls.worst_second <= 22


async def test_two_notices_to_one_chat_are_a_second_apart(office: Office) -> None:
    notice_id, chats = await office.notify(1)
    second = await office.database.write(lambda c: add_notice(c, chats))
    async with office.sending():
        await office.settled(notice_id)
        await office.settled(second)
    first_at, second_at = [call.at for call in office.simulator.calls.calls]
    assert second_at - first_at >= 1.0


@pytest.mark.parametrize("notices_to_each", [1, 3])
async def test_notices_to_the_same_people_go_out_no_slower_than_one(
    office: Office, notices_to_each: int
) -> None:
    office.sender = office.make_sender(per_second=40)
    _, chats = await office.notify(150)
    for _ in range(notices_to_each - 1):
        await office.database.write(lambda c: add_notice(c, chats))
    async with office.sending(40):
        await eventually(lambda: len(office.simulator.calls.calls) >= 120)
    calls = office.simulator.calls.calls
    assert (len(calls) - 1) / (calls[-1].at - calls[0].at) >= 28


async def test_none_of_twenty_notices_waits_for_the_others(office: Office) -> None:
    office.sender = office.make_sender(per_second=100)
    ids = [(await office.notify(count))[0] for count in [120, *[20] * 19]]
    async with office.sending(100):
        await eventually(lambda: len(office.simulator.calls.calls) >= 110)
    sent = [(await office.count(notice_id)).get(Status.SENT, 0) for notice_id in ids]
    assert all(sent)
    assert sent[0] >= sum(sent) // 2 - 20


async def test_a_stop_leaves_nobody_uncertain_and_the_rest_queued(office: Office) -> None:
    office.sender = office.make_sender(per_second=20)
    notice_id, chats = await office.notify(100)
    async with office.sending(20):
        await eventually(lambda: bool(office.texts(chats[0])))
    found = await office.count(notice_id)
    delivered = sum(len(office.texts(chat_id)) for chat_id in chats)
    assert found == {Status.SENT: delivered, Status.QUEUED: 100 - delivered}
    assert 0 < delivered < 100


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


async def test_a_paused_notice_stops_within_what_is_in_hand(office: Office) -> None:
    office.sender = office.make_sender(per_second=40)
    notice_id, chats = await office.notify(100)
    paused = Notice(notice_id, 1, Topic.BENEFITS, NoticeStatus.PAUSED)
    async with office.sending(40):
        await eventually(lambda: bool(office.texts(chats[3])))
        await office.database.write(lambda c: notices.save(c, paused))
        before = sum(len(office.texts(chat_id)) for chat_id in chats)
        await asyncio.sleep(0.5)
    assert sum(len(office.texts(chat_id)) for chat_id in chats) <= before + 10
    assert Status.SENDING not in await office.count(notice_id)


async def test_who_waits_behind_replies_gets_nothing_a_second_after_a_stop(
    office: Office,
) -> None:
    office.sender = office.make_sender(per_second=28)
    notice_id, chats = await office.notify(60)
    stopped = Notice(notice_id, 1, Topic.BENEFITS, NoticeStatus.CANCELLED)
    async with office.sending(28):
        await eventually(lambda: bool(office.texts(chats[0])))
        await office.reply(75)
        await eventually(lambda: office.sender.count_waiting() > 75)
        await office.database.write(lambda c: notices.save(c, stopped))
        await asyncio.sleep(1.2)
        got = office.count_got(chats)
        assert Status.SENDING not in await office.count(notice_id)
        await eventually(lambda: office.sender.count_waiting() == 0)
        await asyncio.sleep(0.3)
    assert office.count_got(chats) == got < 60
    found = await office.count(notice_id)
    assert found.pop(Status.SENT) == got
    assert Status.CANCELLED in found


@pytest.mark.parametrize("ending", ["evening", "send_by"])
async def test_who_waits_behind_replies_gets_nothing_once_the_time_is_over(
    office: Office, ending: str
) -> None:
    ends_at = EVENING if ending == "evening" else NOON
    office.sender = office.make_sender(per_second=28)
    _, chats = await office.notify(60, send_by=None if ending == "evening" else ends_at)
    async with office.sending(28, began_at=ends_at - timedelta(seconds=1)):
        await eventually(lambda: bool(office.texts(chats[0])))
        await asyncio.sleep(0.5)
        await office.reply(24)
        await asyncio.sleep(0.5)
        got = office.count_got(chats)
        assert office.sender.count_waiting()
        await eventually(lambda: office.sender.count_waiting() == 0)
        await asyncio.sleep(0.3)
    assert office.count_got(chats) == got < 60


async def test_paid_notices_say_so_and_keep_their_own_pace(office: Office) -> None:
    office.sender = office.make_sender(per_second=1, bulk_per_second=500)
    notice_id, _ = await office.notify(120)
    async with office.sending(500, paid=True):
        assert await office.settled(notice_id) == {Status.SENT: 120}
    calls = office.simulator.calls.calls
    assert all(call.parameters["allow_paid_broadcast"] for call in calls)
    assert 0.2 <= calls[-1].at - calls[0].at <= 2.0


async def test_those_who_want_no_notices_do_not_slow_the_others(office: Office) -> None:
    notice_id, chats = await office.notify(60)
    unwilling = [make_contact(chat_id, wants_notices=False) for chat_id in chats[:-1]]
    await office.database.write(lambda c: contacts.save(c, unwilling))
    office.sender = office.make_sender(per_second=28)
    async with office.sending(28):
        await eventually(lambda: bool(office.texts(chats[-1])), seconds=4)
    assert await office.count(notice_id) == {Status.OPTED_OUT: 59, Status.SENT: 1}


async def test_a_notice_that_cannot_be_written_holds_no_other_up(office: Office) -> None:
    broken, [one] = await office.notify(1)
    fine = await office.database.write(lambda c: add_notice(c, [one]))

    async def write(_connection: Any, ready: Sequence[ReadyRecipient]) -> Any:
        if any(row.notice_id == broken for row in ready):
            raise KeyError("given_name")
        return await prepare(_connection, ready)

    office.prepare = write
    async with office.sending():
        assert await office.settled(fine) == {Status.SENT: 1}
    assert await office.count(broken) == {Status.QUEUED: 1}


async def test_whom_nothing_is_written_for_fails(office: Office) -> None:
    async def write(_connection: Any, ready: Sequence[ReadyRecipient]) -> Any:
        return []

    office.prepare = write
    notice_id, _ = await office.notify(2)
    async with office.sending():
        assert await office.settled(notice_id) == {Status.FAILED: 2}


async def test_nothing_is_lost_or_doubled_while_the_database_is_away(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcaster_module, "IDLE_SECONDS", 0.05)
    monkeypatch.setattr(supply_module, "IDLE_SECONDS", 0.05)
    notice_id, chats = await office.notify(200)
    office.database = Flaky(office.database)  # type: ignore[assignment]  # fails now and then
    async with office.sending(200):
        assert await office.settled(notice_id) == {Status.SENT: 200}
    assert all(len(office.texts(chat_id)) == 1 for chat_id in chats)


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


async def test_a_limit_is_obeyed_over_a_restart(office: Office) -> None:
    notice_id, chats = await office.notify(100)
    office.sender = office.make_sender(per_second=40)
    faults = office.simulator.faults
    faults.add("429", chat_id=chats[3], count=1, retry_after=3, scope="bot")
    async with office.dying(40):
        await eventually(lambda: faults.hits["429"] == 1)
        await asyncio.sleep(0.3)
    made = len(office.simulator.calls.calls)
    office.sender = office.make_sender(per_second=40)
    await office.sender.load()
    async with office.sending(40):
        await asyncio.sleep(1.5)
        assert len(office.simulator.calls.calls) == made
        found = await office.settled(notice_id)
    assert faults.violations == 0
    assert found == {Status.SENT: 100}


class Slow:
    """A database whose commits take a while."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.read = database.read

    async def write(self, work: Callable[[AsyncConnection], Any]) -> Any:
        async def work_slowly(connection: AsyncConnection) -> Any:
            result = await work(connection)
            await asyncio.sleep(0.03)
            return result

        return await self._database.write(work_slowly)


class Flaky:
    """A database that refuses every third write: half of them after it has stored them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writes = 0
        self.read = database.read

    async def write(self, work: Callable[[AsyncConnection], Any]) -> Any:
        self._writes += 1
        if self._writes % 6 == 2:
            raise DatabaseUnavailable("locked")
        result = await self._database.write(work)
        if self._writes % 6 == 5:
            raise DatabaseUnavailable("cut")
        return result

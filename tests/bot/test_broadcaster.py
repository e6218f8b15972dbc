"""Notices from the ledger to a strict Telegram over real HTTP."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import brake as brake_module
from bot import broadcaster as broadcaster_module
from bot import supply as supply_module
from bot.broadcaster import count_at_once
from db import contacts, notice_progress, notices, outbox, recipients
from db.database import Database
from db.errors import DatabaseUnavailable
from domain.notices import Notice, Topic
from domain.notices import Status as NoticeStatus
from domain.outbox import Lane
from domain.recipients import BLOCKED, ReadyRecipient, Status
from simulator.server import Simulator
from tests.bot.notice_office import (
    EVENING,
    Office,
    add_notice,
    add_person,
    prepare,
    say,
)
from tests.samples import NOON, make_contact
from tests.serving import eventually


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
        under_way = 3 if per_second else count_at_once(0)
        assert found[Status.UNCERTAIN] <= 5 + under_way
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
    progress = [say(author, "how far it is", Lane.STAFF)]
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
    office.sender = office.make_sender(per_second=1, bulk_per_second=200)
    notice_id, _ = await office.notify(120)
    async with office.sending(200, paid=True):
        assert await office.settled(notice_id) == {Status.SENT: 120}
    calls = office.simulator.calls.calls
    assert all(call.parameters["allow_paid_broadcast"] for call in calls)
    assert 0.4 <= calls[-1].at - calls[0].at <= 5.0


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

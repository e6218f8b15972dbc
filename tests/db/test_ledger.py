"""The ledger on each kind of database: parts sum to the audience, whatever happens."""

import asyncio
import itertools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db import contacts, drafts, ledger, notices
from db.database import Database
from db.tables import contacts as people
from db.tables import opt_outs, recipients, staff
from domain.notices import Notice, Topic
from domain.notices import Status as NoticeStatus
from domain.recipients import (
    BLOCKED,
    Key,
    ReadyRecipient,
    Rules,
    Settlement,
    Status,
    Verdict,
    Wait,
    order_by_turn,
    share_out,
)
from tests.conftest import open_database
from tests.samples import NOON, make_contact, make_draft

RULES = Rules(ZoneInfo("Asia/Phnom_Penh"), weekly_cap=3)
EVENING = datetime(2026, 3, 4, 13, 30, tzinfo=UTC)
SENDING = NoticeStatus.SENDING


def everybody() -> Any:
    """Select every contact, with no application."""
    none = opt_outs.c.chat_id.label("application_id")
    on = (opt_outs.c.chat_id == people.c.chat_id) & (opt_outs.c.chat_id < 0)
    return select(people.c.chat_id, none).select_from(people.outerjoin(opt_outs, on))


async def prepare(
    database: Database, chats: int = 3, count: int = 1, **changed: Any
) -> list[Notice]:
    """Store people and notices that are being sent to all of them."""

    async def work(connection: AsyncConnection) -> list[Notice]:
        author = await connection.scalar(
            insert(staff).values(name="Sok", active=True, created_at=NOON).returning(staff.c.id)
        )
        known = [make_contact(chat, wants_notices=True) for chat in range(1, chats + 1)]
        await contacts.save(connection, known)
        return [await add_notice(connection, author or 0, **changed) for _ in range(count)]

    return await database.write(work)


async def add_notice(connection: AsyncConnection, author: int, **changed: Any) -> Notice:
    notice = Notice(0, author, **{"topic": Topic.BENEFITS, "status": SENDING} | changed)
    notice_id = await notices.add(connection, notice, "Title", NOON)
    assert await ledger.enlist(connection, notice_id, everybody(), NOON)
    found = await notices.find(connection, notice_id)
    assert found is not None
    return found.notice


async def list_ready(database: Database, now: datetime = NOON) -> list[ReadyRecipient]:
    async with database.read() as connection:
        return await ledger.list_ready(connection, now, 100, RULES)


async def claim(database: Database, now: datetime = NOON, rules: Rules = RULES) -> list[int]:
    """Claim all that are ready and tell whose."""
    ready = await list_ready(database, now)
    claimed = await database.write(lambda c: ledger.claim(c, ready, now, rules))
    return [one.chat_id for one in claimed]


async def settle(
    database: Database, notice_id: int, chat_id: int, status: Status, **details: Any
) -> None:
    at = details.pop("at", NOON)
    settlement = Settlement(Key(notice_id, chat_id), status, **details)
    await database.write(lambda c: ledger.settle(c, [settlement], at))


async def count(database: Database, notice_id: int) -> dict[Status, int]:
    """Count what is not nothing."""
    async with database.read() as connection:
        found = await ledger.count_by_status(connection, notice_id)
    return {status: number for status, number in found.items() if number}


async def test_an_audience_is_enlisted_once_and_late_joiners_are_added(database: Database) -> None:
    [notice] = await prepare(database, chats=3)

    async def join(connection: AsyncConnection) -> int:
        await contacts.save(connection, [make_contact(9)])
        return await ledger.enlist(connection, notice.id, everybody(), NOON)

    assert await database.write(join) == 1
    assert await count(database, notice.id) == {Status.QUEUED: 4}


async def test_a_recipient_is_claimed_once_and_settled_once(database: Database) -> None:
    [notice] = await prepare(database, chats=2)
    ready = await list_ready(database)

    assert await claim(database) == [1, 2]
    assert await database.write(lambda c: ledger.claim(c, ready, NOON, RULES)) == []
    await settle(database, notice.id, 1, Status.SENT, message_id=7)
    await settle(database, notice.id, 1, Status.FAILED, reason="late")
    assert await count(database, notice.id) == {Status.SENT: 1, Status.SENDING: 1}
    async with database.read() as connection:
        [sent] = await ledger.list_recipients(connection, notice.id, Status.SENT)
    assert (sent.chat_id, sent.message_id, sent.settled_at) == (1, 7, NOON)


async def test_who_was_being_sent_to_at_a_crash_is_uncertain_and_only_a_person_resends(
    database: Database,
) -> None:
    [notice] = await prepare(database, chats=2)
    await claim(database)

    assert await database.write(lambda c: ledger.recover(c, NOON)) == 2
    assert await list_ready(database) == []
    assert await database.write(lambda c: ledger.resend_uncertain(c, notice.id, 2))
    assert not await database.write(lambda c: ledger.resend_uncertain(c, notice.id, 2))
    assert await claim(database) == [2]


async def test_a_completed_notice_can_still_be_resent_to_the_uncertain(database: Database) -> None:
    [notice] = await prepare(database, chats=1, status=NoticeStatus.COMPLETED)
    assert await claim(database) == [1]
    await database.write(lambda c: ledger.recover(c, NOON))
    assert await database.write(lambda c: ledger.resend_uncertain(c, notice.id, 1))
    assert await claim(database) == [1]


@pytest.mark.parametrize("status", [NoticeStatus.PAUSED, NoticeStatus.CANCELLED])
async def test_nobody_is_sent_to_once_a_notice_rests(
    database: Database, status: NoticeStatus
) -> None:
    [notice] = await prepare(database)
    ready = await list_ready(database)
    stopped = Notice(notice.id, notice.author, notice.topic, status)
    await database.write(lambda c: notices.save(c, stopped))

    assert await database.write(lambda c: ledger.claim(c, ready, NOON, RULES)) == []
    assert await list_ready(database) == []
    assert await database.write(
        lambda c: ledger.end_queued(c, notice.id, Status.CANCELLED, NOON)
    ) == len(ready)
    assert await count(database, notice.id) == {Status.CANCELLED: 3}


@pytest.mark.parametrize(
    ("changed", "becomes"),
    [
        ({"status": NoticeStatus.CANCELLED}, Status.CANCELLED),
        ({"status": NoticeStatus.COMPLETED, "send_by": NOON}, Status.EXPIRED),
        ({"status": NoticeStatus.PAUSED}, Status.QUEUED),
        ({"status": NoticeStatus.COMPLETED}, Status.QUEUED),
        ({"status": SENDING, "send_by": NOON + timedelta(seconds=1)}, Status.QUEUED),
    ],
)
async def test_who_is_in_hand_when_a_notice_ends_does_not_wait_for_it_for_ever(
    database: Database, changed: dict[str, Any], becomes: Status
) -> None:
    [notice] = await prepare(database, chats=1)
    assert await claim(database) == [1]
    ended = replace(notice, **changed)
    await database.write(lambda c: notices.save(c, ended))
    await settle(database, notice.id, 1, Status.QUEUED, not_before=NOON)
    assert await count(database, notice.id) == {becomes: 1}


async def test_after_its_time_a_notice_expires(database: Database) -> None:
    [notice] = await prepare(database, send_by=NOON + timedelta(hours=1))
    assert await claim(database, NOON + timedelta(hours=1)) == []
    assert await count(database, notice.id) == {Status.EXPIRED: 3}


async def test_who_blocked_the_bot_fails_and_who_switched_the_topic_off_is_left_alone(
    database: Database,
) -> None:
    [notice] = await prepare(database, chats=4)

    async def change(connection: AsyncConnection) -> None:
        await contacts.save(connection, [make_contact(1, reachable=False, wants_notices=True)])
        await contacts.save(connection, [make_contact(2, wants_notices=False)])
        row = {"chat_id": 3, "topic": "benefits", "at": NOON}
        await connection.execute(
            insert(opt_outs), [row, row | {"chat_id": 4, "topic": "campaigns"}]
        )

    await database.write(change)
    assert await claim(database) == [4]
    assert await count(database, notice.id) == {
        Status.SENDING: 1,
        Status.FAILED: 1,
        Status.OPTED_OUT: 2,
    }
    async with database.read() as connection:
        assert await ledger.count_reasons(connection, notice.id) == {BLOCKED: 1}


async def test_a_call_that_meets_a_blocked_bot_marks_the_contact_unless_they_wrote_since(
    database: Database,
) -> None:
    [notice] = await prepare(database, chats=2)
    await claim(database)
    back = make_contact(2, active_at=NOON + timedelta(seconds=1))
    await database.write(lambda c: contacts.save(c, [back]))
    await settle(database, notice.id, 1, Status.FAILED, reason=BLOCKED)
    await settle(database, notice.id, 2, Status.FAILED, reason=BLOCKED)

    async with database.read() as connection:
        loaded, _ = await contacts.load(connection, [1, 2])
    assert (loaded[1].reachable, loaded[2].reachable) == (False, True)


async def test_at_night_only_an_emergency_is_sent_and_who_was_ready_waits_for_the_morning(
    database: Database,
) -> None:
    [notice] = await prepare(database, chats=2)
    ready = await list_ready(database)

    assert await list_ready(database, EVENING) == []
    assert await database.write(lambda c: ledger.claim(c, ready, EVENING, RULES)) == []
    morning = datetime(2026, 3, 5, 0, 0, tzinfo=UTC)
    async with database.read() as connection:
        queued = await ledger.list_recipients(connection, notice.id, Status.QUEUED)
    assert [one.not_before for one in queued] == [morning, morning]
    assert await list_ready(database, morning - timedelta(seconds=1)) == []
    assert await claim(database, morning) == [1, 2]


async def test_an_emergency_is_sent_at_night_and_beyond_the_cap(database: Database) -> None:
    await prepare(database, chats=1, count=1)
    assert await claim(database, rules=Rules(RULES.zone, 1)) == [1]
    await settle(database, 1, 1, Status.SENT)
    await prepare(database, chats=1, count=1, emergency=True)
    assert await claim(database, EVENING, Rules(RULES.zone, 1)) == [1]


async def test_nobody_gets_more_than_the_cap_in_a_week(database: Database) -> None:
    ids = [notice.id for notice in await prepare(database, chats=1, count=4)]
    for number in range(3):
        [first, *_] = await list_ready(database)
        await database.write(lambda c, one=first: ledger.claim(c, [one], NOON, RULES))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        await settle(database, first.notice_id, 1, Status.SENT, at=NOON + timedelta(minutes=number))
    assert await claim(database) == []
    assert await claim(database, NOON + timedelta(days=7, seconds=-1)) == []
    assert await claim(database, NOON + timedelta(days=7)) == [1]
    assert await count(database, ids[-1]) == {Status.SENDING: 1}


async def test_what_a_person_asked_for_neither_counts_nor_waits_for_the_cap(
    database: Database,
) -> None:
    await prepare(database, chats=1, count=2, topic=Topic.MY_APPLICATION)
    once = Rules(RULES.zone, 1)
    for _ in range(2):
        [first, *_] = await list_ready(database)
        assert await database.write(
            lambda c, one=first: ledger.claim(c, [one], NOON, once)  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        )
        await settle(database, first.notice_id, 1, Status.SENT)
    await prepare(database, chats=1, count=1)
    assert await claim(database, rules=once) == [1]


async def test_a_form_that_is_being_filled_is_not_disturbed(database: Database) -> None:
    await prepare(database, chats=2)
    active_at = NOON - timedelta(minutes=14)
    await database.write(lambda c: drafts.save(c, [make_draft(2, active_at=active_at)]))

    assert await claim(database) == [1]
    assert await claim(database, NOON + timedelta(seconds=59)) == []
    assert await claim(database, NOON + timedelta(minutes=1)) == [2]


async def test_a_chat_that_moved_is_sent_to_under_its_new_id(database: Database) -> None:
    [notice] = await prepare(database, chats=2)
    await claim(database)
    await settle(database, notice.id, 1, Status.QUEUED, moved_to=100)
    await settle(database, notice.id, 2, Status.QUEUED, moved_to=100)

    assert await claim(database) == [100]
    assert await count(database, notice.id) == {Status.SENDING: 1, Status.FAILED: 1}
    async with database.read() as connection:
        loaded, _ = await contacts.load(connection, [1, 2, 100])
    assert set(loaded) == {2, 100}


async def test_a_chat_that_a_reply_has_moved_meanwhile_is_sent_to_under_its_new_id(
    database: Database,
) -> None:
    [notice] = await prepare(database, chats=1)
    assert await claim(database) == [1]
    assert await database.write(lambda c: contacts.move(c, 1, 100))
    await settle(database, notice.id, 1, Status.QUEUED, moved_to=100)
    assert await claim(database) == [100]


async def test_each_notice_has_its_share_and_the_oldest_has_half(database: Database) -> None:
    first, second, third = await prepare(database, chats=8, count=3)
    async with database.read() as connection:
        ready = await ledger.list_ready(connection, NOON, 8, RULES)
        apart = {one.chat_id for one in ready[:6]}
        following = await ledger.list_ready(connection, NOON, 8, RULES, apart_from=apart)
    shares = [one.notice_id for one in ready]
    assert [shares.count(one.id) for one in (first, second, third)] == [4, 2, 2]
    assert len({one.chat_id for one in ready}) == 8
    assert {one.chat_id for one in following} == set(range(1, 9)) - apart


@given(
    st.lists(st.sets(st.integers(1, 40), max_size=12).map(sorted), max_size=5),
    st.integers(1, 20),
)
def test_a_share_is_never_wasted_and_no_chat_is_taken_twice(
    chats: list[list[int]], limit: int
) -> None:
    taken = share_out(make_queues(chats), limit)
    assert len(taken) == min(limit, len({chat for queue in chats for chat in queue}))
    assert len({one.chat_id for one in taken}) == len(taken)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=5), st.integers(2, 20))
def test_half_goes_to_the_first_queue_and_something_to_the_others(
    sizes: list[int], limit: int
) -> None:
    queues = make_queues([range(100 * n, 100 * n + size) for n, size in enumerate(sizes)])
    taken = [one.notice_id for one in share_out(queues, limit)]
    assert taken.count(0) >= min(sizes[0], limit - limit // 2)
    assert len(taken) - taken.count(0) >= min(sum(sizes[1:]), limit // 2)


@given(st.integers(1, 10), st.integers(2, 40))
def test_notices_to_the_same_people_share_alike(number: int, limit: int) -> None:
    taken = [one.notice_id for one in share_out(make_queues([range(limit)] * number), limit)]
    others = [taken.count(notice_id) for notice_id in range(1, number)]
    assert taken.count(0) == (limit - limit // 2 if others else limit)
    assert not others or max(others) - min(others) <= 1


def make_queues(chats: Sequence[Sequence[int]]) -> list[list[ReadyRecipient]]:
    """Make the queues of notices 0, 1, ... to these chats."""
    return [[ReadyRecipient(n, chat) for chat in queue] for n, queue in enumerate(chats)]


@settings(deadline=None)
@given(number=st.integers(1, 60), limit=st.integers(2, 64))
def test_every_notice_is_served_within_as_many_rounds_as_half_of_each_needs_for_all(
    number: int, limit: int
) -> None:
    ids = list(range(1, number + 1))
    served: dict[int, int] = {}
    rounds = 1 + (number - 1) // (limit // 2)
    for count in range(1, 2 * rounds + 1):
        queues = [make_long_queue(one) for one in order_by_turn(ids, served)]
        served |= {one.notice_id: count for one in share_out(queues, limit)}
        assert all(count - served.get(one, 0) < rounds for one in ids if count >= rounds)


def make_long_queue(notice_id: int) -> Iterator[ReadyRecipient]:
    """Make the queue of a notice that does not end, to people of its own."""
    return (ReadyRecipient(notice_id, chat) for chat in itertools.count(notice_id, 100))


ACTS = st.sampled_from(["claim", "sent", "failed", "queued", "crash", "resend", "join", "cancel"])


@settings(max_examples=15, deadline=None)
@given(acts=st.lists(st.tuples(ACTS, st.integers(1, 6)), max_size=25))
def test_parts_sum_to_the_audience_whatever_happens(
    sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int]]
) -> None:
    file = tmp_path_factory.mktemp("ledger") / "onboarding.db"
    file.write_bytes(sqlite_template.read_bytes())
    asyncio.run(_live_through(f"sqlite+aiosqlite:///{file}", acts))


async def _live_through(url: str, acts: list[tuple[str, int]]) -> None:
    async with open_database(url) as database:
        [notice] = await prepare(database, chats=6)
        audience = {1, 2, 3, 4, 5, 6}
        for act, chat in acts:
            if act == "join":
                audience.add(100 + len(audience))
            await _act(database, notice.id, act, chat, audience)
            assert await list_ledger(database, notice.id) == sorted(audience)
            assert sum((await count(database, notice.id)).values()) == len(audience)


async def list_ledger(database: Database, notice_id: int) -> list[int]:
    """List whoever is in the ledger, once for each row."""
    async with database.read() as connection:
        chats = select(recipients.c.chat_id).where(recipients.c.notice_id == notice_id)
        return list(await connection.scalars(chats.order_by(recipients.c.chat_id)))


async def _act(
    database: Database, notice_id: int, act: str, chat: int, audience: Collection[int]
) -> None:
    match act:
        case "claim":
            await claim(database)
        case "crash":
            await database.write(lambda c: ledger.recover(c, NOON))
        case "resend":
            await database.write(lambda c: ledger.resend_uncertain(c, notice_id, chat))
        case "cancel":
            await database.write(lambda c: ledger.end_queued(c, notice_id, Status.CANCELLED, NOON))
        case "join":
            newcomer = make_contact(max(audience), wants_notices=True)
            await database.write(lambda c: contacts.save(c, [newcomer]))
            await database.write(lambda c: ledger.enlist(c, notice_id, everybody(), NOON))
        case status:
            await settle(database, notice_id, chat, Status(status))


async def test_what_somebody_waits_for_is_counted_with_its_time_and_forgotten_once_claimed(
    database: Database,
) -> None:
    [notice] = await prepare(database, chats=4)
    soon, late = NOON + timedelta(minutes=1), NOON + timedelta(minutes=2)
    until = {1: ("form", late), 2: ("form", soon), 3: (None, late)}
    held = {Key(notice.id, chat): Verdict(Status.QUEUED, *why) for chat, why in until.items()}
    await database.write(lambda c: ledger.pass_over(c, held, NOON))
    async with database.read() as connection:
        waits = await ledger.list_waits(connection, notice.id, NOON)
        later = await ledger.list_waits(connection, notice.id, soon)
    assert waits == [Wait("form", 2, soon), Wait(None, 1, late)]
    assert {wait.reason: wait.count for wait in later} == {"form": 1, None: 1}
    assert sorted(await claim(database, late)) == [1, 2, 3, 4]
    async with database.read() as connection:
        claimed = await ledger.list_recipients(connection, notice.id, Status.SENDING)
    assert {one.reason for one in claimed} == {None}


async def test_the_queue_is_read_by_its_index_alone(sqlite_database: Database) -> None:
    async with sqlite_database.read() as connection:
        for order in ("not_before IS NULL ORDER BY chat_id", "not_before <= 1 ORDER BY not_before"):
            plan = await connection.exec_driver_sql(
                "EXPLAIN QUERY PLAN SELECT notice_id, chat_id, application_id FROM recipients"
                f" WHERE status = 'queued' AND notice_id = 1 AND {order}"
            )
            [step] = list(_steps(plan))
            assert "ix_recipients_queued" in step


def _steps(plan: Any) -> Iterator[str]:
    return (row[3] for row in plan)

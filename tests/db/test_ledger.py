"""The ledger on each kind of database: parts sum to the audience, whatever happens."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db import contacts, drafts, enlistment, ledger, notice_progress, notices
from db.database import Database
from db.recipients import list_recipients
from db.tables import opt_outs, recipients
from domain.notices import Notice, Topic
from domain.notices import Status as NoticeStatus
from domain.recipients import BLOCKED, ReadyRecipient, Rules, Status
from tests.conftest import open_database
from tests.db.sent_notices import (
    RULES,
    claim,
    count,
    everybody,
    list_ready,
    prepare,
    settle,
)
from tests.samples import NOON, make_contact, make_draft

EVENING = datetime(2026, 3, 4, 13, 30, tzinfo=UTC)


async def test_a_recipient_is_claimed_once_and_settled_once(database: Database) -> None:
    [notice] = await prepare(database, chats=2)
    ready = await list_ready(database)

    assert await claim(database) == [1, 2]
    assert await database.write(lambda c: ledger.claim(c, ready, NOON, RULES)) == []
    await settle(database, notice.id, 1, Status.SENT, message_id=7)
    await settle(database, notice.id, 1, Status.FAILED, reason="late")
    assert await count(database, notice.id) == {Status.SENT: 1, Status.SENDING: 1}
    async with database.read() as connection:
        [sent] = await list_recipients(connection, notice.id, Status.SENT)
    assert (sent.chat_id, sent.message_id, sent.settled_at) == (1, 7, NOON)


async def test_who_was_being_sent_to_at_a_crash_is_uncertain_and_only_a_person_resends(
    database: Database,
) -> None:
    [notice] = await prepare(database, chats=2)
    await claim(database)

    assert await database.write(lambda c: ledger.recover(c, NOON)) == 2
    assert await list_ready(database) == []
    assert await database.write(lambda c: enlistment.resend_uncertain(c, notice.id, 2))
    assert not await database.write(lambda c: enlistment.resend_uncertain(c, notice.id, 2))
    assert await claim(database) == [2]


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
        lambda c: enlistment.end_queued(c, notice.id, Status.CANCELLED, NOON)
    ) == len(ready)
    assert await count(database, notice.id) == {Status.CANCELLED: 3}


@pytest.mark.parametrize(
    ("changed", "becomes"),
    [
        ({"status": NoticeStatus.CANCELLED}, Status.CANCELLED),
        ({"status": NoticeStatus.COMPLETED, "send_by": NOON}, Status.EXPIRED),
        ({"status": NoticeStatus.PAUSED}, Status.QUEUED),
        ({"status": NoticeStatus.COMPLETED}, Status.QUEUED),
        ({"status": NoticeStatus.SENDING, "send_by": NOON + timedelta(seconds=1)}, Status.QUEUED),
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
        assert await notice_progress.count_reasons(connection, notice.id) == {BLOCKED: 1}


async def test_a_call_that_meets_a_blocked_bot_marks_the_contact_unless_they_wrote_since(
    database: Database,
) -> None:
    [notice] = await prepare(database, chats=3)
    await claim(database)
    back = make_contact(2, active_at=NOON + timedelta(seconds=1))
    before_clock_was_set_back = make_contact(3, active_at=NOON + timedelta(hours=1))
    await database.write(lambda c: contacts.save(c, [back, before_clock_was_set_back]))
    for chat_id in (1, 2, 3):
        await settle(database, notice.id, chat_id, Status.FAILED, reason=BLOCKED)

    async with database.read() as connection:
        loaded, _ = await contacts.load(connection, [1, 2, 3])
    assert [loaded[one].reachable for one in (1, 2, 3)] == [False, True, False]


async def test_at_night_only_an_emergency_is_sent_and_who_was_ready_waits_for_the_morning(
    database: Database,
) -> None:
    [notice] = await prepare(database, chats=2)
    ready = await list_ready(database)

    assert await list_ready(database, EVENING) == []
    assert await database.write(lambda c: ledger.claim(c, ready, EVENING, RULES)) == []
    morning = datetime(2026, 3, 5, 0, 0, tzinfo=UTC)
    async with database.read() as connection:
        queued = await list_recipients(connection, notice.id, Status.QUEUED)
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


async def test_who_is_sent_to_again_gets_no_other_notice_beyond_the_cap(
    database: Database,
) -> None:
    first, second = await prepare(database, chats=1, count=2)
    once = Rules(RULES.zone, 1)
    assert await claim(database, rules=once) == [1]
    await settle(database, first.id, 1, Status.UNCERTAIN)
    assert await database.write(lambda c: enlistment.resend_uncertain(c, first.id, 1))
    other = ReadyRecipient(second.id, 1)
    assert await database.write(lambda c: ledger.claim(c, [other], NOON, once)) == []
    assert await claim(database, rules=once) == [1]
    assert await count(database, first.id) == {Status.SENDING: 1}


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


async def test_what_became_of_a_chat_that_has_moved_meanwhile_is_noted_of_its_new_id(
    database: Database,
) -> None:
    [notice] = await prepare(database, chats=2)
    assert await claim(database) == [1, 2]
    assert await database.write(lambda c: contacts.move(c, 1, 100))
    await settle(database, notice.id, 1, Status.SENT, moved_to=100)
    await settle(database, notice.id, 2, Status.SENT, moved_to=100)
    assert await count(database, notice.id) == {Status.SENT: 2}


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
        may_have_it: set[int] = set()
        for act, chat in acts:
            if act == "join":
                audience.add(100 + len(audience))
            await _act(database, notice.id, act, chat, audience)
            assert await list_ledger(database, notice.id) == sorted(audience)
            assert sum((await count(database, notice.id)).values()) == len(audience)
            never = {*await list_ledger(database, notice.id, *NEVER_SENT)}
            assert not may_have_it & never
            may_have_it |= {*await list_ledger(database, notice.id, Status.UNCERTAIN)}


NEVER_SENT = (Status.FAILED, Status.EXPIRED, Status.CANCELLED, Status.OPTED_OUT)


async def list_ledger(database: Database, notice_id: int, *statuses: Status) -> list[int]:
    """List whoever is in the ledger, perhaps in some statuses, once for each row."""
    async with database.read() as connection:
        chats = select(recipients.c.chat_id).where(
            recipients.c.notice_id == notice_id,
            recipients.c.status.in_([one.value for one in statuses or Status]),
        )
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
            await database.write(lambda c: enlistment.resend_uncertain(c, notice_id, chat))
        case "cancel":
            await database.write(
                lambda c: enlistment.end_queued(c, notice_id, Status.CANCELLED, NOON)
            )
        case "join":
            newcomer = make_contact(max(audience), wants_notices=True)
            await database.write(lambda c: contacts.save(c, [newcomer]))
            await database.write(lambda c: enlistment.enlist(c, notice_id, everybody(), NOON))
        case status:
            await settle(database, notice_id, chat, Status(status))

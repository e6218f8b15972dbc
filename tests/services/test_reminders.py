"""What happens to drafts because time passed."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from db.database import Database
from db.drafts import StoredDraft
from db.unit_of_work import UnitOfWork
from domain.drafts import Draft
from domain.events import Started
from domain.texts import message
from locales.catalogue import render
from services import reminders
from services.desk import Desk, Person
from services.registration import take_event
from services.reminders import ask_again_after_outage, tend_drafts
from tests.conftest import Clock, open_database
from tests.samples import make_application, make_contact
from tests.services.counter import Counter, make_draft, read_parameters

DARA, MALY, SOPHEA, VANNAK = 7, 8, 9, 10
HOUR = timedelta(hours=1)


def word(counter: Counter, words: str, locale: str = "km") -> str:
    """Write a message without values."""
    return render(message(words), locale, counter.desk.names)


async def tend(counter: Counter) -> None:
    """Let the timer look once, and keep only what it sends."""
    counter.forget_sent()
    await tend_drafts(counter.run, counter.desk, counter.clock())


async def ask_again(counter: Counter, began: datetime) -> None:
    """Let an outage end now."""
    counter.forget_sent()
    await ask_again_after_outage(counter.run, counter.desk, began, counter.clock())


async def test_a_draft_left_alone_for_a_day_is_nudged_once(counter: Counter) -> None:
    before = await counter.leave_draft(DARA)
    counter.clock.advance(hours=23, minutes=59)
    await tend(counter)
    assert counter.sent == []

    nudged_at = counter.clock.advance(minutes=1)
    await tend(counter)
    [text] = counter.texts(DARA)
    assert word(counter, "nudge.day1") in text
    assert word(counter, "ask.category") in text
    assert await counter.find_draft(DARA) == replace(before, nudged_at=nudged_at, questions=1)

    for _ in range(20):
        counter.clock.advance(days=1)
        await tend(counter)
        assert counter.sent == []


async def test_the_end_of_a_draft_is_announced_once_and_then_comes(counter: Counter) -> None:
    left_at = (await counter.leave_draft(DARA, "en")).active_at
    counter.clock.now = left_at + timedelta(days=1)
    await tend(counter)
    counter.clock.now = left_at + timedelta(days=23)
    await tend(counter)
    assert ["3 April 2026" in text for text in counter.texts(DARA)] == [True]

    counter.clock.now = left_at + timedelta(days=29, hours=23)
    await tend(counter)
    assert counter.sent == []

    counter.clock.now = left_at + timedelta(days=30)
    await tend(counter)
    assert counter.texts(DARA) == [word(counter, "erased.day30", "en")]
    assert await counter.count_rows() == {}


async def test_whoever_goes_on_after_the_announcement_is_reminded_anew(counter: Counter) -> None:
    await counter.leave_draft(DARA)
    for days in (1, 22, 1):
        counter.clock.advance(days=days)
        await tend(counter)
    await counter.take(DARA, Started())
    counter.clock.advance(days=22)
    await tend(counter)
    assert counter.sent == []

    counter.clock.advance(days=1)
    await tend(counter)
    assert len(counter.texts(DARA)) == 1


async def test_erasing_a_draft_keeps_a_registered_contact(counter: Counter) -> None:
    await counter.leave_draft(DARA)

    async def apply(uow: UnitOfWork) -> None:
        uow.add_application(make_application(DARA))

    await counter.run(apply)
    counter.clock.advance(days=23)
    await tend(counter)
    counter.clock.advance(days=7)
    await tend(counter)

    assert await counter.find_draft(DARA) is None
    assert await counter.find_contact(DARA) is not None


async def test_nobody_is_erased_sooner_than_a_week_after_the_reminder(counter: Counter) -> None:
    await counter.leave_draft(DARA)
    counter.clock.advance(days=60)
    await tend(counter)
    assert len(counter.texts(DARA)) == 1

    counter.clock.advance(days=6)
    await tend(counter)
    assert counter.sent == []
    assert await counter.find_draft(DARA) is not None

    counter.clock.advance(days=1)
    await tend(counter)
    assert await counter.find_draft(DARA) is None


@pytest.mark.parametrize(
    ("hour", "minute", "is_night"),
    [(19, 59, False), (20, 0, True), (3, 0, True), (6, 59, True), (7, 0, False)],
)
async def test_nobody_is_written_to_at_night_in_phnom_penh(
    counter: Counter, hour: int, minute: int, is_night: bool
) -> None:
    for chat_id, days in {SOPHEA: 31, MALY: 24, DARA: 2}.items():
        counter.clock.now = datetime(2026, 3, 4, 3, 0, tzinfo=UTC) - timedelta(days=days)
        await counter.leave_draft(chat_id)
    stored = await counter.find_draft(SOPHEA)
    assert stored is not None
    await counter.save(replace(stored, reminded_at=stored.active_at))
    local = datetime(2026, 3, 4, hour, minute, tzinfo=counter.desk.time_zone)
    counter.clock.now = local.astimezone(UTC)
    await tend(counter)

    assert (counter.sent == []) == is_night
    assert (await counter.find_draft(SOPHEA) is not None) == is_night


async def test_whoever_blocked_the_bot_is_sent_nothing_and_still_forgotten(
    counter: Counter,
) -> None:
    await counter.leave_draft(DARA)
    await counter.save(make_contact(DARA, reachable=False))
    for _ in range(30):
        counter.clock.advance(days=1)
        await tend(counter)
        assert counter.sent == []

    assert await counter.count_rows() == {}


async def test_more_drafts_than_go_into_one_transaction_are_all_nudged(counter: Counter) -> None:
    crowd = range(1, 2 * reminders.AT_ONCE + 2)
    await leave_crowd(counter, crowd, make_draft("km", 4))
    counter.clock.advance(days=1)
    await tend(counter)

    assert sorted(call.chat_id for call in counter.sent) == list(crowd)
    await tend(counter)
    assert counter.sent == []


async def test_after_an_outage_the_open_question_is_asked_again_silently_and_once(
    counter: Counter,
) -> None:
    before = await counter.leave_draft(DARA)
    began = counter.clock.advance(minutes=5)
    ended = counter.clock.advance(hours=1)
    await ask_again(counter, began)

    [text] = counter.texts(DARA)
    assert word(counter, "again.outage") in text
    assert word(counter, "ask.category") in text
    assert all(read_parameters(call)["disable_notification"] for call in counter.sent)
    assert await counter.find_draft(DARA) == replace(before, asked_again_at=ended, questions=1)

    await ask_again(counter, began)
    assert counter.sent == []


async def test_a_second_outage_asks_again(counter: Counter) -> None:
    await counter.leave_draft(DARA)
    for _ in range(2):
        began = counter.clock.advance(minutes=5)
        counter.clock.advance(hours=1)
        await ask_again(counter, began)
        assert len(counter.texts(DARA)) == 1


async def test_only_those_in_a_form_the_day_before_an_outage_are_asked_again(
    counter: Counter,
) -> None:
    began = counter.clock.now
    for chat_id, age in {DARA: 23 * HOUR, MALY: 25 * HOUR, SOPHEA: -2 * HOUR}.items():
        counter.clock.now = began - age
        await counter.leave_draft(chat_id)
    await counter.save(make_contact(VANNAK, active_at=began))
    counter.clock.now = began + 2 * HOUR
    await ask_again(counter, began)

    assert {call.chat_id for call in counter.sent} == {DARA}


async def test_whoever_blocked_the_bot_is_not_asked_again(counter: Counter) -> None:
    await counter.leave_draft(DARA)
    await counter.save(make_contact(DARA, reachable=False))
    began = counter.clock.now
    counter.clock.advance(hours=1)
    await ask_again(counter, began)

    assert counter.sent == []


async def test_a_crowd_is_asked_again_in_several_transactions(counter: Counter) -> None:
    crowd = range(1, reminders.AT_ONCE + 1)
    await leave_crowd(counter, crowd, make_draft("en", 2))
    began = counter.clock.now
    counter.clock.advance(hours=1)
    await ask_again(counter, began)

    assert sorted({call.chat_id for call in counter.sent}) == list(crowd)


async def test_an_answer_that_another_process_is_storing_is_not_overwritten(
    postgres_database: Database, desk: Desk, clock: Clock
) -> None:
    other, entered = Counter(postgres_database, desk, clock), asyncio.Event()
    await other.leave_draft(DARA)
    clock.advance(days=1)

    async def answer(uow: UnitOfWork, desk: Desk, person: Person) -> None:
        entered.set()
        await asyncio.sleep(0.2)
        await take_event(uow, desk, person, Started("market"))

    async with open_database(postgres_database.url.render_as_string()) as database:
        counter = Counter(database, desk, clock)
        answering = asyncio.create_task(other.serve(DARA, answer))
        await entered.wait()
        await tend(counter)
        await answering

    stored = await other.find_draft(DARA)
    assert stored is not None
    assert (stored.draft.source, stored.active_at) == ("market", clock.now)
    assert counter.sent == []


async def leave_crowd(counter: Counter, crowd: range, draft: Draft) -> None:
    """Let many people leave their drafts at the same moment."""
    now = counter.clock.now
    await counter.save(
        *(make_contact(chat_id, created_at=now, active_at=now) for chat_id in crowd),
        *(StoredDraft(chat_id, draft, started_at=now, active_at=now) for chat_id in crowd),
    )

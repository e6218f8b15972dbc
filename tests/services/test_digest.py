"""Officers are told what waits."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from db import staff
from db.tables import applications, questions
from db.unit_of_work import UnitOfWork
from domain.outbox import Lane
from domain.staff import Role
from services.digest import find_moment, send_digest
from tests.samples import make_application, make_contact
from tests.services.counter import Counter, read_parameters

BOPHA, RITH, SOPHEA, DARA = 21, 22, 23, 7
ZONE = ZoneInfo("Asia/Phnom_Penh")
HOURS = (8, 16)
EIGHT = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)


async def hire(
    counter: Counter,
    chat_id: int,
    places: Collection[str] | None,
    role: Role = Role.OFFICER,
    **contact: bool,
) -> None:
    async def work(uow: UnitOfWork) -> None:
        uow.save_contact(make_contact(chat_id, locale="en", **contact))
        await staff.add(uow.connection, uow.now, "Bopha", [role], places, chat_id)

    await counter.run(work)


async def receive(counter: Counter, office: str, due_at: datetime) -> None:
    """Let an application and a question come in at an office."""

    async def work(uow: UnitOfWork) -> None:
        uow.save_contact(make_contact(DARA))
        uow.add_application(make_application(DARA))

    async def put(uow: UnitOfWork) -> None:
        row = {"chat_id": DARA, "office": office, "status": "open", "asked_at": uow.now}
        await uow.connection.execute(update(applications).values(office=office, due_at=due_at))
        await uow.connection.execute(questions.insert().values(**row))

    await counter.run(work)
    await counter.run(put)


async def tell(counter: Counter) -> None:
    """Let the timer look once, and keep only what it sends."""
    counter.forget_sent()
    await send_digest(counter.run, counter.desk, HOURS, counter.clock())


async def test_an_officer_is_told_what_waits_in_their_places(counter: Counter) -> None:
    await hire(counter, BOPHA, {"02"})
    await hire(counter, RITH, {"17"})
    await receive(counter, "0203", datetime(2026, 3, 4, 2, 0, tzinfo=UTC))
    counter.clock.now = EIGHT
    await tell(counter)

    [call] = counter.sent
    assert (call.chat_id, call.lane) == (BOPHA, Lane.STAFF)
    words = read_parameters(call)["text"]
    assert "Waiting: <b>1</b>" in words
    assert "answered today: <b>1</b>" in words
    assert "Late: <b>0</b>" in words
    assert "questions: <b>1</b>" in words
    assert "/staff" in words
    assert f"{counter.desk.web_url}/queue" in words


async def test_a_promise_of_today_is_told_in_the_morning_and_once_more_before_it_breaks(
    counter: Counter,
) -> None:
    await hire(counter, BOPHA, None)
    await receive(counter, "0203", datetime(2026, 3, 4, 17, 30, tzinfo=ZONE))
    for hour in HOURS:
        counter.clock.now = datetime(2026, 3, 4, hour, tzinfo=ZONE).astimezone(UTC)
        await tell(counter)
        [call] = counter.sent
        assert "answered today: <b>1</b>" in read_parameters(call)["text"]


async def test_the_queue_is_opened_by_a_button_where_there_is_https(counter: Counter) -> None:
    counter.desk = replace(counter.desk, web_url="https://office.example")
    await hire(counter, BOPHA, None)
    await receive(counter, "0203", EIGHT)
    counter.clock.now = EIGHT
    await tell(counter)
    [[button]] = read_parameters(counter.sent[0])["reply_markup"]["inline_keyboard"]
    assert button == {"text": "Open the queue", "url": "https://office.example/queue"}


async def test_a_digest_comes_once_for_each_hour(counter: Counter) -> None:
    await hire(counter, BOPHA, None)
    await receive(counter, "0203", EIGHT)
    counter.clock.now = EIGHT
    told = []
    for _ in range(17):
        await tell(counter)
        told.append(len(counter.sent))
        counter.clock.advance(minutes=30)
    assert told == [1, *[0] * 15, 1]


async def test_only_active_officers_who_can_be_reached_are_told(counter: Counter) -> None:
    await hire(counter, BOPHA, None, Role.ADMINISTRATOR)
    await hire(counter, RITH, None, reachable=False)
    await hire(counter, SOPHEA, None)
    await receive(counter, "0203", EIGHT)

    async def let_go(uow: UnitOfWork) -> None:
        known = await staff.find_by_chat(uow.connection, SOPHEA)
        assert known is not None
        await staff.save(uow.connection, replace(known, active=False))

    await counter.run(let_go)
    counter.clock.now = EIGHT
    await tell(counter)
    assert counter.sent == []


async def test_nothing_is_said_where_nothing_waits(counter: Counter) -> None:
    await hire(counter, BOPHA, None)
    counter.clock.now = EIGHT
    await tell(counter)
    assert counter.sent == []


@pytest.mark.parametrize(
    ("now", "hour"),
    [
        (datetime(2026, 3, 4, 7, 59, tzinfo=ZONE), None),
        (datetime(2026, 3, 4, 8, 0, tzinfo=ZONE), 8),
        (datetime(2026, 3, 4, 9, 59, tzinfo=ZONE), 8),
        (datetime(2026, 3, 4, 10, 0, tzinfo=ZONE), None),
        (datetime(2026, 3, 4, 16, 30, tzinfo=ZONE), 16),
        (datetime(2026, 3, 7, 8, 0, tzinfo=ZONE), None),
        (datetime(2026, 4, 14, 8, 0, tzinfo=ZONE), None),
    ],
    ids=["early", "in time", "late", "too late", "afternoon", "Saturday", "New Year"],
)
def test_a_digest_has_its_hour_on_working_days(now: datetime, hour: int | None) -> None:
    expected = None if hour is None else now.replace(hour=hour, minute=0)
    assert find_moment(now, HOURS, ZONE) == expected


def test_of_two_hours_close_together_the_later_counts() -> None:
    now = datetime(2026, 3, 4, 9, 10, tzinfo=ZONE)
    assert find_moment(now, (8, 9), ZONE) == now.replace(minute=0)

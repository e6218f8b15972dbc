"""Guests answer where they were asked, wait for a place in their turn, and see what they said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import insert, update

from db import notices
from db.tables import recipients
from db.unit_of_work import UnitOfWork
from domain.notice_content import ButtonKind, Content, NoticeButton, write_content
from domain.notices import Notice, Topic
from domain.outbox import Lane
from domain.recipients import Status as RecipientStatus
from domain.replies import Tap
from services import notice_taps, places
from services.campaign_changes import change_campaign
from services.campaigns import UnsoundPlan
from services.rsvp import answer_invitation, ask_to_stop
from services.topics import take_choice
from tests.event_plan import PLAN, make_plan
from tests.services.counter import Counter, list_labels
from tests.services.event_days import (
    BORA,
    CHAN,
    DARA,
    DAY_BEFORE,
    SOKHA,
    answer,
    count,
    hire,
    invite,
    invite_all,
    list_notices,
    list_reminders,
    plan,
    queue,
    read_ledger,
    receive,
    remind,
    tend,
    tend_all,
)
from tests.services.office import Bureau, make_case_file

MESSAGE = 777
FREE = "a place has become free"


async def say_yes(counter: Counter, campaign_id: int, *chats: int) -> None:
    """Let some say that they come, one after the other and all in one moment."""
    for chat_id in chats:
        await answer(counter, chat_id, campaign_id, coming=True)


async def press(
    counter: Counter, chat_id: int, campaign_id: int, *, coming: bool, message_id: int = MESSAGE
) -> list[str]:
    """Press an answer under a message, and list what is on its buttons then."""
    counter.forget_sent()
    say = partial(answer_invitation, tap_id="tap", choice=str(campaign_id), coming=coming)
    await counter.serve(chat_id, partial(say, message_id=message_id))
    edits = [one for one in counter.sent if one.method == "editMessageReplyMarkup"]
    return [label for one in edits for label in list_labels(one)]


async def tell_of_places(counter: Counter) -> None:
    """Let the clock look, which tells who waited of their places."""
    await tend(counter, counter.clock.now)


async def note_message(counter: Counter, chat_id: int) -> None:
    """Let Telegram have told the id of the message that a chat got."""
    known = update(recipients).where(recipients.c.chat_id == chat_id).values(message_id=MESSAGE)

    async def work(uow: UnitOfWork) -> None:
        await uow.connection.execute(known)

    await counter.run(work)


async def test_who_finds_no_place_waits_for_one_in_turn(bureau: Bureau) -> None:
    counter = bureau.counter
    _, campaign_id = await invite_all(bureau, SOKHA, DARA, CHAN, BORA)
    await say_yes(counter, campaign_id, SOKHA, DARA, CHAN, BORA)
    waiting = {one: "waiting list" in counter.texts(one)[0] for one in (SOKHA, DARA, CHAN, BORA)}
    assert waiting == {SOKHA: False, DARA: False, CHAN: True, BORA: True}
    assert counter.toasts[-1] == "All places are taken: you are on the waiting list."
    counter.forget_sent()
    await answer(counter, SOKHA, campaign_id, coming=False)
    await tell_of_places(counter)
    assert [FREE in text for text in counter.texts(CHAN)] == [True]
    assert counter.texts(BORA) == []
    counter.forget_sent()
    await answer(counter, BORA, campaign_id, coming=False)
    await tell_of_places(counter)
    assert [counter.texts(one) for one in (DARA, CHAN, BORA)] == [[], [], []]
    await say_yes(counter, campaign_id, SOKHA)
    assert "waiting list" in counter.texts(SOKHA)[0]


async def test_who_says_yes_again_keeps_their_turn(bureau: Bureau) -> None:
    counter = bureau.counter
    _, campaign_id = await invite_all(bureau, SOKHA, DARA, capacity=1)
    await say_yes(counter, campaign_id, SOKHA, DARA, SOKHA)
    counter.forget_sent()
    await answer(counter, SOKHA, campaign_id, coming=False)
    await tell_of_places(counter)
    assert FREE in counter.texts(DARA)[0]


async def test_more_places_are_for_those_who_waited(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id = await invite_all(bureau, SOKHA, DARA, CHAN, capacity=1)
    await say_yes(counter, campaign_id, SOKHA, DARA, CHAN)
    counter.forget_sent()
    await bureau.act(change_campaign, actor, campaign_id, make_plan(capacity=2))
    await tell_of_places(counter)
    assert [FREE in text for text in counter.texts(DARA)] == [True]
    assert [counter.texts(one) for one in (SOKHA, CHAN)] == [[], []]


async def wait_for_more_room(bureau: Bureau, *chats: int) -> int:
    """Let some find all places taken, and then have room for everybody."""
    counter = bureau.counter
    actor, campaign_id = await invite_all(bureau, SOKHA, *chats, capacity=1)
    await say_yes(counter, campaign_id, SOKHA, *chats)
    counter.forget_sent()
    await bureau.act(change_campaign, actor, campaign_id, make_plan(capacity=None))
    return campaign_id


async def test_many_who_move_up_are_told_one_by_one_behind_all_answers(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "AT_ONCE", 2)
    counter, chats = bureau.counter, range(100, 105)
    await wait_for_more_room(bureau, *chats)
    assert counter.sent == []
    await tell_of_places(counter)
    await tell_of_places(counter)
    assert [one.chat_id for one in counter.sent] == list(chats)
    assert {one.lane for one in counter.sent} == {Lane.BULK}


@pytest.mark.parametrize(("day", "is_told"), [(5, False), (9, True)])
async def test_nobody_is_woken_for_a_place_unless_the_day_is_near(
    bureau: Bureau, day: int, is_told: bool
) -> None:
    counter = bureau.counter
    await wait_for_more_room(bureau, DARA)
    await tend(counter, datetime(2026, 3, day, 19, 0, tzinfo=UTC))
    assert bool(counter.texts(DARA)) is is_told
    counter.forget_sent()
    await tend(counter, datetime(2026, 3, day + 1, 0, 0, tzinfo=UTC))
    assert bool(counter.texts(DARA)) is not is_told


async def test_who_has_switched_their_own_matters_off_is_not_told_of_a_place(
    bureau: Bureau,
) -> None:
    counter = bureau.counter
    await wait_for_more_room(bureau, DARA, CHAN)
    await counter.serve(DARA, partial(take_choice, tap_id="t", choice="all.off", message_id=None))
    counter.forget_sent()
    await tell_of_places(counter)
    assert [bool(counter.texts(one)) for one in (DARA, CHAN)] == [False, True]


async def test_who_asks_again_for_a_place_is_answered_at_once_and_not_told_twice(
    bureau: Bureau,
) -> None:
    counter = bureau.counter
    campaign_id = await wait_for_more_room(bureau, DARA)
    await say_yes(counter, campaign_id, DARA)
    assert ["look forward to seeing you" in text for text in counter.texts(DARA)] == [True]
    assert counter.sent[0].lane is Lane.REPLY
    counter.forget_sent()
    await tell_of_places(counter)
    assert counter.texts(DARA) == []


async def test_nobody_loses_a_place_that_was_promised(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id = await invite_all(bureau, SOKHA, DARA, CHAN, capacity=2)
    await say_yes(counter, campaign_id, SOKHA, DARA, CHAN)
    with pytest.raises(UnsoundPlan, match="capacity_promised"):
        await bureau.act(change_campaign, actor, campaign_id, make_plan(capacity=1))
    await answer(counter, SOKHA, campaign_id, coming=False)
    await answer(counter, DARA, campaign_id, coming=False)
    await bureau.act(change_campaign, actor, campaign_id, make_plan(capacity=1))


async def test_who_waits_is_not_reminded(bureau: Bureau) -> None:
    counter = bureau.counter
    _, campaign_id = await invite_all(bureau, SOKHA, DARA, capacity=1)
    await say_yes(counter, campaign_id, SOKHA, DARA)
    assert await remind(counter, campaign_id) == {SOKHA: "queued"}


async def test_who_cannot_come_gets_no_reminder_that_was_made_before(bureau: Bureau) -> None:
    counter = bureau.counter
    _, campaign_id = await invite_all(bureau, SOKHA, DARA)
    await say_yes(counter, campaign_id, SOKHA, DARA)
    await remind(counter, campaign_id)
    await answer(counter, SOKHA, campaign_id, coming=False)
    await answer(counter, SOKHA, campaign_id, coming=True)
    await tend_all(counter)
    made = (await list_reminders(counter, campaign_id))[1]
    assert made.notice_id is not None
    ledger = await read_ledger(counter, made.notice_id)
    assert ledger == {SOKHA: "cancelled", DARA: "queued"}


@pytest.mark.parametrize("status", ["queued", "failed", "cancelled", "expired", "opted_out"])
async def test_nobody_answers_whom_no_notice_of_the_day_has_reached(
    bureau: Bureau, status: str
) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    await receive(bureau, SOKHA, DARA)
    campaign_id = await plan(bureau, actor)
    await answer(counter, SOKHA, campaign_id, coming=True)
    await queue(counter, await invite(bureau, actor, campaign_id), DARA, status)
    await answer(counter, DARA, campaign_id, coming=True)
    assert counter.toasts[-1] is not None
    assert "only for those who received" in counter.toasts[-1]
    assert await counter.count_rows("attendances") == {}


async def test_a_notice_of_anybodys_that_asks_is_answered_too(bureau: Bureau) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    await receive(bureau, SOKHA, DARA)
    campaign_id, other = await plan(bureau, actor), await plan(bureau, actor, make_plan(code="b-b"))
    asks = NoticeButton(ButtonKind.RSVP, str(campaign_id))
    content = write_content(Content("ខ្មែរ", "English", buttons=(asks,)))

    async def send(uow: UnitOfWork) -> None:
        written = Notice(0, actor.staff.id, Topic.BENEFITS, content=content)
        notice_id = await notices.add(uow.connection, written, "Title", uow.now)
        row = {"notice_id": notice_id, "chat_id": SOKHA, "status": "uncertain"}
        await uow.connection.execute(insert(recipients).values(queued_at=uow.now, **row))

    await counter.run(send)
    await answer(counter, SOKHA, other, coming=True)
    assert await counter.count_rows("attendances") == {}
    await answer(counter, SOKHA, campaign_id, coming=True)
    assert (await count(counter, campaign_id))["coming"] == 1


async def test_whom_a_poster_brought_may_answer(bureau: Bureau) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    campaign_id = await plan(bureau, actor)
    made = make_case_file(SOKHA)
    brought = replace(made.registration, source="btb-2026_market")
    await bureau.receive(replace(made, registration=brought))
    await answer(counter, SOKHA, campaign_id, coming=True)
    assert (await count(counter, campaign_id))["coming"] == 1


async def test_the_message_shows_what_was_answered(bureau: Bureau) -> None:
    counter = bureau.counter
    _, campaign_id = await invite_all(bureau, SOKHA)
    await note_message(counter, SOKHA)
    stop = "🔕 Stop such messages"
    yes = await press(counter, SOKHA, campaign_id, coming=True)
    assert yes == ["✓ I am coming", "🎫 My QR code", "I cannot come", stop]
    no = await press(counter, SOKHA, campaign_id, coming=False)
    assert no == ["✓ I am not coming", "✅ I am coming after all", stop]
    assert await press(counter, SOKHA, campaign_id, coming=True, message_id=5) == []
    [invitation] = await list_notices(counter, campaign_id)
    counter.forget_sent()
    tap = partial(notice_taps.take_tap, tap=Tap("notice", "stop", str(invitation.id)))
    await counter.serve(SOKHA, partial(tap, tap_id="tap", message_id=MESSAGE))
    assert list_labels(counter.sent[0])[:3] == yes[:3]


async def test_who_waits_sees_it_under_the_invitation(bureau: Bureau) -> None:
    counter = bureau.counter
    _, campaign_id = await invite_all(bureau, SOKHA, DARA, capacity=1)
    await say_yes(counter, campaign_id, DARA)
    labels = await press(counter, SOKHA, campaign_id, coming=True)
    assert labels[:2] == ["✓ On the waiting list", "I cannot come"]


async def test_two_taps_under_a_reminder_end_the_reminders_of_that_day_alone(
    bureau: Bureau,
) -> None:
    counter = bureau.counter
    _, campaign_id = await invite_all(bureau, SOKHA)
    await say_yes(counter, campaign_id, SOKHA)
    await remind(counter, campaign_id)
    made = (await list_reminders(counter, campaign_id))[1]
    assert made.notice_id is not None
    await counter.run(partial(deliver_to, notice_id=made.notice_id))
    yes = await press(counter, SOKHA, campaign_id, coming=True)
    quiet = "🔕 Do not remind me of this day"
    assert yes == ["✓ I am coming", "🎫 My QR code", "I cannot come", quiet]
    for sure, labels in (
        (True, ["I am not coming: no more reminders", "I am coming: keep reminding me"]),
        (False, yes),
    ):
        counter.forget_sent()
        ask = partial(ask_to_stop, tap_id="tap", choice=str(campaign_id), sure=sure)
        await counter.serve(SOKHA, partial(ask, message_id=MESSAGE))
        assert list_labels(counter.sent[0]) == labels
    await press(counter, SOKHA, campaign_id, coming=False)
    await tend(counter, datetime(2026, 3, 10, 0, 30, tzinfo=UTC))
    await tend_all(counter)
    last = (await list_reminders(counter, campaign_id))[2]
    assert last.notice_id is not None
    assert await read_ledger(counter, last.notice_id) == {}
    assert await counter.count_rows("opt_outs") == {}


async def deliver_to(uow: UnitOfWork, notice_id: int) -> None:
    of_this = recipients.c.notice_id == notice_id
    sent = {"status": RecipientStatus.SENT.value, "message_id": MESSAGE, "settled_at": uow.now}
    await uow.connection.execute(update(recipients).where(of_this).values(**sent))


@pytest.mark.parametrize(("now", "is_promised"), [(DAY_BEFORE, True), (None, False)])
async def test_a_reminder_is_promised_only_while_one_is_left(
    bureau: Bureau, now: datetime | None, is_promised: bool
) -> None:
    counter = bureau.counter
    _, campaign_id = await invite_all(bureau, SOKHA)
    await tend(counter, now or PLAN.starts_at + timedelta(minutes=1))
    await answer(counter, SOKHA, campaign_id, coming=True)
    assert ("We will remind you" in counter.texts(SOKHA)[0]) is is_promised


async def test_no_chat_sees_the_buttons_of_what_it_did_not_get(bureau: Bureau) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    await receive(bureau, SOKHA, DARA)
    campaign_id = await plan(bureau, actor)
    notice_id = await invite(bureau, actor, campaign_id)
    await receive(bureau, CHAN)
    for chat_id, status in ((SOKHA, "queued"), (DARA, "failed"), (CHAN, "")):
        await queue(counter, notice_id, chat_id, status or "sent")
        for question in ("apply", "answer", "stop", "keep", "stop_meant", "again"):
            counter.forget_sent()
            tap = Tap("notice", question, str(notice_id))
            take = partial(notice_taps.take_tap, tap=tap, tap_id="tap", message_id=5)
            await counter.serve(chat_id, take)
            assert counter.sent == []
            assert "only for those who received" in str(counter.toasts)
    assert await counter.count_rows("drafts", "opt_outs") == {}

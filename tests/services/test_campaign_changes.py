"""When an event day is moved or called off, everybody who counts on it is told, once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from db import notices, staff
from db.tables import recipients
from db.unit_of_work import UnitOfWork
from domain.audiences import Audience, Field, Filter, read_audience
from domain.campaigns import Occasion
from domain.notice_content import Content, check_content, read_content, write_content
from domain.notices import Status, Topic
from domain.recipients import is_capped
from domain.staff import Role
from services.campaign_changes import cancel_campaign, change_campaign
from services.campaign_notices import draft_invitation
from tests.event_plan import PLAN, approve, make_plan
from tests.services.event_days import (
    BORA,
    CHAN,
    DARA,
    SOKHA,
    answer,
    count,
    find_notice,
    get_news,
    has_answers,
    hire,
    invite_four,
    list_news,
    list_notices,
    list_reminders,
    plan,
    put,
    queue,
    read_ledger,
    read_told,
    receive,
    tend,
    tend_all,
    widen,
)
from tests.services.office import Bureau

LATER = make_plan(
    held_on=PLAN.held_on + timedelta(days=5),
    starts_at=PLAN.starts_at + timedelta(days=5),
)
LATEST = replace(LATER, starts_at=LATER.starts_at + timedelta(hours=1))


async def settle(uow: UnitOfWork, notice_id: int, became: str = "sent") -> None:
    """Have a notice sent to everybody who is queued for it."""
    of_this = recipients.c.notice_id == notice_id
    sent = recipients.update().where(of_this).values(status=became, settled_at=uow.now)
    await uow.connection.execute(sent)


async def test_who_counts_on_a_day_is_told_that_it_is_called_off(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id, invitation = await invite_four(bureau)
    before = await count(counter, campaign_id)
    await bureau.act(cancel_campaign, actor, campaign_id)
    news = await get_news(counter, campaign_id)
    assert await read_told(counter, campaign_id) == {SOKHA: "queued", CHAN: "queued"}
    content = read_content(news.notice.content)
    assert check_content(content) == []
    assert not has_answers(content)
    for words in ("called off", PLAN.name_en, "10 March 2026, 08:00", PLAN.venue_en, "sorry"):
        assert words in content.text_en
    for words in ("លុបចោល", PLAN.name_km, PLAN.venue_km, "សូមអភ័យទោស"):
        assert words in content.text_km
    assert (news.notice.status, news.notice.author) == (Status.SENDING, actor.staff.id)
    assert not is_capped(news.notice.topic, news.notice.emergency)
    assert news.notice.send_by == datetime(2026, 3, 10, 17, 0, tzinfo=UTC)
    assert (await read_ledger(counter, invitation))[BORA] == "cancelled"
    assert await count(counter, campaign_id) == before
    await tend_all(counter)
    assert len(await read_told(counter, campaign_id)) == 2
    events = [one.event for one in await bureau.list_events(f"campaign:{campaign_id}")]
    [event] = [one for one in events if one.act == "tell_guests"]
    ids = [one.id for one in await list_news(counter, campaign_id)]
    assert event.details == {"notices": ids, "guests": 2}


async def test_news_are_for_those_who_counted_on_the_day_then(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id, _ = await invite_four(bureau)
    await bureau.act(change_campaign, actor, campaign_id, LATER)
    news = await get_news(counter, campaign_id)
    await answer(counter, DARA, campaign_id, coming=True)
    counter.clock.advance(minutes=10)
    await tend_all(counter)
    assert await read_told(counter, campaign_id) == {SOKHA: "queued", CHAN: "queued"}
    await counter.run(partial(settle, notice_id=news.id))
    await tend_all(counter)
    assert (await find_notice(counter, news.id)).notice.status is Status.COMPLETED


async def test_a_called_off_day_stops_what_somebody_queued_again(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id, invitation = await invite_four(bureau)
    await counter.run(partial(put, notice_id=invitation, status=Status.COMPLETED))
    await bureau.act(cancel_campaign, actor, campaign_id)
    assert (await read_ledger(counter, invitation))[BORA] == "cancelled"
    assert (await find_notice(counter, invitation)).notice.status is Status.CANCELLED


@pytest.mark.parametrize(
    ("became", "stands"), [("sent", Status.COMPLETED), ("uncertain", Status.CANCELLED)]
)
async def test_an_invitation_to_a_called_off_day_is_sent_to_nobody_again(
    bureau: Bureau, became: str, stands: Status
) -> None:
    counter = bureau.counter
    actor, campaign_id, invitation = await invite_four(bureau)
    await counter.run(partial(settle, notice_id=invitation, became=became))
    await counter.run(partial(put, notice_id=invitation, status=Status.COMPLETED))
    await bureau.act(cancel_campaign, actor, campaign_id)
    assert (await find_notice(counter, invitation)).notice.status is stands


async def test_guests_are_told_wherever_they_live(bureau: Bureau) -> None:
    counter, country = bureau.counter, await bureau.hire("សុខ", (Role.CAMPAIGN_MANAGER,), None)
    await receive(bureau, SOKHA)
    campaign_id = await plan(bureau, country, make_plan(place="0201"))
    notice_id = await bureau.act(draft_invitation, country, campaign_id)
    await counter.run(partial(widen, notice_id=notice_id))
    await counter.run(partial(approve, notice_id=notice_id, approver=(await hire(bureau)).staff.id))
    await tend_all(counter)
    await queue(counter, notice_id, SOKHA, "sent")
    await bureau.act(cancel_campaign, await hire(bureau, "0201"), campaign_id)
    assert await read_told(counter, campaign_id) == {SOKHA: "queued"}


@pytest.mark.parametrize(
    ("now", "at_once"),
    [
        (datetime(2026, 3, 8, 16, 0, tzinfo=UTC), False),
        (datetime(2026, 3, 9, 16, 0, tzinfo=UTC), True),
    ],
)
async def test_only_what_would_come_too_late_is_said_at_night(
    bureau: Bureau, now: datetime, at_once: bool
) -> None:
    actor, campaign_id, _ = await invite_four(bureau)
    bureau.counter.clock.now = now
    await bureau.act(cancel_campaign, actor, campaign_id)
    assert (await get_news(bureau.counter, campaign_id)).notice.emergency is at_once


async def test_who_was_never_invited_is_told_nothing(bureau: Bureau) -> None:
    actor = await hire(bureau)
    await receive(bureau, SOKHA)
    campaign_id = await plan(bureau, actor)
    await bureau.act(draft_invitation, actor, campaign_id)
    await bureau.act(change_campaign, actor, campaign_id, LATER)
    await bureau.act(cancel_campaign, actor, campaign_id)
    occasions = [one.occasion for one in await list_notices(bureau.counter, campaign_id)]
    assert occasions == [Occasion.INVITATION]


async def test_who_counts_on_a_day_is_told_where_it_has_moved(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id, invitation = await invite_four(bureau)
    await bureau.act(change_campaign, actor, campaign_id, LATER)
    news = await get_news(counter, campaign_id)
    assert await read_told(counter, campaign_id) == {SOKHA: "queued", CHAN: "queued"}
    content = read_content(news.notice.content)
    assert check_content(content) == []
    assert has_answers(content)
    old, new = content.text_en.split("Now:")
    assert "10 March 2026, 08:00" in old
    assert PLAN.venue_en in old
    assert "15 March 2026, 08:00" in new
    assert PLAN.venue_en in new
    assert (news.notice.topic, news.notice.emergency) == (Topic.MY_APPLICATION, False)
    assert news.notice.send_by == datetime(2026, 3, 15, 17, 0, tzinfo=UTC)
    assert (await read_ledger(counter, invitation))[BORA] == "cancelled"
    assert (await find_notice(counter, invitation)).notice.status is Status.CANCELLED
    await answer(counter, CHAN, campaign_id, coming=True)
    assert "15 March" in counter.texts(CHAN)[0]


async def test_the_same_day_with_more_places_is_no_news(bureau: Bureau) -> None:
    actor, campaign_id, _ = await invite_four(bureau)
    await bureau.act(change_campaign, actor, campaign_id, make_plan(capacity=900))
    assert len(await list_notices(bureau.counter, campaign_id)) == 1


async def test_reminders_follow_the_day_to_its_new_date(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id, _ = await invite_four(bureau)
    await tend(counter, datetime(2026, 3, 7, 2, 0, tzinfo=UTC))
    [first, *_] = await list_reminders(counter, campaign_id)
    await bureau.act(change_campaign, actor, campaign_id, LATER)
    moved = await list_reminders(counter, campaign_id)
    assert [(one.status, one.reminder.due_at.day) for one in moved] == [
        ("pending", 12),
        ("pending", 14),
        ("pending", 15),
    ]
    assert (await find_notice(counter, first.notice_id)).notice.status is Status.CANCELLED
    await tend(counter, datetime(2026, 3, 12, 2, 0, tzinfo=UTC))
    assert (await list_reminders(counter, campaign_id))[0].status == "made"


async def test_a_reminder_that_is_due_gives_way_to_the_news(bureau: Bureau) -> None:
    actor, campaign_id, _ = await invite_four(bureau, LATER)
    bureau.counter.clock.now = datetime(2026, 3, 8, 3, 0, tzinfo=UTC)
    await bureau.act(change_campaign, actor, campaign_id, PLAN)
    kinds = [one.reminder.kind for one in await list_reminders(bureau.counter, campaign_id)]
    assert kinds == ["day_before", "morning"]


async def test_a_second_move_takes_the_place_of_the_first(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id, _ = await invite_four(bureau)
    await bureau.act(change_campaign, actor, campaign_id, LATER)
    first = {one.id for one in await list_news(counter, campaign_id)}
    await bureau.act(change_campaign, actor, campaign_id, LATEST)
    news = await list_news(counter, campaign_id)
    became = {one.id: set((await read_ledger(counter, one.id)).values()) for one in news}
    assert [became[one.id] for one in news if one.id in first] == [{"cancelled"}] * 2
    assert await read_told(counter, campaign_id) == {SOKHA: "queued", CHAN: "queued"}


async def test_an_approved_invitation_to_the_old_day_goes_back_to_its_author(
    bureau: Bureau,
) -> None:
    actor = await hire(bureau)
    campaign_id = await plan(bureau, actor)
    notice_id = await bureau.act(draft_invitation, actor, campaign_id)
    approver = (await hire(bureau)).staff.id
    await bureau.counter.run(partial(approve, notice_id=notice_id, approver=approver))
    await bureau.act(change_campaign, actor, campaign_id, LATER)
    stored = await find_notice(bureau.counter, notice_id)
    assert (stored.notice.status, stored.notice.approvals) == (Status.DRAFT, ())
    assert (stored.approved_at, stored.notice.send_by) == (None, LATER.starts_at)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.PENDING_APPROVAL, Status.APPROVED])
async def test_what_was_not_sent_names_the_new_day(bureau: Bureau, status: Status) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    campaign_id = await plan(bureau, actor)
    notice_id = await bureau.act(draft_invitation, actor, campaign_id)
    before = (await find_notice(counter, notice_id)).notice

    async def submit(uow: UnitOfWork) -> None:
        await notices.save(uow.connection, replace(before, status=status))

    await counter.run(submit)
    await bureau.act(change_campaign, actor, campaign_id, LATER)
    stored = await find_notice(counter, notice_id)
    assert stored.notice.status is Status.DRAFT
    assert stored.notice.version == before.version + 1
    content = read_content(stored.notice.content)
    assert "15 March 2026, 08:00" in content.text_en
    assert "១៥ ខែមីនា" in content.text_km
    assert "10 March" not in content.text_en
    assert "{given_name}" in content.text_en


async def test_what_was_worded_anew_and_not_sent_is_stopped_and_its_author_told(
    bureau: Bureau,
) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    author = await bureau.hire("សុខ", (Role.CAMPAIGN_MANAGER,))

    async def reword(uow: UnitOfWork) -> None:
        await staff.save(uow.connection, replace(author.staff, chat_id=900))
        stored = await notices.find(uow.connection, notice_id)
        assert stored is not None
        words = Content("ថ្ងៃទី១០ មីនា", "Come on 10 March")
        reworded = replace(stored.notice, content=write_content(words))
        await notices.save(uow.connection, reworded)

    campaign_id = await plan(bureau, actor)
    notice_id = await bureau.act(draft_invitation, author, campaign_id)
    await counter.run(reword)
    await bureau.act(change_campaign, actor, campaign_id, LATER)
    assert (await find_notice(counter, notice_id)).notice.status is Status.CANCELLED
    assert ["ត្រូវបានបញ្ឈប់" in text for text in counter.texts(900)] == [True]


@pytest.mark.parametrize("status", [Status.PENDING_APPROVAL, Status.APPROVED])
@pytest.mark.parametrize("is_reworded", [False, True])
async def test_a_new_name_is_approved_anew_with_the_reminders_that_bear_it(
    bureau: Bureau, status: Status, is_reworded: bool
) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    campaign_id = await plan(bureau, actor)
    notice_id = await bureau.act(draft_invitation, actor, campaign_id)
    before = (await find_notice(counter, notice_id)).notice
    words = write_content(Content("សូមអញ្ជើញ", "Please come"))
    asked = replace(before, status=status, content=words if is_reworded else before.content)
    await counter.run(lambda uow: notices.save(uow.connection, asked))
    named = make_plan(name_en="Another name", name_km="ឈ្មោះថ្មី")
    await bureau.act(change_campaign, actor, campaign_id, named)
    after = (await find_notice(counter, notice_id)).notice
    assert (after.status, after.version) == (Status.DRAFT, before.version + 1)
    assert ("Another name" in read_content(after.content).text_en) is not is_reworded


async def test_a_day_that_nobody_knew_of_takes_all_its_reminders_along(bureau: Bureau) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    campaign_id = await plan(bureau, actor)
    await tend(counter, datetime(2026, 3, 9, 3, 0, tzinfo=UTC))
    await bureau.act(change_campaign, actor, campaign_id, LATER)
    statuses = [one.status for one in await list_reminders(counter, campaign_id)]
    assert statuses == ["pending"] * 3


async def test_a_changed_plan_reminds_of_nothing_twice(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id, _ = await invite_four(bureau)
    await tend(counter, datetime(2026, 3, 7, 2, 0, tzinfo=UTC))
    await bureau.act(change_campaign, actor, campaign_id, make_plan(capacity=900))
    statuses = [one.status for one in await list_reminders(counter, campaign_id)]
    assert statuses == ["made", "pending", "pending"]


async def test_a_second_invitation_spares_the_guests_of_the_first(bureau: Bureau) -> None:
    actor, campaign_id, _ = await invite_four(bureau)
    await bureau.act(change_campaign, actor, campaign_id, LATER)
    drafted = await find_notice(
        bureau.counter, await bureau.act(draft_invitation, actor, campaign_id)
    )
    place = Filter(Field.PLACE, (PLAN.place,))
    guests = Filter(Field.GUEST, (PLAN.code,))
    assert read_audience(drafted.notice.audience) == Audience((place,), (guests,))
    assert "15 March 2026" in read_content(drafted.notice.content).text_en

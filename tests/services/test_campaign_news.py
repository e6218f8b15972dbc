"""Guests are told at once what was approved; other words wait for somebody who reads them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from db import campaigns, staff
from db.notices import StoredNotice
from db.unit_of_work import UnitOfWork
from domain.campaigns import Plan
from domain.notice_content import Content, read_content
from domain.notices import Status, Topic
from domain.staff import Role
from services import notices as acts
from services.around import stop_notices
from services.campaign_changes import cancel_campaign, change_campaign
from services.campaign_news import MOST_TOLD
from services.desk import Actor, Desk, Person
from services.event_links import open_link
from services.notice_samples import count_reach
from services.notice_writing import Written, edit
from services.topics import take_choice
from tests.event_plan import PLAN, make_plan
from tests.services.event_days import (
    CHAN,
    SOKHA,
    answer,
    draw_poster,
    find_notice,
    get,
    hire,
    invite_all,
    invite_four,
    list_news,
    list_reminders,
    plan,
    read_ledger,
    read_told,
    receive,
    remind,
    tend,
    tend_all,
)
from tests.services.office import Bureau

VENUES = {"venue_en": "Market hall", "venue_km": "សាលាផ្សារ"}
ELSEWHERE = make_plan(**VENUES)
NIGHT = datetime(2026, 3, 4, 19, 0, tzinfo=UTC)


def put_off(minutes: int, **changed: str) -> Plan:
    return make_plan(starts_at=PLAN.starts_at + timedelta(minutes=minutes), **changed)


async def show_poster(bureau: Bureau, actor: Actor, planned: Plan = PLAN) -> int:
    """Make a day known by its poster alone to one who says that they come, and give its id."""
    counter = bureau.counter
    await receive(bureau, SOKHA)
    campaign_id = await plan(bureau, actor, planned)
    await draw_poster(counter, actor, await get(counter, campaign_id))
    await counter.serve(SOKHA, partial(open_link, source=PLAN.code))
    await answer(counter, SOKHA, campaign_id, coming=True)
    return campaign_id


async def approve_all(bureau: Bureau, news: list[StoredNotice]) -> None:
    """Have all news approved by two who had no part in them, and begin to be sent."""
    for _ in range(2):
        reader = await bureau.hire("សុខ", (Role.ADMINISTRATOR,), None)
        for one in news:
            now = (await find_notice(bureau.counter, one.id)).notice
            if now.status is Status.PENDING_APPROVAL:
                await bureau.act(acts.approve, reader, one.id, now.version)
    bureau.counter.clock.advance(minutes=30)
    await tend_all(bureau.counter)


async def test_a_new_venue_is_told_once_somebody_has_approved_its_words(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id, _ = await invite_four(bureau)
    await bureau.act(change_campaign, actor, campaign_id, ELSEWHERE)
    news = await list_news(counter, campaign_id)
    assert [one.notice.status for one in news] == [Status.PENDING_APPROVAL] * 2
    assert all("Market hall" in read_content(one.notice.content).text_en for one in news)
    await answer(counter, CHAN, campaign_id, coming=True)
    assert PLAN.venue_en in counter.texts(CHAN)[0]
    assert "Market hall" not in counter.texts(CHAN)[0]
    await approve_all(bureau, news)
    assert await read_told(counter, campaign_id) == {SOKHA: "queued", CHAN: "queued"}
    assert (await get(counter, campaign_id)).known == ELSEWHERE


async def test_reminders_name_the_venue_that_was_approved(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id, _ = await invite_four(bureau)
    await bureau.act(change_campaign, actor, campaign_id, ELSEWHERE)
    await tend(counter, datetime(2026, 3, 7, 3, 0, tzinfo=UTC))
    first = (await list_reminders(counter, campaign_id))[0]
    text = read_content((await find_notice(counter, first.notice_id)).notice.content).text_en
    assert PLAN.venue_en in text
    assert "Market hall" not in text


async def test_another_hour_is_told_at_once_in_words_that_were_approved(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id, _ = await invite_four(bureau)
    moved = put_off(60, venue_en="Pay the clerk", venue_km="សូមបង់ប្រាក់")
    await bureau.act(change_campaign, actor, campaign_id, moved)
    news = await list_news(counter, campaign_id)
    said = [(one.notice.status, read_content(one.notice.content).text_en) for one in news]
    at_once = [text for status, text in said if status is Status.SENDING]
    assert len(at_once) == 2
    assert all("09:00" in text and "Pay the clerk" not in text for text in at_once)
    await bureau.act(cancel_campaign, actor, campaign_id)
    called_off = (await list_news(counter, campaign_id))[-1]
    assert called_off.notice.status is Status.SENDING
    assert "Pay the clerk" not in read_content(called_off.notice.content).text_en


@pytest.mark.parametrize("is_put_back", [False, True])
async def test_news_of_an_hour_go_on_when_the_venue_changes_after_it(
    bureau: Bureau, is_put_back: bool
) -> None:
    counter = bureau.counter
    actor, campaign_id, _ = await invite_four(bureau)
    await bureau.act(change_campaign, actor, campaign_id, put_off(60))
    news = await list_news(counter, campaign_id)
    await bureau.act(change_campaign, actor, campaign_id, put_off(60, **VENUES))
    if is_put_back:
        await bureau.act(change_campaign, actor, campaign_id, put_off(60))
    await tend_all(counter)
    after = [(await find_notice(counter, one.id)).notice.status for one in news]
    assert after == [Status.SENDING] * 2
    assert await read_told(counter, campaign_id) == {SOKHA: "queued", CHAN: "queued"}


async def test_a_reminder_on_its_way_goes_on_when_the_venue_changes(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id, _ = await invite_four(bureau)
    assert await remind(counter, campaign_id) == {SOKHA: "queued"}
    await bureau.act(change_campaign, actor, campaign_id, ELSEWHERE)
    [made] = [one for one in await list_reminders(counter, campaign_id) if one.status == "made"]
    assert made.notice_id is not None
    assert await read_ledger(counter, made.notice_id) == {SOKHA: "queued"}
    assert (await find_notice(counter, made.notice_id)).notice.status is Status.SENDING


async def test_who_never_said_yes_keeps_what_they_chose(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id, _ = await invite_four(bureau)

    async def stop(uow: UnitOfWork, desk: Desk, person: Person) -> None:
        stop_notices(uow, desk, person)

    await counter.serve(SOKHA, stop)
    switch_off = partial(take_choice, tap_id="tap", choice="campaigns.off", message_id=None)
    await counter.serve(CHAN, switch_off)
    await bureau.act(change_campaign, actor, campaign_id, put_off(60))
    assert await read_told(counter, campaign_id) == {SOKHA: "queued"}


@pytest.mark.parametrize("day", [4, 9])
async def test_only_who_said_yes_to_a_day_that_is_near_is_woken(bureau: Bureau, day: int) -> None:
    counter = bureau.counter
    actor, campaign_id, _ = await invite_four(bureau)
    counter.clock.now = NIGHT.replace(day=day)
    early = make_plan(starts_at=NIGHT.replace(day=9) + timedelta(minutes=30))
    await bureau.act(change_campaign, actor, campaign_id, early)
    urgent = {one.notice.topic: one.notice.emergency for one in await list_news(counter, 1)}
    assert urgent == {Topic.MY_APPLICATION: day == 9, Topic.CAMPAIGNS: False}


async def test_moves_that_follow_each_other_wait_for_somebody_elses_agreement(
    bureau: Bureau,
) -> None:
    counter = bureau.counter
    actor, campaign_id, _ = await invite_four(bureau)
    for times in range(1, MOST_TOLD + 2):
        await bureau.act(change_campaign, actor, campaign_id, put_off(10 * times))
        counter.clock.advance(minutes=15)
    news = await list_news(counter, campaign_id)
    assert [one.notice.status for one in news[-2:]] == [Status.PENDING_APPROVAL] * 2
    assert [one.approved_at is not None for one in news] == [True] * 2 * MOST_TOLD + [False] * 2


@pytest.mark.parametrize("is_called_off", [False, True])
async def test_of_a_day_that_nobody_approved_nothing_is_sent_unread(
    bureau: Bureau, is_called_off: bool
) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    campaign_id = await show_poster(bureau, actor)
    if is_called_off:
        await bureau.act(cancel_campaign, actor, campaign_id)
    else:
        await bureau.act(change_campaign, actor, campaign_id, put_off(60))
    [news] = await list_news(counter, campaign_id)
    assert news.notice.status is Status.PENDING_APPROVAL
    assert await read_told(counter, campaign_id) == {}


async def test_news_in_other_words_go_no_further_than_their_author_may(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id, _ = await invite_four(bureau)
    await bureau.act(change_campaign, actor, campaign_id, ELSEWHERE)
    [one, _] = await list_news(counter, campaign_id)
    await bureau.act(acts.return_to_author, actor, one.id)

    async def reword(uow: UnitOfWork) -> None:
        words = Content("សូមអញ្ជើញ", "Please come")
        await edit(uow, actor, one.id, Written("Words", Topic.CAMPAIGNS, words))

    await counter.run(reword)
    assert (await find_notice(counter, one.id)).occasion is None


async def test_what_says_nothing_of_a_new_venue_does_not_announce_it(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id, _ = await invite_four(bureau)
    for times in range(MOST_TOLD):
        await bureau.act(change_campaign, actor, campaign_id, put_off(10 * times + 10))
    await bureau.act(change_campaign, actor, campaign_id, put_off(90, **VENUES))
    news = [one for one in await list_news(counter, campaign_id) if not one.approved_at]
    plain = [one for one in news if "Market" not in read_content(one.notice.content).text_en]
    await approve_all(bureau, plain)
    campaign = await get(counter, campaign_id)
    assert campaign.known == replace(campaign.plan, **{n: getattr(PLAN, n) for n in VENUES})
    async with counter.database.read() as connection:
        assert await campaigns.find(connection, campaign_id) == campaign


async def test_a_venue_is_known_once_it_was_told_in_other_words_too(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id, _ = await invite_four(bureau)
    await bureau.act(change_campaign, actor, campaign_id, ELSEWHERE)
    [one, _] = await list_news(counter, campaign_id)
    await bureau.act(acts.return_to_author, actor, one.id)

    async def reword(uow: UnitOfWork) -> None:
        words = Content(f"សូមមក {ELSEWHERE.venue_km}", f"Please come to {ELSEWHERE.venue_en}")
        await edit(uow, actor, one.id, Written("Words", Topic.CAMPAIGNS, words))

    await counter.run(reword)
    version = (await find_notice(counter, one.id)).notice.version
    await bureau.act(acts.submit, actor, one.id, version)
    await approve_all(bureau, [one])
    assert (await get(counter, campaign_id)).known == ELSEWHERE


@pytest.mark.parametrize("invited", [(), (SOKHA,)])
async def test_a_new_venue_of_a_day_on_which_nobody_counts_is_known_at_once(
    bureau: Bureau, invited: tuple[int, ...]
) -> None:
    counter = bureau.counter
    actor, campaign_id = await invite_all(bureau, *invited)
    await tend_all(counter)
    for chat_id in invited:
        await answer(counter, chat_id, campaign_id, coming=False)
    await bureau.act(change_campaign, actor, campaign_id, ELSEWHERE)
    assert (await get(counter, campaign_id)).known == ELSEWHERE


@pytest.mark.parametrize("is_begun", [False, True])
async def test_a_move_is_asked_for_anew_when_the_day_is_renamed(
    bureau: Bureau, is_begun: bool
) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    campaign_id = await show_poster(bureau, actor)
    await bureau.act(change_campaign, actor, campaign_id, put_off(60))
    news = await list_news(counter, campaign_id)
    if is_begun:
        await approve_all(bureau, news)
    named = put_off(60, name_en="Another name", name_km="ឈ្មោះថ្មី")
    await bureau.act(change_campaign, actor, campaign_id, named)
    [former, again] = await list_news(counter, campaign_id)
    assert former.notice.status is Status.CANCELLED
    assert (again.notice.status, again.notice.approvals) == (Status.PENDING_APPROVAL, ())
    before, now = read_content(again.notice.content).text_en.split("Now:")
    assert PLAN.name_en in before
    assert "Another name" in now
    assert "09:00" in now


async def test_a_venue_of_which_nothing_tells_any_more_is_asked_for_again(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id, _ = await invite_four(bureau)
    for _ in range(2):
        await bureau.act(change_campaign, actor, campaign_id, ELSEWHERE)
    first = await list_news(counter, campaign_id)
    assert [one.notice.status for one in first] == [Status.PENDING_APPROVAL] * 2
    for one in first:
        await bureau.act(acts.stop, actor, one.id)
    await bureau.act(change_campaign, actor, campaign_id, ELSEWHERE)
    again = (await list_news(counter, campaign_id))[len(first) :]
    assert [one.notice.status for one in again] == [Status.PENDING_APPROVAL] * 2
    assert all("Market hall" in read_content(one.notice.content).text_en for one in again)


async def test_news_that_nobody_approved_in_time_end_and_their_author_is_told(
    bureau: Bureau,
) -> None:
    counter = bureau.counter
    actor, campaign_id, _ = await invite_four(bureau)
    await counter.run(lambda uow: staff.save(uow.connection, replace(actor.staff, chat_id=900)))
    await bureau.act(change_campaign, actor, campaign_id, ELSEWHERE)
    counter.clock.now = PLAN.starts_at + timedelta(days=1)
    news = await list_news(counter, campaign_id)
    assert [one.notice.status for one in news] == [Status.CANCELLED] * 2
    assert ["មិនបានផ្ញើដំណឹង" in text for text in counter.texts(900)] == [True] * 2


async def test_whoever_approves_news_sees_as_many_as_they_go_to(bureau: Bureau) -> None:
    counter = bureau.counter
    actor = await hire(bureau, "0201")
    campaign_id = await show_poster(bureau, actor, make_plan(place="0201"))
    await bureau.act(change_campaign, actor, campaign_id, put_off(60, place="0201"))
    [news] = await list_news(counter, campaign_id)
    reader = (await bureau.hire("សុខ", (Role.ADMINISTRATOR,), None)).staff
    async with counter.database.read() as connection:
        seen = await count_reach(
            connection, counter.desk, news, actor.staff, reader, counter.clock()
        )
    assert seen.count == 1
    await approve_all(bureau, [news])
    assert await read_told(counter, campaign_id) == {SOKHA: "queued"}


async def test_whoever_chose_a_venue_does_not_approve_the_news_of_it(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id, _ = await invite_four(bureau)
    chooser = await hire(bureau)
    await bureau.act(change_campaign, chooser, campaign_id, ELSEWHERE)
    await bureau.act(change_campaign, actor, campaign_id, put_off(60, **VENUES))
    pending = [
        one
        for one in await list_news(counter, campaign_id)
        if one.notice.status is Status.PENDING_APPROVAL
    ]
    assert pending
    assert all(one.notice.is_written_by(chooser.staff.id) for one in pending)

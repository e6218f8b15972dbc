"""An event day whose point is known is found on the map; of any other its venue is searched."""

from dataclasses import replace
from functools import partial

import pytest

from domain.campaigns import Plan
from domain.notice_content import PlaceOfMap, read_content
from domain.notices import Status
from services.campaign_changes import change_campaign
from services.campaign_notices import draft_invitation
from services.campaign_words import move_words, write_invitation
from tests.event_plan import PLAN, WHOLE
from tests.services.counter import Counter, list_labels, read_parameters
from tests.services.event_days import (
    CHAN,
    DARA,
    DAY_BEFORE,
    SOKHA,
    answer,
    find_notice,
    get,
    get_news,
    hire,
    invite,
    invite_all,
    invite_four,
    list_notices,
    plan,
    put,
    receive,
    remind,
    tend,
)
from tests.services.office import Bureau
from tests.services.test_event_links import follow, open_registered

HALL = PlaceOfMap(13.0957, 103.2022)
AT_POINT = "query=13.095700,103.202200"


def find_address(counter: Counter, chat_id: int) -> str | None:
    """Find where the map below the last message to a chat opens."""
    [*_, last] = [one for one in counter.sent if one.chat_id == chat_id]
    keyboard = read_parameters(last).get("reply_markup", {}).get("inline_keyboard", [])
    found = [one["url"] for row in keyboard for one in row if "Map" in one["text"]]
    return found[0] if found else None


@pytest.mark.parametrize(("planned", "where"), [(WHOLE, AT_POINT), (PLAN, "query=Provincial")])
async def test_the_link_of_a_poster_opens_the_map_as_exactly_as_it_is_known(
    bureau: Bureau, planned: Plan, where: str
) -> None:
    await open_registered(bureau, planned)
    [told] = await follow(bureau.counter, "btb-2026")
    until = " to 12:00" if planned is WHOLE else ""
    assert f"Tuesday, 10 March 2026, 08:00{until}\n" in told
    buttons = read_parameters(bureau.counter.sent[0])["reply_markup"]["inline_keyboard"]
    assert where in buttons[2][0]["url"]


async def test_in_khmer_it_is_said_until_when_the_day_goes_on(bureau: Bureau) -> None:
    await open_registered(bureau, WHOLE, locale="km")
    [told] = await follow(bureau.counter, "btb-2026")
    assert "ម៉ោង ០៨:០០ ដល់ ១២:០០" in told


async def test_who_comes_gets_the_map_and_who_waits_does_not(bureau: Bureau) -> None:
    counter = bureau.counter
    actor = await hire(bureau)
    await receive(bureau, SOKHA, DARA)
    campaign_id = await plan(bureau, actor, replace(WHOLE, capacity=1))
    await invite(bureau, actor, campaign_id)
    counter.forget_sent()
    await answer(counter, SOKHA, campaign_id, coming=True)
    assert AT_POINT in str(find_address(counter, SOKHA))
    await answer(counter, DARA, campaign_id, coming=True)
    assert find_address(counter, DARA) is None
    await answer(counter, SOKHA, campaign_id, coming=False)
    await tend(counter, counter.clock())
    assert AT_POINT in str(find_address(counter, DARA))


async def test_without_a_point_no_search_leads_guests_elsewhere(bureau: Bureau) -> None:
    _, campaign_id = await invite_all(bureau, CHAN)
    bureau.counter.forget_sent()
    await answer(bureau.counter, CHAN, campaign_id, coming=True)
    assert list_labels(bureau.counter.sent[-1]) == []


async def test_invitation_and_reminder_carry_the_point_and_the_end(bureau: Bureau) -> None:
    counter = bureau.counter
    _, campaign_id, invitation = await invite_four(bureau, WHOLE)
    invited = read_content((await find_notice(counter, invitation)).notice.content)
    assert invited.place == HALL
    assert "When: Tuesday, 10 March 2026, 08:00 to 12:00" in invited.text_en
    counter.clock.now = DAY_BEFORE
    await remind(counter, campaign_id)
    [reminder] = [
        one for one in await list_notices(counter, campaign_id) if one.occasion == "reminder"
    ]
    reminded = read_content(reminder.notice.content)
    assert reminded.place == HALL
    assert "08:00 to 12:00" in reminded.text_en


async def test_guests_are_told_when_the_map_led_to_the_wrong_place(bureau: Bureau) -> None:
    actor, campaign_id, _ = await invite_four(bureau, WHOLE)
    await bureau.act(change_campaign, actor, campaign_id, replace(WHOLE, latitude=13.2))
    content = read_content((await get_news(bureau.counter, campaign_id)).notice.content)
    assert content.place == PlaceOfMap(13.2, 103.2022)
    assert "the map that we sent before led to the wrong place" in content.text_en
    assert content.text_en.count("Where: Provincial hall") == 1
    assert "នាំទៅខុសកន្លែង" in content.text_km


@pytest.mark.parametrize(
    "nearby", [replace(WHOLE, latitude=13.0961), replace(WHOLE, latitude=None, longitude=None)]
)
async def test_a_point_that_is_set_a_little_better_disturbs_nobody(
    bureau: Bureau, nearby: Plan
) -> None:
    actor, campaign_id, _ = await invite_four(bureau, WHOLE)
    await bureau.act(change_campaign, actor, campaign_id, nearby)
    assert {one.occasion for one in await list_notices(bureau.counter, campaign_id)} == {
        "invitation"
    }


async def test_a_day_that_ends_sooner_is_told(bureau: Bureau) -> None:
    actor, campaign_id, _ = await invite_four(bureau, WHOLE)
    assert WHOLE.ends_at is not None
    sooner = replace(WHOLE, ends_at=WHOLE.ends_at.replace(hour=3))
    await bureau.act(change_campaign, actor, campaign_id, sooner)
    content = read_content((await get_news(bureau.counter, campaign_id)).notice.content)
    assert "08:00 to 12:00" in content.text_en
    assert "08:00 to 10:00" in content.text_en


async def test_a_draft_gets_the_first_point_and_what_was_submitted_does_not(
    bureau: Bureau,
) -> None:
    actor = await hire(bureau)
    campaign_id = await plan(bureau, actor, replace(WHOLE, latitude=None, longitude=None))
    ids = [await bureau.act(draft_invitation, actor, campaign_id) for _ in range(2)]
    await bureau.counter.run(partial(put, notice_id=ids[0], status=Status.PENDING_APPROVAL))
    await bureau.act(change_campaign, actor, campaign_id, WHOLE)
    found = [await find_notice(bureau.counter, one) for one in ids]
    assert [read_content(one.notice.content).place for one in found] == [None, HALL]
    assert [one.notice.status for one in found] == [Status.PENDING_APPROVAL, Status.DRAFT]


@pytest.mark.parametrize("own", [None, PlaceOfMap(12.0, 104.0)])
async def test_a_draft_follows_the_point_unless_its_author_chose_another(
    bureau: Bureau, own: PlaceOfMap | None
) -> None:
    actor = await hire(bureau)
    campaign_id = await plan(bureau, actor, WHOLE)
    former = await get(bureau.counter, campaign_id)
    moved = replace(former, plan=replace(WHOLE, latitude=13.2))
    written = write_invitation(bureau.counter.desk, former)
    content = replace(written, place=own or written.place)
    after = move_words(bureau.counter.desk, content, former, moved)
    assert after is not None
    assert after.place == (own or PlaceOfMap(13.2, 103.2022))


async def test_the_point_of_a_new_venue_is_told_with_it_and_not_before(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id, _ = await invite_four(bureau, WHOLE)
    moved = replace(WHOLE, latitude=13.2, venue_en="Market hall", venue_km="សាលាផ្សារ")
    await bureau.act(change_campaign, actor, campaign_id, moved)
    news = [one for one in await list_notices(counter, campaign_id) if one.occasion == "news"]
    assert [one.notice.status for one in news] == [Status.PENDING_APPROVAL] * 2
    contents = [read_content(one.notice.content) for one in news]
    assert [one.place for one in contents] == [PlaceOfMap(13.2, 103.2022)] * 2
    assert all("Market hall" in one.text_en for one in contents)
    await answer(counter, CHAN, campaign_id, coming=True)
    assert find_address(counter, CHAN) is None
    await remind(counter, campaign_id)
    [reminder] = [
        one for one in await list_notices(counter, campaign_id) if one.occasion == "reminder"
    ]
    assert read_content(reminder.notice.content).place is None

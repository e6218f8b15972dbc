"""The pages of event days: planned, shown to whom it is allowed, changed and announced."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

from db import contacts, notices
from db.unit_of_work import UnitOfWork
from domain.notices import Status
from domain.staff import Role
from services.campaign_reminders import tend_campaigns
from services.campaigns import plan_campaign
from services.desk import Actor
from tests.event_plan import TODAY, approve, deliver
from tests.samples import make_contact
from tests.web.event_day import FORM, PAGE, XSS, house, open_as, plan_today, submit
from tests.web.notices import get_notice, queue_people
from tests.web.visiting import House, read_words

__all__ = ["house"]


async def test_an_event_day_is_planned_and_shown(house: House) -> None:
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    answer = await browser.post("/campaigns", FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/campaigns/1?saved=1")
    words = await browser.read("/campaigns/1")
    assert "10 March 2026, 08:00" in words
    assert "Room for, people 3,500" in words
    assert "Target: 2,000" in words
    assert "start=btb-2026" in (await browser.get("/campaigns/1")).text
    assert "The day before · waiting" in words
    assert "Registration day" in await browser.read("/campaigns")


async def test_days_long_over_are_listed_when_they_are_asked_for(house: House) -> None:
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    await browser.post("/campaigns", FORM)
    assert "Show older event days" not in await browser.read("/campaigns")
    await tend_campaigns(house.office.act, house.desk)
    for clock, is_listed in (("2026-04-09", True), ("2026-04-10", False)):
        house.clock.now = datetime.fromisoformat(f"{clock}T05:00:00+00:00")
        await tend_campaigns(house.office.act, house.desk)
        browser = await open_as(house, Role.CAMPAIGN_MANAGER)
        words = await browser.read("/campaigns")
        assert ("Registration day" in words) is is_listed
        assert ("Show older event days" in words) is not is_listed
    assert "Registration day" in await browser.read("/campaigns?older=1")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name_km": "Day"}, "the name in Khmer"),
        ({"place": "17"}, "a place among yours"),
        ({"place": "x"}, "a place among yours"),
        ({"held_on": "2026-03-03"}, "at most two years ahead"),
        ({"held_on": "soon"}, "at most two years ahead"),
        ({"held_on": "9999-12-31"}, "at most two years ahead"),
        ({"held_on": "9999-12-20"}, "at most two years ahead"),
        ({"held_on": "0001-01-01"}, "at most two years ahead"),
        ({"venue_en": "Hall, www.misti.example"}, "without a link"),
        ({"starts": "25:00"}, "the hour at which it begins"),
        ({"ends": "08:00"}, "an hour after the beginning"),
        ({"ends": "noon"}, "an hour after the beginning"),
        ({"point": "behind the market"}, "Please give two numbers"),
        ({"point": "https://maps.app.goo.gl/AbC1"}, "A short link has none"),
        ({"point": "103.2022, 13.0957"}, "not in Cambodia. Please give the latitude first"),
        ({"capacity": "many"}, "a number above zero"),
        ({"code": "A b"}, "3 to 20 small Latin letters"),
    ],
)
async def test_a_plan_that_lacks_something_is_shown_again(
    house: House, changed: dict[str, str], said: str
) -> None:
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    answer = await browser.post("/campaigns", {**FORM, **changed, "partner": XSS})
    assert answer.status_code == 400
    assert said in read_words(answer.text)
    assert "&lt;script&gt;" in answer.text
    assert XSS not in answer.text
    assert "is no event day" not in answer.text


async def test_all_that_is_wrong_with_a_plan_is_marked_and_listed_at_once(house: House) -> None:
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    changed = {"held_on": "2020-01-01", "code": "A b!", "capacity": "many", "target": "-5"}
    answer = await browser.post("/campaigns", {**FORM, **changed, "partner": "CEYFA 🎉"})
    assert answer.status_code == 400
    page, words = answer.text, read_words(answer.text)
    wrong = ["held_on", "code", "capacity", "target", "partner"]
    assert re.findall(r'<li><a href="#(\w+)">', page) == wrong
    assert page.count("field--wrong") == page.count('aria-invalid="true"') == len(wrong)
    assert "Day: Please give a day from today on, at most two years ahead." in words
    assert 'aria-describedby="capacity-error capacity-hint"' in page
    assert "Leave it empty for no limit" in words


async def test_what_a_plan_may_lack_is_marked_as_optional(house: House) -> None:
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    words = await browser.read("/campaigns/new")
    for field in ("Point on the map", "Ends at", "Room for, people", "Target", "Partner"):
        assert f"{field} (optional)" in words
    assert words.count("(optional)") == 5


async def test_a_plan_may_have_an_end_and_a_point_on_the_map(house: House) -> None:
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    link = "https://www.google.com/maps/place/Hall/@13.1,103.3,17z/data=!3d13.0957!4d103.2022"
    await browser.post("/campaigns", {**FORM, "ends": "១២:០០", "point": link})
    page = (await browser.get("/campaigns/1")).text
    assert "Tuesday, 10 March 2026, 08:00 to 12:00" in read_words(page)
    assert 'query=13.095700,103.202200" rel="noopener noreferrer nofollow"' in page
    form = (await browser.get("/campaigns/1/edit")).text
    assert 'value="12:00"' in form
    assert 'value="13.0957, 103.2022"' in form
    await browser.post("/campaigns/1", {**FORM, "ends": "", "point": ""})
    page = (await browser.get("/campaigns/1")).text
    assert "08:00 to" not in read_words(page)
    assert "/maps/" not in page


async def test_a_plan_is_changed_and_called_off(house: House) -> None:
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    await browser.post("/campaigns", FORM)
    assert 'value="btb-2026"' in (await browser.get("/campaigns/1/edit")).text
    await browser.post("/campaigns/1", {**FORM, "venue_en": "Market hall", "capacity": ""})
    words = await browser.read("/campaigns/1")
    assert "Market hall" in words
    assert "no limit" in words
    await browser.post("/campaigns/1/cancel")
    assert "Called off" not in await browser.read("/campaigns/1")
    await browser.post("/campaigns/1/cancel", {"sure": "1"})
    assert "Called off" in await browser.read("/campaigns/1")
    assert (await browser.post("/campaigns/1/cancel", {"sure": "1"})).status_code == 404


async def invite_everybody(house: House, *chats: int) -> None:
    """Have an invitation approved and delivered."""
    await submit(house, *chats)
    wanting = [make_contact(chat, wants_notices=True) for chat in chats]
    await house.write(partial(contacts.save, changed=wanting))
    await house.office.act(lambda uow: approve(uow, 1, 1))
    await house.office.act(lambda uow: deliver(uow, 1))


async def test_before_a_day_is_moved_it_is_shown_who_will_be_told_what(house: House) -> None:
    await house.hire(Role.CAMPAIGN_MANAGER)
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    await browser.post("/campaigns", FORM)
    await browser.post("/campaigns/1/invite")
    await invite_everybody(house, 7, 8)
    form = (await browser.get("/campaigns/1/edit")).text
    assert 'name="held_on"' in form
    assert 'name="code"' not in form
    moved = {**FORM, "held_on": "2026-03-12", "venue_en": "Market hall"}
    asked = await browser.post("/campaigns/1", moved)
    assert asked.status_code == 200
    words = read_words(asked.text)
    assert "2 people will be told this" in words
    assert (
        "Before: Registration day When: Tuesday, 10 March 2026, 08:00 Where: Provincial hall"
        in words
    )
    assert "Now: Registration day When: Thursday, 12 March 2026, 08:00 Where: Market hall" in words
    assert "10 March 2026" in await browser.read("/campaigns/1")
    assert (await browser.post("/campaigns/1", {**moved, "sure": "1"})).status_code == 303
    words = await browser.read("/campaigns/1")
    assert "12 March 2026" in words
    assert "News of a change · Registration day" in words
    assert (await browser.post("/campaigns/1", {**moved, "capacity": "9"})).status_code == 303
    assert "2 people would be told this once other people" in await browser.read("/campaigns/1")
    await browser.post("/campaigns/1/cancel", {"sure": "1"})
    words = await browser.read("/campaigns/1")
    assert "Called off · Registration day" in words
    assert words.count("not sent: the day was called off") == 3
    for gone in ("Open the desk", "poster (PDF)", "expired"):
        assert gone not in words
    assert (await browser.get("/campaigns/1/poster.pdf")).status_code == 404


async def test_the_page_names_the_venue_that_guests_know_while_its_new_one_waits(
    house: House,
) -> None:
    await house.hire(Role.CAMPAIGN_MANAGER)
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    await browser.post("/campaigns", FORM)
    await browser.post("/campaigns/1/invite")
    await invite_everybody(house, 7)
    await house.office.act(lambda uow: notices.note(uow.connection, 1, started_at=uow.now))
    words = await browser.read("/campaigns/1")
    assert "Guests still know" not in words
    assert "people will be told this: those who said" in words
    await browser.post("/campaigns/1", {**FORM, "venue_en": "Market hall", "sure": "1"})
    words = await browser.read("/campaigns/1")
    assert "Market hall Guests still know this venue: Provincial hall" in words


async def test_notices_of_a_day_are_named_by_what_they_are_for_in_the_readers_language(
    house: House,
) -> None:
    await house.hire(Role.CAMPAIGN_MANAGER)
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    await browser.post("/campaigns", FORM)
    await browser.post("/campaigns/1/invite")
    await invite_everybody(house, 7)
    house.clock.now = datetime(2026, 3, 7, 2, 1, tzinfo=UTC)
    await tend_campaigns(house.office.act, house.desk)
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    assert "Reminder three days before · Registration day" in await browser.read("/notices")
    await browser.post("/campaigns/1", {**FORM, "venue_en": "Market hall", "sure": "1"})
    listed = await browser.read("/notices")
    for title in ("Invitation", "Reminder", "News of a change"):
        assert f"{title} · Registration day" in listed
    assert "ថ្ងៃចុះឈ្មោះ" not in listed
    khmer = await open_as(house, Role.CAMPAIGN_MANAGER, locale="km")
    assert "លិខិតអញ្ជើញ · ថ្ងៃចុះឈ្មោះ" in await khmer.read("/notices")
    page = (await browser.get("/notices/1")).text
    assert "<h1>Invitation · Registration day</h1>" in page
    assert '<a href="/campaigns/1">The event day: Registration day</a>' in page
    assert "Invitation · Registration day" in await browser.read("/campaigns/1")


async def test_the_authors_own_title_of_an_invitation_stays(house: House) -> None:
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    await browser.post("/campaigns", FORM)
    await browser.post("/campaigns/1/invite")

    async def rename(uow: UnitOfWork) -> None:
        await notices.note(uow.connection, 1, title="For the vendors")

    await house.office.act(rename)
    assert "Invitation · For the vendors" in await browser.read("/notices")


async def test_nobody_is_asked_to_agree_to_news_of_a_plan_that_cannot_be(house: House) -> None:
    await house.hire(Role.CAMPAIGN_MANAGER)
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    await browser.post("/campaigns", FORM)
    await browser.post("/campaigns/1/invite")
    await invite_everybody(house, 7)
    answer = await browser.post("/campaigns/1", {**FORM, "ends": "07:00"})
    assert answer.status_code == 400
    words = read_words(answer.text)
    assert "an hour after the beginning" in words
    assert "will be told this" not in words


async def test_it_is_said_of_a_copy_whether_it_still_invites(house: House) -> None:
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    await browser.post("/campaigns", FORM)
    await browser.post("/campaigns/1/invite")
    copied = await browser.post("/notices/1/copy")
    assert "invites to the same event day" in await browser.read(copied.headers["location"])
    await browser.post("/campaigns/1/cancel", {"sure": "1"})
    copied = await browser.post("/notices/1/copy")
    assert "a plain notice without buttons" in await browser.read(copied.headers["location"])


async def test_an_invitation_is_begun_and_written_among_the_notices(house: House) -> None:
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    await browser.post("/campaigns", FORM)
    answer = await browser.post("/campaigns/1/invite")
    assert (answer.status_code, answer.headers["location"]) == (303, "/notices/1")
    assert "Write an invitation" not in await browser.read("/campaigns/1")


async def test_what_is_to_be_done_stands_before_results_until_there_are_any(house: House) -> None:
    await house.hire(Role.CAMPAIGN_MANAGER)
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    await browser.post("/campaigns", FORM)
    page = (await browser.get("/campaigns/1")).text
    assert page.index("/invite") < page.index('id="results"')
    await browser.post("/campaigns/1/invite")
    await invite_everybody(house, 7)
    page = (await browser.get("/campaigns/1")).text
    assert page.index('id="results"') < page.index("/invite")


async def test_an_invitation_stands_on_the_page_of_its_day_as_on_its_own(house: House) -> None:
    await house.hire(Role.CAMPAIGN_MANAGER)
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    await browser.post("/campaigns", FORM)
    await browser.post("/campaigns/1/invite")
    await invite_everybody(house, 7)
    begun = replace((await get_notice(house, 1)).notice, status=Status.SENDING)
    await house.write(partial(notices.save, notice=begun, started_at=house.clock()))
    for path in ("/notices/1", "/notices", "/campaigns/1"):
        words = await browser.read(path)
        assert "Sent to all so far" in words
        assert "Being sent" not in words
    await submit(house, 8)
    await house.write(partial(contacts.save, changed=[make_contact(8, wants_notices=True)]))
    await queue_people(house, 1)
    house.clock.advance(hours=10)
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    for path in ("/notices/1", "/notices", "/campaigns/1"):
        words = await browser.read(path)
        assert "Waiting" in words
        assert "Being sent" not in words


PAGES = (
    "",
    "/edit",
    "/poster.pdf",
    "/people?which=came",
    "/people.csv?which=came",
    "/results.csv",
    "/desk",
    "/desk/register",
)


async def test_elsewhere_an_event_day_is_not_there(house: House) -> None:
    await plan_today(house)
    for role in (Role.CAMPAIGN_MANAGER, Role.OFFICER):
        browser = await open_as(house, role, "17")
        for path in PAGES:
            assert (await browser.get(f"/campaigns/1{path}")).status_code == 404, path
        for path in ("", "/cancel", "/invite", "/desk", "/desk/register"):
            assert (await browser.post(f"/campaigns/1{path}", PAGE)).status_code == 404, path
        assert "There is no event day" in await browser.read("/campaigns")


@pytest.mark.parametrize("role", [Role.BENEFIT_OWNER, Role.ADMINISTRATOR])
async def test_others_find_no_event_days(house: House, role: Role) -> None:
    await plan_today(house)
    browser = await open_as(house, role)
    for path in ("/campaigns", *(f"/campaigns/1{path}" for path in PAGES)):
        assert (await browser.get(path)).status_code == 404, path


async def test_an_officer_has_the_desk_and_nothing_more(house: House) -> None:
    await plan_today(house)
    browser = await open_as(house, Role.OFFICER)
    allowed = {"/desk", "/desk/register"}
    for path in PAGES:
        expected = 200 if path in allowed else 404
        assert (await browser.get(f"/campaigns/1{path}")).status_code == expected, path
    page = (await browser.get("/campaigns")).text
    assert "/campaigns/1/desk" in page
    assert "/campaigns/new" not in page


@pytest.mark.parametrize("path", ["0", "x", "9" * 13, "-1", "%D9%A1"])
async def test_addresses_that_name_nothing_are_not_there(house: House, path: str) -> None:
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    assert (await browser.get(f"/campaigns/{path}")).status_code == 404


async def test_a_poster_is_downloaded_with_who_hands_it_out(house: House) -> None:
    await plan_today(house)
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    answer = await browser.get("/campaigns/1/poster.pdf", paper="a4", **{"from": "Market"})
    assert answer.headers["content-type"] == "application/pdf"
    assert 'filename="poster-btb-2026_market-a4.pdf"' in answer.headers["content-disposition"]
    assert answer.content.startswith(b"%PDF-")
    bad = await browser.get("/campaigns/1/poster.pdf", **{"from": "a b/c"})
    assert bad.status_code == 303


async def test_the_link_to_copy_follows_who_hands_it_out(house: House) -> None:
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    await browser.post("/campaigns", FORM)
    named = (await browser.get("/campaigns/1", **{"from": " Chas "})).text
    assert 'start=btb-2026_chas" readonly' in named
    assert 'name="from" value="Chas"' in named
    plain = (await browser.get("/campaigns/1")).text
    assert 'start=btb-2026" readonly' in plain
    assert "pattern=" not in plain


async def test_a_name_that_no_link_can_have_is_told_in_our_own_words(house: House) -> None:
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    await browser.post("/campaigns", FORM)
    asked = {"from": f"Chas X! {XSS}"}
    sent_back = (await browser.get("/campaigns/1/poster.pdf", **asked)).headers["location"]
    assert sent_back.endswith("#posters")
    page = (await browser.get(sent_back)).text
    assert "Please use at most 20 small Latin letters" in read_words(page)
    assert 'name="from" value="Chas X! &lt;script&gt;' in page
    assert XSS not in page
    assert "readonly" not in page
    khmer = await open_as(house, Role.CAMPAIGN_MANAGER, locale="km")
    assert "សូមប្រើអក្សរឡាតាំងតូច" in await khmer.read(sent_back)


async def test_characters_that_no_poster_can_show_are_named_where_they_are_written(
    house: House,
) -> None:
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    answer = await browser.post("/campaigns", {**FORM, "name_en": "Day 🎉", "partner": "① CEYFA"})
    assert answer.status_code == 400
    words = read_words(answer.text)
    assert "A poster cannot show 🎉." in words
    assert "A poster cannot show ①." in words


async def test_a_poster_that_cannot_be_printed_says_so_in_a_line(house: House) -> None:
    manager = Actor(await house.hire(Role.CAMPAIGN_MANAGER), "web test")
    plan = replace(TODAY, venue_en="Hall 🎉")
    await house.office.act(lambda uow: plan_campaign(uow, house.desk, manager, plan))
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    answer = await browser.get("/campaigns/1/poster.pdf")
    assert answer.status_code == 303
    assert "cannot be printed" in (await browser.get(answer.headers["location"])).text


async def test_on_the_day_the_desk_comes_first(house: House) -> None:
    await plan_today(house)
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    page = (await browser.get("/campaigns/1")).text
    assert page.count('href="/campaigns/1/desk"') == 1
    assert page.index('href="/campaigns/1/desk"') < page.index('id="results"')
    house.clock.advance(days=1)
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    page = (await browser.get("/campaigns/1")).text
    assert page.index('href="/campaigns/1/desk"') > page.index('id="results"')


async def test_once_a_poster_is_drawn_its_code_stays(house: House) -> None:
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    await browser.post("/campaigns", FORM)
    assert 'name="code"' in (await browser.get("/campaigns/1/edit")).text
    await browser.get("/campaigns/1/poster.pdf", paper="a4")
    page = (await browser.get("/campaigns/1/edit")).text
    assert 'name="code"' not in page
    assert "The code btb-2026 stays" in read_words(page)
    await browser.post("/campaigns/1", {**FORM, "code": "another"})
    assert "btb-2026" in await browser.read("/campaigns/1")


async def test_the_pages_are_in_khmer_too(house: House) -> None:
    await plan_today(house)
    browser = await open_as(house, Role.CAMPAIGN_MANAGER, locale="km")
    words = await browser.read("/campaigns/1")
    assert "ថ្ងៃចុះឈ្មោះ ខេត្តបាត់ដំបង" in words
    assert "១០ ខែមីនា" not in words
    assert "លេខពាក្យ ឬ QR" in await browser.read("/campaigns/1/desk")
    assert "អំពីម្ចាស់ឈ្មោះ" in await browser.read("/campaigns/1/desk/register")

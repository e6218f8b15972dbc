"""The pages of event days: planned, announced, held at a desk, and counted."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import httpx
import pytest

from db import applications, attendances, audit, contacts
from db.unit_of_work import UnitOfWork
from documents.check_in import Ticket, write_link
from domain.numbers import draw_number, format_number
from domain.staff import Role
from services.campaigns import plan_campaign
from services.desk import Actor, Person
from services.rsvp import answer_invitation
from tests.event_plan import TODAY, approve, deliver
from tests.samples import make_application, make_contact
from tests.services.office import SIGNING_KEY
from tests.web.visiting import Browser, House, make_house, read_words

NUMBER = draw_number(7)
XSS = "<script>alert(1)</script>"
FORM = {
    "name_km": "ថ្ងៃចុះឈ្មោះ",
    "name_en": "Registration day",
    "place": "02",
    "venue_km": "សាលាខេត្ត",
    "venue_en": "Provincial hall",
    "held_on": "2026-03-10",
    "starts": "08:00",
    "code": "btb-2026",
    "capacity": "3,500",
    "target": "២០០០",
    "partner": "CEYFA",
}
PAGE = {
    "name_km": "សុខ ដារ៉ា",
    "name_latin": "SOK DARA",
    "born": "1990",
    "sex.choice": "female",
    "home": "កំពង់ក្របី",
    "home.for": "កំពង់ក្របី",
    "home.choice": "p.02031002",
    "identity": "123456789",
    "occupation.choice": "o.street_food_vendor",
    "category.choice": "self_employed",
    "since.choice": "3_5",
    "income.choice": "unsaid",
    "who_agrees.choice": "present",
    "consent_other.choice": "yes",
    "language.choice": "km",
    "tag": "desk:abc",
}


@pytest.fixture
async def house(house: House) -> House:
    """The same house with a key to sign with."""
    return make_house(house.database, replace(house.desk, signing_key=SIGNING_KEY), house.clock)


async def open_as(house: House, role: Role, *places: str, locale: str = "en") -> Browser:
    return await house.sign_in(await house.hire(role, places=places or ["02"]), locale)


async def plan_today(house: House) -> int:
    """Plan an event day that is held now."""
    manager = Actor(await house.hire(Role.CAMPAIGN_MANAGER), "web test")
    return await house.office.act(lambda uow: plan_campaign(uow, house.desk, manager, TODAY))


async def submit(house: House, *chats: int) -> None:
    await house.write(partial(contacts.save, changed=[make_contact(chat) for chat in chats]))
    await house.write(partial(applications.add, new=[make_application(chat) for chat in chats]))


async def test_an_event_day_is_planned_and_shown(house: House) -> None:
    browser = await open_as(house, Role.CAMPAIGN_MANAGER)
    answer = await browser.post("/campaigns", FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/campaigns/1?saved=1")
    words = await browser.read("/campaigns/1")
    assert "10 March 2026, 08:00" in words
    assert "Places 3,500" in words
    assert "Target: 2,000" in words
    assert "start=btb-2026" in (await browser.get("/campaigns/1")).text
    assert "The day before · waiting" in words
    assert "Registration day" in await browser.read("/campaigns")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name_km": "Day"}, "the name in Khmer"),
        ({"place": "17"}, "a place among yours"),
        ({"place": "x"}, "a place among yours"),
        ({"held_on": "2026-03-03"}, "a day that has not passed"),
        ({"held_on": "soon"}, "a day that has not passed"),
        ({"starts": "25:00"}, "the hour at which it begins"),
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
    assert "ថ្ងៃ ឬទីកន្លែងត្រូវបានប្តូរ" in words
    assert (await browser.post("/campaigns/1", {**moved, "capacity": "9"})).status_code == 303
    assert "2 people will be told this" in await browser.read("/campaigns/1")
    await browser.post("/campaigns/1/cancel", {"sure": "1"})
    words = await browser.read("/campaigns/1")
    assert "ថ្ងៃយុទ្ធនាការនេះត្រូវបានលុបចោល" in words
    assert words.count("not sent: the day was called off") == 3
    for gone in ("Open the desk", "poster (PDF)", "expired"):
        assert gone not in words
    assert (await browser.get("/campaigns/1/poster.pdf")).status_code == 404


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


async def enter(browser: Browser, text: str) -> httpx.Response:
    return await browser.post("/campaigns/1/desk", {"number": text})


async def test_people_are_checked_in_by_number_or_scanner(house: House) -> None:
    await plan_today(house)
    await submit(house, 7, 8)
    browser = await open_as(house, Role.OFFICER)
    first = read_words((await enter(browser, format_number(NUMBER))).text)
    assert "✓ Checked in ដារ៉ា (SD)" in first
    assert "No. 1 today" in first
    assert "Checked in before" in read_words((await enter(browser, NUMBER)).text)
    link = f"https://t.me/Bot?start={write_link(SIGNING_KEY, Ticket(1, draw_number(8)))}"
    assert "No. 2 today" in read_words((await enter(browser, link)).text)
    for text, said in (
        (draw_number(9), "No application has this number"),
        ("12", "cannot be read"),
        (f"in_1_{NUMBER}_aaaaaaaa", "cannot be read"),
        (write_link(SIGNING_KEY, Ticket(2, NUMBER)), "another event day"),
    ):
        answer = await enter(browser, text)
        assert (answer.status_code, said in answer.text) == (400, True)
    assert "2 have come" in await browser.read("/campaigns/1/desk")


async def test_for_some_minutes_a_check_in_is_taken_back(house: House) -> None:
    await plan_today(house)
    await submit(house, 7)
    browser = await open_as(house, Role.OFFICER)
    undo = "/campaigns/1/desk/undo"
    assert undo in (await enter(browser, NUMBER)).text
    assert undo not in (await enter(browser, NUMBER)).text
    told = await browser.post(undo, {"number": NUMBER})
    assert "Taken back" in told.text
    assert "0 have come" in read_words(told.text)
    for number in (NUMBER, draw_number(9), "x", ""):
        assert "no longer be taken back" in (await browser.post(undo, {"number": number})).text


async def test_an_officer_of_a_district_keeps_a_desk_at_the_day_of_the_province(
    house: House,
) -> None:
    await plan_today(house)
    await submit(house, 7)
    browser = await open_as(house, Role.OFFICER, "0201")
    assert "/campaigns/1/desk" in (await browser.get("/campaigns")).text
    answer = read_words((await enter(browser, NUMBER)).text)
    assert "✓ Checked in SD" in answer
    assert "ask for the name" in answer
    assert (await browser.post("/campaigns/1/desk/register", PAGE)).status_code == 303
    manager = await open_as(house, Role.CAMPAIGN_MANAGER, "0201")
    page = (await manager.get("/campaigns")).text
    assert "/campaigns/1/desk" in page
    assert 'href="/campaigns/1"' not in page
    assert (await manager.get("/campaigns/1")).status_code == 404


async def test_on_another_day_the_desk_is_closed(house: House) -> None:
    await plan_today(house)
    await submit(house, 7)
    house.clock.now = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
    browser = await open_as(house, Role.OFFICER)
    for path in ("/desk", "/desk/register"):
        assert "the desk is closed" in await browser.read(f"/campaigns/1{path}")
    assert "the desk is closed" in (await enter(browser, NUMBER)).text
    assert (await browser.post("/campaigns/1/desk/register", PAGE)).status_code == 404


async def test_somebody_without_a_phone_is_registered_and_gets_a_slip(house: House) -> None:
    await plan_today(house)
    browser = await open_as(house, Role.OFFICER)
    answer = await browser.post("/campaigns/1/desk/register", PAGE)
    assert answer.status_code == 303
    slip = await browser.get(answer.headers["location"])
    number = answer.headers["location"].split("/")[-1].partition("?")[0]
    assert format_number(number) in slip.text
    assert "សុខ ដារ៉ា" in slip.text
    assert (await browser.post("/campaigns/1/desk/register", PAGE)).headers == answer.headers
    following = "/campaigns/1/desk/register?home=02031002&language=km"
    assert following.replace("&", "&amp;") in slip.text
    page = (await browser.get(following)).text
    assert 'name="home.choice" value="p.02031002"' in page
    assert f"/desk/{number}" in answer.headers["location"]


async def test_a_page_shows_what_it_lacks_and_keeps_the_rest(house: House) -> None:
    await plan_today(house)
    browser = await open_as(house, Role.OFFICER)
    lacking = {**PAGE, "name_km": f"សុខ {XSS}", "home": "អូរតាគាំ", "born": "2530"}
    answer = await browser.post("/campaigns/1/desk/register", lacking)
    assert answer.status_code == 400
    words = read_words(answer.text)
    assert "Please look at 3 marked answers" in words
    assert 'value="p.02030101"' in answer.text
    assert 'value="date.1987"' in answer.text
    assert 'value="SOK DARA"' in answer.text
    assert XSS not in answer.text
    assert (await browser.post("/campaigns/1/desk/register", {})).status_code == 400


async def test_while_a_place_is_typed_those_near_the_desk_are_proposed(house: House) -> None:
    await plan_today(house)
    browser = await open_as(house, Role.OFFICER)
    path = "/campaigns/1/desk/places"
    for field in ("home", "workplace"):
        proposed = (await browser.get(path, **{field: "Kampong Krabei"})).text
        assert 1 < proposed.count("<option") <= 12
        assert proposed.startswith('<option value="Kampong Krabei Village, Svay Por Sangkat')
    assert "Siem Reap" in (await browser.get(path, home="Angkor Thum")).text
    for text in ("", "x", "។"):
        assert "<option" not in (await browser.get(path, home=text)).text
    elsewhere = await open_as(house, Role.OFFICER, "17")
    assert (await elsewhere.get(path, home="Kampong")).status_code == 404


async def test_agreement_is_asked_first(house: House) -> None:
    await plan_today(house)
    page = (await (await open_as(house, Role.OFFICER)).get("/campaigns/1/desk/register")).text
    order = [page.index(one) for one in ("read aloud", 'name="consent_other.choice"', 'id="who"')]
    assert order == sorted(order)


async def test_a_slip_is_only_of_who_was_registered_at_this_desk(house: House) -> None:
    await plan_today(house)
    await submit(house, 7)
    browser = await open_as(house, Role.OFFICER)
    await enter(browser, NUMBER)
    for number in (NUMBER, draw_number(9), "x"):
        assert (await browser.get(f"/campaigns/1/desk/{number}")).status_code == 404
    slip = (await browser.post("/campaigns/1/desk/register", PAGE)).headers["location"]
    assert (await browser.get(slip)).status_code == 200
    async with house.database.read() as connection:
        about = await audit.list_about(connection, slip.split("/")[-1].partition("?")[0])
    assert [one.event.act for one in about] == ["submit", "check_in", "see_slip"]
    house.clock.advance(days=1)
    later = await open_as(house, Role.OFFICER)
    assert (await later.get(slip)).status_code == 404


async def answer_yes(house: House, chat_id: int) -> None:
    """Let somebody to whom the day was shown say that they come."""
    say = partial(answer_invitation, desk=house.desk, person=Person(chat_id), tap_id=None)

    async def answer(uow: UnitOfWork) -> None:
        guest = await attendances.find_guest_of_chat(uow.connection, 1, chat_id)
        assert guest is not None
        await attendances.note_shown(uow.connection, 1, guest.application_id)
        await say(uow, choice="1", coming=True)

    await house.office.act(answer)


async def test_every_figure_opens_its_rows_and_both_are_downloaded(house: House) -> None:
    campaign_id = await plan_today(house)
    await submit(house, 7, 8)
    await answer_yes(house, 7)
    officer = await house.sign_in(await house.hire(Role.OFFICER, name="=cmd()", places=["02"]))
    await enter(officer, NUMBER)
    await officer.post("/campaigns/1/desk/register", PAGE)
    manager = await open_as(house, Role.CAMPAIGN_MANAGER)

    words = await manager.read(f"/campaigns/{campaign_id}")
    for figure in ("Answered 1", "Coming 1", "Came 2", "Registered 1", "Approved 0"):
        assert figure in words
    assert "=cmd() 2 1 0" in words
    for figure, count in (("coming", 1), ("came", 2), ("registered", 1), ("invited", 0)):
        page = await manager.get("/campaigns/1/people", which=figure)
        assert page.text.count('<th scope="row">') == count
        assert "ដារ៉ា" not in page.text
        assert "/cases/" not in page.text
        table = await manager.get("/campaigns/1/people.csv", which=figure)
        assert len(list(csv.reader(io.StringIO(table.text)))) == count + 1
    shown = (await manager.get("/campaigns/1")).text
    for part, name, count in (
        ("which=registered&code=btb-2026", "btb-2026", 1),
        ("which=came&code=btb-2026", "btb-2026", 1),
        ("which=checked_in&officer=2", "=cmd()", 2),
        ("which=at_desk&officer=2", "=cmd()", 1),
        ("which=approved&officer=2", "=cmd()", 0),
    ):
        asked = dict(one.split("=") for one in part.split("&"))
        assert part.replace("&", "&amp;") in shown
        page = await manager.get("/campaigns/1/people", **asked)
        assert page.text.count('<th scope="row">') == count
        assert f"· {name}</h1>" in page.text
        table = await manager.get("/campaigns/1/people.csv", **asked)
        assert len(list(csv.reader(io.StringIO(table.text)))) == count + 1
    for asked in (
        {"which": "x"},
        {"which": "coming", "officer": "2"},
        {"which": "checked_in"},
        {"which": "checked_in", "officer": "x"},
        {"which": "checked_in", "officer": "1"},
        {"which": "came", "code": "btb-2026x"},
        {"which": "came", "code": "facebook"},
    ):
        for path in ("people", "people.csv"):
            assert (await manager.get(f"/campaigns/1/{path}", **asked)).status_code == 404
    rows = list(csv.reader(io.StringIO((await manager.get("/campaigns/1/results.csv")).text)))
    assert ["figure", "came", "2", "", "", ""] not in rows
    assert ["figure", "came", "2"] in rows
    assert ["source", "btb-2026", "", "1", "0", "1"] in rows
    assert ["officer", "'=cmd()", "", "1", "0", "2"] in rows


async def test_the_pages_are_in_khmer_too(house: House) -> None:
    await plan_today(house)
    browser = await open_as(house, Role.CAMPAIGN_MANAGER, locale="km")
    words = await browser.read("/campaigns/1")
    assert "ថ្ងៃចុះឈ្មោះ ខេត្តបាត់ដំបង" in words
    assert "១០ ខែមីនា" not in words
    assert "លេខពាក្យ ឬ QR" in await browser.read("/campaigns/1/desk")
    assert "អំពីម្ចាស់ឈ្មោះ" in await browser.read("/campaigns/1/desk/register")

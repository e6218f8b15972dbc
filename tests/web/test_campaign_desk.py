"""The desk of an event day: people are checked in, and registered who have no phone."""

import re
from datetime import UTC, datetime

from db import audit
from documents.check_in import Ticket, write_link
from domain.desk_form import list_desk_questions
from domain.numbers import draw_number, format_number
from domain.registration_form import REGISTRATION_FORM
from domain.staff import Role
from tests.services.office import SIGNING_KEY
from tests.web.event_day import NUMBER, PAGE, XSS, enter, house, open_as, plan_today, submit
from tests.web.visiting import House, read_words
from web.desk_words import ORDER

__all__ = ["house"]


async def test_from_the_desk_one_goes_back_to_the_day_if_its_page_opens(house: House) -> None:
    await plan_today(house)
    back = '<h1><a href="/campaigns/1">'
    manager, officer = [
        await open_as(house, role) for role in (Role.CAMPAIGN_MANAGER, Role.OFFICER)
    ]
    assert back in (await manager.get("/campaigns/1/desk")).text
    assert back not in (await officer.get("/campaigns/1/desk")).text


async def test_people_are_checked_in_by_number_or_scanner(house: House) -> None:
    await plan_today(house)
    await submit(house, 7, 8)
    browser = await open_as(house, Role.OFFICER)
    first = read_words((await enter(browser, format_number(NUMBER))).text)
    assert "✓ Checked in ដារ៉ា (SD)" in first
    assert "No. 1 today" in first
    assert "1 has come" in first
    assert "Checked in before" in read_words((await enter(browser, NUMBER)).text)
    link = f"https://t.me/Bot?start={write_link(SIGNING_KEY, Ticket(1, draw_number(8)))}"
    assert "No. 2 today" in read_words((await enter(browser, link)).text)
    for text, said in (
        (draw_number(9), "No application has this number"),
        ("1234-5678-9", "One digit must be wrong. Please compare the number once more."),
        ("12", "The number has nine digits, this one has 2."),
        ("SOK DARA", "This is no number."),
        (f"in_1_{NUMBER}_aaaaaaaa", "This code is not one of ours."),
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
    wrong = ["name_km", "born", "home"]
    assert re.findall(r'<li><a href="#(\w+)">', answer.text) == wrong
    assert answer.text.count("field--wrong") == answer.text.count('aria-invalid="true"') == 3
    assert "such as 1990 or 15/4/1990" in words
    assert 'aria-describedby="born-problem born-hint"' in answer.text
    assert 'value="p.02030101"' in answer.text
    assert 'value="date.1987"' in answer.text
    assert 'value="SOK DARA"' in answer.text
    assert XSS not in answer.text


async def test_a_question_without_an_answer_asks_for_one(house: House) -> None:
    await plan_today(house)
    browser = await open_as(house, Role.OFFICER)
    empty = await browser.post("/campaigns/1/desk/register", {"tag": PAGE["tag"]})
    words = read_words(empty.text)
    assert "cannot read" not in words
    assert "Date of birth: Please give an answer." in words
    wrong = re.findall(r'<li><a href="#(\w+)">', empty.text)
    assert wrong == sorted(wrong, key=lambda name: empty.text.index(f'id="{name}"'))
    assert tuple(sorted(ORDER, key=lambda name: empty.text.index(f'name="{name}'))) == ORDER
    assert set(ORDER) == {one.name for one in list_desk_questions(REGISTRATION_FORM)}
    assert (await browser.post("/campaigns/1/desk/register", {})).status_code == 400


async def test_what_nobody_need_answer_is_marked_as_optional(house: House) -> None:
    await plan_today(house)
    browser = await open_as(house, Role.OFFICER)
    words = await browser.read("/campaigns/1/desk/register")
    assert words.count("(optional)") == 3


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

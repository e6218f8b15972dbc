"""What came of an event day: figures, the people behind them, and both as files."""

import csv
import io

from domain.numbers import draw_number, format_number
from domain.staff import Role
from tests.web.event_day import NUMBER, PAGE, answer_yes, enter, house, open_as, plan_today, submit
from tests.web.visiting import Browser, House

__all__ = ["house"]


CHATS = (9, 7, 10, 8)


async def read_table(browser: Browser, path: str, **asked: str) -> list[dict[str, str]]:
    text = (await browser.get(path, **asked)).text
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


async def test_who_waits_for_a_place_is_listed_with_their_turn(house: House) -> None:
    await fill_up(house)
    manager = await open_as(house, Role.CAMPAIGN_MANAGER)
    said = {
        which: {
            row["number"]: (row["coming"], row["waiting"])
            for row in await read_table(manager, "/campaigns/1/people.csv", which=which)
        }
        for which in ("coming", "waiting", "answered")
    }
    first, second, third, fourth = (format_number(draw_number(one)) for one in CHATS)
    assert said["coming"] == {first: ("yes", ""), second: ("yes", "")}
    assert said["waiting"] == {third: ("waiting", "1"), fourth: ("waiting", "2")}
    assert said["answered"] == said["coming"] | said["waiting"]
    assert "no. 2" in await manager.read("/campaigns/1/people?which=waiting")
    assert "no. 2" not in await manager.read("/campaigns/1/people?which=coming")
    khmer = await open_as(house, Role.CAMPAIGN_MANAGER, locale="km")
    assert "រង់ចាំកន្លែង លេខ ២" in await khmer.read("/campaigns/1/people?which=waiting")


async def test_those_who_wait_are_counted_apart_from_those_who_come_everywhere(
    house: House,
) -> None:
    await fill_up(house)
    manager = await open_as(house, Role.CAMPAIGN_MANAGER)
    analyst, officer = await open_as(house, Role.ANALYST), await open_as(house, Role.OFFICER)
    for browser in (manager, analyst):
        words = await browser.read("/campaigns/1")
        assert "Answered 4" in words
        assert "Coming 2 2 waiting" in words
        figures = {
            row["name"]: row["count"]
            for row in await read_table(browser, "/campaigns/1/results.csv")
        }
        assert (figures["answered"], figures["coming"], figures["waiting"]) == ("4", "2", "2")
    for browser in (manager, analyst, officer):
        assert " 2 2 waiting 0" in await browser.read("/campaigns")


async def fill_up(house: House) -> None:
    """Let more people say that they come than there are places."""
    await plan_today(house)
    await submit(house, *CHATS)
    for chat_id in CHATS:
        await answer_yes(house, chat_id)


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

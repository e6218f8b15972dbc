"""A case in a real browser: decided by keyboard alone, and good to read on every screen."""

from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Page, expect

from domain.applications import Status
from domain.staff import Role, Staff
from tests.browser import LOCALES, SIZES, list_serious_violations, measure_overflow
from tests.web.casework import approve_case, ask, get_case, request_change, submit, take_case
from tests.web.opening import opened, signed_in
from tests.web.visiting import House


async def test_a_case_is_taken_and_approved_by_keyboard_alone(
    house: House, browser: Browser
) -> None:
    number = await submit(house, 1, photo=None)
    officer = await house.hire(Role.OFFICER)
    async with opened(house) as home, signed_in(browser, home, officer) as page:
        await page.goto(f"{home.desk.web_url}/cases/{number}")
        await page.keyboard.press("t")
        await expect(page.get_by_text("You have this case now.")).to_be_visible()
        await page.keyboard.press("a")
        await expect(page.locator(".act[open] input[type=checkbox]").first).to_be_focused()
        await page.keyboard.press("Space")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("Approved. សុខ ដារ៉ា was told.")

    assert (await get_case(house, number)).status is Status.APPROVED


async def test_one_form_is_open_at_a_time_and_escape_closes_it(
    house: House, browser: Browser
) -> None:
    number = await submit(house, 1, photo=None)
    officer = await house.hire(Role.OFFICER)
    await take_case(house, officer, number)
    async with opened(house) as home, signed_in(browser, home, officer) as page:
        await page.goto(f"{home.desk.web_url}/cases/{number}")
        for key, first in (("a", "input"), ("r", "input"), ("d", "input"), ("c", "select")):
            await page.keyboard.press(key)
            await expect(page.locator(f".act[open] {first}:focus")).to_have_count(1)
            await page.keyboard.press("Escape")
            await expect(page.locator(".act[open]")).to_have_count(0)


async def test_the_chosen_reason_shows_what_the_worker_will_read(
    house: House, browser: Browser
) -> None:
    number = await submit(house, 1, photo=None)
    officer = await house.hire(Role.OFFICER)
    await take_case(house, officer, number)
    async with opened(house) as home, signed_in(browser, home, officer) as page:
        await page.goto(f"{home.desk.web_url}/cases/{number}")
        await page.keyboard.press("r")
        told = page.locator(".act[open] .reason__told:visible")
        await expect(told).to_have_count(0)
        await page.locator(".act[open]").get_by_label("Answers were found not to be true").check()
        await expect(told).to_have_count(1)
        await expect(told.locator("[lang=km]")).to_be_visible()


@dataclass(frozen=True)
class Busy:
    """A house with something of each kind to look at, and an officer who may."""

    house: House
    officer: Staff
    case: str
    paths: tuple[str, ...]


@pytest.fixture
async def busy(house: House) -> Busy:
    """A change is wished for one case, another is taken, and a question waits."""
    first = await submit(house, 1, photo=None)
    second = await submit(house, 2, sex="male", photo=None)
    officer = await house.hire(Role.OFFICER)
    await approve_case(house, officer, first)
    await request_change(house, first, "sex", sex="male", photo=None)
    await take_case(house, officer, second)
    question = await ask(house, 1, "0203", "សូមសួរ តើខ្ញុំទទួលបានវិញ្ញាបនបត្រនៅពេលណា?", first)
    paths = (
        f"/cases/{first}",
        f"/cases/{second}/compare/{first}",
        "/questions",
        f"/questions/{question}",
    )
    return Busy(house, officer, f"/cases/{second}", paths)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("size", SIZES)
async def test_every_page_fits(
    busy: Busy, browser: Browser, locale: str, size: tuple[int, int]
) -> None:
    async with (
        opened(busy.house) as home,
        signed_in(browser, home, busy.officer, locale, size) as page,
    ):
        for path in (*busy.paths, busy.case):
            await page.goto(home.desk.web_url + path)
            assert await measure_overflow(page) == 0
        await open_all(page)
        assert await measure_overflow(page) == 0


async def test_every_page_can_be_used_without_eyes_or_mouse(busy: Busy, browser: Browser) -> None:
    async with opened(busy.house) as home, signed_in(browser, home, busy.officer, "km") as page:
        for path in (*busy.paths, busy.case):
            await page.goto(home.desk.web_url + path)
            await open_all(page)
            assert await list_serious_violations(page) == []


async def open_all(page: Page) -> None:
    """Open every fold of a page, whatever else it closes."""
    await page.evaluate(
        """() => document.querySelectorAll("main details").forEach((fold) => {
            fold.removeAttribute("name");
            fold.open = true;
        })"""
    )

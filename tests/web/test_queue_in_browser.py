"""The queue in a real browser: by keyboard alone, and good to read on every screen."""

import pytest
from playwright.async_api import Browser, expect

from domain.staff import Role
from tests.browser import DESKTOP, LOCALES, PHONE, check_page
from tests.db.applicants import submit
from tests.web.opening import opened, signed_in
from tests.web.visiting import House

pytestmark = pytest.mark.browser
FLAGS = {"minor", "no_card", "possible_duplicate"}


async def test_the_queue_is_worked_through_by_keyboard_alone(
    house: House, browser: Browser
) -> None:
    numbers = [await submit(house.database, chat_id) for chat_id in (1, 2, 3)]
    officer = await house.hire(Role.OFFICER)
    async with opened(house) as home, signed_in(browser, home, officer) as page:
        rows = page.locator(".queue__open")
        for key, focused in (("j", 0), ("j", 1), ("ArrowDown", 2), ("j", 2), ("k", 1)):
            await page.keyboard.press(key)
            await expect(rows.nth(focused)).to_be_focused()
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"**/cases/{numbers[1]}")
        await page.go_back()

        await page.keyboard.press("/")
        await page.keyboard.type("sok jk")
        await expect(page.locator("#q")).to_have_value("sok jk")
        await page.locator("#q").fill("sok dara")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Found: 3")).to_be_visible()

        await page.keyboard.press("g")
        await page.keyboard.press("q")
        await page.wait_for_url("**/queue")
        await page.keyboard.press("n")
        await page.wait_for_url(f"**/cases/{numbers[0]}")


async def test_filters_are_chosen_and_dropped(house: House, browser: Browser) -> None:
    await submit(house.database, 1, flags=FLAGS)
    await submit(house.database, 2)
    officer = await house.hire(Role.OFFICER, places={"02"})
    async with opened(house) as home, signed_in(browser, home, officer) as page:
        await expect(page.locator(".queue__open")).to_have_count(2)
        await page.keyboard.press("f")
        await page.get_by_label("Sign").select_option("Under 18")
        await page.get_by_role("button", name="Show").click()
        await expect(page.locator(".queue__open")).to_have_count(1)
        await page.locator(".queue-chip").click()
        await expect(page.locator(".queue__open")).to_have_count(2)


@pytest.mark.parametrize("locale", LOCALES)
async def test_every_list_fits_and_can_be_read_by_everybody(
    house: House, browser: Browser, locale: str
) -> None:
    officer = await house.hire(Role.OFFICER, name="ចាន់ សុភា")
    taken = {"assigned_to": officer.id}
    await submit(house.database, 1, flags=FLAGS, standing=taken)
    await submit(house.database, 2, due_at=house.clock())
    house.clock.advance(hours=1)
    async with opened(house) as home, signed_in(browser, home, officer, locale) as page:
        for width, height in (PHONE, DESKTOP):
            await page.set_viewport_size({"width": width, "height": height})
            for path in ("/queue", "/queue?flag=minor", "/applications", "/search?q=sok"):
                await page.goto(home.desk.web_url + path)
                await page.locator(".queue-filters summary").or_(page.locator("h1")).last.click()
                await check_page(page)

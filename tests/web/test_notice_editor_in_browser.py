"""The editor of a notice in a real browser: what is typed in it is not lost by a slip."""

import pytest
from playwright.async_api import Browser, Dialog, Page, expect

from domain.staff import Role
from tests.web.notices import add_notice
from tests.web.opening import opened, signed_in
from tests.web.visiting import House

pytestmark = pytest.mark.browser


def note_questions(page: Page) -> list[str]:
    """Note each question whether a page is to be left, and stay."""
    asked: list[str] = []

    async def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.dismiss()

    page.on("dialog", answer)
    return asked


async def test_only_what_is_not_saved_is_asked_about(house: House, browser: Browser) -> None:
    author = await house.hire(Role.CAMPAIGN_MANAGER)
    draft = await add_notice(house, author)
    async with opened(house) as home, signed_in(browser, home, author) as page:
        asked = note_questions(page)
        await page.goto(f"{home.desk.web_url}/notices/{draft}/edit")
        await page.locator("#text_en").fill("Mine")
        await page.get_by_role("link", name="To the notice").click(no_wait_after=True)
        await expect(page.locator("#text_en")).to_have_value("Mine")
        assert asked == ["beforeunload"]
        await page.locator(".editor__do").get_by_role("button", name="Save").click()
        await expect(page.get_by_text("It is saved.")).to_be_visible()
        await page.get_by_role("link", name="To the notice").click()
        await page.wait_for_url(f"**/notices/{draft}")
        assert asked == ["beforeunload"]


async def test_what_could_not_be_saved_is_asked_about(house: House, browser: Browser) -> None:
    author = await house.hire(Role.CAMPAIGN_MANAGER)
    draft = await add_notice(house, author)
    refused = "400 (Bad Request)"
    async with (
        opened(house) as home,
        signed_in(browser, home, author, allowed_error=refused) as page,
    ):
        asked = note_questions(page)
        await page.goto(f"{home.desk.web_url}/notices/{draft}/edit")
        await page.locator("#text_en").fill("Mine")
        await page.locator("[name=latitude]").evaluate("one => { one.value = 'north'; }")
        await page.locator(".editor__do").get_by_role("button", name="Save").click()
        await expect(page.get_by_text("This is not saved yet")).to_be_visible()
        await page.get_by_role("link", name="To the notice").click(no_wait_after=True)
        await expect(page.locator("#text_en")).to_have_value("Mine")
        assert asked == ["beforeunload"]


async def test_what_was_sent_when_the_session_was_gone_comes_back(
    house: House, browser: Browser
) -> None:
    author = await house.hire(Role.CAMPAIGN_MANAGER)
    draft = await add_notice(house, author)
    async with opened(house) as home, signed_in(browser, home, author) as page:
        url = home.desk.web_url
        await page.goto(f"{url}/notices/{draft}/edit")
        await page.locator("#title").fill("My title")
        await page.locator("#text_en").fill("My words")
        await page.context.clear_cookies(name="session")
        await page.locator(".editor__do").get_by_role("button", name="Save").click()
        await expect(page.get_by_role("alert")).to_contain_text("What you have just sent")
        other = await page.context.new_page()
        await other.goto(f"{url}/enter/{await house.make_link(author)}")
        await other.locator("main button").click()
        await other.wait_for_url(lambda there: "/enter/" not in there)
        await page.go_back()
        await expect(page.locator("#title")).to_have_value("My title")
        await page.locator(".editor__do").get_by_role("button", name="Save").click()
        await expect(page.get_by_text("It is saved.")).to_be_visible()
        await expect(page.locator("#text_en")).to_have_value("My words")


async def test_a_closed_fold_says_what_is_chosen_in_it(house: House, browser: Browser) -> None:
    author = await house.hire(Role.CAMPAIGN_MANAGER)
    draft = await add_notice(house, author)
    async with opened(house) as home, signed_in(browser, home, author) as page:
        await page.goto(f"{home.desk.web_url}/notices/{draft}/edit")
        folds = page.locator("[id='all.place']")
        home_fold = page.locator(".audience > .fold").first.locator("> summary")
        await home_fold.click()
        await folds.get_by_label("Battambang", exact=True).first.check()
        await expect(home_fold).to_contain_text("· 1 chosen")
        await folds.get_by_text("Districts", exact=False).first.click()
        battambang = folds.locator(".fold .fold", has_text="Battambang").first
        await battambang.locator("> summary").click()
        await battambang.locator("input").first.check()
        await expect(battambang.locator("> summary")).to_contain_text("· 1 chosen")
        await expect(home_fold).to_contain_text("· 2 chosen")


async def test_what_is_written_is_counted_in_the_digits_of_the_page(
    house: House, browser: Browser
) -> None:
    author = await house.hire(Role.CAMPAIGN_MANAGER)
    draft = await add_notice(house, author)
    async with opened(house) as home, signed_in(browser, home, author, "km") as page:
        await page.goto(f"{home.desk.web_url}/notices/{draft}/edit")
        await page.locator("#title").fill("ថ្ងៃ")
        await expect(page.locator("#title-count output")).to_have_text("៤ / ១២០")
        await expect(page.locator("#text_km-count output")).to_contain_text("/ ៣.៩០០")
        await page.locator("[data-inserts]").first.click()
        await expect(page.locator("#title")).to_have_value("ថ្ងៃ")


async def test_fields_side_by_side_stay_in_line_and_buttons_can_be_pressed(
    house: House, browser: Browser
) -> None:
    author = await house.hire(Role.CAMPAIGN_MANAGER)
    draft = await add_notice(house, author)
    async with opened(house) as home, signed_in(browser, home, author) as page:
        await page.goto(f"{home.desk.web_url}/notices/{draft}/edit")
        await page.locator("#text_km").fill("{no} {none")
        await page.locator(".editor__do").get_by_role("button", name="Check").click()
        await expect(page.locator("#text_km-error")).to_be_visible()
        beside = [await page.locator(one).bounding_box() for one in ("#text_km", "#text_en")]
        assert len({(box["y"], box["height"]) for box in beside if box}) == 1
        for button in await page.locator(".placeholders .btn").all():
            box = await button.bounding_box()
            assert box
            assert box["height"] >= 44


async def test_a_preview_brings_the_signs_that_a_machine_may_lack(
    house: House, browser: Browser
) -> None:
    author = await house.hire(Role.CAMPAIGN_MANAGER)
    notice = await add_notice(house, author)
    async with opened(house) as home, signed_in(browser, home, author) as page:
        await page.goto(f"{home.desk.web_url}/notices/{notice}")
        load = "sign => document.fonts.load('16px \"Noto Emoji\"', sign).then(one => one.length)"
        assert [await page.evaluate(load, sign) for sign in "📝🔕📍🎫🗺🙏"] == [1] * 6
        family = await page.evaluate("getComputedStyle(document.body).fontFamily")
        assert family.endswith('"Noto Emoji"')

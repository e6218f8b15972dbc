"""Pages of notices in a real browser: good to read on every screen, and live."""

from dataclasses import replace

import pytest
from playwright.async_api import Browser, expect

from domain.notice_content import ButtonKind, FileKind, NoticeButton, PlaceOfMap
from domain.notices import Status
from domain.recipients import Status as RecipientStatus
from domain.staff import Role
from tests.browser import DESKTOP, LOCALES, PHONE, check_page
from tests.web.notices import CONTENT, add_notice, add_people, queue_people, settle
from tests.web.opening import opened, signed_in
from tests.web.visiting import House

pytestmark = pytest.mark.browser


async def test_a_notice_is_written_checked_and_submitted(house: House, browser: Browser) -> None:
    await add_people(house, 6)
    author = await house.hire(Role.CAMPAIGN_MANAGER)
    async with opened(house) as home, signed_in(browser, home, author) as page:
        await page.goto(f"{home.desk.web_url}/notices")
        await page.get_by_role("button", name="New notice").click()
        await page.get_by_label("Title, for colleagues only").fill("Saturday")
        await page.get_by_label("In Khmer", exact=True).fill("សូមជម្រាប ")
        await page.get_by_role("button", name="{given_name}").click()
        await expect(page.locator("#text_km")).to_have_value("សូមជម្រាប {given_name}")
        await expect(page.locator("#text_km-count output")).to_have_text("22 / 3,900")
        await page.get_by_label("In English", exact=True).fill("Dear {given_name}")
        await page.locator(".editor__do").get_by_role("button", name="Check").click()
        await expect(page.locator(".reach strong")).to_have_text("6")
        await expect(page.locator(".sample")).to_have_count(5)
        await page.get_by_role("link", name="Go on to testing and submitting").click()
        await page.get_by_role("button", name="Submit for approval").click()
        await expect(page.get_by_text("It now waits for a colleague")).to_be_visible()


async def test_enter_checks_and_never_fills_in_another_audience(
    house: House, browser: Browser
) -> None:
    author = await house.hire(Role.CAMPAIGN_MANAGER)
    draft = await add_notice(house, author)
    async with opened(house) as home, signed_in(browser, home, author) as page:
        await page.goto(f"{home.desk.web_url}/notices/{draft}/edit")
        await page.locator("#title").fill("Sunday")
        await page.locator("#title").press("Enter")
        await expect(page.locator("#check")).to_be_visible()
        await expect(page.locator("#title")).to_have_value("Sunday")


async def test_choosing_a_time_means_it(house: House, browser: Browser) -> None:
    author = await house.hire(Role.CAMPAIGN_MANAGER)
    draft = await add_notice(house, author)
    async with opened(house) as home, signed_in(browser, home, author) as page:
        await page.goto(f"{home.desk.web_url}/notices/{draft}/edit")
        await page.locator("#starts_at").fill("2026-03-08T09:00")
        await expect(page.get_by_label("At this time:")).to_be_checked()
        await page.get_by_label("As soon as it is approved").check()
        await expect(page.locator("#starts_at")).to_have_value("")


async def test_figures_move_while_one_looks_at_them(house: House, browser: Browser) -> None:
    await add_people(house, 3)
    author = await house.hire(Role.CAMPAIGN_MANAGER)
    notice = await add_notice(house, author, Status.SENDING)
    await queue_people(house, notice)
    async with opened(house) as home, signed_in(browser, home, author) as page:
        await page.goto(f"{home.desk.web_url}/notices/{notice}")
        await expect(page.get_by_text("0 of 3 done")).to_be_visible()
        await settle(house, notice, RecipientStatus.SENT, 1, 2)
        await expect(page.get_by_text("2 of 3 done")).to_be_visible()


async def test_on_a_phone_a_notice_on_its_way_can_be_held_before_its_words_come(
    house: House, browser: Browser
) -> None:
    author = await house.hire(Role.CAMPAIGN_MANAGER)
    notice = await add_notice(house, author, Status.SENDING)
    async with opened(house) as home, signed_in(browser, home, author, size=PHONE) as page:
        await page.goto(f"{home.desk.web_url}/notices/{notice}")
        shown = ("#progress", "form[action$=pause]", "a[href$=stop]", "#what")
        tops = [await page.locator(one).evaluate(_TOP) for one in shown]
        assert tops == sorted(tops)


async def test_on_a_phone_who_approves_is_led_to_the_button_that_follows_the_words(
    house: House, browser: Browser
) -> None:
    await add_people(house, 6)
    author = await house.hire(Role.CAMPAIGN_MANAGER, name="Sok Dara")
    approver = await house.hire(Role.CAMPAIGN_MANAGER, name="Keo Bopha")
    notice = await add_notice(house, author, Status.PENDING_APPROVAL)
    async with opened(house) as home, signed_in(browser, home, approver, size=PHONE) as page:
        await page.goto(f"{home.desk.web_url}/notices/{notice}")
        shown = ("#what", "#whom", "form[action$=approve]")
        tops = [await page.locator(one).evaluate(_TOP) for one in shown]
        assert tops == sorted(tops)
        link = page.locator(".parts").get_by_role("link", name="What to do")
        await expect(link).to_be_in_viewport()
        await link.click()
        await expect(page.get_by_role("button", name="Approve")).to_be_in_viewport()


_TOP = "one => one.getBoundingClientRect().top"


@pytest.mark.parametrize("locale", LOCALES)
async def test_every_page_fits_and_can_be_read_by_everybody(
    house: House, browser: Browser, locale: str
) -> None:
    await add_people(house, 6)
    author = await house.hire(Role.CAMPAIGN_MANAGER, name="ចាន់ សុភា")
    draft = await add_notice(house, author, Status.DRAFT, "02", "17")
    buttons = (
        *CONTENT.buttons,
        NoticeButton(ButtonKind.LINK, f"https://example.org/{'a' * 90}", "អាន", "Read"),
    )
    carrying = replace(
        CONTENT, buttons=buttons, place=PlaceOfMap(11.5, 104.9), file_kind=FileKind.VOICE
    )
    pending = await add_notice(
        house, author, Status.PENDING_APPROVAL, content=carrying, emergency=True
    )
    sending = await add_notice(house, author, Status.SENDING)
    await queue_people(house, sending)
    await settle(house, sending, RecipientStatus.UNCERTAIN, 1, 2, reason="interrupted")
    await settle(house, sending, RecipientStatus.FAILED, 3, reason="blocked")
    paths = (
        "",
        f"/{draft}/edit",
        f"/{draft}",
        f"/{pending}",
        f"/{sending}",
        f"/{sending}/recipients?status=uncertain",
        f"/{sending}/stop",
        f"/{sending}/resend",
    )
    async with opened(house) as home, signed_in(browser, home, author, locale) as page:
        for width, height in (PHONE, DESKTOP):
            await page.set_viewport_size({"width": width, "height": height})
            for path in paths:
                await page.goto(f"{home.desk.web_url}/notices{path}")
                await check_page(page)
        await page.goto(f"{home.desk.web_url}/notices/{draft}/edit")
        await page.locator(".editor__do button").first.click()
        await expect(page.locator("#check")).to_be_visible()
        await check_page(page)


LINES = """() => [...document.querySelectorAll(".phone .whole")].map(one => {
  const words = document.createRange();
  words.selectNodeContents(one);
  return new Set([...words.getClientRects()].map(part => part.top)).size;
})"""


async def test_no_number_of_an_application_is_broken_over_two_lines(
    house: House, browser: Browser
) -> None:
    author = await house.hire(Role.CAMPAIGN_MANAGER)
    content = replace(CONTENT, text_km="សូមជម្រាប លេខពាក្យរបស់អ្នក 1234-5678-9 ។ " * 9)
    notice = await add_notice(house, author, content=content)
    async with opened(house) as home, signed_in(browser, home, author, "en", PHONE) as page:
        await page.goto(f"{home.desk.web_url}/notices/{notice}")
        assert await page.evaluate(LINES) == [1] * 9
        await check_page(page)

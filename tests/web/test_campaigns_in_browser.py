"""Event days in a real browser: on a phone and on a desk, with the keyboard alone."""

import pytest
from playwright.async_api import Browser, Locator, Page

from domain.numbers import draw_number, format_number
from domain.staff import Role
from services.campaign_notices import draft_invitation
from services.desk import Actor
from tests.browser import LOCALES, PHONE, SIZES, check_page
from tests.web.event_day import NUMBER, answer_yes, enter, house, plan_today, submit
from tests.web.opening import opened, signed_in
from tests.web.visiting import House

__all__ = ["house"]
pytestmark = pytest.mark.browser

PAGES = (
    "/campaigns",
    "/campaigns/new",
    "/campaigns/1",
    "/campaigns/1/edit",
    "/campaigns/1/people?which=came",
    "/campaigns/1/desk",
    "/campaigns/1/desk/register",
)


async def fill_day(house: House) -> None:
    """Let an event day have guests and a desk."""
    await plan_today(house)
    await submit(house, 7, 8, 9)
    await answer_yes(house, 7)
    manager = Actor(await house.hire(Role.CAMPAIGN_MANAGER), "web test")
    house.clock.advance(hours=-3)
    await house.office.act(lambda uow: draft_invitation(uow, house.desk, manager, 1))
    house.clock.advance(hours=3)
    officer = await house.sign_in(await house.hire(Role.OFFICER, places=["02"]))
    await enter(officer, NUMBER)


@pytest.mark.parametrize("size", SIZES)
async def test_every_page_fits_and_shuts_nobody_out(
    house: House, browser: Browser, size: tuple[int, int]
) -> None:
    await fill_day(house)
    one = await house.hire(Role.CAMPAIGN_MANAGER, name="កែវ បុប្ផា", places=["02"])
    async with opened(house) as public:
        for locale in ("km", "en"):
            async with signed_in(browser, public, one, locale, size) as page:
                for path in PAGES:
                    await page.goto(public.desk.web_url + path)
                    await check_page(page)
                await open_folds(page, public.desk.web_url)
                await check_page(page)


async def open_folds(page: Page, url: str) -> None:
    await page.goto(f"{url}/campaigns/1")
    for summary in await page.locator(".fold > summary").all():
        await summary.click()


@pytest.mark.parametrize("locale", LOCALES)
async def test_on_a_phone_figures_are_beside_each_other_and_links_wide_enough_for_fingers(
    house: House, browser: Browser, locale: str
) -> None:
    await fill_day(house)
    one = await house.hire(Role.CAMPAIGN_MANAGER, places=["02"])
    async with opened(house) as public, signed_in(browser, public, one, locale, PHONE) as page:
        await page.goto(f"{public.desk.web_url}/campaigns/1")
        tops = [await _measure(box, "top") for box in await page.locator(".stat").all()]
        assert tops[0::2] == tops[1::2]
        links = await page.locator("td.figure a").all()
        assert links
        for link in links:
            assert min(await _measure(link, "height"), await _measure(link, "width")) >= 44


async def _measure(element: Locator, side: str) -> float:
    measured: float = await element.evaluate(
        "(one, side) => one.getBoundingClientRect()[side]", side
    )
    return measured


async def test_a_link_with_a_name_is_shown_to_be_copied(house: House, browser: Browser) -> None:
    await fill_day(house)
    one = await house.hire(Role.CAMPAIGN_MANAGER, places=["02"])
    async with opened(house) as public, signed_in(browser, public, one, "en", PHONE) as page:
        await page.goto(f"{public.desk.web_url}/campaigns/1")
        await page.fill("#from", "chas")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**?*from=chas*#posters")
        assert (await page.locator("#link").input_value()).endswith("start=btb-2026_chas")
        await page.fill("#from", "Chas X!")
        await page.get_by_role("button", name="Show the link").click()
        await page.get_by_text("Please use at most 20 small Latin letters").wait_for()
        await check_page(page)


@pytest.mark.parametrize("size", SIZES)
async def test_the_desk_needs_the_keyboard_alone(
    house: House, browser: Browser, size: tuple[int, int]
) -> None:
    await fill_day(house)
    officer = await house.hire(Role.OFFICER, places=["02"])
    async with (
        opened(house) as public,
        signed_in(browser, public, officer, "en", size, allowed_error="400") as page,
    ):
        await page.goto(f"{public.desk.web_url}/campaigns/1/desk")
        await page.keyboard.type("12")
        await page.keyboard.press("Enter")
        await page.get_by_text("Not checked in").wait_for()
        await check_page(page)
        await page.keyboard.press("Control+A")
        await page.keyboard.type(format_number(NUMBER))
        await page.keyboard.press("Enter")
        await page.get_by_text("Checked in before").wait_for()
        await check_page(page)


@pytest.mark.parametrize("size", SIZES)
async def test_somebody_is_registered_without_scripts(
    house: House, browser: Browser, size: tuple[int, int]
) -> None:
    await fill_day(house)
    officer = await house.hire(Role.OFFICER, places=["02"])
    async with opened(house) as public:
        width, height = size
        context = await browser.new_context(
            java_script_enabled=False, viewport={"width": width, "height": height}
        )
        page = await context.new_page()
        page.set_default_timeout(5000)
        await page.goto(f"{public.desk.web_url}/enter/{await public.make_link(officer)}")
        await page.locator("main button").click()
        await page.goto(f"{public.desk.web_url}/campaigns/1/desk/register")
        await fill_form(page, "អូរតាគាំ")
        await page.locator("main form button").click()
        await page.locator(".offers input").first.check()
        await page.locator("main form button").click()
        await page.locator(".slip__number").wait_for()
        await page.locator("main .toolbar .btn--primary").click()
        await page.locator("#home").wait_for()
        assert await page.locator("#home").input_value() != ""
        await context.close()


@pytest.mark.parametrize("size", SIZES)
async def test_with_a_proposed_place_one_press_registers(
    house: House, browser: Browser, size: tuple[int, int]
) -> None:
    await fill_day(house)
    officer = await house.hire(Role.OFFICER, places=["02"])
    async with (
        opened(house) as public,
        signed_in(browser, public, officer, "en", size) as page,
    ):
        await page.goto(f"{public.desk.web_url}/campaigns/1/desk/register")
        await fill_form(page)
        await page.locator("#home").press_sequentially("Dangkor Teab")
        proposed = page.locator("#home-places option").first
        await proposed.wait_for(state="attached")
        await page.locator("#home").fill(await proposed.get_attribute("value") or "")
        await page.locator("main form button").click()
        await page.locator(".slip__number").wait_for()
        assert await page.get_by_text("Dangkor Teab Village").count() == 1
        await check_page(page)


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_check_in_is_taken_back_with_the_keyboard(
    house: House, browser: Browser, locale: str
) -> None:
    await fill_day(house)
    officer = await house.hire(Role.OFFICER, places=["02"])
    async with (
        opened(house) as public,
        signed_in(browser, public, officer, locale, PHONE) as page,
    ):
        await page.goto(f"{public.desk.web_url}/campaigns/1/desk")
        await page.locator("#number:focus").wait_for()
        await page.keyboard.type(draw_number(8))
        await page.keyboard.press("Enter")
        await page.locator(".verdict--ok").wait_for()
        await check_page(page)
        await page.locator("#number:focus").wait_for()
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Enter")
        await page.locator(".notice[role=status]").wait_for()
        assert await page.locator(".desk__count").inner_text() in ("1 has come", "មកដល់ ១ នាក់")
        await check_page(page)


async def fill_form(page: Page, home: str = "") -> None:
    for name, text in (
        ("name_km", "សុខ ដារ៉ា"),
        ("name_latin", "SOK DARA"),
        ("born", "1990"),
        ("home", home),
        ("identity", "123456789"),
    ):
        await page.locator(f"#{name}").fill(text)
    await page.locator("#occupation").select_option("o.street_food_vendor")
    for name, choice in (("category", "self_employed"), ("since", "3_5"), ("income", "unsaid")):
        await page.locator(f"#{name}").select_option(choice)
    for name, choice in (("sex", "female"), ("who_agrees", "present"), ("consent_other", "yes")):
        await page.locator(f'input[name="{name}.choice"][value="{choice}"]').check()

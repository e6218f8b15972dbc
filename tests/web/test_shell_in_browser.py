"""The frame of the pages in a real browser, on a phone and on a desk, in both languages."""

from functools import partial

import pytest
from playwright.async_api import Browser

from db import applications, contacts
from domain.staff import Role
from tests.browser import PHONE, SIZES, check_page, open_page
from tests.samples import make_application, make_contact
from tests.web.opening import opened, signed_in
from tests.web.test_public import NUMBER, TOKEN, issue
from tests.web.visiting import House

pytestmark = pytest.mark.browser

STAFF_PAGES = ("/", "/staff", "/staff/2", "/staff/2/roles/officer", "/audit", "/sign-in")
ROLES = (
    Role.ADMINISTRATOR,
    *(
        pytest.param(role, marks=pytest.mark.thorough)
        for role in Role
        if role is not Role.ADMINISTRATOR
    ),
)
PUBLIC_PAGES = ("/sign-in", "/enter/x", "/verify", "/verify?number=1", f"/verify?number={NUMBER}")


async def submit(house: House, count: int) -> None:
    chats = range(100, 100 + count)
    await house.write(partial(contacts.save, changed=[make_contact(chat) for chat in chats]))
    await house.write(partial(applications.add, new=[make_application(chat) for chat in chats]))


@pytest.mark.parametrize("size", SIZES)
async def test_every_page_of_an_administrator_fits_and_shuts_nobody_out(
    house: House, browser: Browser, size: tuple[int, int]
) -> None:
    await submit(house, 12)
    boss = await house.hire(Role.ADMINISTRATOR, name="កែវ បុប្ផា")
    await house.hire(*Role, name="Chan " + "Sophea" * 8, places=["02", "0301", "1201"])
    async with opened(house) as public:
        for locale in ("km", "en"):
            async with signed_in(browser, public, boss, locale, size) as page:
                for path in STAFF_PAGES:
                    await page.goto(public.desk.web_url + path)
                    assert await page.get_attribute("html", "lang") == locale
                    await check_page(page)
                await page.goto(f"{public.desk.web_url}/staff")
                await page.locator(".menu > summary").click()
                await page.locator(".fold > summary").click()
                await check_page(page)


@pytest.mark.parametrize("role", ROLES)
async def test_the_menu_of_every_role_is_one_line_on_a_phone(
    house: House, browser: Browser, role: Role
) -> None:
    one = await house.hire(role)
    lines = "parts => new Set(parts.map(part => part.getBoundingClientRect().top)).size"
    async with opened(house) as public:
        for locale in ("km", "en"):
            async with signed_in(browser, public, one, locale, PHONE) as page:
                await page.goto(f"{public.desk.web_url}/sign-in")
                await page.evaluate("document.fonts.ready.then(() => true)")
                parts = page.locator(".site__nav a")
                for at in range(await parts.count()):
                    await parts.nth(at).click()
                    assert await parts.evaluate_all(lines) == 1, page.url


@pytest.mark.parametrize("size", SIZES)
async def test_the_pages_for_everybody_fit_and_shut_nobody_out(
    house: House, browser: Browser, size: tuple[int, int]
) -> None:
    async with opened(await issue(house)) as public:
        for path in (*PUBLIC_PAGES, f"/v/{TOKEN}"):
            async with open_page(browser, public.desk.web_url + path, size) as page:
                await check_page(page)


async def test_an_invitation_is_made_and_copied_and_somebody_signs_out(
    house: House, browser: Browser
) -> None:
    boss = await house.hire(Role.ADMINISTRATOR)
    async with (
        opened(house) as public,
        signed_in(browser, public, boss) as page,
    ):
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await page.goto(f"{public.desk.web_url}/staff")
        await page.get_by_label("Name").fill("Sok Dara")
        await page.get_by_label("Officer").check()
        await page.get_by_label("Battambang").first.check()
        await page.get_by_role("button", name="Make the invitation").click()
        link = await page.get_by_label("Invitation link").input_value()
        await page.get_by_role("button", name="Copy").click()
        await page.get_by_role("button", name="Copied").wait_for()
        assert await page.evaluate("navigator.clipboard.readText()") == link
        await check_page(page)
        await page.locator(".menu > summary").click()
        await page.get_by_role("button", name="Sign out everywhere").click()
        await page.get_by_role("heading", name="Sign in through the bot").wait_for()


async def test_keys_are_listed_and_press_what_they_name_but_not_while_typing(
    house: House,
    browser: Browser,
) -> None:
    boss = await house.hire(Role.ADMINISTRATOR)
    async with (
        opened(house) as public,
        signed_in(browser, public, boss) as page,
    ):
        await page.goto(f"{public.desk.web_url}/audit")
        await page.keyboard.press("?")
        await page.get_by_role("dialog").get_by_text("Show this list").wait_for()
        await check_page(page)
        await page.keyboard.press("Escape")
        await page.keyboard.press("/")
        await page.keyboard.type("/?a")
        assert await page.get_by_role("textbox").input_value() == "/?a"
        assert not await page.get_by_role("dialog").is_visible()


async def test_without_scripts_one_signs_in_and_works_all_the_same(
    house: House, browser: Browser
) -> None:
    boss = await house.hire(Role.ADMINISTRATOR)
    async with opened(house) as public:
        context = await browser.new_context(java_script_enabled=False)
        page = await context.new_page()
        await page.goto(f"{public.desk.web_url}/enter/{await public.make_link(boss)}")
        await page.locator("main button").click()
        await page.goto(f"{public.desk.web_url}/audit")
        await page.locator("main form[method=post] button").click()
        await page.locator(".notice--ok").wait_for()
        await context.close()

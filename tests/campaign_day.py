"""An event day in real browsers: planned, approved, told to a guest, who comes and is counted."""

from dataclasses import dataclass

from playwright.async_api import Page, expect

from tests.browser import PHONE, check_page, measure_overflow
from tests.office_day import OfficeDay
from tests.serving import eventually

COMING = "✅"
CANCEL_WINDOW_SECONDS = 660
PLAN = {
    "name_km": "ថ្ងៃចុះឈ្មោះ ផ្សារបឹងឈូក",
    "name_en": "Registration day, Boeng Chhouk market",
    "venue_km": "ផ្សារបឹងឈូក តូបលេខ ១២",
    "venue_en": "Boeng Chhouk market, stall 12",
    "point": "13.1027, 103.1998",
    "starts": "14:00",
    "ends": "17:00",
    "code": "boeng-chhouk",
    "capacity": "200",
    "target": "100",
}
DISTRICT = "0203"


@dataclass(frozen=True)
class Colleagues:
    """Who makes an event day: one plans and writes, one approves, one stands at the door."""

    author: int
    approver: int
    officer: int


async def live_through(day: OfficeDay) -> None:
    """Let a guest be invited, say that they come, come, and be counted."""
    guest, other = await day.register(2)
    colleagues = await _hire(day)
    async with day.signed_in(colleagues.author) as page:
        await _plan(day, page)
        notice = await _write_invitation(day, page)
    async with day.signed_in(colleagues.approver, PHONE) as page:
        await _approve(day, page, notice)
    day.simulator.clock.advance(CANCEL_WINDOW_SECONDS)
    await eventually(lambda: all(day.offers(day.workers[one], COMING) for one in (guest, other)))
    await _say_yes(day, day.workers[guest])
    async with day.signed_in(colleagues.officer, PHONE) as page:
        await _check_in(day, page, guest)
    async with day.signed_in(colleagues.author) as page:
        await _read_figures(day, page, notice)


async def _hire(day: OfficeDay) -> Colleagues:
    bopha = await day.join(await day.find_first_invitation(), "បុប្ផា")
    async with day.signed_in(bopha) as page:
        sophea = await day.invite(page, "សុភា", "campaign_manager")
        vuthy = await day.invite(page, "វុទ្ធី", "campaign_manager")
        rith = await day.invite(page, "រិទ្ធ")
    return Colleagues(
        await day.join(sophea, "សុភា"),
        await day.join(vuthy, "វុទ្ធី"),
        await day.join(rith, "រិទ្ធ"),
    )


async def _plan(day: OfficeDay, page: Page) -> None:
    await page.goto(f"{day.site}/campaigns/new")
    for name, value in PLAN.items():
        await page.locator(f"#{name}").fill(value)
    await page.locator("#place").select_option(DISTRICT)
    await page.locator("#held_on").fill(day.tell_date())
    await check_page(page)
    await page.locator("main form .btn--primary").click()
    await page.wait_for_url("**/campaigns/1*")
    await check_page(page)


async def _write_invitation(day: OfficeDay, page: Page) -> int:
    """Check whom the invitation reaches and submit it, as it was written for the plan."""
    await page.locator("form[action$='/invite'] button").click()
    await page.wait_for_url("**/notices/*")
    notice = int(page.url.rpartition("notices/")[2].partition("/")[0])
    await page.goto(f"{day.site}/notices/{notice}/edit")
    for chosen in await page.locator("[name^='all.']:checked").all():
        await chosen.evaluate("(box) => (box.checked = false)")
    await page.locator(".editor__do button[value=check]").click()
    await expect(page.locator("#check")).to_be_visible()
    await day.take(page, f"invitation-{day.locale}")
    await page.goto(f"{day.site}/notices/{notice}")
    await page.locator("form[action$='/submit'] button").click()
    await page.wait_for_url("**done=submit*")
    return notice


async def _approve(day: OfficeDay, page: Page, notice: int) -> None:
    await page.goto(f"{day.site}/notices/{notice}")
    await check_page(page)
    await page.locator("form[action$='/approve'] button").click()
    await page.wait_for_url("**done=approve*")


async def _say_yes(day: OfficeDay, guest: int) -> None:
    told = len(day.read_words(guest))
    async with day.chat(guest) as visitor:
        await visitor.page.locator("#log").evaluate("(log) => log.scrollTo(0, log.scrollHeight)")
        assert await measure_overflow(visitor.page) == 0
        await day.take(visitor.page, f"invited-{day.locale}")
        await visitor.page.locator(".key", has_text=COMING).last.click()
        await eventually(lambda: len(day.read_words(guest)) > told)
        await day.take(visitor.page, f"coming-{day.locale}")


async def _check_in(day: OfficeDay, page: Page, guest: str) -> None:
    await page.goto(f"{day.site}/campaigns/1/desk")
    await page.locator("#number").fill(guest)
    await page.locator("#number").press("Enter")
    await expect(page.locator(".verdict--ok")).to_be_visible()
    await check_page(page)
    await day.take(page, f"door-{day.locale}")


async def _read_figures(day: OfficeDay, page: Page, notice: int) -> None:
    await page.goto(f"{day.site}/campaigns/1")
    await check_page(page)
    await day.take(page, f"event-day-{day.locale}")
    await page.goto(f"{day.site}/notices/{notice}")
    await check_page(page)
    await day.take(page, f"notice-{day.locale}")

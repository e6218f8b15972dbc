"""Makes the README's pictures again: `python -m tests.pictures` writes docs/pictures/*.png.

Every chat is held at the same minute with invented people, so that a picture changes only when
the bot or its chat page does.
"""

import asyncio
import logging
import secrets
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from unittest.mock import patch

import structlog
from playwright.async_api import Browser, Page, ViewportSize

from simulator.server import Simulator
from tests import campaign_day, office_day
from tests.browser import launch_chromium, open_page
from tests.office_day import hold_at, open_office
from tests.serving import make_settings, serving
from tests.visitor import Visitor, read_acts

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
MOMENT = datetime(2026, 3, 2, 2, 41, tzinfo=UTC)
NUMBER_DRAWN = 20_260_302
PHONE, DESK = (390, 844), (1280, 800)
LONG_PHONE = ViewportSize(width=390, height=1110)
SCALE = 1.5
SETTLE_MILLISECONDS = 400
ACTS_BEFORE = {"chat": 3, "question": 5, "place": 8}
SHARES_PHONE = "[📱"
PLACE = "ស្វាយប៉ោ"


@asynccontextmanager
async def open_chat(
    browser: Browser, language: str, size: tuple[int, int] = PHONE
) -> AsyncIterator[Page]:
    """Open the chat of somebody new with a bot that was never used before."""
    with tempfile.TemporaryDirectory() as folder:
        simulator, clock = hold_at(MOMENT)
        async with simulator, serving(make_settings(simulator, Path(folder)), clock):
            first_id = add_people(simulator, language, at_a_desk=size == DESK)
            query = "" if language == "km" else f"?lang={language}"
            address = f"{simulator.url}/#/people/{first_id}{query}"
            async with open_page(browser, address, size, scale=SCALE) as page:
                await page.clock.set_fixed_time(MOMENT)
                await page.reload()
                yield page


def add_people(simulator: Simulator, language: str, *, at_a_desk: bool) -> int:
    """Add the invented people; on a desk's wide screen their names are read, so in Khmer."""
    if not at_a_desk:
        phone = "+85512345678"
        name = {"first_name": "Dara", "last_name": "Sok"}
        return simulator.people.add(**name, language_code=language, phone_number=phone).id
    people = [("សុខ ដារ៉ា", "+85512345678"), ("ចាន់ សុភា", "+85510234567")]
    added = [
        simulator.people.add(name, language_code="km", phone_number=phone) for name, phone in people
    ]
    return added[0].id


async def take(page: Page, name: str, *, whole: bool = False) -> None:
    """Write what the page shows at rest, on a longer phone if the whole message is wanted."""
    size = page.viewport_size
    if whole:
        await page.set_viewport_size(LONG_PHONE)
    await page.mouse.move(0, 0)
    await page.evaluate("document.activeElement.blur()")
    await page.evaluate("document.fonts.ready.then(() => true)")
    await page.wait_for_timeout(SETTLE_MILLISECONDS)
    file = FOLDER / f"{name}.png"
    await page.screenshot(path=file, animations="disabled")
    if size:
        await page.set_viewport_size(size)
    say(f"{file.relative_to(FOLDER.parents[1])}  {file.stat().st_size // 1024} KB")


async def take_registration(browser: Browser, language: str, *wanted: str) -> None:
    """Register from the beginning to /status, and take the wanted pictures on the way."""
    acts = read_acts(f"happy_path.{language}")
    before = {ACTS_BEFORE[name]: name for name in wanted if name in ACTS_BEFORE}
    before[next(n for n, act in enumerate(acts) if act.startswith(SHARES_PHONE))] = "phone"
    before[len(acts) - 1] = "review"
    async with open_chat(browser, language) as page:
        visitor = Visitor(page)
        for number, act in enumerate(acts):
            if before.get(number) in wanted:
                await visitor.wait_for(act)
                await take(page, f"{before[number]}-{language}", whole=before[number] == "review")
            await visitor.act(act)
        await page.locator(".in .copy").wait_for()
        await visitor.order("/status")
        await page.locator(".in .copy").nth(1).wait_for()
        await take(page, f"status-{language}")


async def take_place_search(browser: Browser) -> None:
    """Take what a few typed letters of a place find."""
    acts = read_acts("happy_path.km")[: ACTS_BEFORE["place"] + 1]
    async with open_chat(browser, "km") as page:
        visitor = Visitor(page)
        for act in acts[:-1]:
            await visitor.act(act)
        await visitor.wait_for(acts[-1])
        await visitor.type(PLACE)
        await page.locator(".key", has_text=PLACE).first.wait_for()
        await take(page, "place-km")


async def take_desk(browser: Browser) -> None:
    """Take the whole page as somebody at a desk sees it."""
    acts = read_acts("happy_path.km")[: ACTS_BEFORE["chat"] + 1]
    async with open_chat(browser, "km", DESK) as page:
        visitor = Visitor(page)
        for act in acts[:-1]:
            await visitor.act(act)
        await visitor.wait_for(acts[-1])
        await take(page, "desk-km")


async def take_office(browser: Browser, locale: str) -> None:
    """Take an office's first day and an event day: the pages, and what happens in the chats."""
    for live_through in (office_day.live_through, campaign_day.live_through):
        simulator, clock = hold_at(MOMENT)
        with tempfile.TemporaryDirectory() as folder:
            async with open_office(
                browser, Path(folder), locale, clock, take, simulator, scale=SCALE
            ) as day:
                await live_through(day)


async def take_all() -> None:
    """Take every picture; numbers are drawn one after the other, so that they stay the same."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    drawn = count(NUMBER_DRAWN)
    with patch.object(secrets, "randbelow", lambda _: next(drawn)):
        async with launch_chromium() as browser:
            await take_office(browser, "km")
            await take_office(browser, "en")
    with patch.object(secrets, "randbelow", lambda _: NUMBER_DRAWN):
        async with launch_chromium() as browser:
            await take_desk(browser)
            await take_place_search(browser)
            await take_registration(browser, "km", "chat", "question", "phone", "review")
            await take_registration(browser, "en", "chat", "review")


def say(line: str) -> None:
    """Tell whoever waits."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if shutil.which("chromium") is None:
        sys.exit("No Chromium, so no pictures: install Debian's package chromium.")
    errors_only = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(wrapper_class=errors_only)
    asyncio.run(take_all())

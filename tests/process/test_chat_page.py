"""A whole registration by somebody at the chat page, in a real Chromium, with the bot a process."""

import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from benchmarks.processes import BotProcess
from simulator.reading import NUMBER
from simulator.server import Simulator
from tests.browser import DESKTOP, PHONE, open_page
from tests.visitor import Visitor, read_acts

pytestmark = [pytest.mark.browser, pytest.mark.process]

MOST_ACTS = 30
MOST_TYPED = 3
ID_NUMBER = re.compile("123456789|១២៣៤៥៦៧៨៩")


@asynccontextmanager
async def open_chat(
    browser: Browser, simulator: Simulator, language: str, size: tuple[int, int]
) -> AsyncIterator[Page]:
    dara = simulator.people.add(
        "Dara", last_name="Sok", language_code=language, phone_number="+85512345678"
    )
    query = "" if language == "km" else f"?lang={language}"
    address = f"{simulator.url}/#/people/{dara.id}{query}"
    async with open_page(browser, address, size) as page:
        yield page


async def register(page: Page, language: str) -> str:
    """Register by the transcript's acts, and give the application number that shows."""
    acts = read_acts(f"happy_path.{language}")
    visitor = Visitor(page)
    for act in acts:
        await visitor.act(act)
    typed = [act for act in acts if not act.startswith(("/", "["))]
    sys.stdout.write(f"{language}: {visitor.acts} acts, {len(typed)} of them typed\n")
    assert visitor.acts <= MOST_ACTS
    assert len(typed) <= MOST_TYPED
    number = page.locator(".in .copy").filter(has_text=NUMBER).last
    await expect(number).to_be_visible()
    await visitor.look()
    return await number.inner_text()


def find_text(page: Page, text: str | re.Pattern[str]) -> Locator:
    return page.locator(".in .text", has_text=text)


async def test_vendor_registers_in_khmer_on_a_phone_and_finds_it_again_after_a_kill(
    browser: Browser, tmp_path: Path
) -> None:
    async with Simulator() as simulator:
        bot = BotProcess(simulator.url, simulator.telegram.token, tmp_path)
        await bot.start()
        async with open_chat(browser, simulator, "km", PHONE) as page:
            number = await register(page, "km")
            await expect(find_text(page, "SPECIMEN")).to_have_count(1)
            await expect(page.locator(".out .text", has_text=ID_NUMBER)).to_have_count(0)
            await expect(find_text(page, "••••••789")).not_to_have_count(0)
            await copy_number(page, number)
            await bot.kill()
            await bot.start()
            await Visitor(page).order("/status")
            status = page.locator(".message").last
            await expect(status).to_contain_text(number)
            await expect(status).to_contain_text("សុខ ដារ៉ា")
        assert await bot.terminate() == 0


async def copy_number(page: Page, number: str) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.locator(".key", has=page.locator("svg.corner")).last.click()
    await expect(page.locator(".toast")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == number


@pytest.mark.thorough
async def test_vendor_registers_in_english_at_a_desk(browser: Browser, tmp_path: Path) -> None:
    async with Simulator() as simulator:
        bot = BotProcess(simulator.url, simulator.telegram.token, tmp_path, webhook=True)
        await bot.start()
        async with open_chat(browser, simulator, "en", DESKTOP) as page:
            number = await register(page, "en")
            await expect(find_text(page, "SPECIMEN")).to_have_count(1)
            await expect(page.locator(".out .text", has_text=ID_NUMBER)).to_have_count(0)
            await Visitor(page).order("/status")
            await expect(page.locator(".message").last).to_contain_text(number)
        assert await bot.terminate() == 0

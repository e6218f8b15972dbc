"""A person at the chat page in a real browser, who lives through a transcript by pressing keys."""

import re
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from tests.browser import measure_overflow

TRANSCRIPTS = Path(__file__).parent / "transcripts"
EXAMPLE = re.compile(r"ឧ\.|e\.g\.")
CUT = """
    () => [...document.querySelectorAll(".key, .log, .dock, .topbar h1, .topbar p")]
        .filter((shown) => shown.scrollWidth > shown.clientWidth + 1)
        .map((shown) => shown.innerText)
"""


def read_acts(name: str) -> list[str]:
    """Read what the person does in a transcript: `/start`, `[a button]` or what they type."""
    lines = (TRANSCRIPTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("> ") for line in lines if line.startswith("> ")]


class Visitor:
    """Acts at an open page, looks at every screen before acting, and counts acts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.acts = 0

    async def act(self, act: str) -> None:
        """Do what a line of a transcript says, as soon as the screen allows it."""
        self.acts += 1
        if act == "/start":
            await self._press(self.page.locator(".big-action"))
        elif act.startswith("["):
            await self.tap(act[1:-1])
        else:
            await self.wait_for(act)
            await self.type(act)

    async def wait_for(self, act: str) -> None:
        """Wait until the screen allows an act: its button shows, or an example of what to type."""
        if act.startswith("["):
            await self.find_button(act[1:-1]).wait_for()
        else:
            await expect(self.page.locator(".message").last).to_contain_text(EXAMPLE)

    async def tap(self, label: str) -> None:
        """Press the newest button of this label; if it shares something, agree.

        The next act waits until the button has gone: a question may offer the same words again.
        """
        key = self.find_button(label)
        await key.wait_for()
        shares = await key.get_attribute("data-shares")
        pressed = await key.element_handle()
        await self._press(key)
        if shares:
            await self._press(self.page.locator("dialog .button.primary"))
        elif pressed:
            await pressed.wait_for_element_state("hidden")

    async def type(self, text: str) -> None:
        """Type and send."""
        field = self.page.locator("#dock textarea")
        await field.fill(text)
        await field.press("Enter")
        await expect(field).to_have_value("")

    async def order(self, command: str) -> None:
        """Choose a command from the menu beside the field."""
        await self._press(self.page.locator(".menu-button"))
        await self._press(self.page.locator(".command", has_text=command))

    def find_button(self, label: str) -> Locator:
        """Find the newest button of this label, under a message or below the chat."""
        return self.page.locator(".key", has=self.page.get_by_text(label, exact=True)).last

    async def look(self) -> None:
        """Fail if anything is wider than the place where it is."""
        assert await measure_overflow(self.page) == 0
        assert await self.page.evaluate(CUT) == []

    async def _press(self, button: Locator) -> None:
        await button.wait_for()
        await self.look()
        await button.click()

"""A real Chromium for tests, watched for errors and never missed silently."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # has no types
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PHONE = (360, 740)
DESKTOP = (1440, 900)
SIZES = (
    pytest.param(PHONE, id="phone"),
    pytest.param(DESKTOP, id="desk", marks=pytest.mark.thorough),
)
LOCALES = ("km", pytest.param("en", marks=pytest.mark.thorough))
"""The narrow screen and the long words are the hard ones; every day they are enough."""

PATIENCE_MILLISECONDS = 30_000
expect.set_options(timeout=PATIENCE_MILLISECONDS)
SERIOUS = frozenset(["serious", "critical"])


def find_chromium() -> str:
    """Return Chromium's path; without one, skip the test loudly, or fail it where CI is set."""
    path = shutil.which("chromium")
    if path is None:
        reason = "NO CHROMIUM, so the chat page was NOT tested; install Debian's package chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@asynccontextmanager
async def launch_chromium() -> AsyncIterator[Browser]:
    """Start Chromium and close it at the end."""
    path = find_chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def open_page(
    browser: Browser,
    url: str,
    size: tuple[int, int] = DESKTOP,
    *,
    dark: bool = False,
    scale: float = 1,
    allowed_error: str | None = None,
) -> AsyncIterator[Page]:
    """Open a page in a fresh profile; at the end, fail if the page complained in its console."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        device_scale_factor=scale,
        reduced_motion="reduce",
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MILLISECONDS)
    errors = _collect_errors(page)
    try:
        await page.goto(url)
        yield page
    finally:
        await context.close()
    assert [e for e in errors if allowed_error is None or allowed_error not in e] == []


def _collect_errors(page: Page) -> list[str]:
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            errors.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


async def list_serious_violations(page: Page) -> list[str]:
    """List what axe finds serious or critical, each with the elements concerned."""
    results = await Axe().run(page)
    return [
        f"{violation['id']}: {[node['html'][:120] for node in violation['nodes']]}"
        for violation in results.response["violations"]
        if violation["impact"] in SERIOUS
    ]


async def check_page(page: Page) -> None:
    """Fail if a page scrolls sideways, or if somebody is shut out by how it is made.

    A page's make is the costlier to look at and hangs on neither its words nor its width, so it is
    looked at once on each screen and in each language: in Khmer on a phone, in English on a desk.
    """
    await page.evaluate("document.fonts.ready.then(() => true)")
    assert await measure_overflow(page) == 0, page.url
    if await page.evaluate("(document.documentElement.lang === 'km') === (innerWidth < 700)"):
        assert await list_serious_violations(page) == [], page.url


async def measure_overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    overflow: int = await page.evaluate(
        "document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
    )
    return overflow

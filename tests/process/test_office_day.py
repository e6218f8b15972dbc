"""Officers sign in from the chat, decide each way, and the workers' chats change."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser import LOCALES
from tests.office_day import live_through, open_office

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("locale", LOCALES)
async def test_an_office_decides_each_way_and_every_worker_is_told(
    browser: Browser, tmp_path: Path, locale: str
) -> None:
    async with open_office(browser, tmp_path, locale) as day:
        await live_through(day)

"""Colleagues plan an event day and invite to it; a guest answers in the chat, and is counted."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser import LOCALES
from tests.campaign_day import live_through
from tests.office_day import hold_at, open_office

pytestmark = pytest.mark.browser

MORNING = datetime(2026, 3, 2, 2, 41, tzinfo=UTC)


@pytest.mark.parametrize("locale", LOCALES)
async def test_an_event_day_is_planned_announced_lived_and_counted(
    browser: Browser, tmp_path: Path, locale: str
) -> None:
    simulator, clock = hold_at(MORNING)
    async with open_office(browser, tmp_path, locale, clock, simulator=simulator) as day:
        await live_through(day)

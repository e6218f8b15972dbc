"""What asks too much of all people is refused or ended, and keeps nobody else waiting."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import pytest
from httpx import Response

from db import audiences, time_limits
from db.database import READERS
from domain.audiences import MOST_VALUES, Audience, Field, Filter
from domain.staff import Role, Staff
from tests.web.event_day import plan_today
from tests.web.notices import FORM, MANAGER, add_notice, add_people
from tests.web.visiting import Browser, House, rebuild

UNCOUNTED = "How many people would get this cannot be counted now"


async def test_audiences_that_together_ask_too_much_are_not_combined(house: House) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    kept = [await keep(house, author.id, name, MOST_VALUES // 2) for name in ("One", "Two")]
    path = f"/notices/{await add_notice(house, author)}/edit"
    form = {**FORM, "all.audience": kept, "audience_name": "Both"}

    saved = await browser.post(path, {**form, "do": "save"})
    named = await browser.post(path, {**form, "do": "save_audience"})
    alone = await browser.post(path, {**form, "all.audience": kept[:1], "do": "save"})

    assert [one.status_code for one in (saved, named, alone)] == [400, 400, 200]
    assert "These are too many conditions at once." in saved.text
    assert "These are too many conditions at once." in named.text


async def test_a_page_that_takes_too_long_says_so_kindly(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = await house.hire(MANAGER)
    monkeypatch.setattr(time_limits, "_STEPS", 1)
    hasty = rebuild(house, database=house.database.for_pages(most_seconds=0))

    answer = await (await hasty.sign_in(manager)).get("/notices")

    assert (answer.status_code, "That was too much at once" in answer.text) == (503, True)


async def test_a_notice_that_cannot_be_counted_is_shown_with_its_acts_all_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    author = await house.hire(MANAGER)
    path = f"/notices/{await add_notice(house, author)}"
    await add_people(house, 300)
    monkeypatch.setattr(time_limits, "_STEPS", 4_000)
    hasty = rebuild(house, database=house.database.for_pages(most_seconds=0))
    browser = await hasty.sign_in(author)

    shown = await browser.get(path)
    checked = await browser.post(f"{path}/edit", {**FORM, "title": "Fair", "do": "check"})

    assert (shown.status_code, checked.status_code) == (200, 200)
    assert UNCOUNTED in shown.text
    assert UNCOUNTED in checked.text
    assert 'value="Fair"' in checked.text
    assert f'action="{path}/submit"' in shown.text


async def test_who_opens_many_counts_at_once_keeps_nobody_else_waiting(house: House) -> None:
    author, colleague = await house.hire(MANAGER), await house.hire(MANAGER)
    browser, other = await house.sign_in(author), await house.sign_in(colleague)
    path = f"/notices/{await add_notice(house, author)}"

    async with house.office.turns.take(author.id):
        tabs = [asyncio.create_task(browser.get(path)) for _ in range(2 * READERS)]
        async with asyncio.timeout(10):
            await asyncio.sleep(0.3)
            answer = await other.get(path)
        assert (answer.status_code, any(tab.done() for tab in tabs)) == (200, False)
    assert {(await tab).status_code for tab in tabs} == {200}


async def test_who_opens_an_event_day_many_times_takes_no_reader_while_they_wait(
    house: House,
) -> None:
    manager = await house.hire(MANAGER)
    path = f"/campaigns/{await plan_today(house)}"
    await expect_no_reader_is_taken(house, manager, lambda browser: browser.get(path))


async def test_who_checks_the_log_many_times_takes_no_reader_while_they_wait(house: House) -> None:
    administrator = await house.hire(Role.ADMINISTRATOR)
    await expect_no_reader_is_taken(house, administrator, lambda one: one.post("/audit/check"))


async def expect_no_reader_is_taken(
    house: House, staff: Staff, ask: Callable[[Browser], Coroutine[Any, Any, Response]]
) -> None:
    """Expect that what somebody asks waits for their turn, and leaves the readers to others."""
    browser = await house.sign_in(staff)
    async with house.office.turns.take(staff.id):
        tabs = [asyncio.create_task(ask(browser)) for _ in range(2 * READERS)]
        await asyncio.sleep(0.3)
        assert not any(tab.done() for tab in tabs)
        async with AsyncExitStack() as readers, asyncio.timeout(5):
            for _ in range(READERS):
                await readers.enter_async_context(house.office.database.read())
    assert {(await tab).status_code for tab in tabs} == {200}


async def keep(house: House, author_id: int, name: str, count: int) -> str:
    """Keep an audience of people who came by one of so many codes."""
    codes = tuple(f"code_{number}" for number in range(count))
    audience = Audience((Filter(Field.SOURCE, codes),))
    add = partial(audiences.add, name=name, audience=audience, staff_id=author_id, at=house.clock())
    return str(await house.database.write(add))

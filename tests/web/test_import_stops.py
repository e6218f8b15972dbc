"""An import is stopped from its page, between two parts, and goes on with the same file."""

from db import audit
from domain.staff import Role
from tests.services.imported import make_line, write_csv
from tests.web.test_imports import confirm, count_people, open_page, read_trial, send, wait_for_end
from tests.web.visiting import Browser, House, read_words

LINES = 100


async def begin(browser: Browser) -> str:
    """Begin an import that takes several parts, and give its address."""
    await send(browser, write_csv(*(make_line(number) for number in range(1, LINES + 1))))
    return (await confirm(browser, await read_trial(browser))).headers["location"]


async def test_an_import_is_stopped_and_another_time_goes_on(house: House) -> None:
    browser = await open_page(house)
    path = await begin(browser)
    assert f'action="{path}/stop"' in (await browser.get(path)).text
    answer = await browser.post(f"{path}/stop")
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    words = await wait_for_end(browser, path)
    came = await count_people(house)
    assert came < LINES
    assert "This import was stopped by hand" in words
    assert f"{came} of {LINES} rows" in words
    assert "stopped by hand" in await browser.read("/imports")
    async with house.database.read() as connection:
        events = [one.event for one in await audit.list_about(connection, "import:1")]
    assert [one.act for one in events] == ["begin_import", "stop_import", "end_import"]

    await wait_for_end(browser, await begin(browser))
    assert await count_people(house) == LINES


async def test_a_colleague_may_stop_it_once_and_is_named(house: House) -> None:
    path = await begin(await open_page(house))
    colleague = await house.hire(Role.ADMINISTRATOR, name="ចាន់ ណារី")
    browser = await house.sign_in(colleague, "km")
    assert "បញ្ឈប់ការនាំចូលនេះ" in await browser.read(path)
    await browser.post(f"{path}/stop")
    await browser.post(f"{path}/stop")
    await wait_for_end(browser, path)
    await browser.post(f"{path}/stop")
    async with house.database.read() as connection:
        events = [one.event for one in await audit.list_about(connection, "import:1")]
    assert [one.actor_id for one in events if one.act == "stop_import"] == [colleague.id]


async def test_while_its_last_part_is_stored_it_says_that_it_is_being_stopped(
    house: House,
) -> None:
    browser = await open_page(house)
    path = await begin(browser)
    await browser.post(f"{path}/stop")
    part = await browser.client.get(path, headers={"hx-request": "true"})
    assert "is being stopped" in read_words(part.text)
    assert f"{path}/stop" not in part.text
    await wait_for_end(browser, path)


async def test_nobody_else_stops_it_and_no_form_of_somebody_else(house: House) -> None:
    browser = await open_page(house)
    path = await begin(browser)
    for one in (
        await house.hire(Role.OFFICER),
        await house.hire(Role.ADMINISTRATOR, places=["02"]),
    ):
        assert (await (await house.sign_in(one)).post(f"{path}/stop")).status_code == 404
    assert (await browser.client.post(f"{path}/stop")).status_code == 403
    for nowhere in ("/imports/9/stop", "/imports/x/stop"):
        assert (await browser.post(nowhere)).status_code == 404
    words = await wait_for_end(browser, path)
    assert "Done" in words
    assert await count_people(house) == LINES


async def test_one_that_has_ended_stays_as_it_is(house: House) -> None:
    browser = await open_page(house)
    await send(browser, write_csv(make_line()))
    path = (await confirm(browser, await read_trial(browser))).headers["location"]
    await wait_for_end(browser, path)
    assert (await browser.post(f"{path}/stop")).status_code == 303
    page = (await browser.get(path)).text
    assert "Done" in read_words(page)
    assert f"{path}/stop" not in page

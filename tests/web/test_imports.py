"""The page on which people of another register are taken over."""

import asyncio

import httpx

from db import imports
from db.staff import Connection
from domain.staff import Role
from tests.services.imported import LINE, make_line, write_csv
from tests.web.visiting import FROM_HERE, Browser, House, read_words


async def send(
    browser: Browser, content: bytes, source: str = "cie2025", name: str = "list.csv"
) -> httpx.Response:
    return await browser.client.post(
        "/imports",
        data={"csrf": browser.csrf, "source": source},
        files={"file": (name, content)},
        headers=FROM_HERE,
    )


async def open_page(house: House, locale: str = "en") -> Browser:
    return await house.sign_in(await house.hire(Role.ADMINISTRATOR), locale)


async def wait_for_end(house: House, browser: Browser) -> str:
    for _ in range(200):
        async with house.database.read() as connection:
            found = await imports.list_recent(connection)
        if found and found[0].status != "running":
            await asyncio.sleep(0.01)
            return await browser.read("/imports")
        await asyncio.sleep(0.02)
    raise AssertionError("the import does not end")


async def test_an_administrator_imports_a_file_and_reads_its_errors(house: House) -> None:
    browser = await open_page(house)
    assert "Nothing has been imported" in await browser.read("/imports")

    answer = await send(browser, write_csv(LINE, make_line(2, sex="=1")))
    assert (answer.status_code, answer.headers["location"]) == (303, "/imports")
    words = await wait_for_end(house, browser)
    assert "list.csv" in words
    assert "done" in words
    errors = await browser.get("/imports/1/errors.csv")
    assert errors.headers["content-type"].startswith("text/csv")
    assert "attachment" in errors.headers["content-disposition"]
    assert "3,sex," in errors.text


async def test_a_khmer_reader_gets_khmer_errors(house: House) -> None:
    browser = await open_page(house, "km")
    await send(browser, write_csv(make_line(2, sex="?")))
    await wait_for_end(house, browser)
    assert "ជម្រើស" in (await browser.get("/imports/1/errors.csv")).text


async def test_what_is_no_list_is_refused_in_one_line(house: House) -> None:
    browser = await open_page(house)
    for content, name, said in (
        (b"", "list.csv", "empty"),
        (b"PK\x03\x04", "list.xlsx", "damaged"),
        (b"a,b", "list.csv", "lacks these columns"),
    ):
        answer = await send(browser, content, name=name)
        assert answer.status_code == 400
        assert said in read_words(answer.text)
    answer = await send(browser, write_csv(LINE), source="../x")
    assert "short name" in read_words(answer.text)
    answer = await browser.post("/imports", {"source": "x"})
    assert "choose a file" in read_words(answer.text)


async def test_nobody_else_sees_the_page(house: House) -> None:
    for one in (
        await house.hire(Role.OFFICER),
        await house.hire(Role.ADMINISTRATOR, places=["02"]),
    ):
        browser = await house.sign_in(one)
        assert (await browser.get("/imports")).status_code == 404
        assert (await send(browser, write_csv(LINE))).status_code == 404
        assert (await browser.get("/imports/1/errors.csv")).status_code == 404
    assert (await send(house.open_browser(), b"")).status_code in (303, 403)


async def test_an_import_that_was_cut_off_says_so(house: House) -> None:
    async def begin(connection: Connection) -> None:
        await imports.begin(connection, "old.csv", "cie2025", None, house.clock())

    await house.write(begin)
    words = await (await open_page(house)).read("/imports")
    assert "stopped" in words
    assert "import the same file again" in words


async def test_errors_of_no_import_are_nowhere(house: House) -> None:
    browser = await open_page(house)
    for import_id in ("9", "x", "1' OR 1"):
        assert (await browser.get(f"/imports/{import_id}/errors.csv")).status_code == 404

"""The page on which people of another register are taken over."""

import asyncio
import io
import re
import stat
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from db import imports
from db.staff import Connection
from db.tables import applications
from documents.workbooks import LAST_ROW
from domain.staff import Role
from services.kept_lists import FOLDER
from tests.services.books import move_row, write_book
from tests.services.imported import LINE, make_line, write_csv
from tests.serving import eventually
from tests.web.visiting import FROM_HERE, Browser, House, read_words, rebuild
from web import import_room
from web.import_room import ImportRoom, Waiting


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


async def read_trial(browser: Browser) -> str:
    """Read the page of the trial once the list has been read to its end."""
    for _ in range(400):
        answer = await browser.get("/imports/trial")
        if "hx-get" not in answer.text:
            return answer.text
        await asyncio.sleep(0.02)
    raise AssertionError("the trial does not end")


async def confirm(browser: Browser, trial: str, **ticked: str) -> httpx.Response:
    hidden = dict(re.findall(r'name="(digest|source)" value="([^"]+)"', trial))
    return await browser.post("/imports/trial/confirm", {**hidden, **ticked})


async def wait_for_end(browser: Browser, path: str) -> str:
    for _ in range(400):
        answer = await browser.get(path)
        if "hx-get" not in answer.text:
            return read_words(answer.text)
        await asyncio.sleep(0.02)
    raise AssertionError("the import does not end")


async def wait_until_read(waiting: Waiting) -> None:
    await eventually(lambda: waiting.trial.has_ended)


def list_kept(house: House) -> list[Path]:
    return list((house.office.data_dir / FOLDER).glob("*"))


async def count_people(house: House) -> int:
    async with house.database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(applications)) or 0


async def test_a_list_is_looked_at_confirmed_and_taken_over(house: House) -> None:
    browser = await open_page(house)
    assert "Nothing has been imported" in await browser.read("/imports")

    answer = await send(browser, write_csv(LINE, make_line(2, sex="=1")))
    assert (answer.status_code, answer.headers["location"]) == (303, "/imports/trial")
    trial = await read_trial(browser)
    assert await count_people(house) == 0

    answer = await confirm(browser, trial)
    assert (answer.status_code, answer.headers["location"]) == (303, "/imports/1")
    words = await wait_for_end(browser, "/imports/1")
    assert "Done" in words
    assert await count_people(house) == 1
    assert "list.csv" in await browser.read("/imports")
    errors = await browser.get("/imports/1/errors.csv")
    assert errors.headers["content-type"].startswith("text/csv")
    assert "attachment" in errors.headers["content-disposition"]
    assert "3,sex," in errors.text


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", ("register_number", "nine digits as text", "empty cell counts as approved")),
        ("km", ("លេខចុះបញ្ជី", "លេខ ៩ ខ្ទង់", "ទុកឱ្យនៅទទេ គឺរាប់ថាបានអនុម័ត")),
    ],
)
async def test_the_page_explains_the_columns_and_gives_a_sample_that_can_be_sent(
    house: House, locale: str, said: tuple[str, ...]
) -> None:
    browser = await open_page(house, locale)
    shown = await browser.get("/imports")
    for words in said:
        assert words in read_words(shown.text)
    assert "docs/" not in shown.text
    assert 'href="/imports/sample.csv"' in shown.text
    sample = await browser.get("/imports/sample.csv")
    assert "attachment" in sample.headers["content-disposition"]
    await send(browser, sample.content)
    answer = await confirm(browser, await read_trial(browser))
    await wait_for_end(browser, answer.headers["location"])
    assert await count_people(house) == 2


async def test_the_trial_shows_how_the_list_was_understood(house: House) -> None:
    browser = await open_page(house)
    known = make_line(5)
    await send(browser, write_csv(known))
    await confirm(browser, await read_trial(browser))
    await wait_for_end(browser, "/imports/1")

    lines = [{**LINE, "status": ""}, make_line(2, sex="?"), known, {**known, "sex": "ស្រី"}]
    lines.append(make_line(6, phone="023 880 111", id_number=LINE["id_number"]))
    await send(browser, write_csv(*[{**line, "remarks": "x"} for line in lines]))
    trial = await read_trial(browser)
    words = read_words(trial)
    for said in (
        "family name in Latin letters",
        "SOK",
        "15 April 1985",
        "Import 2 new people",
        "1 without a decision, taken as approved",
        "New people with the phone number or identity card",
        "Row 2 has the same number.",
        "Something else is said of: sex",
        "The first whose phone number cannot be used",
        "Columns that are left out: remarks",
        "none of the choices",
        "known with other details",
    ):
        assert said in words
    async with house.database.read() as connection:
        [number] = await connection.scalars(select(applications.c.number))
    assert trial.count(f'href="/cases/{number}"') == 2
    assert "3,sex," in (await browser.get("/imports/trial/errors.csv")).text


async def test_the_page_asks_only_for_what_has_changed(house: House) -> None:
    browser = await open_page(house)
    await send(browser, write_csv(LINE))
    await read_trial(browser)
    part = await browser.client.get("/imports/trial", headers={"hx-request": "true"})
    assert part.text.startswith("<div")
    await confirm(browser, part.text)
    await wait_for_end(browser, "/imports/1")
    part = await browser.client.get("/imports/1?polls=3", headers={"hx-request": "true"})
    assert part.text.startswith("<section")


async def test_a_page_that_waits_is_opened_anew_when_the_file_is_no_list(house: House) -> None:
    room = ImportRoom(house.office)
    await room.receive(1, io.BytesIO(b"a,b"), "list.csv", "cie2025")
    waiting = room.find(1)
    assert waiting is not None
    assert waiting.opened is None
    await wait_until_read(waiting)
    assert waiting.refused is not None
    browser = await open_page(house)
    await send(browser, b"a,b")
    asking = {"hx-request": "true"}
    for _ in range(400):
        part = await browser.client.get("/imports/trial", headers=asking)
        if part.headers.get("hx-refresh") == "true":
            break
        await asyncio.sleep(0.02)
    assert "lacks these columns" in read_words((await browser.get("/imports/trial")).text)


async def test_a_list_that_is_dropped_is_read_no_further(house: House) -> None:
    room = ImportRoom(house.office)
    people = write_book(make_line(1), make_line(2))
    await room.receive(1, io.BytesIO(move_row(people, 3, LAST_ROW)), "list.xlsx", "cie2025")
    waiting = room.find(1)
    assert waiting is not None
    await eventually(lambda: waiting.opened)
    room.drop(1)
    await eventually(lambda: waiting.task is not None and waiting.task.done())
    assert waiting.opened is not None
    assert waiting.opened.file.is_unwanted.is_set()
    assert not waiting.trial.has_ended


async def test_a_kept_list_is_for_nobody_else_and_deleted_once_it_is_imported(
    house: House,
) -> None:
    browser = await open_page(house)
    await send(browser, write_csv(LINE))
    [kept] = list_kept(house)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    await confirm(browser, await read_trial(browser))
    assert list_kept(house) == []
    await wait_for_end(browser, "/imports/1")
    assert await count_people(house) == 1


async def test_a_list_that_nobody_confirms_is_deleted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_room, "KEPT_SECONDS", 0.0)
    browser = await open_page(house)
    await send(browser, write_csv(LINE))
    await asyncio.sleep(0.05)
    assert list_kept(house) == []
    assert "no longer here" in read_words((await browser.get("/imports/trial")).text)


async def test_a_restart_deletes_what_was_not_confirmed(house: House) -> None:
    browser = await open_page(house)
    await send(browser, write_csv(LINE))
    await read_trial(browser)
    [kept] = list_kept(house)
    rebuild(house)
    assert not kept.exists()


async def test_a_list_can_be_dropped_and_another_one_takes_its_place(house: House) -> None:
    browser = await open_page(house)
    await send(browser, write_csv(LINE))
    await send(browser, write_csv(make_line(2)))
    assert len(list_kept(house)) == 1
    await browser.post("/imports/trial/drop")
    assert list_kept(house) == []
    assert (await browser.get("/imports/trial")).status_code == 400


async def test_only_the_list_that_was_looked_at_can_be_confirmed(house: House) -> None:
    browser = await open_page(house)
    await send(browser, write_csv(LINE))
    looked_at = await read_trial(browser)
    await send(browser, write_csv(make_line(2)))
    await read_trial(browser)
    answer = await confirm(browser, looked_at)
    assert answer.status_code == 400
    assert "another list since" in read_words(answer.text)
    assert await count_people(house) == 0


async def test_a_list_that_was_changed_on_the_disk_is_not_imported(house: House) -> None:
    browser = await open_page(house)
    await send(browser, write_csv(LINE))
    trial = await read_trial(browser)
    [kept] = list_kept(house)
    kept.write_bytes(write_csv(make_line(2)))
    answer = await confirm(browser, trial)
    assert "send it again" in read_words(answer.text)
    assert list_kept(house) == []
    assert "Nothing has been imported" in await browser.read("/imports")


async def test_a_list_that_brings_nobody_or_breaks_off_cannot_be_confirmed(house: House) -> None:
    browser = await open_page(house)
    broken = write_csv(LINE) + b" " * 70_000 + b"\n\xff\xff\n"
    for content, said in (
        (write_csv(make_line(sex="?")), "Nobody in this list is new"),
        (broken, "UTF-8"),
    ):
        await send(browser, content)
        trial = await read_trial(browser)
        assert said in read_words(trial)
        assert "/imports/trial/confirm" not in trial
        [kept] = list_kept(house)
        forged = {"digest": sha256(kept.read_bytes()).hexdigest(), "source": "cie2025"}
        answer = await browser.post("/imports/trial/confirm", forged)
        assert answer.headers["location"] == "/imports/trial"
    assert await count_people(house) == 0


async def test_the_same_list_under_another_name_asks_before_anybody_comes_in_twice(
    house: House,
) -> None:
    browser = await open_page(house)
    await send(browser, write_csv(LINE))
    await confirm(browser, await read_trial(browser))
    await wait_for_end(browser, "/imports/1")
    assert '<option value="cie2025">' in (await browser.get("/imports")).text

    await send(browser, write_csv(LINE, make_line(2, sex="?")), source="other")
    trial = await read_trial(browser)
    assert "known already from “cie2025”" in read_words(trial)
    assert "short name “cie2025”" in read_words(trial)
    answer = await confirm(browser, trial)
    assert answer.status_code == 400
    assert "Please tick" in read_words(answer.text)
    assert await count_people(house) == 1
    answer = await confirm(browser, trial, another="yes")
    await wait_for_end(browser, answer.headers["location"])
    assert await count_people(house) == 2


async def test_one_import_goes_on_at_a_time(house: House) -> None:
    first, second = await open_page(house), await open_page(house)
    await send(first, write_csv(*(make_line(number) for number in range(1, 60))))
    await send(second, write_csv(make_line(70)), source="other")
    trials = [await read_trial(browser) for browser in (first, second)]
    await confirm(first, trials[0])
    answer = await confirm(second, trials[1])
    assert "Another list is being imported" in read_words(answer.text)
    await wait_for_end(first, "/imports/1")
    assert (await confirm(second, trials[1])).headers["location"] == "/imports/2"
    await wait_for_end(second, "/imports/2")
    assert await count_people(house) == 60


async def test_a_khmer_reader_gets_khmer_errors(house: House) -> None:
    browser = await open_page(house, "km")
    await send(browser, write_csv(LINE, make_line(2, sex="?")))
    trial = await read_trial(browser)
    assert "គោត្តនាមជាអក្សរខ្មែរ" in trial
    assert "ជម្រើស" in (await browser.get("/imports/trial/errors.csv")).text
    await confirm(browser, trial)
    await wait_for_end(browser, "/imports/1")
    assert "ជម្រើស" in (await browser.get("/imports/1/errors.csv")).text


async def test_labels_and_headings_begin_as_on_other_pages(house: House) -> None:
    browser = await open_page(house)
    asked = (await browser.get("/imports")).text
    assert asked.index('id="source"') < asked.index('id="source-hint"')
    await send(browser, write_csv(LINE, make_line(2, sex="?")))
    for page in (asked, await read_trial(browser)):
        said = re.findall(r"<(?:h2|label|dt)[^>]*>(\w)", page)
        said += re.findall(r'<th scope="col"[^>]*>(\w)', page)
        assert len(said) > 8
        assert all(letter.isupper() for letter in said)


async def test_what_is_no_list_is_refused_in_one_line(house: House) -> None:
    browser = await open_page(house)
    for content, name, said in (
        (b"", "list.csv", "empty"),
        (b"PK\x03\x04", "list.xlsx", "damaged"),
        (b"a,b", "list.csv", "lacks these columns"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "card.jpg", "no list"),
    ):
        answer = await send(browser, content, name=name)
        assert answer.headers["location"] == "/imports/trial"
        assert said in read_words(await read_trial(browser))
        assert list_kept(house) == []
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
        for path in (
            "/imports/sample.csv",
            "/imports/trial",
            "/imports/trial/errors.csv",
            "/imports/1/errors.csv",
        ):
            assert (await browser.get(path)).status_code == 404
        for path in ("/imports/trial/confirm", "/imports/trial/drop"):
            assert (await browser.post(path)).status_code == 404
    assert (await send(house.open_browser(), b"")).status_code in (303, 403)


async def test_a_list_of_somebody_who_may_not_send_it_is_not_even_read(house: House) -> None:
    browser = await house.sign_in(await house.hire(Role.BENEFIT_OWNER))
    taken = 0

    async def send_slowly() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(50):
            taken += 1
            yield b"x" * 1_000

    headers = {**FROM_HERE, "content-type": "application/x-www-form-urlencoded"}
    answer = await browser.client.post("/imports", content=send_slowly(), headers=headers)
    assert (answer.status_code, taken) == (404, 0)


async def test_an_import_that_was_cut_off_says_so(house: House) -> None:
    async def begin(connection: Connection) -> None:
        await imports.begin(connection, "old.csv", "cie2025", None, house.clock())

    await house.write(begin)
    browser = await open_page(house)
    for path in ("/imports", "/imports/1"):
        words = await browser.read(path)
        assert "Stopped" in words
        assert "import the same file again" in words


async def test_errors_of_no_import_are_nowhere(house: House) -> None:
    browser = await open_page(house)
    for import_id in ("9", "x", "1' OR 1"):
        assert (await browser.get(f"/imports/{import_id}/errors.csv")).status_code == 404
        assert (await browser.get(f"/imports/{import_id}")).status_code == 404
    assert (await browser.get("/imports/trial/errors.csv")).status_code == 404

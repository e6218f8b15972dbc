"""The queue's pages: what they show, to whom, and what is written down of it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db.tables import audit_events
from domain.applications import Status
from domain.cases import Waiting
from domain.numbers import format_number
from domain.staff import Role
from tests.db.applicants import APPEALED, SIEM_REAP, submit
from tests.web.visiting import Browser, House

NOW = datetime(2026, 3, 5, 7, 0, tzinfo=UTC)
"""Two in the afternoon of the day by which most are promised an answer."""
CHANTHA: dict[str, Any] = {
    "family_km": "ហេង",
    "given_km": "ចន្ថា",
    "family_latin": "Heng",
    "given_latin": "Chantha",
    "phone": "+85599888777",
}


@pytest.fixture
async def officer(house: House) -> Browser:
    """The browser of an officer of Battambang, on the afternoon of a working day."""
    house.clock.now = NOW
    return await house.sign_in(await house.hire(Role.OFFICER, places={"02"}))


def list_numbers(page: str) -> list[str]:
    return re.findall(r'class="queue__open" href="/cases/(\d+)"', page)


async def list_of(browser: Browser, path: str, **query: str) -> list[str]:
    answer = await browser.get(path, **query)
    assert answer.status_code == 200
    return list_numbers(answer.text)


async def list_events(house: House) -> list[tuple[str, str | None, dict[str, Any]]]:
    event = audit_events.c
    async with house.database.read() as connection:
        rows = await connection.execute(
            select(event.act, event.subject, event.details)
            .where(event.act.in_(["list_cases", "search_cases"]))
            .order_by(event.id)
        )
        return [(row.act, row.subject, row.details) for row in rows]


async def test_the_queue_shows_the_oldest_promise_first_with_its_clock(
    house: House, officer: Browser
) -> None:
    soon = await submit(house.database, 1, due_at=NOW + timedelta(minutes=90))
    late = await submit(house.database, 2, due_at=NOW - timedelta(hours=5), **CHANTHA)
    later = await submit(house.database, 3, due_at=NOW + timedelta(hours=3, minutes=30))

    assert await list_of(officer, "/queue") == [late, soon, later]
    words = await officer.read("/queue")
    assert "Late since 5 March 2026, 09:00" in words
    assert "1 h 30 min of working time left Due soon" in words
    assert "3 h 30 min of working time left" in words
    assert "ហេង ចន្ថា Heng Chantha" in words
    assert "3 waiting 1 due within two working hours 1 late 0 yours" in words


async def test_a_clock_counts_working_time_only(house: House, officer: Browser) -> None:
    await submit(house.database, 1, due_at=datetime(2026, 3, 6, 1, 0, tzinfo=UTC))
    assert "4 h 0 min of working time left" in await officer.read("/queue")


async def test_signs_and_takers_are_shown(house: House, officer: Browser) -> None:
    bopha = await house.hire(Role.OFFICER, name="Keo Bopha", places={"02"})
    held = {"assigned_to": bopha.id, "status": Status.IN_REVIEW}
    await submit(house.database, 1, flags={"minor", "no_card"}, standing=held)
    await submit(house.database, 2, flags={"possible_duplicate"}, standing=APPEALED)
    words = await officer.read("/queue")

    for expected in ("Under 18", "No card number", "Keo Bopha", "Possible duplicate", "Appeal"):
        assert expected in words


async def test_filters_stay_in_the_address_and_can_be_dropped(
    house: House, officer: Browser
) -> None:
    minor = await submit(house.database, 1, flags={"minor"})
    await submit(house.database, 2)
    page = (await officer.get("/queue", flag="minor", place="0203")).text

    assert list_numbers(page) == [minor]
    assert '<option value="minor" selected>' in page
    assert '<option value="0203" selected>' in page
    assert 'href="/queue?place=0203"' in page
    assert 'action="/queue/next?place=0203&amp;flag=minor"' in page


async def test_a_long_queue_goes_on_on_the_next_page(house: House, officer: Browser) -> None:
    numbers = [await submit(house.database, chat_id) for chat_id in range(1, 56)]
    page = (await officer.get("/queue")).text
    [following] = re.findall(r'href="(/queue\?after=[^"]+)"', page)

    assert list_numbers(page) == numbers[:50]
    assert await list_of(officer, following) == numbers[50:]
    assert "First page" in await officer.read(following)


async def test_the_list_of_all_shows_the_decided_too(house: House, officer: Browser) -> None:
    decided = {"status": Status.APPROVED, "waiting": None, "due_at": None}
    number = await submit(house.database, 1, standing=decided)

    assert await list_of(officer, "/queue") == []
    assert await list_of(officer, "/applications", status="approved") == [number]
    assert await list_of(officer, "/applications", status="rejected") == []
    assert "Nothing waits. Well done!" in await officer.read("/queue")


@pytest.mark.parametrize("typed", ["heng", "ហេង ចន្ថា", "099 888 777", "the number", "០០០០"])
async def test_a_search_finds_whom_is_meant(house: House, officer: Browser, typed: str) -> None:
    await submit(house.database, 12_345_678)
    number = await submit(house.database, 1, **CHANTHA)
    query = format_number(number) if typed == "the number" else typed
    assert await list_of(officer, "/search", q=query) == [number]


async def test_a_search_says_what_to_do_when_it_finds_nothing(
    house: House, officer: Browser
) -> None:
    await submit(house.database, 1)
    assert "Nothing found in your area." in await officer.read("/search", q="Zzyzx")
    for too_little in ("", "z", "12"):
        assert "at least two letters" in await officer.read("/search", q=too_little)


async def test_what_is_typed_is_shown_as_it_is_and_never_as_markup(officer: Browser) -> None:
    page = (await officer.get("/search", q='"><script>x</script>')).text
    assert "<script>x" not in page
    assert "&lt;script&gt;" in page


async def test_an_officer_of_battambang_never_sees_siem_reap(
    house: House, officer: Browser
) -> None:
    number = await submit(house.database, 1, home=SIEM_REAP, source="radio", **CHANTHA)
    routes = ("/queue", "/applications")
    queries: list[dict[str, str]] = [{}, {"place": "17"}, {"place": "1710"}]
    queries += [{"source": "radio"}, {"assigned": "nobody"}]
    for path in routes:
        for query in queries:
            assert await list_of(officer, path, **query) == []
    for typed in (number, format_number(number), "099 888 777", "Heng Chantha", "ហេង", "0000"):
        assert await list_of(officer, "/search", q=typed) == []

    assert (await officer.get(f"/cases/{number}")).status_code == 404
    answer = await officer.post("/queue/next?place=17")
    assert answer.headers["location"] == "/queue?place=17&nothing_left=1"
    assert "0 waiting" in await officer.read("/queue")
    assert '<option value="17"' not in (await officer.get("/queue", place="17")).text


@pytest.mark.parametrize("path", ["/queue", "/applications", "/search?q=sok"])
async def test_lists_are_for_officers_who_have_signed_in(house: House, path: str) -> None:
    await submit(house.database, 1)
    assert (await house.open_browser().get(path)).headers["location"] == "/sign-in"
    for role in set(Role) - {Role.OFFICER}:
        browser = await house.sign_in(await house.hire(role))
        assert (await browser.get(path)).status_code == 404


async def test_every_list_is_written_down_once_without_what_was_typed(
    house: House, officer: Browser
) -> None:
    await submit(house.database, 1)
    for path in ("/queue", "/applications", "/search?q=sok", "/search?q=099888777"):
        await officer.read(path)
    assert await list_events(house) == [
        ("list_cases", None, {"rows": 1}),
        ("list_cases", None, {"rows": 1}),
        ("search_cases", None, {"rows": 1}),
        ("search_cases", None, {"rows": 0}),
    ]


async def test_one_button_takes_the_next_case_and_opens_it(house: House, officer: Browser) -> None:
    later = await submit(house.database, 1, due_at=NOW + timedelta(hours=2))
    first = await submit(house.database, 2, due_at=NOW + timedelta(hours=1))
    answers = [await officer.post("/queue/next") for _ in range(3)]

    places = [answer.headers["location"] for answer in answers]
    assert places == [f"/cases/{first}", f"/cases/{later}", "/queue?nothing_left=1"]
    assert {answer.status_code for answer in answers} == {303}
    words = await officer.read("/queue?nothing_left=1")
    assert "nothing left here that you could take" in words
    assert "2 yours" in words


async def test_the_next_case_is_taken_only_by_a_form_of_ours(
    house: House, officer: Browser
) -> None:
    await submit(house.database, 1)
    assert (await officer.client.post("/queue/next")).status_code == 403
    assert (await officer.get("/queue/next")).status_code == 405


@pytest.mark.parametrize("waiting", Waiting)
@pytest.mark.parametrize("locale", ["km", "en"])
async def test_every_kind_of_row_is_shown_in_both_languages(
    house: House, locale: str, waiting: Waiting
) -> None:
    house.clock.now = NOW
    browser = await house.sign_in(await house.hire(Role.OFFICER), locale)
    flags = {"minor", "no_card", "eight_digits", "possible_duplicate"}
    due_at, standing = NOW + timedelta(hours=1), {"waiting": waiting}
    number = await submit(house.database, 1, flags=flags, due_at=due_at, standing=standing)
    query = {"flag": "minor", "waiting": waiting.value, "age": "close", "work": "trade_food"}
    assert await list_of(browser, "/queue", **query) == [number]

"""The lists of applications: their order, their pages, their filters, and whose they are."""

from datetime import timedelta
from functools import partial

import pytest

from db import staff
from db.database import Database
from db.queue import (
    Cursor,
    Page,
    Summary,
    Viewpoint,
    count_summary,
    find_next,
    list_all,
    list_waiting,
)
from domain.applications import Status
from domain.cases import Waiting
from domain.filters import Age, Assigned, Filters
from domain.staff import Role
from tests.db.applicants import APPEALED, CLOSE_UNTIL, DUE_AT, SIEM_REAP, look, submit
from tests.samples import NOON

DECIDED = {"status": Status.APPROVED, "waiting": None, "due_at": None}
HOUR = timedelta(hours=1)


async def hire(database: Database) -> int:
    add = partial(staff.add, at=NOON, name="Chan Sophea", roles={Role.OFFICER}, places=None)
    return (await database.write(add)).id


async def wait_in(
    database: Database,
    looking: Viewpoint,
    filters: Filters | None = None,
    after: Cursor | None = None,
) -> Page:
    async with database.read() as connection:
        return await list_waiting(connection, looking, filters or Filters(), after, limit=2)


async def numbers_of(database: Database, looking: Viewpoint, filters: Filters) -> set[str]:
    async with database.read() as connection:
        page = await list_waiting(connection, looking, filters)
        return {row.number for row in page.rows}


async def test_the_oldest_promise_comes_first_and_pages_leave_nothing_out(
    database: Database,
) -> None:
    late, early = DUE_AT + HOUR, DUE_AT - HOUR
    numbers = {
        chat_id: await submit(database, chat_id, due_at=due_at)
        for chat_id, due_at in enumerate((late, DUE_AT, early, DUE_AT, DUE_AT), start=1)
    }
    first = await wait_in(database, look())
    second = await wait_in(database, look(), after=first.after)
    third = await wait_in(database, look(), after=second.after)

    shown = [row.number for page in (first, second, third) for row in page.rows]
    assert shown == [numbers[chat_id] for chat_id in (3, 2, 4, 5, 1)]
    assert third.after is None


async def test_a_row_says_who_where_and_how_it_stands(database: Database) -> None:
    officer = await hire(database)
    taken = {"status": Status.IN_REVIEW, "assigned_to": officer}
    number = await submit(database, 1, flags={"minor", "no_card"}, source="radio", standing=taken)
    [row] = (await wait_in(database, look())).rows

    assert (row.number, row.family_km, row.given_latin) == (number, "សុខ", "Dara")
    assert (row.place, row.office, row.occupation) == ("02030105", "0203", "street_food_vendor")
    assert (row.status, row.waiting) == (Status.IN_REVIEW, Waiting.DECISION)
    assert (row.due_at, row.submitted_at) == (DUE_AT, NOON)
    assert (row.flags, row.assigned_to, row.source) == (("minor", "no_card"), officer, "radio")


async def test_a_decided_application_waits_no_more_but_stays_in_the_list_of_all(
    database: Database,
) -> None:
    waiting = await submit(database, 1, submitted_at=NOON - HOUR)
    decided = await submit(database, 2, standing=DECIDED)
    async with database.read() as connection:
        everything = await list_all(connection, look(), Filters(), limit=1)
        rest = await list_all(connection, look(), Filters(), everything.after, limit=1)
        approved = await list_all(connection, look(), Filters(status=Status.APPROVED))

    assert await numbers_of(database, look(), Filters()) == {waiting}
    assert [row.number for row in everything.rows + rest.rows] == [decided, waiting]
    assert [row.number for row in approved.rows] == [decided]


@pytest.mark.parametrize(
    "filters",
    [
        Filters(place="17"),
        Filters(place="1710"),
        Filters(place="171001"),
        Filters(status=Status.IN_REVIEW),
        Filters(waiting=Waiting.APPEAL),
        Filters(work="transport"),
        Filters(work="moto_taxi_driver"),
        Filters(source="radio"),
        Filters(flag="eight_digits"),
        Filters(assigned=Assigned.ME),
        Filters(age=Age.OVERDUE),
        Filters(place="17", work="transport", flag="eight_digits", assigned=Assigned.ME),
    ],
)
async def test_each_filter_finds_the_one_that_fits(database: Database, filters: Filters) -> None:
    officer = await hire(database)
    await submit(database, 1, source="market", flags={"minor"})
    await submit(database, 2, due_at=CLOSE_UNTIL, source="radio_2")
    wanted = await submit(
        database,
        3,
        home=SIEM_REAP,
        occupation="moto_taxi_driver",
        flags={"eight_digits", "minor"},
        source="radio",
        due_at=NOON - HOUR,
        standing={**APPEALED, "status": Status.IN_REVIEW, "assigned_to": officer},
    )
    assert await numbers_of(database, look(staff_id=officer), filters) == {wanted}


async def test_what_is_close_is_neither_late_nor_far(database: Database) -> None:
    close = await submit(database, 1, due_at=CLOSE_UNTIL)
    await submit(database, 2, due_at=NOON - HOUR)
    await submit(database, 3)
    assert await numbers_of(database, look(), Filters(age=Age.CLOSE)) == {close}


async def test_what_waits_is_counted_where_one_may_look(database: Database) -> None:
    officer = await hire(database)
    await submit(database, 1, due_at=CLOSE_UNTIL)
    await submit(database, 2, due_at=NOON - HOUR, standing={"assigned_to": officer})
    await submit(database, 3, standing=DECIDED)
    await submit(database, 4, home=SIEM_REAP, standing={"assigned_to": officer})
    async with database.read() as connection:
        here = await count_summary(connection, look("02", staff_id=officer))
        everywhere = await count_summary(connection, look(staff_id=officer))

    assert here == Summary(waiting=2, close=1, overdue=1, mine=1)
    assert everywhere == Summary(waiting=3, close=1, overdue=1, mine=2)


@pytest.mark.parametrize("places", [["02"], ["0203"], ["0203", "03"]])
async def test_an_officer_sees_only_their_own_places(database: Database, places: list[str]) -> None:
    ours = await submit(database, 1)
    await submit(database, 2, home=SIEM_REAP)
    async with database.read() as connection:
        everything = await list_all(connection, look(*places), Filters())

    assert [row.number for row in everything.rows] == [ours]
    assert await numbers_of(database, look(*places), Filters()) == {ours}
    assert await numbers_of(database, look(*places), Filters(place="17")) == set()


async def test_whoever_has_no_place_sees_nothing(database: Database) -> None:
    await submit(database, 1)
    assert (await wait_in(database, look("99"))).rows == ()


async def test_the_next_case_is_the_oldest_that_nobody_has_taken(database: Database) -> None:
    officer = await hire(database)
    await submit(database, 1, due_at=DUE_AT - HOUR, standing={"assigned_to": officer})
    ours = await submit(database, 2, due_at=DUE_AT)
    await submit(database, 3, due_at=DUE_AT - HOUR, home=SIEM_REAP)
    await submit(database, 4, standing=DECIDED)
    async with database.read() as connection:
        assert await find_next(connection, look("02"), Filters()) == ours
        assert await find_next(connection, look("02"), Filters(work="transport")) is None


async def test_nobody_is_given_an_appeal_of_their_own_decision(database: Database) -> None:
    officer = await hire(database)
    number = await submit(database, 1, standing={**APPEALED, "decided_by": officer})
    async with database.read() as connection:
        own = await find_next(connection, look(staff_id=officer), Filters())
        others = await find_next(connection, look(staff_id=officer + 1), Filters())

    assert (own, others) == (None, number)


def test_a_cursor_reads_as_it_was_written() -> None:
    cursor = Cursor(DUE_AT.replace(microsecond=123456), 42)
    assert Cursor.read(str(cursor)) == cursor


@pytest.mark.parametrize("text", ["", "1", "a-b", "1-2-3", "-1-2", "٣-٤", "9" * 18 + "-1", "1-"])
def test_what_is_no_cursor_begins_at_the_first_page(text: str) -> None:
    assert Cursor.read(text) is None

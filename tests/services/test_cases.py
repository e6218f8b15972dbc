"""Officers take, give back, hand over, note and look."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from db import notes
from db.database import Database
from db.tables import applications, duplicate_pairs
from db.unit_of_work import UnitOfWork, run_unit
from domain.applications import Status
from domain.cases import Hindrance, NotPossible, Waiting
from domain.staff import Role
from services.cases import (
    NoSuchCase,
    NotOffered,
    add_note,
    dismiss_pair,
    hand_over,
    note_look,
    release,
    take,
)
from services.decisions import approve, reject
from services.desk import Actor
from services.staff import change_staff
from tests.conftest import open_database
from tests.samples import NOON
from tests.services.counter import Counter
from tests.services.office import (
    NUMBER,
    OTHER_NUMBER,
    SIEM_REAP,
    SIGNING_KEY,
    Bureau,
    make_case_file,
)

PURSAT_TOWN = "1505"


async def test_an_officer_takes_a_case_and_gives_it_back(bureau: Bureau) -> None:
    officer = await bureau.hire()
    await bureau.receive(make_case_file(7))
    before = await bureau.get_case()

    taken = await bureau.take(officer)
    assert taken == await bureau.get_case()
    assert (taken.status, taken.assigned_to) == (Status.IN_REVIEW, officer.staff.id)
    assert await bureau.act(release, officer, NUMBER) == before
    assert await bureau.get_case() == before
    assert [stored.event.act for stored in await bureau.list_events()] == ["take", "release"]
    assert bureau.counter.sent == []


async def test_what_somebody_took_who_leaves_is_back_in_the_queue(bureau: Bureau) -> None:
    officer = await bureau.hire()
    await bureau.receive(make_case_file(7))
    before = await bureau.get_case()
    await bureau.take(officer)

    gone = officer.staff

    async def dismiss(uow: UnitOfWork) -> None:
        await change_staff(uow, None, gone.id, lambda one: replace(one, active=False))

    await bureau.counter.run(dismiss)

    assert await bureau.get_case() == before
    assert [stored.event.act for stored in await bureau.list_events()] == ["take", "release"]


async def test_a_second_officer_is_told_that_the_case_is_taken(bureau: Bureau) -> None:
    first, second = await bureau.hire(), await bureau.hire()
    await bureau.receive(make_case_file(7))
    await bureau.take(first)

    for use_case, terms in ((take, ()), (approve, (frozenset[str](),)), (reject, ("not_true",))):
        with pytest.raises(NotPossible) as refused:
            await bureau.act(use_case, second, NUMBER, *terms)
        assert refused.value.hindrance is Hindrance.TAKEN_BY_ANOTHER


async def test_a_case_of_another_province_is_unknown_by_every_act(bureau: Bureau) -> None:
    stranger = await bureau.hire(places=[SIEM_REAP])
    await bureau.receive(make_case_file(7))
    before = await bureau.dump()

    for use_case, terms in every_act():
        with pytest.raises(NoSuchCase):
            await bureau.act(use_case, stranger, NUMBER, **terms)
    with pytest.raises(NoSuchCase):
        await bureau.counter.run(lambda uow: note_look(uow, stranger, NUMBER, "see_photo"))
    assert await bureau.dump() == before


async def test_who_left_may_nothing_even_with_a_page_still_open(bureau: Bureau) -> None:
    officer = await bureau.hire()
    await bureau.receive(make_case_file(7))
    await bureau.let_go(officer)

    assert officer.staff.active
    for use_case, terms in every_act():
        with pytest.raises(NoSuchCase):
            await bureau.act(use_case, officer, NUMBER, **terms)


async def test_an_unknown_number_is_unknown(bureau: Bureau) -> None:
    officer = await bureau.hire(places=None)
    for use_case, terms in every_act():
        with pytest.raises(NoSuchCase):
            await bureau.act(use_case, officer, "000000000", **terms)


async def test_a_colleague_gets_a_case_with_a_note(bureau: Bureau) -> None:
    officer, colleague = await bureau.hire(), await bureau.hire(places=["0203"])
    await bureau.receive(make_case_file(7))
    await bureau.take(officer)

    terms = {"office": None, "colleague": colleague.staff.id, "note": "សូមទូរស័ព្ទទៅគាត់"}
    case = await bureau.act(hand_over, officer, NUMBER, **terms)
    assert (case.assigned_to, case.status) == (colleague.staff.id, Status.IN_REVIEW)
    assert bureau.counter.sent == []
    last = (await bureau.list_events())[-1].event
    assert last.details == {"to_staff": colleague.staff.id, "note": True}
    async with bureau.counter.database.read() as connection:
        [note] = await notes.list_about(connection, NUMBER)
    assert (note.staff_id, note.body) == (officer.staff.id, "សូមទូរស័ព្ទទៅគាត់")


async def test_another_district_gets_a_case_and_the_worker_knows(bureau: Bureau) -> None:
    officer = await bureau.hire()
    await bureau.receive(make_case_file(7, due_at=bureau.counter.clock.advance(hours=5)))
    bureau.counter.clock.advance(hours=-5)
    await bureau.take(officer)

    terms = {"office": PURSAT_TOWN, "colleague": None, "note": ""}
    case = await bureau.act(hand_over, officer, NUMBER, **terms)
    assert (case.office, case.assigned_to, case.status) == (PURSAT_TOWN, None, Status.SUBMITTED)
    [told] = bureau.counter.texts(7)
    assert "ពោធិ៍សាត់" in told
    assert "ត្រឹម" in told
    with pytest.raises(NoSuchCase):
        await bureau.take(officer)


async def test_a_late_case_that_moves_promises_no_day_that_is_past(bureau: Bureau) -> None:
    officer = await bureau.hire()
    await bureau.receive(make_case_file(7), locale="en")
    bureau.counter.clock.advance(days=30)

    await bureau.act(hand_over, officer, NUMBER, office=PURSAT_TOWN, colleague=None, note="")
    [told] = bureau.counter.texts(7)
    assert "longer than we promised" in told


@pytest.mark.parametrize(
    ("office", "hired"),
    [
        (None, None),
        ("9999", None),
        ("02", None),
        ("020301", None),
        (None, {"places": [SIEM_REAP]}),
        (None, {"roles": [Role.ANALYST]}),
        (PURSAT_TOWN, {}),
    ],
)
async def test_a_case_goes_only_to_who_can_decide_it(
    bureau: Bureau, office: str | None, hired: dict[str, Any] | None
) -> None:
    officer = await bureau.hire()
    colleague = None if hired is None else (await bureau.hire(**hired)).staff.id
    await bureau.receive(make_case_file(7))

    with pytest.raises(NotOffered):
        await bureau.act(hand_over, officer, NUMBER, office=office, colleague=colleague, note="")


async def test_an_appeal_is_not_handed_to_who_decided_before(bureau: Bureau) -> None:
    first, second = await bureau.hire(), await bureau.hire()
    await bureau.receive(make_case_file(7))
    case = replace(
        await bureau.get_case(),
        waiting=Waiting.APPEAL,
        appealed=True,
        decided_by=first.staff.id,
        decided_at=NOON,
    )
    await bureau.put(case)

    terms = {"office": None, "colleague": first.staff.id, "note": ""}
    with pytest.raises(NotPossible) as refused:
        await bureau.act(hand_over, second, NUMBER, **terms)
    assert refused.value.hindrance is Hindrance.OWN_DECISION


async def test_a_note_is_kept_outside_of_the_audit_log(bureau: Bureau) -> None:
    officer = await bureau.hire()
    await bureau.receive(make_case_file(7))

    await bureau.act(add_note, officer, NUMBER, " បានជួបនៅផ្សារ ")
    await bureau.act(add_note, officer, NUMBER, "  ")
    async with bureau.counter.database.read() as connection:
        assert [note.body for note in await notes.list_about(connection, NUMBER)] == ["បានជួបនៅផ្សារ"]
    [stored] = await bureau.list_events()
    assert (stored.event.act, stored.event.details) == ("add_note", {"note": True})


async def test_looks_are_written_down_with_where_from(bureau: Bureau) -> None:
    officer = await bureau.hire()
    await bureau.receive(make_case_file(7))

    await bureau.counter.run(lambda uow: note_look(uow, officer, NUMBER, "see_photo"))
    [stored] = await bureau.list_events()
    event = stored.event
    assert (event.act, event.actor_id) == ("see_photo", officer.staff.id)
    assert event.origin == "web 127.0.0.1"


async def test_a_dismissed_pair_takes_the_flag_off_both(bureau: Bureau) -> None:
    officer = await bureau.hire()
    await bureau.receive(make_case_file(7), make_case_file(8))
    flagged = update(applications).values(flags=["minor", "possible_duplicate"])

    async def flag(uow: UnitOfWork) -> None:
        await uow.connection.execute(flagged)

    await bureau.counter.run(flag)
    await bureau.act(dismiss_pair, officer, NUMBER, OTHER_NUMBER)
    async with bureau.counter.database.read() as connection:
        flags = list(await connection.scalars(select(applications.c.flags)))
        [pair] = await connection.execute(select(duplicate_pairs))
    assert flags == [["minor"], ["minor"]]
    assert pair.dismissed_by == officer.staff.id


async def test_an_application_with_another_open_pair_keeps_its_flag(bureau: Bureau) -> None:
    officer = await bureau.hire()
    await bureau.receive(*(make_case_file(chat_id) for chat_id in (7, 8, 9)))

    await bureau.act(dismiss_pair, officer, OTHER_NUMBER, NUMBER)
    async with bureau.counter.database.read() as connection:
        dismissed = list(await connection.scalars(select(duplicate_pairs.c.dismissed_by)))
        flags = list(await connection.scalars(select(applications.c.flags).order_by("id")))
    assert sorted(dismissed, key=str) == [officer.staff.id, None, None]
    assert "possible_duplicate" in flags[1]


@pytest.mark.every_database
async def test_two_officers_at_once_never_take_the_same_case(counter: Counter) -> None:
    bureau = Bureau(counter)
    one, other = await bureau.hire(), await bureau.hire()
    await bureau.receive(make_case_file(7))

    results = await at_once(bureau, (take, one, ()), (take, other, ()))
    refused = [result for result in results if isinstance(result, NotPossible)]
    assert [error.hindrance for error in refused] == [Hindrance.TAKEN_BY_ANOTHER]
    assert [stored.event.act for stored in await bureau.list_events()] == ["take"]


@pytest.mark.every_database
async def test_two_decisions_at_once_leave_one_message_and_one_audit_row(counter: Counter) -> None:
    bureau = Bureau(counter)
    officer = await bureau.hire()
    await bureau.receive(make_case_file(7))
    await bureau.take(officer)

    results = await at_once(
        bureau, (approve, officer, (frozenset(),)), (reject, officer, ("not_true",))
    )
    refused = [result for result in results if isinstance(result, NotPossible)]
    assert [error.hindrance for error in refused] == [Hindrance.ALREADY_DECIDED]
    assert len(await bureau.list_events()) == len(["take", "the one decision"])
    calls = (await bureau.dump())["outgoing_calls"]
    assert len([row for row in calls if "sendMessage" in row]) == 1


async def at_once(bureau: Bureau, *acts: tuple[Any, Actor, tuple[Any, ...]]) -> list[Any]:
    """Let several act at the same time: on PostgreSQL each in a process's own database."""
    desk = replace(bureau.counter.desk, signing_key=SIGNING_KEY)

    async def act(database: Database, use_case: Any, actor: Actor, terms: tuple[Any, ...]) -> None:
        async def work(uow: UnitOfWork) -> None:
            await use_case(uow, desk, actor, NUMBER, *terms)
            await asyncio.sleep(0.05)

        await run_unit(database, NOON, work)

    first = bureau.counter.database
    if first.is_sqlite:
        together = [act(first, *one) for one in acts]
        return list(await asyncio.gather(*together, return_exceptions=True))
    async with open_database(first.url.render_as_string(hide_password=False)) as second:
        together = [act(where, *one) for where, one in zip((first, second), acts, strict=True)]
        return list(await asyncio.gather(*together, return_exceptions=True))


def every_act() -> list[tuple[Any, dict[str, Any]]]:
    """List the acts that need no more than a case."""
    return [
        (take, {}),
        (release, {}),
        (hand_over, {"office": PURSAT_TOWN, "colleague": None, "note": ""}),
        (add_note, {"note": "."}),
        (dismiss_pair, {"other": OTHER_NUMBER}),
        (approve, {"checked": frozenset[str]()}),
        (reject, {"reason": "not_true"}),
    ]

"""What is read for an officer about an application, and what is left out."""

from dataclasses import replace
from functools import partial

from db import case_files, cases, merges, notes, staff
from db.case_files import CaseFile
from db.database import Database
from db.unit_of_work import UnitOfWork, run_unit
from domain.staff import WHOLE_COUNTRY, Role, Scope
from services.audit import note_worker
from tests.samples import NOON, REGISTRATION, make_application, make_contact

BATTAMBANG, SIEM_REAP = Scope(frozenset({"02"})), Scope(frozenset({"17"}))


async def submit(database: Database, chat_id: int, home: str = "02030105") -> str:
    worker = replace(REGISTRATION.worker, home=home)
    new = make_application(chat_id, registration=replace(REGISTRATION, worker=worker))

    async def work(uow: UnitOfWork) -> None:
        uow.save_contact(make_contact(chat_id))
        uow.add_application(new)
        uow.record(note_worker("submit", new.number))

    await run_unit(database, NOON, work)
    return new.number


async def read(database: Database, number: str, scope: Scope = WHOLE_COUNTRY) -> CaseFile | None:
    async with database.read() as connection:
        return await case_files.find(connection, number, scope)


async def test_a_case_is_read_with_everything_around_it(database: Database) -> None:
    number = await submit(database, 1)
    add = partial(notes.add, number=number, staff_id=None, body="She called.", at=NOON)
    await database.write(add)

    file = await read(database, number, BATTAMBANG)

    assert file is not None
    assert file.record.registration.worker == REGISTRATION.worker
    assert file.record.case.office == "0203"
    assert file.record.submitted_at == NOON
    assert [note.body for note in file.notes] == ["She called."]
    assert [stored.event.act for stored in file.events] == ["submit"]


async def test_outside_of_the_scope_there_is_nothing(database: Database) -> None:
    number = await submit(database, 1)

    assert await read(database, number, SIEM_REAP) is None
    assert await read(database, number, Scope(frozenset())) is None
    assert await read(database, "000000000") is None
    async with database.read() as connection:
        assert await case_files.find_name(connection, number, SIEM_REAP) is None
        assert await case_files.find_name(connection, number, BATTAMBANG) == "សុខ ដារ៉ា"


async def test_a_pair_is_seen_from_both_sides(database: Database) -> None:
    first, second = await submit(database, 1), await submit(database, 2)

    for one, other in ((first, second), (second, first)):
        file = await read(database, one)
        assert file is not None
        assert [pair.number for pair in file.lookalikes] == [other]


async def test_a_lookalike_elsewhere_has_neither_number_nor_name(database: Database) -> None:
    elsewhere = await submit(database, 1, home="17100101")
    number = await submit(database, 2)

    file = await read(database, number, BATTAMBANG)

    assert file is not None
    [pair] = file.lookalikes
    assert (pair.office, pair.number, pair.name, pair.status) == ("1710", None, "", None)
    async with database.read() as connection:
        found = await case_files.find_lookalike(connection, number, elsewhere, BATTAMBANG)
        stranger = await case_files.find_lookalike(connection, number, number, BATTAMBANG)
    assert (found, stranger) == (pair, None)


async def test_what_was_merged_into_a_case_is_listed_while_the_merge_holds(
    database: Database,
) -> None:
    kept, closed = await submit(database, 1), await submit(database, 2)

    async def merge(uow: UnitOfWork) -> None:
        officer = await staff.add(uow.connection, NOON, "Chan Sophea", [Role.OFFICER], None)
        former = await uow.find_case(closed)
        assert former is not None
        await merges.add(uow.connection, former, kept, officer.id, NOON)
        taken = replace(former, assigned_to=officer.id)
        await cases.save(uow.connection, [taken])

    await run_unit(database, NOON, merge)

    file = await read(database, kept)
    assert file is not None
    assert file.merged == (closed,)
    async with database.read() as connection:
        assert await case_files.find_holder(connection, closed, BATTAMBANG) == "Chan Sophea"
        assert await case_files.find_holder(connection, closed, SIEM_REAP) is None
    await database.write(partial(merges.undo, number=closed, staff_id=1, at=NOON))
    file = await read(database, kept)
    assert file is not None
    assert file.merged == ()

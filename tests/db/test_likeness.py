"""People who registered twice are noticed when they submit."""

from dataclasses import replace

from sqlalchemy import select

from db.database import Database
from db.tables import applications, duplicate_pairs, worker_keys
from db.unit_of_work import UnitOfWork, run_unit
from domain.applications import Application, Status
from domain.registrations import Worker
from tests.samples import NOON, REGISTRATION, chat_of, make_application, make_contact


def submitted(chat_id: int, **worker: str) -> Application:
    changed: Worker = replace(REGISTRATION.worker, **worker)
    return make_application(chat_id, registration=replace(REGISTRATION, worker=changed))


async def submit(database: Database, *new: Application) -> None:
    async def work(uow: UnitOfWork) -> None:
        for application in new:
            uow.save_contact(make_contact(chat_of(application)))
            uow.add_application(application)

    await run_unit(database, NOON, work)


async def list_flags(database: Database) -> list[list[str]]:
    async with database.read() as connection:
        found = select(applications.c.flags).order_by(applications.c.id)
        return list(await connection.scalars(found))


async def test_somebody_who_registers_again_is_flagged_with_the_signs(database: Database) -> None:
    await submit(database, submitted(7))
    await submit(database, submitted(8, phone="+85512000111"))

    assert await list_flags(database) == [["minor", "possible_duplicate"]] * 2
    async with database.read() as connection:
        [pair] = (await connection.execute(select(duplicate_pairs))).all()
    assert pair.percent > 50
    assert "same_name" in pair.signs


async def test_two_who_register_in_one_batch_are_noticed_too(database: Database) -> None:
    await submit(database, submitted(7), submitted(8))
    assert "possible_duplicate" in (await list_flags(database))[1]


async def test_neighbours_are_not_flagged(database: Database) -> None:
    await submit(database, submitted(7))
    other = {"given_km": "សុភា", "given_latin": "SOPHEA", "born": "1971-01-02"}
    other["id_number"] = "000000017"
    await submit(database, submitted(8, **other, phone="+85512000111"))

    assert await list_flags(database) == [["minor"], ["minor"]]


async def test_a_withdrawn_application_is_nobodys_double(database: Database) -> None:
    await submit(database, make_application(7, status=Status.WITHDRAWN))
    await submit(database, submitted(8))
    assert (await list_flags(database))[1] == ["minor"]


async def test_a_person_is_found_by_name_and_phone(database: Database) -> None:
    await submit(database, submitted(7))
    async with database.read() as connection:
        kinds = set(await connection.scalars(select(worker_keys.c.kind)))
    assert kinds == {"name", "match", "phone"}

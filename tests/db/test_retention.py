"""What nobody needs any more is forgotten, and nothing else."""

from datetime import datetime, timedelta

from sqlalchemy import Table, select

from db.database import Database
from db.outbox import Marks, write_marks
from db.retention import DEAD_LETTERS_KEPT, FAILED_CALLS_KEPT, UPDATES_KEPT, forget_old
from db.tables import dead_letters, outgoing_calls, received_updates
from db.unit_of_work import UnitOfWork, run_unit
from domain.outbox import Call
from tests.samples import NOON

SECOND = timedelta(seconds=1)


async def leave_traces(database: Database, update_id: int, at: datetime, *, failed: bool) -> None:
    """Leave an update, a dead letter and a call at some time."""

    async def work(uow: UnitOfWork) -> None:
        uow.receive(update_id)
        uow.bury(update_id, "reason", "body")
        uow.send(Call(update_id, "sendMessage", "{}"))

    _, [call] = await run_unit(database, at, work)
    if failed:
        marks = Marks(failed={call.id: "reason"})
        await database.write(lambda connection: write_marks(connection, marks))


async def list_ids(database: Database, table: Table, column: str) -> list[int]:
    async with database.read() as connection:
        return sorted(await connection.scalars(select(table.c[column])))


async def test_only_what_is_old_enough_is_forgotten(database: Database) -> None:
    ages = (UPDATES_KEPT, DEAD_LETTERS_KEPT, FAILED_CALLS_KEPT)
    for number, age in enumerate(sorted({*ages})):
        await leave_traces(database, number * 10 + 1, NOON - age - SECOND, failed=True)
        await leave_traces(database, number * 10 + 2, NOON - age, failed=True)
    await forget_old(database, NOON)

    assert await list_ids(database, received_updates, "update_id") == [2]
    assert await list_ids(database, dead_letters, "update_id") == [1, 2, 12]
    assert await list_ids(database, outgoing_calls, "chat_id") == [1, 2, 12]


async def test_a_call_that_still_waits_is_never_forgotten(database: Database) -> None:
    await leave_traces(database, 1, NOON - timedelta(days=400), failed=False)
    await forget_old(database, NOON)

    assert await list_ids(database, outgoing_calls, "chat_id") == [1]

"""What becomes of calls is written down."""

from collections.abc import Sequence
from datetime import timedelta
from functools import reduce

from sqlalchemy import select

from db import contacts, lane_rests, outbox
from db.database import Database
from db.lane_rests import Rest
from db.outbox import Marks, Unreached
from db.tables import contacts as people
from db.tables import heartbeats, outgoing_calls
from db.unit_of_work import UnitOfWork, run_unit
from domain.outbox import Call, Lane, OutgoingCall
from tests.samples import NOON, make_contact


async def send(database: Database, chat_ids: Sequence[int]) -> list[OutgoingCall]:
    async def work(uow: UnitOfWork) -> None:
        for chat_id in chat_ids:
            uow.save_contact(make_contact(chat_id))
            uow.send(Call(chat_id, "sendMessage", "{}"))

    _, calls = await run_unit(database, NOON, work)
    return calls


def make_rest(seconds: float) -> Rest:
    return Rest(NOON, NOON + timedelta(seconds=seconds))


async def mark(database: Database, marks: Marks) -> None:
    await database.write(lambda connection: outbox.write_marks(connection, marks))


async def test_a_call_that_was_made_leaves_nothing(database: Database) -> None:
    first, second = await send(database, [1, 2])
    await mark(database, Marks(made=[first.id]))

    async with database.read() as connection:
        assert await outbox.list_queued(connection) == [second]
        assert list(await connection.scalars(select(outgoing_calls.c.id))) == [second.id]


async def test_a_call_that_will_never_be_made_keeps_its_reason(database: Database) -> None:
    first, second = await send(database, [1, 2])
    await mark(database, Marks(failed={first.id: "message is too long"}))

    async with database.read() as connection:
        assert await outbox.list_queued(connection) == [second]
        row = (
            await connection.execute(select(outgoing_calls).where(outgoing_calls.c.id == first.id))
        ).one()
    assert (row.status, row.error) == ("failed", "message is too long")


async def test_nothing_that_was_to_be_said_waits_for_somebody_who_cannot_be_reached(
    database: Database,
) -> None:
    calls = await send(database, [1, 2, 1, 1])
    await mark(database, Marks(unreachable={1: Unreached(calls[2].id, NOON, NOON)}))

    async with database.read() as connection:
        assert await outbox.list_queued(connection) == [calls[1], calls[3]]
        unreachable = select(people.c.chat_id).where(~people.c.reachable)
        assert list(await connection.scalars(unreachable)) == [1]


async def test_who_wrote_since_is_reachable_but_not_who_did_before_the_clock_was_set_back(
    database: Database,
) -> None:
    calls = await send(database, [1, 2])
    times = {1: NOON + timedelta(seconds=1), 2: NOON + timedelta(hours=1)}
    written = [make_contact(chat_id, active_at=at) for chat_id, at in times.items()]
    await database.write(lambda connection: contacts.save(connection, written))
    missed = {one.call.chat_id: Unreached(one.id, NOON, NOON) for one in calls}
    await mark(database, Marks(unreachable=missed))
    async with database.read() as connection:
        loaded, _ = await contacts.load(connection, [1, 2])
    assert (loaded[1].reachable, loaded[2].reachable) == (True, False)


async def test_queued_calls_are_listed_from_an_id_on(database: Database) -> None:
    calls = await send(database, range(1, 8))

    async with database.read() as connection:
        assert await outbox.list_queued(connection, after=calls[2].id, limit=3) == calls[3:6]


def test_marks_are_joined_and_empty_ones_are_nothing() -> None:
    missed = Unreached(7, NOON, NOON)
    one = Marks([1], failed={2: "a"}, unreachable={3: missed})
    other = Marks([4], failed={5: "b"}, unreachable={6: missed})
    both = Marks([1, 4], failed={2: "a", 5: "b"}, unreachable={3: missed, 6: missed})

    assert one.joined(other) == both
    assert len(list(both.apart())) == 6
    assert reduce(Marks.joined, both.apart()) == both
    assert not Marks()
    short, long = make_rest(30), make_rest(600)
    resting = Marks(rests={Lane.BULK: short, Lane.STAFF: short})
    assert resting
    assert resting.joined(Marks(rests={Lane.BULK: long})).rests[Lane.BULK] == long
    assert one


async def test_how_long_lanes_rest_is_kept(database: Database) -> None:
    short, long = make_rest(30), make_rest(600)
    await mark(database, Marks(rests={Lane.BULK: short, Lane.STAFF: short}))
    await mark(database, Marks(rests={Lane.BULK: long}))
    async with database.read() as connection:
        found = await lane_rests.load(connection)
        one_by_one = [await lane_rests.find(connection, lane) for lane in Lane]
        assert not (await connection.scalars(select(heartbeats.c.name))).all()
    assert found == {Lane.BULK: long, Lane.STAFF: short}
    assert one_by_one == [None, short, long]


def test_a_clock_that_is_set_back_makes_no_rest_longer() -> None:
    rest = make_rest(30)
    assert rest.count_left(NOON + timedelta(seconds=10)) == timedelta(seconds=20)
    assert rest.count_left(NOON - timedelta(hours=1)) == timedelta(seconds=30)
    assert [rest.is_on(NOON + timedelta(seconds=at)) for at in (-1, 0, 29, 30)] == [
        False,
        True,
        True,
        False,
    ]


async def test_what_waits_for_a_chat_that_moved_waits_for_its_new_id(database: Database) -> None:
    await send(database, [1, 1, 2])
    await mark(database, Marks(moved={1: 9}))
    await mark(database, Marks(moved={1: 9}))
    async with database.read() as connection:
        queued = [one.call for one in await outbox.list_queued(connection)]
    assert [call.chat_id for call in queued] == [9, 9, 2]
    assert queued[0].parameters == '{"chat_id": 9}'
    assert Marks(moved={1: 9})

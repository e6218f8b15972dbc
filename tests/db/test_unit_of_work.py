"""What one transaction reads and changes."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from db import outbox
from db.database import Database
from db.errors import FlushRefused
from db.tables import contacts, drafts, metadata
from db.unit_of_work import Changes, UnitOfWork, run_unit
from domain.applications import ApplicationSummary
from domain.outbox import Acknowledgement, Call, Lane
from tests.samples import NOON, make_application, make_contact, make_draft

EVERYBODY = range(1, 101)


def make_call(chat_id: int, words: str = "{}", lane: Lane = Lane.REPLY) -> Call:
    return Call(chat_id, "sendMessage", words, lane)


async def count_rows(database: Database) -> dict[str, int]:
    """Count the rows of every table that has any."""
    async with database.read() as connection:
        counted = {
            name: await connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in metadata.tables.items()
        }
    return {name: count for name, count in counted.items() if count}


@contextmanager
def counted_statements(uow: UnitOfWork) -> Iterator[list[str]]:
    """Collect the statements that are sent to the database."""
    statements: list[str] = []
    connection = uow.connection.sync_connection
    assert connection is not None

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield statements
    event.remove(connection, "before_cursor_execute", note)


async def test_what_was_saved_is_loaded_by_the_next_unit(database: Database) -> None:
    contact = make_contact(7, locale="en", wants_notices=True, reachable=False)
    stored = make_draft(7, nudged_at=NOON + timedelta(days=1), asked_again_at=NOON)

    async def save(uow: UnitOfWork) -> None:
        uow.save_contact(contact)
        uow.save_draft(stored)

    async def look(uow: UnitOfWork) -> None:
        await uow.load({7, 8})
        assert uow.find_contact(7) == contact
        assert uow.find_draft(7) == stored
        assert uow.find_contact(8) is None
        assert uow.find_draft(8) is None

    await run_unit(database, NOON, save)
    await run_unit(database, NOON, look)


async def test_reads_see_the_changes_of_the_same_unit(database: Database) -> None:
    await run_unit(database, NOON, save_people([7]))

    async def work(uow: UnitOfWork) -> None:
        await uow.load([7])
        uow.save_contact(make_contact(7, locale="en"))
        found = uow.find_contact(7)
        assert found is not None
        assert found.locale == "en"
        uow.erase_draft(7)
        assert uow.find_draft(7) is None
        uow.erase_contact(7)
        assert uow.find_contact(7) is None

    await run_unit(database, NOON, work)
    assert await count_rows(database) == {}


async def test_new_applications_count_before_they_are_stored_and_after(database: Database) -> None:
    application = make_application(7)

    async def look(uow: UnitOfWork) -> None:
        assert uow.is_registered(7)
        assert not uow.is_registered(8)
        assert await uow.is_number_taken(application.number)
        assert not await uow.is_number_taken("000000000")
        assert await uow.list_applications(7) == [application.summary]
        assert await uow.list_applications(8) == []

    async def work(uow: UnitOfWork) -> None:
        assert not await uow.is_number_taken(application.number)
        uow.save_contact(make_contact(7))
        uow.add_application(application)
        await look(uow)

    async def look_again(uow: UnitOfWork) -> None:
        await uow.load([7, 8])
        await look(uow)

    await run_unit(database, NOON, work)
    await run_unit(database, NOON, look_again)


async def test_applications_of_a_chat_are_listed_oldest_first(database: Database) -> None:
    first, second, third = (
        make_application(7, number=number, draft_tag=number) for number in ("9", "5", "7")
    )
    listed: list[ApplicationSummary] = []

    async def work(uow: UnitOfWork) -> None:
        uow.save_contact(make_contact(7))
        uow.add_application(first)
        uow.add_application(second)

    async def look(uow: UnitOfWork) -> None:
        uow.add_application(third)
        listed.extend(await uow.list_applications(7))

    await run_unit(database, NOON, work)
    await run_unit(database, NOON, look)
    assert listed == [first.summary, second.summary, third.summary]


async def test_a_part_that_fails_is_undone_and_the_others_are_stored(database: Database) -> None:
    await run_unit(database, NOON, save_people([1, 2]))

    def change_everything(uow: UnitOfWork) -> None:
        uow.save_contact(make_contact(3))
        uow.erase_draft(1)
        uow.add_application(make_application(2))
        uow.send(make_call(3))
        uow.acknowledge("tap-3")
        uow.cancel_calls(1)
        uow.receive(3)
        uow.bury(3, "reason", "body")
        raise LookupError

    async def work(uow: UnitOfWork) -> None:
        await uow.load([1, 2, 3])
        with uow.part():
            uow.save_contact(make_contact(2, locale="en"))
            uow.receive(2)
        with pytest.raises(LookupError), uow.part():
            change_everything(uow)
        assert uow.changes == Changes(contacts={2: make_contact(2, locale="en")}, received=[2])
        assert uow.find_draft(1) is not None

    await run_unit(database, NOON, work)
    assert await count_rows(database) == {"contacts": 2, "drafts": 2, "received_updates": 1}


async def test_nothing_is_stored_when_the_work_fails(database: Database) -> None:
    async def work(uow: UnitOfWork) -> None:
        await save_people(EVERYBODY)(uow)
        await uow.flush()
        raise LookupError

    with pytest.raises(LookupError):
        await run_unit(database, NOON, work)
    assert await count_rows(database) == {}


async def test_nothing_is_stored_when_one_value_is_refused(database: Database) -> None:
    async def work(uow: UnitOfWork) -> None:
        await save_people(EVERYBODY)(uow)
        uow.save_contact(make_contact(50, locale="fr"))

    with pytest.raises(FlushRefused):
        await run_unit(database, NOON, work)
    assert await count_rows(database) == {}


@pytest.mark.parametrize("people", [2, 100, 1000])
async def test_the_number_of_statements_does_not_depend_on_the_number_of_people(
    database: Database, people: int
) -> None:
    chats = range(1, people + 1)

    async def work(uow: UnitOfWork) -> None:
        with counted_statements(uow) as statements:
            await uow.find_received(chats)
            await uow.load(chats)
            await save_people(chats)(uow)
            for chat_id in chats:
                uow.receive(chat_id)
                uow.bury(None, "reason", "body")
                uow.send(make_call(chat_id))
            await uow.flush()
        assert len(statements) <= 9
        uow.changes = Changes()

    await run_unit(database, NOON, work)


async def test_calls_come_back_with_rising_ids_in_the_order_they_were_sent(
    database: Database,
) -> None:
    calls = [make_call(number % 7, f"words {number}", Lane(number % 3)) for number in EVERYBODY]

    async def work(uow: UnitOfWork) -> None:
        for call in calls:
            uow.send(call)

    _, outgoing = await run_unit(database, NOON, work)

    ids = [one.id for one in outgoing]
    assert [one.call for one in outgoing] == calls
    assert ids == sorted(set(ids))
    async with database.read() as connection:
        assert await outbox.list_queued(connection) == outgoing


async def test_a_key_of_a_dropped_call_is_never_given_to_another(database: Database) -> None:
    async def send(uow: UnitOfWork) -> None:
        uow.send(make_call(1))

    async def drop(uow: UnitOfWork) -> None:
        uow.cancel_calls(1)

    _, [first] = await run_unit(database, NOON, send)
    await run_unit(database, NOON, drop)
    _, [second] = await run_unit(database, NOON, send)
    assert second.id > first.id


async def test_erasing_a_chat_leaves_no_row_of_it(database: Database) -> None:
    await run_unit(database, NOON, save_people([1, 2]))

    async def work(uow: UnitOfWork) -> None:
        uow.erase_draft(1)
        uow.erase_contact(1)

    await run_unit(database, NOON, work)
    async with database.read() as connection:
        assert list(await connection.scalars(select(contacts.c.chat_id))) == [2]
        assert list(await connection.scalars(select(drafts.c.chat_id))) == [2]


async def test_calls_to_a_chat_that_is_gone_are_dropped(database: Database) -> None:
    async def send(uow: UnitOfWork) -> None:
        for chat_id in (1, 2, 1):
            uow.send(make_call(chat_id))

    async def drop(uow: UnitOfWork) -> None:
        uow.cancel_calls(1)

    await run_unit(database, NOON, send)
    await run_unit(database, NOON, drop)
    assert await list_queued_chats(database) == [2]


async def test_an_update_is_remembered_once_however_often_it_comes(database: Database) -> None:
    async def work(uow: UnitOfWork) -> None:
        assert await uow.find_received([5, 6]) == set()
        for update_id in (5, 5, None):
            uow.receive(update_id)

    async def repeat(uow: UnitOfWork) -> None:
        assert await uow.find_received([5, 6]) == {5}
        uow.receive(5)

    await run_unit(database, NOON, work)
    await run_unit(database, NOON + timedelta(hours=1), repeat)
    assert await count_rows(database) == {"received_updates": 1}


async def test_a_buried_update_is_kept_even_without_an_id(database: Database) -> None:
    async def work(uow: UnitOfWork) -> None:
        uow.bury(None, "not an update", '"?"')
        uow.bury(2**62, "not an update", '"?"')

    await run_unit(database, NOON, work)
    assert await count_rows(database) == {"dead_letters": 2}


async def test_a_tap_is_answered_with_the_last_words_given(database: Database) -> None:
    async def work(uow: UnitOfWork) -> None:
        uow.acknowledge("tap-1")
        uow.acknowledge("tap-2")
        uow.acknowledge("tap-2", "first")
        uow.acknowledge("tap-2", "last")
        uow.acknowledge("tap-2")

    changes, _ = await run_unit(database, NOON, work)
    assert list(changes.acknowledgements.values()) == [
        Acknowledgement("tap-1"),
        Acknowledgement("tap-2", "last"),
    ]
    assert await count_rows(database) == {}


def save_people(chat_ids: Iterable[int]) -> Callable[[UnitOfWork], Awaitable[None]]:
    """Make work that saves a contact and a draft for each chat."""

    async def work(uow: UnitOfWork) -> None:
        for chat_id in chat_ids:
            uow.save_contact(make_contact(chat_id))
            uow.save_draft(make_draft(chat_id))

    return work


async def list_queued_chats(database: Database) -> list[int]:
    async with database.read() as connection:
        return [one.call.chat_id for one in await outbox.list_queued(connection)]

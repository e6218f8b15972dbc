"""Everybody of an audience is queued once, and again only if a person says so."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from db import contacts, enlistment, ledger, notices
from db.database import Database
from domain.notices import Notice
from domain.notices import Status as NoticeStatus
from domain.recipients import BLOCKED, Key, Settlement, Status
from tests.db.sent_notices import claim, count, everybody, prepare, settle
from tests.samples import NOON, make_contact


async def test_an_audience_is_enlisted_once_and_late_joiners_are_added(database: Database) -> None:
    [notice] = await prepare(database, chats=3)

    async def join(connection: AsyncConnection) -> int:
        await contacts.save(connection, [make_contact(9)])
        return await enlistment.enlist(connection, notice.id, everybody(), NOON)

    assert await database.write(join) == 1
    assert await count(database, notice.id) == {Status.QUEUED: 4}


async def test_a_completed_notice_can_still_be_resent_to_the_uncertain(database: Database) -> None:
    [notice] = await prepare(database, chats=1, status=NoticeStatus.COMPLETED)
    assert await claim(database) == [1]
    await database.write(lambda c: ledger.recover(c, NOON))
    assert await database.write(lambda c: enlistment.resend_uncertain(c, notice.id, 1))
    assert await claim(database) == [1]


Event: TypeAlias = Callable[[AsyncConnection, Notice], Awaitable[object]]


async def _stop(connection: AsyncConnection, notice: Notice) -> None:
    await enlistment.end_queued(connection, notice.id, Status.CANCELLED, NOON)


async def _be_late(connection: AsyncConnection, notice: Notice) -> None:
    await notices.save(connection, replace(notice, send_by=NOON))


async def _block(connection: AsyncConnection, _: Notice) -> None:
    await contacts.save(connection, [make_contact(1, reachable=False, wants_notices=True)])


async def _opt_out(connection: AsyncConnection, _: Notice) -> None:
    await contacts.save(connection, [make_contact(1, wants_notices=False)])


@pytest.mark.parametrize("happens", [_stop, _be_late, _block, _opt_out])
async def test_who_may_have_got_it_is_uncertain_again_if_nothing_comes_of_sending_again(
    database: Database, happens: Event
) -> None:
    notice = await _resend(database)
    await database.write(lambda c: happens(c, notice))
    await claim(database)
    assert await count(database, notice.id) == {Status.UNCERTAIN: 1}


@pytest.mark.parametrize(
    ("status", "changed", "becomes"),
    [
        (Status.SENT, {}, Status.SENT),
        (Status.FAILED, {}, Status.UNCERTAIN),
        (Status.QUEUED, {}, Status.QUEUED),
        (Status.QUEUED, {"status": NoticeStatus.CANCELLED}, Status.UNCERTAIN),
        (Status.QUEUED, {"send_by": NOON}, Status.UNCERTAIN),
    ],
)
async def test_a_second_call_that_does_not_arrive_says_nothing_of_the_first(
    database: Database, status: Status, changed: dict[str, object], becomes: Status
) -> None:
    notice = await _resend(database)
    assert await claim(database) == [1]
    await database.write(lambda c: notices.save(c, replace(notice, **changed)))  # type: ignore[arg-type]  # fields of a notice
    again = Settlement(Key(notice.id, 1), status, BLOCKED, NOON)
    await database.write(lambda c: ledger.settle(c, [again], NOON + timedelta(hours=1)))
    assert await count(database, notice.id) == {becomes: 1}


async def _resend(database: Database) -> Notice:
    """Send to somebody again of whom it is uncertain whether they got it."""
    [notice] = await prepare(database, chats=1)
    assert await claim(database) == [1]
    await settle(database, notice.id, 1, Status.UNCERTAIN)
    assert await database.write(lambda c: enlistment.resend_uncertain(c, notice.id, 1))
    return notice

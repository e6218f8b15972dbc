"""Everybody of an audience is queued once, and again only if a person says so."""

from sqlalchemy.ext.asyncio import AsyncConnection

from db import contacts, enlistment, ledger
from db.database import Database
from domain.notices import Status as NoticeStatus
from domain.recipients import Status
from tests.db.sent_notices import claim, count, everybody, prepare
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

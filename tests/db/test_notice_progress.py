"""What the figures of a notice say while it is being sent."""

from datetime import timedelta

from db import ledger, notice_progress, recipients
from db.database import Database
from domain.recipients import Key, Status, Verdict, Wait
from tests.db.sent_notices import claim, prepare
from tests.samples import NOON


async def test_what_somebody_waits_for_is_counted_with_its_time_and_forgotten_once_claimed(
    database: Database,
) -> None:
    [notice] = await prepare(database, chats=4)
    soon, late = NOON + timedelta(minutes=1), NOON + timedelta(minutes=2)
    until = {1: ("form", late), 2: ("form", soon), 3: (None, late)}
    held = {Key(notice.id, chat): Verdict(Status.QUEUED, *why) for chat, why in until.items()}
    await database.write(lambda c: ledger.pass_over(c, held, NOON))
    async with database.read() as connection:
        waits = await notice_progress.list_waits(connection, notice.id, NOON)
        later = await notice_progress.list_waits(connection, notice.id, soon)
    assert waits == [Wait("form", 2, soon), Wait(None, 1, late)]
    assert {wait.reason: wait.count for wait in later} == {"form": 1, None: 1}
    assert sorted(await claim(database, late)) == [1, 2, 3, 4]
    async with database.read() as connection:
        claimed = await recipients.list_recipients(connection, notice.id, Status.SENDING)
    assert {one.reason for one in claimed} == {None}

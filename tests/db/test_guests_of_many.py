"""The guests of an event day are found in one pass, however many people there are."""

import time

from sqlalchemy import func, insert, select

from db import audiences
from db.database import Database
from db.staff import Connection
from db.tables import applications, attendances, contacts, recipients
from domain.audiences import Audience, Field, Filter
from domain.notices import Topic
from domain.staff import WHOLE_COUNTRY
from tests.db.applicants import submit
from tests.db.test_audiences import CAMPAIGN, NOTICE, hold_event_and_notice
from tests.samples import NOON

PEOPLE, ANSWERED, SAID_YES = 4_000, 3_500, 2_000
GENEROUS_SECONDS = 2.0


async def invite_many(connection: Connection) -> None:
    """Invite everybody: some come, some do not, and the rest have not answered."""
    await hold_event_and_notice(connection)
    [row] = (await connection.execute(select(applications))).mappings().all()
    [contact] = (await connection.execute(select(contacts))).mappings().all()
    more = range(2, PEOPLE + 1)
    await connection.execute(insert(contacts), [{**contact, "chat_id": one} for one in more])
    copies = [{**row, "id": one, "chat_id": one, "number": f"{one}"} for one in more]
    await connection.execute(insert(applications), copies)
    sent = {"notice_id": NOTICE, "status": "sent", "queued_at": NOON}
    told = [{**sent, "chat_id": one} for one in range(1, PEOPLE + 1)]
    await connection.execute(insert(recipients), told)
    said = [
        {"campaign_id": 1, "application_id": one, "coming": one <= SAID_YES, "answered_at": NOON}
        for one in range(1, ANSWERED + 1)
    ]
    await connection.execute(insert(attendances), said)


async def test_each_guest_does_not_cost_a_look_at_all_answers(database: Database) -> None:
    await submit(database, 1)
    await database.write(invite_many)
    guests = Filter(Field.GUEST, (CAMPAIGN,))
    begun = time.perf_counter()
    async with database.read() as connection:
        for audience, expected in (
            (Audience((guests,)), SAID_YES + PEOPLE - ANSWERED),
            (Audience((), (guests,)), ANSWERED - SAID_YES),
        ):
            chosen = await audiences.select_recipients(
                connection, audience, WHOLE_COUNTRY, Topic.MY_APPLICATION, NOON
            )
            counted = select(func.count()).select_from(chosen.subquery())
            assert await connection.scalar(counted) == expected
    assert time.perf_counter() - begun < GENEROUS_SECONDS

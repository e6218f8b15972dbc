"""What a topic frees a notice from is the same for who judges one person and who asks for all."""

import pytest

from db import audiences, contacts
from db.database import Database
from db.standings import load_standings
from domain.audiences import EVERYBODY
from domain.notices import Topic
from domain.recipients import Key, Standing, Status, is_capped, judge
from domain.staff import WHOLE_COUNTRY
from tests.db.applicants import submit
from tests.db.sent_notices import RULES, claim, list_ready, prepare, settle
from tests.samples import NOON, make_contact

pytestmark = pytest.mark.parametrize("topic", Topic)


async def load(database: Database, key: Key, weekly_cap: int = 3) -> Standing:
    """Load how somebody stands."""
    async with database.read() as connection:
        return (await load_standings(connection, [key.chat_id], weekly_cap))[key]


async def test_what_counts_toward_the_cap_of_a_week_is_the_same_in_the_database(
    database: Database, topic: Topic
) -> None:
    await prepare(database, chats=1, topic=topic)
    [first] = await list_ready(database)
    await claim(database)
    await settle(database, first.notice_id, 1, Status.SENT)
    [second] = await prepare(database, chats=1)

    standing = await load(database, Key(second.id, 1), weekly_cap=1)
    assert (standing.full_since is not None) == is_capped(topic, emergency=False)


@pytest.mark.parametrize("wants_notices", [True, False])
async def test_who_is_told_unasked_is_the_same_in_an_audience(
    database: Database, topic: Topic, wants_notices: bool
) -> None:
    await submit(database, 1)
    [notice] = await prepare(database, chats=1, topic=topic)
    contact = make_contact(1, wants_notices=wants_notices)
    await database.write(lambda connection: contacts.save(connection, [contact]))

    standing = await load(database, Key(notice.id, 1))
    async with database.read() as connection:
        reached = await audiences.count_recipients(
            connection, EVERYBODY, WHOLE_COUNTRY, topic, NOON
        )
    assert bool(reached) == (judge(standing, RULES, NOON).status is Status.SENDING)

"""The figures of many notices are true, and those of what is over are not counted again."""

import pytest
from sqlalchemy import insert

from db import notices
from db.tables import recipients
from db.unit_of_work import UnitOfWork
from domain.recipients import Status
from services import notices as acts
from services.desk import Actor
from services.notice_tallies import Tallies
from tests.services.newsroom import Newsroom


@pytest.fixture
def tallies() -> Tallies:
    """The figures, none of which is known yet."""
    return Tallies()


async def test_the_figures_of_what_is_over_are_true_after_it_is_sent_again(
    newsroom: Newsroom, author: Actor, approver: Actor, tallies: Tallies
) -> None:
    await newsroom.register(1, 2, 3)
    notice_id = await newsroom.publish(author, approver)
    assert await count(newsroom, tallies, notice_id) == {"queued": 3}
    await newsroom.send(limit=1)
    await newsroom.send(status=Status.UNCERTAIN)
    await newsroom.tend()
    assert await count(newsroom, tallies, notice_id) == {"sent": 1, "uncertain": 2}

    await newsroom.run(acts.resend, author, notice_id, [2])
    assert await count(newsroom, tallies, notice_id) == {"sent": 1, "uncertain": 1, "queued": 1}
    await newsroom.send()
    assert await count(newsroom, tallies, notice_id) == {"sent": 2, "uncertain": 1}
    await newsroom.run(acts.resend, author, notice_id, [3])
    await newsroom.send(status=Status.FAILED)
    assert await count(newsroom, tallies, notice_id) == {"sent": 2, "uncertain": 1}


async def test_what_is_over_is_counted_once_and_what_is_under_way_each_time(
    newsroom: Newsroom, author: Actor, approver: Actor, tallies: Tallies
) -> None:
    await newsroom.register(1)
    over = await newsroom.publish(author, approver)
    await newsroom.send()
    await newsroom.tend()
    under_way = await newsroom.publish(author, approver)
    for notice_id in (over, under_way):
        await count(newsroom, tallies, notice_id)
    await newsroom.register(2)

    async def add_unseen(uow: UnitOfWork) -> None:
        for notice_id in (over, under_way):
            row = {"notice_id": notice_id, "chat_id": 2, "status": "sent", "queued_at": uow.now}
            await uow.connection.execute(insert(recipients).values(row))

    await newsroom.counter.run(add_unseen)
    assert await count(newsroom, tallies, over) == {"sent": 1}
    assert await count(newsroom, tallies, under_way) == {"queued": 1, "sent": 1}


async def count(newsroom: Newsroom, tallies: Tallies, notice_id: int) -> dict[str, int]:
    """Count the recipients of a notice as a list of notices does."""
    async with newsroom.counter.database.read() as connection:
        stored = await notices.find(connection, notice_id)
        assert stored is not None
        counts = await tallies.count(connection, [stored])
    return {status.value: number for status, number in counts.get(notice_id, {}).items()}

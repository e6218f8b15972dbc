"""Whose turn it is, of all who are queued."""

from collections.abc import Iterator
from typing import Any

from db import ready_recipients
from db.database import Database
from tests.db.sent_notices import RULES, prepare
from tests.samples import NOON


async def test_each_notice_has_its_share_and_the_oldest_has_half(database: Database) -> None:
    first, second, third = await prepare(database, chats=8, count=3)
    async with database.read() as connection:
        ready = await ready_recipients.list_ready(connection, NOON, 8, RULES)
        apart = {one.chat_id for one in ready[:6]}
        following = await ready_recipients.list_ready(connection, NOON, 8, RULES, apart_from=apart)
    shares = [one.notice_id for one in ready]
    assert [shares.count(one.id) for one in (first, second, third)] == [4, 2, 2]
    assert len({one.chat_id for one in ready}) == 8
    assert {one.chat_id for one in following} == set(range(1, 9)) - apart


async def test_an_emergency_goes_before_every_other_notice(database: Database) -> None:
    first, _ = await prepare(database, chats=4, count=2)
    [urgent] = await prepare(database, chats=8, emergency=True)
    async with database.read() as connection:
        ready = await ready_recipients.list_ready(connection, NOON, 6, RULES)
        rest = await ready_recipients.list_ready(connection, NOON, 6, RULES, without=[urgent.id])
    assert {one.notice_id for one in ready} == {urgent.id}
    assert rest[0].notice_id == first.id


async def test_the_queue_is_read_by_its_index_alone(sqlite_database: Database) -> None:
    async with sqlite_database.read() as connection:
        for order in ("not_before IS NULL ORDER BY chat_id", "not_before <= 1 ORDER BY not_before"):
            plan = await connection.exec_driver_sql(
                "EXPLAIN QUERY PLAN SELECT notice_id, chat_id, application_id FROM recipients"
                f" WHERE status = 'queued' AND notice_id = 1 AND {order}"
            )
            [step] = list(_steps(plan))
            assert "ix_recipients_queued" in step


def _steps(plan: Any) -> Iterator[str]:
    return (row[3] for row in plan)

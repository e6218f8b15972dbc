"""The benchmark of the queue, on few applications."""

import json

from benchmarks.filled_office import fill
from benchmarks.queue import LIMIT_MS, describe, make_table, measure
from db.case_search import search
from db.database import Database
from db.queue import count_summary, list_all
from domain.filters import Filters
from tests.db.applicants import look


async def test_every_kind_of_page_is_timed() -> None:
    timed = await measure(applications=1000, waiting=120, requests=4)
    figures = describe(timed, 1000, 120)

    assert figures["applications"] == 1000
    assert figures["queue_p50_ms"] > 0
    assert figures["search_p50_ms"] > 0
    assert LIMIT_MS == 100
    assert make_table(timed, 1000).row_count == len(timed) == len(figures["kinds"])
    assert json.dumps(figures)


async def test_the_invented_office_is_one_that_can_be_searched(sqlite_database: Database) -> None:
    known = await fill(sqlite_database, 600, waiting=70)
    async with sqlite_database.read() as connection:
        summary = await count_summary(connection, look())
        everything = await list_all(connection, look(), Filters(), limit=600)
        found = [
            await search(connection, look(), f"{one.family_latin} {one.given_latin}")
            for one in known
        ]

    assert summary.waiting == 70
    assert len(everything.rows) == 600
    assert known
    assert all(page.rows for page in found)

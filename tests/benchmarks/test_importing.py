"""The measurement of imports, on a small list."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from benchmarks import importing
from benchmarks.importing import (
    LARGEST_GROWTH_MB,
    LONGEST_WAIT_MS,
    Figures,
    count_people,
    is_good,
    measure,
    write_list,
)
from db.database import Database
from db.tables import workers
from services.desk import Desk
from tests.services.imported import LINE, import_bytes, import_lines

GOOD = Figures(
    rows=9,
    growth_mb=LARGEST_GROWTH_MB,
    bot_write_p95_ms=LONGEST_WAIT_MS,
    first={"added": 9},
    second={"unchanged": 9},
    people=9,
    stored="same",
    stored_after_second="same",
)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
async def test_a_second_import_changes_nothing_and_memory_stays_flat(suffix: str) -> None:
    figures = await measure(600, is_alone=True, suffix=suffix)
    assert figures.people == 600
    assert figures.stored == figures.stored_after_second
    assert is_good(figures)


async def test_memory_that_grows_during_an_import_is_seen() -> None:
    hoarding = asyncio.create_task(hoard())
    figures = await measure(600, is_alone=True)
    hoarding.cancel()
    with suppress(asyncio.CancelledError):
        await hoarding
    assert figures.growth_mb > LARGEST_GROWTH_MB
    assert not is_good(figures)


async def hoard() -> None:
    hoarded = []
    while True:
        hoarded.append(b"x" * 1_000_000)
        await asyncio.sleep(0.003)


async def test_beside_an_import_the_bot_goes_on_storing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "ALONE_SECONDS", 0.3)
    figures = await measure(100)
    assert figures.first["added"] == figures.people == 100
    assert figures.bot_writes > 0
    assert figures.bot_alone_p95_ms > 0
    assert 0 < figures.bot_write_p95_ms <= figures.bot_write_longest_ms


async def test_whatever_changes_about_people_changes_what_is_compared(
    sqlite_database: Database, desk: Desk
) -> None:
    await import_lines(sqlite_database, desk, [LINE])
    people, stored = await count_people(sqlite_database)
    assert people == 1
    assert await count_people(sqlite_database) == (1, stored)
    await sqlite_database.write(lambda one: one.execute(update(workers).values(sex="female")))
    assert (await count_people(sqlite_database))[1] != stored


def test_figures_that_keep_every_promise_are_good() -> None:
    assert is_good(GOOD)


@pytest.mark.parametrize(
    "broken",
    [
        replace(GOOD, growth_mb=LARGEST_GROWTH_MB + 1),
        replace(GOOD, bot_write_p95_ms=LONGEST_WAIT_MS + 1),
        replace(GOOD, first={"added": 8}),
        replace(GOOD, people=8),
        replace(GOOD, people=18),
        replace(GOOD, second={"unchanged": 8}),
        replace(GOOD, stored_after_second="other"),
    ],
)
def test_figures_that_break_one_promise_are_not(broken: Figures) -> None:
    assert not is_good(broken)


async def test_the_list_can_be_written_as_a_workbook(
    sqlite_database: Database, desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "list.xlsx"
    write_list(file, 30)
    result = await import_bytes(sqlite_database, desk, file.read_bytes(), file.name)
    assert (result.counts.rows, result.counts.added) == (30, 30)

"""The measurement of imports, on a small list."""

from benchmarks.importing import is_good, measure
from services.importing import ALONE, BESIDE_THE_BOT


async def test_a_second_import_changes_nothing_and_memory_stays_flat() -> None:
    figures = await measure(600, ALONE)
    assert figures.first["added"] == 600
    assert figures.second["unchanged"] == 600
    assert is_good(figures)


async def test_beside_the_bot_fewer_rows_are_stored_at_once() -> None:
    figures = await measure(200, BESIDE_THE_BOT)
    assert figures.first["added"] == 200
    assert 0 < figures.p95_write_ms <= figures.longest_write_ms

"""The measurement of imports, on a small list."""

import pytest

from benchmarks import importing
from benchmarks.importing import LARGEST_GROWTH_MB, measure


async def test_a_second_import_changes_nothing_and_memory_stays_flat() -> None:
    figures = await measure(600, is_alone=True)
    assert figures.first["added"] == 600
    assert figures.second["unchanged"] == 600
    assert figures.growth_mb <= LARGEST_GROWTH_MB


async def test_beside_an_import_the_bot_goes_on_storing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "ALONE_SECONDS", 0.3)
    figures = await measure(100)
    assert figures.first["added"] == 100
    assert figures.bot_writes > 0
    assert figures.bot_alone_p95_ms > 0
    assert 0 < figures.bot_write_p95_ms <= figures.bot_write_longest_ms

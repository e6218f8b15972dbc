"""What has passed, also by a clock that was set back."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.elapsed import has_passed

NOON = datetime(2026, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "passed"), [(0, False), (59, False), (60, True), (9999, True), (-1, True)]
)
def test_what_lies_ahead_counts_as_long_ago(seconds: int, passed: bool) -> None:
    now = NOON + timedelta(seconds=seconds)
    assert has_passed(timedelta(minutes=1), NOON, now) is passed

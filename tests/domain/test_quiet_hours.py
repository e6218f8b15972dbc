"""Nobody is written to at night."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.quiet_hours import is_quiet, next_allowed

PHNOM_PENH = ZoneInfo("Asia/Phnom_Penh")
MOMENTS = st.builds(
    datetime.combine,
    st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    st.times(),
    tzinfo=st.just(PHNOM_PENH),
)


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=PHNOM_PENH)


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        (_at(20, 19, 59), _at(20, 19, 59)),
        (_at(20, 20), _at(21, 7)),
        (_at(20, 23, 59), _at(21, 7)),
        (_at(21, 0), _at(21, 7)),
        (_at(21, 6, 59), _at(21, 7)),
        (_at(21, 7), _at(21, 7)),
        (_at(21, 12), _at(21, 12)),
    ],
)
def test_a_message_of_the_night_waits_for_the_morning(moment: datetime, allowed: datetime) -> None:
    assert next_allowed(moment) == allowed


def test_quiet_hours_may_lie_within_one_day() -> None:
    noon, two = time(12), time(14)
    assert next_allowed(_at(20, 13), noon, two) == _at(20, 14)
    assert next_allowed(_at(20, 14), noon, two) == _at(20, 14)
    assert next_allowed(_at(20, 23), noon, two) == _at(20, 23)


def test_equal_ends_mean_no_quiet_hours() -> None:
    assert not is_quiet(_at(20, 20), time(20), time(20))


@given(MOMENTS, st.times(), st.times())
def test_the_next_allowed_moment_is_soon_and_not_quiet(
    moment: datetime, start: time, end: time
) -> None:
    allowed = next_allowed(moment, start, end)
    assert moment <= allowed < moment + timedelta(days=1)
    assert not is_quiet(allowed, start, end)
    assert allowed.tzinfo is moment.tzinfo

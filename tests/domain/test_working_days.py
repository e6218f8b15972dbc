"""A promise in working days leaves out weekends and Cambodia's public holidays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.working_days import add_working_days, answer_due_on, is_working_day

DATES = st.dates(date(2024, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 20), True),  # a Friday
        (date(2026, 11, 21), False),
        (date(2026, 11, 22), False),
        (date(2026, 11, 23), False),  # Water Festival
        (date(2026, 11, 26), True),
        (date(2025, 4, 15), False),  # Khmer New Year
        (date(2026, 1, 7), False),
    ],
)
def test_offices_are_closed_on_weekends_and_holidays(day: date, expected: bool) -> None:
    assert is_working_day(day) is expected


@pytest.mark.parametrize(
    ("submitted_on", "days", "due_on"),
    [
        (date(2026, 11, 18), 1, date(2026, 11, 19)),
        (date(2026, 11, 20), 1, date(2026, 11, 26)),
        (date(2026, 11, 21), 1, date(2026, 11, 26)),
        (date(2026, 11, 21), 0, date(2026, 11, 26)),
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 11, 20), 3, date(2026, 11, 30)),
    ],
)
def test_an_answer_is_due_on_a_working_day(submitted_on: date, days: int, due_on: date) -> None:
    assert answer_due_on(submitted_on, days) == due_on


@given(DATES, st.integers(1, 10))
def test_so_many_working_days_lie_between(day: date, days: int) -> None:
    due = add_working_days(day, days)
    passed = (day + timedelta(days=offset) for offset in range(1, (due - day).days + 1))
    assert is_working_day(due)
    assert sum(map(is_working_day, passed)) == days


@given(DATES, st.integers(1, 5), st.integers(0, 5))
def test_days_added_in_two_steps_are_days_added_at_once(day: date, some: int, more: int) -> None:
    assert add_working_days(add_working_days(day, some), more) == add_working_days(day, some + more)


@pytest.mark.parametrize("year", [1950, 2101, 2500])
def test_years_without_known_holidays_have_working_weekdays(year: int) -> None:
    day = date(year, 1, 1)
    assert is_working_day(day) is (day.weekday() < 5)
    assert add_working_days(day, 1) > day

"""Months are known by their names in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.months import ENGLISH_MONTHS, KHMER_MONTHS, find_month
from domain.problems import Problem


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_is_found_by_its_name(month: int) -> None:
    khmer, english = KHMER_MONTHS[month - 1], ENGLISH_MONTHS[month - 1]
    assert find_month(f"ថ្ងៃទី៥ខែ{khmer}ឆ្នាំ") == month
    assert find_month(f"5th of {english}") == month
    assert find_month(english[:3]) == month


def test_a_date_in_numbers_names_no_month() -> None:
    assert find_month("15/04/1990") is None


@pytest.mark.parametrize("text", ["កុម្ភៈ មីនា", "ma", "ថ្ងៃនេះ", "Mayor", "mai", "Май"])
def test_words_of_no_date_are_a_problem(text: str) -> None:
    assert find_month(text) == Problem("date.unreadable")


@given(st.text())
def test_no_text_raises(text: str) -> None:
    found = find_month(text)
    assert found is None or isinstance(found, Problem) or 1 <= found <= 12

"""Application numbers tell most slips of the pen from other people's numbers."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.khmer import to_khmer_digits
from domain.numbers import (
    NUMBER_PROBLEMS,
    check_digit,
    draw_number,
    format_number,
    is_valid,
    parse_number,
)
from domain.problems import Problem

NUMBERS = st.integers(0, 10**8 - 1).map(draw_number)


def test_the_check_digit_is_the_published_one() -> None:
    assert check_digit("572") == "4"


@given(NUMBERS)
def test_every_drawn_number_is_valid(number: str) -> None:
    assert is_valid(number)


@given(NUMBERS)
def test_a_number_shown_can_be_typed_in_both_kinds_of_digits(number: str) -> None:
    assert parse_number(format_number(number)) == number
    assert parse_number(to_khmer_digits(format_number(number))) == number
    assert parse_number(f" {number[:3]} {number[3:]} ") == number


@given(NUMBERS, st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_found(number: str, at: int, shift: int) -> None:
    wrong = number[:at] + str((int(number[at]) + shift) % 10) + number[at + 1 :]
    assert parse_number(wrong) == Problem("number.check")


@given(NUMBERS, st.integers(0, 7))
def test_a_swap_of_neighbours_is_found(number: str, at: int) -> None:
    assume(number[at] != number[at + 1])
    wrong = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert parse_number(wrong) == Problem("number.check")


def test_a_number_is_shown_in_groups() -> None:
    assert format_number("123456789") == "1234-5678-9"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", Problem("number.digits-needed")),
        ("ពាក្យ", Problem("number.digits-needed")),
        ("1234-5678", Problem("number.length", {"digits": "8"})),
        ("1234-5678-90", Problem("number.length", {"digits": "10"})),
    ],
)
def test_a_mistake_is_named_so_that_it_can_be_put_right(typed: str, problem: Problem) -> None:
    assert parse_number(typed) == problem


@pytest.mark.parametrize("digits", ["", "1234", "១២៣៤៥៦៧៨៩", "12345678x", "000000000\n"])
def test_only_nine_digits_are_a_number(digits: str) -> None:
    assert not is_valid(digits)


@given(st.text())
def test_no_text_raises(text: str) -> None:
    result = parse_number(text)
    if isinstance(result, Problem):
        assert result.code in NUMBER_PROBLEMS
    else:
        assert is_valid(result)

"""An id or a count comes out of a text only if it is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.whole_numbers import MOST_DIGITS, read_number

LARGEST_STORED = 2**63 - 1


@given(st.integers(0, 10**12 - 1))
def test_what_was_written_is_read(number: int) -> None:
    assert read_number(str(number)) == number


@pytest.mark.parametrize(
    "text", ["", " 7", "7\n", "-7", "+7", "1_000", "1.0", "0x7", "៧", "²", "７", "1e3", "9" * 13]
)
def test_what_is_no_number_is_nothing(text: str) -> None:
    assert read_number(text) is None


def test_no_number_is_larger_than_the_database_can_hold() -> None:
    for digits in range(40):
        assert (read_number("9" * digits, most_digits=100) or 0) <= LARGEST_STORED
    assert read_number("9" * MOST_DIGITS, MOST_DIGITS) == 10**MOST_DIGITS - 1
    assert read_number("1234", 3) is None

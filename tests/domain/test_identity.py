"""Identity numbers are read from what people copy off the card."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identity import ID_PROBLEMS, IdNumber, icao_check_digit, parse_id_number
from domain.khmer import to_khmer_digits
from domain.problems import Problem

NINE_DIGITS = st.from_regex("[0-9]{9}", fullmatch=True)
LOOSE_TEXT = st.text(alphabet="0123456789០១៩()<- IDKHM", max_size=30)


@pytest.mark.parametrize(
    "typed",
    [
        "123456789",
        "១២៣៤៥៦៧៨៩",
        "123 456 789",
        "123-456-789",
        "123456789 (01)",
        "123456789(1)",
        "123456789 (01",
        "លេខ ១២៣៤៥៦៧៨៩ (០១)",
        "ID: 123456789",
        "IDKHM1234567897<<<<<<<<<<<<<<<",
        "idkhm1234567897",
        "IDKHM 123456789 7 <<<",
        "IDKHM1234567897<<<<<<<<<<<<<<<\n9004157M3104151KHM<<<<<<<<<<<4",
    ],
)
def test_one_number_is_read_in_every_way_it_is_written(typed: str) -> None:
    assert parse_id_number(typed) == IdNumber("123456789")


def test_eight_digits_are_accepted_for_an_officer_to_look_at() -> None:
    expected = IdNumber("12345678", frozenset({"eight-digits"}))
    assert parse_id_number("12345678") == expected
    assert parse_id_number(f"IDKHM12345678<{icao_check_digit('12345678<')}") == expected


def test_leading_zeros_stay() -> None:
    assert parse_id_number("001234567") == IdNumber("001234567")


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", Problem("id.digits-needed")),
        ("គ្មាន", Problem("id.digits-needed")),
        ("(01)", Problem("id.digits-needed")),
        ("1234567", Problem("id.length", {"digits": "7"})),
        ("1234567890", Problem("id.length", {"digits": "10"})),
        ("N1234567", Problem("id.letters")),
        ("IDKHM1234567890", Problem("id.mrz-check")),
        ("IDKHM1234567", Problem("id.mrz-incomplete")),
        ("IDKHM<<<<<<<<<<", Problem("id.mrz-incomplete")),
    ],
)
def test_a_mistake_is_named_so_that_it_can_be_put_right(typed: str, problem: Problem) -> None:
    assert parse_id_number(typed) == problem


@given(NINE_DIGITS)
def test_khmer_digits_and_the_machine_readable_line_give_the_same_number(digits: str) -> None:
    line = f"IDKHM{digits}{icao_check_digit(digits)}<<<<<<<<<<<<<<<"
    assert parse_id_number(digits) == IdNumber(digits)
    assert parse_id_number(to_khmer_digits(digits)) == IdNumber(digits)
    assert parse_id_number(line) == IdNumber(digits)


@given(NINE_DIGITS, st.integers(0, 8), st.integers(1, 9))
def test_a_wrong_digit_in_the_machine_readable_line_is_found(
    digits: str, at: int, shift: int
) -> None:
    wrong = digits[:at] + str((int(digits[at]) + shift) % 10) + digits[at + 1 :]
    line = f"IDKHM{wrong}{icao_check_digit(digits)}<<<"
    assert parse_id_number(line) == Problem("id.mrz-check")


@given(NINE_DIGITS)
def test_only_the_last_three_digits_of_a_masked_number_are_seen(digits: str) -> None:
    assert IdNumber(digits).masked == "••••••" + digits[-3:]


@given(st.one_of(st.text(), LOOSE_TEXT))
def test_no_text_raises_and_what_is_read_has_eight_or_nine_digits(text: str) -> None:
    result = parse_id_number(text)
    if isinstance(result, Problem):
        assert result.code in ID_PROBLEMS
    else:
        assert len(result.digits) == (8 if result.flags else 9)
        assert parse_id_number(result.digits) == result

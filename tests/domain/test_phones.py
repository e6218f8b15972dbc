"""Typed phone numbers are Cambodian mobiles, however they are written."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.khmer import to_khmer_digits
from domain.phones import PHONE_PROBLEMS, Phone, parse_contact_phone, parse_phone
from domain.problems import Problem

SEVEN_DIGIT_PREFIXES = ["31", "71", "76", "88", "96"]
SIX_DIGIT_PREFIXES = ["10", "11", "12", "15", "17", "61", "69", "77", "85", "89", "92", "99"]


def _phones(prefixes: list[str], digits: int) -> st.SearchStrategy[Phone]:
    rest = st.integers(2 * 10 ** (digits - 1), 10**digits - 1)
    numbers = st.builds(lambda prefix, tail: f"+855{prefix}{tail}", st.sampled_from(prefixes), rest)
    return numbers.map(Phone).filter(lambda phone: parse_phone(phone.e164) == phone)


MOBILES = st.one_of(_phones(SIX_DIGIT_PREFIXES, 6), _phones(SEVEN_DIGIT_PREFIXES, 7))
LOOSE_TEXT = st.text(alphabet="0123456789០១៨៥+()- ./|,ឬor\n", max_size=40)


@pytest.mark.parametrize(
    "typed",
    [
        "012 345 678",
        "012345678",
        "12345678",
        "+855 12 345 678",
        "85512345678",
        "00855 12 345 678",
        "0855 12345678",
        "(+855) 012 345 678",
        "+855(0)12 345 678",
        "០១២ ៣៤៥ ៦៧៨",
        "012.345.678",
        "012-345-678",
        "\u200b012 345 678",
        "012\n345 678",
        "លេខ 012 345 678 ។",
        "Tel: 012345678",
    ],
)
def test_one_number_is_read_in_every_way_it_is_written(typed: str) -> None:
    assert parse_phone(typed) == Phone("+85512345678")


def test_a_number_that_begins_like_the_country_code_is_read_as_it_stands() -> None:
    assert parse_phone("085 512 345") == Phone("+85585512345")
    assert parse_phone("0855 85 512 345") == Phone("+85585512345")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "phone.digits-needed"),
        ("មិនមានទេ", "phone.digits-needed"),
        ("012 345 678 / 096 234 5678", "phone.several"),
        ("០៩៨ ៣០៤ ០៥៧/ ០២៣ ២២០ ៨១០|៨១១", "phone.several"),
        ("012345678 ឬ 0962345678", "phone.several"),
        ("012345678 or 0962345678", "phone.several"),
        ("012345678 +855962345678", "phone.several"),
        ("012345678\n0962345678", "phone.several"),
        ("012 345 678 096 234 5678", "phone.several"),
        ("012 345 67", "phone.too-short"),
        ("096 234 567", "phone.too-short"),
        ("1286", "phone.too-short"),
        ("0", "phone.too-short"),
        ("085 345 6789", "phone.too-long"),
        ("111111111111111111111", "phone.too-long"),
        ("012 345 678 999", "phone.too-long"),
        ("023 220 810", "phone.landline"),
        ("1800 123 456", "phone.not-mobile"),
        ("+66 81 234 5678", "phone.foreign"),
        ("0066 81 234 5678", "phone.foreign"),
        ("039 234 567", "phone.unknown-prefix"),
    ],
)
def test_a_mistake_is_named_so_that_it_can_be_put_right(typed: str, code: str) -> None:
    assert parse_phone(typed) == Problem(code)


@given(MOBILES)
def test_what_is_displayed_can_be_typed_again(phone: Phone) -> None:
    assert parse_phone(phone.display) == phone


@given(MOBILES)
def test_khmer_digits_are_as_good_as_latin_ones(phone: Phone) -> None:
    assert parse_phone(to_khmer_digits(phone.display)) == phone


@given(MOBILES, st.sampled_from(["+855", "855", "00855", "0855", "+8550", "0"]))
def test_every_way_to_write_the_country_gives_one_number(phone: Phone, prefix: str) -> None:
    assert parse_phone(prefix + phone.e164.removeprefix("+855")) == phone


@example(Phone("+85585500000"), Phone("+85510200000"), " ")
@given(MOBILES, MOBILES, st.sampled_from(["/", " / ", ", ", " ", "\n", "|", " ឬ "]))
def test_two_numbers_are_never_taken_for_one(one: Phone, other: Phone, between: str) -> None:
    assert parse_phone(one.display + between + other.display) == Problem("phone.several")


@given(st.one_of(st.text(), LOOSE_TEXT))
def test_no_text_raises_and_what_is_read_is_a_cambodian_number(text: str) -> None:
    result = parse_phone(text)
    if isinstance(result, Problem):
        assert result.code in PHONE_PROBLEMS
    else:
        assert result.e164.startswith("+855")


@pytest.mark.parametrize(
    ("shared", "e164"),
    [
        ("85512345678", "+85512345678"),
        ("+85512345678", "+85512345678"),
        ("66812345678", "+66812345678"),
        ("+1 202 555 0143", "+12025550143"),
        ("012 345 678", "+85512345678"),
    ],
)
def test_a_shared_contact_may_be_from_any_country(shared: str, e164: str) -> None:
    assert parse_contact_phone(shared) == Phone(e164)


@pytest.mark.parametrize("shared", ["", "12", "+999 123", "no number"])
def test_a_contact_without_a_number_is_a_problem(shared: str) -> None:
    assert isinstance(parse_contact_phone(shared), Problem)


@given(st.one_of(st.text(), LOOSE_TEXT))
def test_no_contact_raises_and_what_is_read_can_be_displayed(text: str) -> None:
    result = parse_contact_phone(text)
    if isinstance(result, Problem):
        assert result.code in PHONE_PROBLEMS
    else:
        assert parse_contact_phone(result.e164) == result
        assert result.masked[-3:] == result.display[-3:]


def test_a_number_is_shown_as_its_country_writes_it() -> None:
    assert Phone("+85512345678").display == "012 345 678"
    assert Phone("+66812345678").display == "+66 81 234 5678"


def test_only_the_last_three_digits_of_a_masked_number_are_seen() -> None:
    assert Phone("+85512345678").masked == "••• ••• 678"
    assert Phone("+855962345678").masked == "••• ••• •678"

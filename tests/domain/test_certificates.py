"""A claim says little, in one way only."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.certificates import (
    CATEGORY_NAMES,
    Certificate,
    Claim,
    make_claim,
    read_claim,
    short_code,
    write_claim,
)
from domain.numbers import draw_number
from domain.registration_form import REGISTRATION_FORM

CERTIFICATE = Certificate(
    number=draw_number(12345678),
    family_km="សុខ",
    given_km="ដារ៉ា",
    family_latin="SOK",
    given_latin="DARA",
    category="self_employed",
    occupation="street_food_vendor",
    place="0203",
    issued_on=date(2026, 3, 4),
    specimen=True,
)
CLAIM = make_claim(CERTIFICATE, "1f2e3d4c")
WRITTEN = b"KHIE1;1f2e3d4c;123456786;SD;self_employed;2026-03-04;specimen"

CLAIMS = st.builds(
    Claim,
    number=st.integers(0, 10**8 - 1).map(draw_number),
    initials=st.from_regex("[A-Z]{1,2}", fullmatch=True),
    category=st.sampled_from(sorted(CATEGORY_NAMES)),
    issued_on=st.dates(),
    specimen=st.booleans(),
    key_id=st.from_regex("[0-9a-f]{8}", fullmatch=True),
)


def test_a_claim_is_written_as_documented() -> None:
    assert write_claim(CLAIM) == WRITTEN


def test_a_claim_tells_no_name_occupation_or_place() -> None:
    other = replace(CERTIFICATE, given_latin="DALIN", occupation="tailor", place="1201")
    assert make_claim(other, CLAIM.key_id) == CLAIM


@pytest.mark.parametrize(
    ("family", "given_name", "initials"),
    [("Sok", "Dara", "SD"), ("SOK", "CHAN DARA", "SC"), ("'EM", "-", "E")],
)
def test_initials_are_the_first_letters(family: str, given_name: str, initials: str) -> None:
    named = replace(CERTIFICATE, family_latin=family, given_latin=given_name)
    assert make_claim(named, CLAIM.key_id).initials == initials


@given(CLAIMS)
def test_a_written_claim_is_read_back(claim: Claim) -> None:
    assert read_claim(write_claim(claim)) == claim


@given(CLAIMS, st.integers(0, 200), st.integers(0, 255))
def test_a_claim_can_be_written_in_one_way_only(claim: Claim, position: int, byte: int) -> None:
    written = bytearray(write_claim(claim))
    written[position % len(written)] = byte
    read = read_claim(bytes(written))
    assert read is None or write_claim(read) == written


@given(st.binary(max_size=80))
def test_whatever_bytes_come_they_are_a_claim_or_none(written: bytes) -> None:
    read = read_claim(written)
    assert read is None or write_claim(read) == written


@pytest.mark.parametrize(
    "damaged",
    [
        WRITTEN.replace(b"KHIE1", b"KHIE2"),
        WRITTEN.replace(b"123456786", b"123456785"),
        WRITTEN.replace(b"2026-03-04", b"2026-02-30"),
        WRITTEN.replace(b"self_employed", b"minister"),
        WRITTEN.replace(b"specimen", b"genuine"),
        WRITTEN.replace(b"SD", "ដ".encode()),
        WRITTEN + b"\n",
        WRITTEN + b";official",
        b"",
    ],
)
def test_anything_else_is_no_claim(damaged: bytes) -> None:
    assert read_claim(damaged) is None


@pytest.mark.parametrize(
    "wrong",
    [{"number": "123456785"}, {"category": "minister"}, {"initials": ""}, {"key_id": "1;2"}],
)
def test_what_cannot_be_read_back_is_not_written(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="cannot be signed"):
        write_claim(replace(CLAIM, **wrong))  # type: ignore[arg-type]  # wrong on purpose


def test_the_categories_are_those_of_the_form() -> None:
    questions = [question for part in REGISTRATION_FORM.parts for question in part.questions]
    (category,) = (question for question in questions if question.name == "category")
    assert {choice.name for choice in category.choices} == set(CATEGORY_NAMES)


@given(st.binary(min_size=64, max_size=64))
def test_a_short_code_fits_a_deep_link(signature: bytes) -> None:
    code = short_code(signature)
    assert re.fullmatch("[a-z2-7]{8}", code)
    assert len(f"v_{CERTIFICATE.number}_{code}") <= 64


def test_short_codes_of_two_signatures_differ() -> None:
    assert short_code(bytes(64)) != short_code(bytes(63) + b"1")

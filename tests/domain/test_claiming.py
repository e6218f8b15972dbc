"""Who claims an application is told apart by year and name; what is typed into a form is left."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.claiming import (
    FAILED,
    MOST_FAILURES,
    UNLOCKED,
    Claimed,
    choose,
    fits_name,
    has_hardly_begun,
    is_locked,
    read_year,
    waits_for_text,
)
from domain.khmer import to_khmer_digits
from domain.registration_form import REGISTRATION_FORM
from tests.services.counter import make_draft

TODAY = date(2026, 3, 4)
DARA = Claimed(1, "202511232", "0203", "សុខ", "ដារ៉ា", "Sok", "Dara", "1985-04-15")
ACTS_UNTIL_PHONE, ACTS_UNTIL_CATEGORY = 20, 4


@given(st.integers(1900, TODAY.year), st.booleans(), st.booleans())
def test_a_year_is_one_year_however_it_is_written(year: int, khmer: bool, buddhist: bool) -> None:
    written = str(year + 543 if buddhist else year)
    assert read_year(to_khmer_digits(written) if khmer else written, TODAY) == year


@given(st.text())
def test_whatever_is_typed_names_a_plausible_year_or_none(text: str) -> None:
    year = read_year(text, TODAY)
    assert year is None or 1900 <= year <= TODAY.year


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("15/04/1985", 1985),
        ("ខ្ញុំកើតឆ្នាំ ១៩៨៥", 1985),
        ("85", None),
        ("1899", None),
        ("2027", None),
        ("2399", None),
        ("012345678", None),
        ("1985 ឬ 1986", None),
    ],
)
def test_only_one_plain_year_is_read(text: str, year: int | None) -> None:
    assert read_year(text, TODAY) == year


@pytest.mark.parametrize("typed", ["ដារ៉ា", "dara", "DARA", "Sok Dara", "សុខ ដារ៉ា", "សុខដារ៉ា"])
def test_a_name_fits_in_either_script(typed: str) -> None:
    assert fits_name(typed, DARA)


@pytest.mark.parametrize("typed", ["", "?", "Sok", "សុខ", "Bopha", "123"])
def test_another_name_does_not_fit(typed: str) -> None:
    assert not fits_name(typed, DARA)


def test_the_newest_is_chosen_of_one_person_and_none_of_several() -> None:
    again = replace(DARA, id=2, number="202511241")
    assert choose([again, DARA]) == again
    assert choose([DARA, replace(again, given_km="សុភា")]) is None
    assert choose([DARA, replace(again, born="1985-04-16")]) is None
    assert choose([]) is None


def test_an_application_is_locked_until_an_officer_helps() -> None:
    failures = [FAILED] * MOST_FAILURES
    assert is_locked(failures)
    assert is_locked(["claim", *failures, "open_case"])
    assert not is_locked(failures[1:])
    assert not is_locked([*failures, UNLOCKED])
    assert is_locked([*failures, UNLOCKED, *failures])


def test_a_form_has_hardly_begun_until_some_answers_are_given() -> None:
    assert has_hardly_begun(REGISTRATION_FORM, make_draft("en", ACTS_UNTIL_CATEGORY))
    later = make_draft("en", ACTS_UNTIL_PHONE)
    assert not has_hardly_begun(REGISTRATION_FORM, later)
    revision = replace(make_draft("en", ACTS_UNTIL_CATEGORY), revises="202511232")
    assert not has_hardly_begun(REGISTRATION_FORM, revision)


@pytest.mark.parametrize(
    ("acts", "question", "typed"),
    [(1, "consent", False), (2, "occupation", True), (4, "category", False)],
)
def test_a_form_waits_for_text_where_answers_are_typed(
    acts: int, question: str, typed: bool
) -> None:
    draft = make_draft("en", acts)
    assert draft.question == question
    assert waits_for_text(REGISTRATION_FORM, draft) is typed

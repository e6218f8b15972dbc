"""One person entered twice is noticed, and people who are merely alike are left alone."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.duplicates import (
    Sign,
    compare,
    list_match_keys,
    list_name_keys,
    list_query_keys,
)
from domain.registrations import Worker

SOPHEAK = Worker(
    family_km="ហ៊ុន",
    given_km="សុភ័ក្ត្រ",
    family_latin="HUN",
    given_latin="SOPHEAK",
    sex="female",
    born="1990-04-15",
    phone="+85512345678",
    phone_is="typed",
    id_number="123456789",
    no_id_reason=None,
    home="02030105",
)
WITHOUT_CARD = replace(SOPHEAK, id_number=None, phone="+85598765432", phone_is="own")

WORKERS = st.builds(
    Worker,
    family_km=st.sampled_from(["ហ៊ុន", "សុខ", "ចាន់", "លី", "ស្រី"]),
    given_km=st.sampled_from(["សុភ័ក្ត្រ", "ដារ៉ា", "ស្រី មុំ", "ចិន្តា", "លី"]),
    family_latin=st.sampled_from(["HUN", "SOK", "SOKH", "CHAN", "LY"]),
    given_latin=st.sampled_from(["SOPHEAK", "DARA", "SREY-MOM", "CHENDA", "CHANN", "LY"]),
    sex=st.sampled_from(["female", "male"]),
    born=st.sampled_from(["1990", "1990-04", "1990-04-15", "1990-12-04", "1971-01-01"]),
    phone=st.sampled_from(["+85512345678", "+85598765432"]),
    phone_is=st.sampled_from(["own", "typed", "helper"]),
    id_number=st.sampled_from([None, "123456789", "123456798", "987654321", "12345678"]),
    no_id_reason=st.none(),
    home=st.sampled_from(["02030105", "02030106", "02030201", "02010101", "12010101"]),
)


@pytest.mark.parametrize(
    "changed",
    [
        {"given_km": "សុភ័ក្រ្ត"},
        {"given_km": "សុភ័ក្ដ្រ"},
        {"family_km": "ហុ៊ន"},
        {"given_km": "សុភ័\u200bក្ត្រ"},
        {"given_km": "សុភក្ត្រ"},
        {"given_km": "សុភ័ក្ត"},
        {"family_latin": "HOUN", "given_latin": "SOPHEAKH"},
        {"family_km": "សុភ័ក្ត្រ", "given_km": "ហ៊ុន"},
        {"family_latin": "SOPHEAK", "given_latin": "HUN"},
        {"family_latin": "HUN SO", "given_latin": "PHEAK"},
        {"born": "1990-04"},
        {"born": "1990"},
        {"born": "1990-04-16"},
        {"born": "1991-04-15"},
        {"home": "02030106"},
        {"home": "02030201"},
    ],
)
def test_a_person_entered_again_without_the_card_is_noticed(changed: dict[str, Any]) -> None:
    again = replace(WITHOUT_CARD, **changed)
    assert compare(SOPHEAK, again).is_possible
    assert not list_match_keys(SOPHEAK).isdisjoint(list_match_keys(again))


def test_day_and_month_in_the_wrong_order_are_noticed() -> None:
    one = replace(SOPHEAK, born="1990-04-12")
    other = replace(WITHOUT_CARD, born="1990-12-04")
    assert compare(one, other).is_possible
    assert Sign.CLOSE_BIRTH in compare(one, other).signs


@pytest.mark.parametrize("number", ["123456780", "123456798", "12345678", "១២៣៤៥៦៧៨៩"])
def test_a_number_with_one_error_counts_beside_a_close_name(number: str) -> None:
    moved = replace(SOPHEAK, id_number=number, home="12010101", born="1990")
    assert compare(SOPHEAK, moved).signs[0] in (Sign.CLOSE_ID, Sign.SAME_ID)
    assert compare(SOPHEAK, replace(moved, home="02030106")).is_possible


def test_one_number_on_two_cards_is_always_looked_at() -> None:
    stranger = Worker(
        *("លឹម", "ចិន្តា", "LIM", "CHENDA", "male", "1961-12-01", "+85511111111", "own"),
        *("១២៣៤៥៦៧៨៩", None, "12010101"),
    )
    likeness = compare(SOPHEAK, stranger)
    assert likeness.is_possible
    assert likeness.signs == (Sign.SAME_ID,)
    assert not list_match_keys(SOPHEAK).isdisjoint(list_match_keys(stranger))


@pytest.mark.parametrize(
    ("who", "changed"),
    [
        ("a twin", {"given_km": "សុភាព", "given_latin": "SOPHEAP"}),
        (
            "a twin with the next card",
            {"given_km": "សុភាព", "given_latin": "SOPHEAP", "id_number": "123456780"},
        ),
        ("a parent of the same name", {"born": "1962-04-15"}),
        ("a neighbour of the same name", {"born": "1984-11-02"}),
        ("a namesake of the same year", {"born": "1990", "home": "02030201"}),
        ("a namesake in another province", {"born": "1990-04-15", "home": "12010101"}),
        ("somebody with another card", {"id_number": "555111222", "home": "02030106"}),
        ("a cousin born a year later", {"born": "1991", "home": "02030106"}),
        (
            "a husband",
            {
                "family_km": "លឹម",
                "given_km": "ចិន្តា",
                "family_latin": "LIM",
                "given_latin": "CHENDA",
                "sex": "male",
            },
        ),
    ],
)
def test_somebody_else_is_left_alone(who: str, changed: dict[str, Any]) -> None:
    other = replace(WITHOUT_CARD, phone=SOPHEAK.phone, phone_is="typed", **changed)
    if "namesake" in who or "card" in who:
        other = replace(other, phone="+85511111111")
    assert not compare(SOPHEAK, other).is_possible


def test_other_numbers_are_outweighed_only_when_all_else_is_equal() -> None:
    renewed = replace(SOPHEAK, id_number="555111222", phone="+85511111111")
    assert compare(SOPHEAK, renewed).is_possible
    differences: list[dict[str, Any]] = [
        {"born": "1990"},
        {"family_latin": "HON"},
        {"home": "02030106"},
    ]
    for changed in differences:
        assert not compare(SOPHEAK, replace(renewed, **changed)).is_possible


def test_a_helpers_phone_tells_nothing() -> None:
    helped = replace(SOPHEAK, phone_is="helper")
    assert Sign.SAME_PHONE in compare(SOPHEAK, SOPHEAK).signs
    assert Sign.SAME_PHONE not in compare(SOPHEAK, helped).signs
    assert not any(key.startswith("phone:") for key in list_match_keys(helped))


def test_the_officer_is_told_why() -> None:
    again = replace(WITHOUT_CARD, given_latin="SOPHEAKH", born="1990-04", home="02030106")
    assert compare(SOPHEAK, again).signs == (
        Sign.CLOSE_NAME,
        Sign.CLOSE_BIRTH,
        Sign.SAME_PLACE,
    )


def test_more_evidence_scores_higher() -> None:
    less = replace(WITHOUT_CARD, born="1990", home="02030106")
    scores = [compare(SOPHEAK, other).score for other in (less, WITHOUT_CARD, SOPHEAK)]
    assert scores == sorted(scores)
    assert len(set(scores)) == 3


@given(WORKERS, WORKERS)
def test_order_does_not_matter(one: Worker, other: Worker) -> None:
    assert compare(one, other) == compare(other, one)
    assert 0 <= compare(one, other).score <= 1


@given(WORKERS)
def test_everybody_may_be_themselves(worker: Worker) -> None:
    assert compare(worker, worker).is_possible


@given(WORKERS)
def test_match_keys_are_few_and_do_not_mind_swapped_names(worker: Worker) -> None:
    swapped = replace(
        worker,
        family_km=worker.given_km,
        given_km=worker.family_km,
        family_latin=worker.given_latin,
        given_latin=worker.family_latin,
    )
    assert list_match_keys(swapped) == list_match_keys(worker)
    assert len(list_match_keys(worker)) <= 8


@given(WORKERS, st.permutations(["family_km", "given_km", "family_latin", "given_latin"]))
def test_names_are_found_in_any_order_and_script(worker: Worker, parts: list[str]) -> None:
    typed = " ".join(getattr(worker, part).lower() for part in parts)
    assert set(list_query_keys(typed)) <= list_name_keys(worker)


@pytest.mark.parametrize(
    "typed",
    ["សុភ័ក្រ្ត", "ហុ៊ន សុភ័ក្ដ្រ", "ហ៊ុន\u200bសុភ័ក្ត្រ", "hun", "Sopheak, Hun", "hunsopheak", "SopheakHun"],
)
def test_an_officer_finds_a_name_however_it_is_typed(typed: str) -> None:
    assert set(list_query_keys(typed)) <= list_name_keys(SOPHEAK)


@pytest.mark.parametrize("typed", ["", "  ", "123", "-", "🌸"])
def test_what_is_no_name_asks_for_nothing(typed: str) -> None:
    assert list_query_keys(typed) == ()


def test_parts_written_in_two_words_are_found_by_either_and_as_one() -> None:
    worker = replace(SOPHEAK, given_km="ស្រី មុំ", given_latin="SREY-MOM")
    for typed in ("ស្រី", "មុំ", "ស្រីមុំ", "srey mom", "sreymom", "Srey-Mom Hun"):
        assert set(list_query_keys(typed)) <= list_name_keys(worker)

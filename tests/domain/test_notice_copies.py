"""A true notice is recognised however it was copied; anything added to it is not ours."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.notice_content import fill_in
from domain.notice_copies import is_copy

NOTICE = "Dear {given_name}, your application {number} in {province} is ready.\nCome on 5 May!"
FILLED = fill_in(NOTICE, {"given_name": "Dara", "number": "1234-5678-2", "province": "Siem Reap"})
KHMER = "សូមអញ្ជើញ {given_name} មកចូលរួមវគ្គបណ្តុះបណ្តាលនៅថ្ងៃទី៥"
MARK = "SPECIMEN: this is a trial"


@pytest.mark.parametrize(
    "text",
    [
        FILLED,
        FILLED.upper().replace("\n", " "),
        f"  {MARK}\n\n{FILLED}\u200b ",
        FILLED.replace("5", "៥"),
    ],
)
def test_a_copy_is_recognised(text: str) -> None:
    assert is_copy(text, NOTICE, MARK)


def test_khmer_is_recognised_in_either_order_of_its_signs() -> None:
    assert is_copy(fill_in(KHMER, {"given_name": "ដារ៉ា"}).replace("៥", "5"), KHMER)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Dear Dara",
        FILLED + " Send 5 dollars to 012 345 678.",
        "Send your code. " + FILLED,
        FILLED.replace("ready", "ready if you pay"),
        FILLED.replace("1234-5678-2", "1234-5678-2-9"),
        FILLED.replace("Dara", "Dara, pay 5 dollars"),
        FILLED.replace("Dara", "x" * 61),
        FILLED.replace("5 May", "6 May"),
    ],
)
def test_what_was_changed_is_not_ours(text: str) -> None:
    assert not is_copy(text, NOTICE, MARK)


def test_a_notice_of_almost_nothing_but_placeholders_proves_nothing() -> None:
    assert not is_copy("Dara of Siem Reap", "{given_name} of {province}")


@given(st.text(alphabet="កខគ abc", min_size=1, max_size=30))
def test_whatever_name_is_filled_in_is_recognised_if_it_has_letters(name: str) -> None:
    if name.strip():
        assert is_copy(
            fill_in(NOTICE, {"given_name": name, "number": "123456782", "province": "Kep"}), NOTICE
        )


def test_a_text_made_to_take_long_takes_not_long() -> None:
    began = time.perf_counter()
    assert not is_copy("a" * 4000 + "b", "{given_name}a" * 40 + " and this is the end")
    assert time.perf_counter() - began < 1

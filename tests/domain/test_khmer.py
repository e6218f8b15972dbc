"""Khmer text is cleaned without loss and found however it was typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.khmer import clean, search_key, to_khmer_digits, to_latin_digits

KHMER = st.text(alphabet=st.characters(min_codepoint=0x1780, max_codepoint=0x17FF), max_size=20)
MIXED = st.text(
    alphabet=st.one_of(
        st.characters(min_codepoint=0x1780, max_codepoint=0x17FF),
        st.sampled_from("\u200b\u200c\u200d\ufeff\u0323\u0301\u0345\n e😀"),
    ),
    max_size=20,
)
ANY_TEXT = st.one_of(st.text(max_size=30), KHMER, MIXED)


@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(ANY_TEXT)
def test_clean_text_has_no_invisible_characters_but_joiners(text: str) -> None:
    kept = clean(text).replace("\u200c", "").replace("\u200d", "")
    assert not {unicodedata.category(char) for char in kept} & {"Cc", "Cf", "Cs"}


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  សុខ \n ដារ៉ា ", "សុខ ដារ៉ា"),
        ("សុខ\u200bដារ៉ា\ufeff", "សុខដារ៉ា"),
        ("\u202aSok\u202c", "Sok"),
        ("ប៊\u200cី", "ប៊\u200cី"),
        ("សុខ\u200c", "សុខ"),
        ("Sok\u200dDara", "SokDara"),
        ("e\u0301", "\u00e9"),
        ("\x00\ud800", ""),
    ],
)
def test_clean_drops_only_what_cannot_be_seen(typed: str, cleaned: str) -> None:
    assert clean(typed) == cleaned


@given(ANY_TEXT)
def test_the_key_of_a_key_is_itself(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)


@given(ANY_TEXT)
def test_the_key_is_the_same_before_and_after_cleaning(text: str) -> None:
    assert search_key(clean(text)) == search_key(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ខ្មែរ", "ខែ្មរ"),
        ("ស្រី", "សី្រ"),
        ("ភូមិថ្មី", "ភូមិ ថ្មី"),
        ("កោះ", "កេាះ"),
        ("បណ្ដុះ", "បណ្តុះ"),
        ("ភូមិ ១២", "ភូមិ12"),
        ("ដារ៉ាា", "ដារ៉ា"),
        ("សុខ\u200bដារ៉ា", "សុខដារ៉ា"),
        ("ប៊\u200cី", "ប៊ី"),
        ("Siem-Réap", "SIEM REAP"),
    ],
)
def test_spellings_that_look_alike_have_one_key(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)


def test_different_words_have_different_keys() -> None:
    assert search_key("សុខ") != search_key("សុក")


@given(st.text(alphabet="0123456789 -/"))
def test_digits_go_to_khmer_and_back(text: str) -> None:
    assert to_latin_digits(to_khmer_digits(text)) == text

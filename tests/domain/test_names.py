"""Names keep their order and their letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.names import (
    NAME_PROBLEMS,
    Name,
    PartialName,
    offer_khmer_names,
    offer_latin_names,
    parse_khmer_name,
    parse_latin_name,
)
from domain.problems import Problem

KHMER_WORDS = st.lists(
    st.sampled_from(["សុខ", "ដារ៉ា", "ចាន់", "ស្រីមុំ", "ឡុង", "ឯក"]), min_size=2, max_size=4
)
LATIN_WORDS = st.lists(
    st.from_regex(r"[A-Z]{1,9}([-'][A-Z]{1,9})?", fullmatch=True), min_size=2, max_size=4
)
ODD_TEXT = st.one_of(
    st.text(),
    st.text(alphabet="សុខដា៉រ៊ីSokDara'-–’ \u200c\u200d\u200b១2😀é.,", max_size=30),
)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("សុខ ដារ៉ា", Name("សុខ", "ដារ៉ា")),
        ("  សុខ\nដារ៉ា។", Name("សុខ", "ដារ៉ា")),
        ("សុខ, ដារ៉ា", Name("សុខ", "ដារ៉ា")),
        ("ចាន់ ស្រី មុំ", Name("ចាន់", "ស្រី មុំ")),
        ("សុខ\u200bដារ៉ា", PartialName("សុខដារ៉ា")),
        ("ឯក", PartialName("ឯក")),
        ("", Problem("name.empty")),
        ("...", Problem("name.empty")),
        ("សុខ ដារ៉ា ១២", Problem("name.digits")),
        ("សុខ ដារ៉ា 2", Problem("name.digits")),
        ("Sok Dara", Problem("name.khmer-letters-needed")),
        ("សុខ Dara", Problem("name.khmer-letters-needed")),
        ("ា", Problem("name.khmer-letters-needed")),
        ("สมชาย ใจดี", Problem("name.khmer-letters-needed")),
        ("សុខ ដារ៉ា 🌸", Problem("name.symbols")),
        ("🌸", Problem("name.symbols")),
        ("ក" * 61, Problem("name.too-long", {"longest": "60"})),
    ],
)
def test_khmer_names_are_read_family_first(
    typed: str, expected: Name | PartialName | Problem
) -> None:
    assert parse_khmer_name(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("sok dara", Name("SOK", "DARA")),
        ("Sok. Dara", Name("SOK", "DARA")),
        ("Chan Srey Mom", Name("CHAN", "SREY MOM")),
        ("Réth Sokh-Na", Name("RETH", "SOKH-NA")),
        ("O’Neil D–ara", Name("O'NEIL", "D-ARA")),
        ("Đo Dara", Name("DO", "DARA")),
        ("Dara", PartialName("DARA")),
        ("", Problem("name.empty")),
        ("Sok Dara 99", Problem("name.digits")),
        ("Sok Dara ៩", Problem("name.digits")),
        ("សុខ ដារ៉ា", Problem("name.latin-letters-needed")),
        ("Сок Дара", Problem("name.latin-letters-needed")),
        ("Sok @Dara", Problem("name.symbols")),
        ("Sok Dara ❤️", Problem("name.symbols")),
        ("Sok " + "a" * 61, Problem("name.too-long", {"longest": "60"})),
    ],
)
def test_latin_names_are_written_as_on_the_card(
    typed: str, expected: Name | PartialName | Problem
) -> None:
    assert parse_latin_name(typed) == expected


@given(KHMER_WORDS)
def test_a_khmer_name_shown_in_full_is_read_the_same(words: list[str]) -> None:
    name = Name(words[0], " ".join(words[1:]))
    assert parse_khmer_name(name.full) == name


@given(LATIN_WORDS)
def test_a_latin_name_shown_in_full_is_read_the_same(words: list[str]) -> None:
    name = Name(words[0], " ".join(words[1:]))
    assert parse_latin_name(name.full) == name


@given(ODD_TEXT)
def test_no_text_raises_and_what_is_read_has_no_room_for_surprises(text: str) -> None:
    for parse in (parse_khmer_name, parse_latin_name):
        match parse(text):
            case Problem(code):
                assert code in NAME_PROBLEMS
            case PartialName(family):
                assert 0 < len(family) <= 60
            case Name(family, given_name):
                assert 0 < len(family) <= 60
                assert 0 < len(given_name) <= 60


@pytest.mark.parametrize(
    ("first_name", "last_name", "offers"),
    [
        ("Dara", "Sok", (Name("SOK", "DARA"), Name("DARA", "SOK"))),
        ("Dara", "Dara", (Name("DARA", "DARA"),)),
        ("Sok Dara", "", (Name("SOK", "DARA"), Name("DARA", "SOK"))),
        ("Chan Srey Mom", "", (Name("CHAN", "SREY MOM"), Name("MOM", "CHAN SREY"))),
        ("🌸 Dara ❤️", "★Sok★", (Name("SOK", "DARA"), Name("DARA", "SOK"))),
        ("Dara", "", ()),
        ("", "", ()),
        ("Dara", "S.", ()),
        ("Dara168", "Sok", ()),
        ("Da❤ra", "Sok", ()),
        ("ដារ៉ា", "សុខ", ()),
    ],
)
def test_latin_names_are_offered_only_when_they_can_be_names(
    first_name: str, last_name: str, offers: tuple[Name, ...]
) -> None:
    assert offer_latin_names(first_name, last_name) == offers


def test_khmer_names_are_offered_when_the_letters_are_khmer() -> None:
    assert offer_khmer_names("ដារ៉ា 🌸", "សុខ") == (Name("សុខ", "ដារ៉ា"), Name("ដារ៉ា", "សុខ"))
    assert offer_khmer_names("Dara", "Sok") == ()


@given(ODD_TEXT, ODD_TEXT)
def test_every_offer_would_be_accepted_if_typed(first_name: str, last_name: str) -> None:
    for name in offer_latin_names(first_name, last_name):
        assert parse_latin_name(name.full) == name
    for name in offer_khmer_names(first_name, last_name):
        assert parse_khmer_name(name.full) == name

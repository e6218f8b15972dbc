"""The reference data is whole and says what its sources say."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from db.reference import GAZETTEER_VERSION, load_gazetteer, load_occupations
from domain.khmer import search_key
from domain.place_search import write_key
from domain.places import Place
from domain.spellings import write_numbers_in_digits

GAZETTEER = load_gazetteer()
OCCUPATIONS = load_occupations()


def walk(code: str | None = None) -> Iterator[Place]:
    for place in GAZETTEER.children(code):
        yield place
        yield from walk(place.code)


PLACES = list(walk())


def test_it_is_read_once() -> None:
    assert load_gazetteer() is GAZETTEER
    assert load_occupations() is OCCUPATIONS


def test_every_place_hangs_under_its_parents_and_none_is_missing() -> None:
    assert Counter(place.level for place in PLACES) == {
        "province": 25,
        "district": 210,
        "commune": 1652,
        "village": 14578,
    }
    assert len(GAZETTEER) == len(PLACES) == len({place.code for place in PLACES})


def test_only_villages_have_nothing_inside() -> None:
    childless = {place.level for place in PLACES if not GAZETTEER.children(place.code)}
    assert childless == {"village"}


@pytest.mark.parametrize("place", PLACES[:: len(PLACES) // 50], ids=lambda place: place.code)
def test_every_parent_of_a_place_exists(place: Place) -> None:
    assert [one.code for one in GAZETTEER.path(place.code)] == [
        place.code[:end] for end in range(2, len(place.code) + 1, 2)
    ]


def test_every_place_has_a_name_in_both_scripts() -> None:
    assert all(re.search("[ក-ឳ]|[០-៩]", place.name_km) for place in PLACES)
    assert all(re.search("[A-Za-z0-9]", place.name_en) for place in PLACES)


def test_kinds_are_the_ones_in_use() -> None:
    assert {(place.level, place.type_km, place.type_en) for place in PLACES} == {
        ("province", "ខេត្ត", "Province"),
        ("province", "រាជធានី", "Capital"),
        ("district", "ស្រុក", "District"),
        ("district", "ក្រុង", "City"),
        ("district", "ខណ្ឌ", "Khan"),
        ("commune", "ឃុំ", "Commune"),
        ("commune", "សង្កាត់", "Sangkat"),
        ("village", "ភូមិ", "Village"),
    }


def test_keyboards_stay_short() -> None:
    sizes = {1: 0, 2: 0, 3: 0}
    for place in PLACES:
        depth = len(place.code) // 2
        if depth in sizes:
            sizes[depth] = max(sizes[depth], len(GAZETTEER.children(place.code)))
    assert sizes == {1: 14, 2: 18, 3: 33}


def test_official_names_are_indexed_under_the_key_with_which_people_search() -> None:
    names = {name for place in PLACES for name in (place.name_km, place.name_en)}
    counted = {name: write_numbers_in_digits(name.casefold()) for name in names}
    assert [name for name in names if write_key(name) != search_key(counted[name])] == []


def test_the_version_names_list_and_day() -> None:
    assert re.fullmatch(r"ncdd-\d{4}-\d{2}-\d{2}", GAZETTEER_VERSION)


def test_every_occupation_is_in_a_group_and_has_a_unit_group_of_isco() -> None:
    grouped = [one for group in OCCUPATIONS.groups() for one in OCCUPATIONS.of_group(group)]
    assert len(OCCUPATIONS.groups()) == 8
    assert len(grouped) == len(OCCUPATIONS) == 42
    without = [one.key for one in grouped if not re.fullmatch(r"\d{4}", one.isco08)]
    assert without == ["other"]


def test_every_occupation_but_other_has_words_in_both_scripts() -> None:
    for group in OCCUPATIONS.groups():
        for one in OCCUPATIONS.of_group(group):
            words = " ".join(one.keywords)
            assert bool(re.search("[ក-ឳ]", words)) == (one.key != "other")
            assert bool(re.search("[a-z]", words)) == (one.key != "other")
            assert all(word and word == word.strip() for word in one.keywords)

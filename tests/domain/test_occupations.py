"""Occupations are offered in groups and found by the words people use for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.reference import load_occupations

OCCUPATIONS = load_occupations()
ALL = [one for group in OCCUPATIONS.groups() for one in OCCUPATIONS.of_group(group)]


def find(text: str) -> list[str]:
    return [one.key for one in OCCUPATIONS.search(text)]


def test_groups_and_occupations_keep_the_order_of_the_list() -> None:
    assert OCCUPATIONS.groups() == (
        "trade_food",
        "transport",
        "construction",
        "services",
        "repair",
        "handicraft",
        "agriculture",
        "other",
    )
    transport = [one.key for one in OCCUPATIONS.of_group("transport")]
    assert transport[:2] == ["tuktuk_driver", "moto_taxi_driver"]


def test_names_are_given_in_the_readers_language() -> None:
    assert OCCUPATIONS.name("tuktuk_driver", "km") == "អ្នករត់តុកតុក"
    assert OCCUPATIONS.name("tuktuk_driver", "en") == "Tuk-tuk driver"
    assert OCCUPATIONS.group_name("construction", "km") == "សំណង់"
    assert OCCUPATIONS.group_name("construction", "en") == "Construction"


def test_an_unknown_key_is_found_as_none_and_got_as_an_error() -> None:
    assert OCCUPATIONS.find("astronaut") is None
    with pytest.raises(KeyError):
        OCCUPATIONS.get("astronaut")


@pytest.mark.parametrize("key", [one.key for one in ALL if one.key != "other"], ids=lambda key: key)
def test_every_occupation_comes_first_by_its_name_and_is_shown_by_each_keyword(key: str) -> None:
    occupation = OCCUPATIONS.get(key)
    assert find(occupation.name_km)[0] == key
    assert find(occupation.name_en)[0] == key
    assert [word for word in occupation.keywords if key not in find(word)] == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("លក់បន្លែ", "market_vendor"),
        ("លក់បន្លែ", "street_vendor"),
        ("លក់បន្លៃ", "market_vendor"),
        ("ខ្ញុំលក់បន្លែនៅផ្សារ", "market_vendor"),
        ("លក់ផ្លែឈើ", "market_vendor"),
        ("លក់នំ", "street_food_vendor"),
        ("រត់ម៉ូតូឌុប", "moto_taxi_driver"),
        ("រត់មូតូឌុប", "moto_taxi_driver"),
        ("ធ្វើផ្ទះ", "bricklayer"),
        ("ស៊ីឈ្នួល", "day_labourer"),
        ("បោកខោអាវ", "laundry_worker"),
        ("ធ្វើស្រែ", "crop_farmer"),
        ("ចិញ្ចឹមមាន់", "livestock_farmer"),
        ("ចិញ្ជឹមជ្រូក", "livestock_farmer"),
        ("តុក តុក", "tuktuk_driver"),
        ("កាត់ដែរ", "tailor"),
        ("ទិញអែតចាយ", "waste_picker"),
        ("tuk tuk", "tuktuk_driver"),
        ("TukTuk", "tuktuk_driver"),
        ("moto dup", "moto_taxi_driver"),
        ("motodop", "moto_taxi_driver"),
        ("I sell vegetables in the market", "market_vendor"),
        ("seller of vegetables", "market_vendor"),
        ("taylor", "tailor"),
        ("hair dresser", "hairdresser"),
        ("mechnic", "mechanic"),
        ("fishreman", "fisher"),
    ],
)
def test_everyday_and_misspelt_words_are_understood(text: str, key: str) -> None:
    assert key in find(text)


def test_the_beginning_of_a_word_offers_several() -> None:
    assert {"market_vendor", "street_vendor"} < set(find("លក់"))


@pytest.mark.parametrize(
    "text", ["", " ", "a", "😀", "programmer", "teacher", "គ្រូបង្រៀន", "ទាហាន", "ok"]
)
def test_what_is_not_on_the_list_finds_nothing(text: str) -> None:
    assert find(text) == []


@given(st.one_of(st.text(), st.text(alphabet="ភូលក់តុ្រ ា", max_size=200)))
def test_any_text_is_answered(text: str) -> None:
    assert len(OCCUPATIONS.search(text)) <= 5

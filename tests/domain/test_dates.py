"""Birth dates are read as people write them, and asked back where they may mean two things."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dates import (
    DATE_PROBLEMS,
    BirthDate,
    BuddhistDate,
    age_on,
    decades,
    parse_birth_date,
    years_of,
)
from domain.khmer import to_khmer_digits
from domain.months import KHMER_MONTHS
from domain.problems import Problem

TODAY = date(2026, 11, 20)
DAYS = st.dates(date(1907, 1, 1), TODAY)
BIRTHS = st.builds(
    lambda day, parts: BirthDate(*(day.year, day.month, day.day)[:parts]), DAYS, st.integers(1, 3)
)
LOOSE_TEXT = st.text(alphabet="0123456789០១២៩/.- \nថ្ងៃទីខែមេសាឆ្នាំaprilmy²٣", max_size=40)


@pytest.mark.parametrize(
    "typed",
    [
        "15/04/1990",
        "15.04.90",
        "15-4-1990",
        "15 04 1990",
        "1990-04-15",
        "15041990",
        "19900415",
        "150490",
        "១៥/០៤/១៩៩០",
        "១៥ មេសា ១៩៩០",
        "ថ្ងៃទី១៥ ខែមេសា ឆ្នាំ១៩៩០",
        "ថ្ងៃទី១៥ខែមេសាឆ្នាំ១៩៩០",
        "ខ្ញុំកើតនៅថ្ងៃទី ១៥ ខែ មេសា ឆ្នាំ ១៩៩០",
        "15 April 1990",
        "April 15, 1990",
        "15th of Apr 90",
        "1990 april 15",
        "I was born on 15/4/1990.",
    ],
)
def test_one_date_is_read_in_every_way_it_is_written(typed: str) -> None:
    assert parse_birth_date(typed, TODAY) == BirthDate(1990, 4, 15)


@pytest.mark.parametrize(
    ("typed", "birth"),
    [
        ("1990", BirthDate(1990)),
        ("ឆ្នាំ១៩៩០", BirthDate(1990)),
        ("04/1990", BirthDate(1990, 4)),
        ("1990-04", BirthDate(1990, 4)),
        ("04/90", BirthDate(1990, 4)),
        ("ខែមេសា ឆ្នាំ១៩៩០", BirthDate(1990, 4)),
        ("April 90", BirthDate(1990, 4)),
        ("20121990", BirthDate(1990, 12, 20)),
        ("29/02/1992", BirthDate(1992, 2, 29)),
    ],
)
def test_less_than_a_full_date_is_enough(typed: str, birth: BirthDate) -> None:
    assert parse_birth_date(typed, TODAY) == birth


@pytest.mark.parametrize(
    ("typed", "year"), [("01/01/16", 2016), ("01/01/17", 1917), ("1/1/99", 1999), ("1/1/00", 2000)]
)
def test_two_digits_of_a_year_mean_a_person_of_ten_or_more(typed: str, year: int) -> None:
    assert parse_birth_date(typed, TODAY) == BirthDate(year, 1, 1)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "date.unreadable"),
        ("មិនដឹងទេ", "date.unreadable"),
        ("I do not know", "date.unreadable"),
        ("15 Maybe 1990", "date.unreadable"),
        ("15 April May 1990", "date.unreadable"),
        ("1/2/3/1990", "date.unreadable"),
        ("990", "date.unreadable"),
        ("15/04/990", "date.unreadable"),
        ("April 15 1990 12", "date.unreadable"),
        ("35", "date.year-needed"),
        ("អាយុ ៣៥ ឆ្នាំ", "date.year-needed"),
        ("15/04", "date.year-needed"),
        ("15 April", "date.year-needed"),
        ("មេសា", "date.year-needed"),
        ("ថ្ងៃ៥កើត ខែចេត្រ ឆ្នាំ១៩៩០", "date.lunar"),
        ("ឆ្នាំរោង", "date.lunar"),
        ("15/13/1990", "date.no-such-month"),
        ("00/1990", "date.no-such-month"),
        ("31/04/1990", "date.no-such-day"),
        ("29/02/1990", "date.no-such-day"),
        ("0/04/1990", "date.no-such-day"),
        ("21/11/2026", "date.future"),
        ("12/2026", "date.future"),
        ("2027", "date.future"),
        ("3000", "date.future"),
        ("1904", "date.too-old"),
        ("0000", "date.too-old"),
        ("2410", "date.too-old"),
    ],
)
def test_a_mistake_is_named_so_that_it_can_be_put_right(typed: str, code: str) -> None:
    result = parse_birth_date(typed, TODAY)
    assert isinstance(result, Problem)
    assert result.code == code


def test_a_problem_carries_what_its_wording_needs() -> None:
    assert parse_birth_date("31/04/1990", TODAY) == Problem(
        "date.no-such-day", {"day": "31", "month": "4", "year": "1990"}
    )


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2533", BuddhistDate(2533, (BirthDate(1990), BirthDate(1989)))),
        ("ព.ស. ២៥៣៣", BuddhistDate(2533, (BirthDate(1990), BirthDate(1989)))),
        ("15/04/2533", BuddhistDate(2533, (BirthDate(1990, 4, 15), BirthDate(1989, 4, 15)))),
        ("29/02/2535", BuddhistDate(2535, (BirthDate(1992, 2, 29),))),
        ("2570", BuddhistDate(2570, (BirthDate(2026),))),
    ],
)
def test_a_year_of_the_buddhist_era_is_asked_back(typed: str, expected: BuddhistDate) -> None:
    assert parse_birth_date(typed, TODAY) == expected


@given(BIRTHS)
def test_an_iso_date_is_read_back(birth: BirthDate) -> None:
    assert BirthDate.from_iso(birth.iso) == birth
    assert parse_birth_date(birth.iso, TODAY) == birth


@given(BIRTHS)
def test_precision_is_the_smallest_known_part(birth: BirthDate) -> None:
    assert birth.precision == ("year", "month", "day")[birth.iso.count("-")]


@given(DAYS, st.sampled_from(["/", ".", "-", " ", " / "]))
def test_khmer_digits_are_as_good_as_latin_ones(day: date, between: str) -> None:
    typed = between.join([f"{day.day:02}", f"{day.month:02}", str(day.year)])
    expected = BirthDate(day.year, day.month, day.day)
    assert parse_birth_date(typed, TODAY) == expected
    assert parse_birth_date(to_khmer_digits(typed), TODAY) == expected


@given(DAYS)
def test_the_official_khmer_and_the_english_form_are_read(day: date) -> None:
    expected = BirthDate(day.year, day.month, day.day)
    khmer = f"ថ្ងៃទី{day.day} ខែ{KHMER_MONTHS[day.month - 1]} ឆ្នាំ{day.year}"
    assert parse_birth_date(to_khmer_digits(khmer), TODAY) == expected
    assert parse_birth_date(f"{day.day} {day:%B} {day.year}", TODAY) == expected


@given(st.one_of(st.text(), LOOSE_TEXT), st.dates(date(2025, 1, 1), date(2060, 12, 31)))
def test_no_text_raises_and_nobody_is_born_tomorrow(text: str, today: date) -> None:
    match parse_birth_date(text, today):
        case Problem(code):
            assert code in DATE_PROBLEMS
        case BuddhistDate(year, candidates):
            assert candidates
            assert {year - birth.year for birth in candidates} <= {543, 544}
        case birth:
            assert 0 <= age_on(birth, today) <= 120
            assert birth.iso <= today.isoformat()


@pytest.mark.parametrize("text", ["", "90", "1990-4", "1990-13", "1990-02-30", "1990-04-15 "])
def test_only_an_iso_birth_date_is_read_back(text: str) -> None:
    with pytest.raises(ValueError, match=r"birth date|isoformat|month|day"):
        BirthDate.from_iso(text)


@pytest.mark.parametrize(
    ("birth", "age"),
    [
        (BirthDate(2011, 11, 20), 15),
        (BirthDate(2011, 11, 21), 14),
        (BirthDate(2011, 11), 14),
        (BirthDate(2011, 10), 15),
        (BirthDate(2011), 14),
        (BirthDate(2026), 0),
    ],
)
def test_age_is_the_youngest_that_the_person_may_be(birth: BirthDate, age: int) -> None:
    assert age_on(birth, TODAY) == age


@given(DAYS)
def test_knowing_more_of_the_date_never_makes_a_person_younger(day: date) -> None:
    ages = [
        age_on(BirthDate(day.year), TODAY),
        age_on(BirthDate(day.year, day.month), TODAY),
        age_on(BirthDate(day.year, day.month, day.day), TODAY),
    ]
    assert ages == sorted(ages)


@given(DAYS)
def test_a_birthday_makes_one_year(day: date) -> None:
    birth = BirthDate(day.year, day.month, day.day)
    assert age_on(birth, day) == 0
    assert age_on(birth, day + timedelta(days=367)) == 1


def test_decades_reach_from_the_oldest_to_those_of_working_age() -> None:
    assert decades(TODAY, 15) == (1940, 1950, 1960, 1970, 1980, 1990, 2000, 2010)
    assert years_of(1990) == tuple(range(1990, 2000))

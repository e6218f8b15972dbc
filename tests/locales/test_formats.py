"""Numbers, dates, times and money are written as people of each language write them."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.khmer import to_latin_digits
from locales.formats import (
    format_appointment,
    format_date,
    format_datetime,
    format_number,
    format_partial_date,
    format_percent,
    format_short_date,
    format_time,
)

DATES = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))
LATE_IN_THE_EVENING = datetime(2025, 2, 23, 18, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "khmer", "english"),
    [
        (0, "០", "0"),
        (7, "៧", "7"),
        (2_500, "២.៥០០", "2,500"),
        (250_000_000, "២៥០.០០០.០០០", "250,000,000"),
        (-1_234, "-១.២៣៤", "-1,234"),
    ],
)
def test_thousands_are_apart_by_the_mark_of_the_language(
    number: int, khmer: str, english: str
) -> None:
    assert format_number(number, "km") == khmer
    assert format_number(number, "en") == english


@given(st.integers())
def test_a_number_reads_back_in_both_languages(number: int) -> None:
    assert int(to_latin_digits(format_number(number, "km")).replace(".", "")) == number
    assert int(format_number(number, "en").replace(",", "")) == number


@given(st.integers(), DATES)
def test_khmer_has_no_latin_digits(number: int, day: date) -> None:
    written = (
        format_number(number, "km"),
        format_date(day, "km"),
        format_short_date(day, "km"),
    )
    assert not re.search("[0-9]", "".join(written))


def test_percentages_have_the_decimals_asked_for() -> None:
    assert format_percent(0.8865, "en") == "89%"
    assert format_percent(0.8865, "km") == "៨៩%"
    assert format_percent(0.125, "en", decimals=1) == "12.5%"
    assert format_percent(0.125, "km", decimals=1) == "១២,៥%"


def test_dates_are_written_as_in_official_letters() -> None:
    assert format_date(date(2025, 2, 23), "km") == "ថ្ងៃទី២៣ ខែកុម្ភៈ ឆ្នាំ២០២៥"
    assert format_date(date(2025, 2, 23), "en") == "23 February 2025"


def test_months_have_their_khmer_names() -> None:
    written = [format_partial_date(f"2025-{month:02}", "km") for month in range(1, 13)]
    names = [text.removeprefix("ខែ").removesuffix(" ឆ្នាំ២០២៥") for text in written]
    assert " ".join(names) == ("មករា កុម្ភៈ មីនា មេសា ឧសភា មិថុនា កក្កដា សីហា កញ្ញា តុលា វិច្ឆិកា ធ្នូ")


def test_short_dates_begin_with_the_day() -> None:
    assert format_short_date(date(2025, 2, 3), "km") == "០៣/០២/២០២៥"
    assert format_short_date(date(2025, 2, 3), "en") == "03/02/2025"


@pytest.mark.parametrize(
    ("known", "khmer", "english"),
    [
        ("1990", "ឆ្នាំ១៩៩០", "1990"),
        ("1990-04", "ខែមេសា ឆ្នាំ១៩៩០", "April 1990"),
        ("1990-04-15", "ថ្ងៃទី១៥ ខែមេសា ឆ្នាំ១៩៩០", "15 April 1990"),
    ],
)
def test_a_date_known_in_part_shows_only_that_part(known: str, khmer: str, english: str) -> None:
    assert format_partial_date(known, "km") == khmer
    assert format_partial_date(known, "en") == english


@pytest.mark.parametrize("known", ["", "1990-13", "1990-04-31", "April"])
def test_what_is_no_date_is_refused(known: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        format_partial_date(known, "en")


def test_times_are_those_of_phnom_penh() -> None:
    assert format_time(LATE_IN_THE_EVENING, "en") == "01:05"
    assert format_time(LATE_IN_THE_EVENING, "km") == "០១:០៥"


def test_the_day_of_a_time_is_the_day_in_phnom_penh() -> None:
    assert format_datetime(LATE_IN_THE_EVENING, "en") == "24 February 2025, 01:05"
    khmer = "ថ្ងៃទី២៤ ខែកុម្ភៈ ឆ្នាំ២០២៥ ម៉ោង ០១:០៥"
    assert format_datetime(LATE_IN_THE_EVENING, "km") == khmer


def test_a_time_to_come_has_its_day_of_the_week() -> None:
    assert format_appointment(LATE_IN_THE_EVENING, "en") == "Monday, 24 February 2025, 01:05"
    khmer = "ថ្ងៃច័ន្ទ ទី២៤ ខែកុម្ភៈ ឆ្នាំ២០២៥ ម៉ោង ០១:០៥"
    assert format_appointment(LATE_IN_THE_EVENING, "km") == khmer


def test_a_time_to_come_may_have_an_end_on_the_same_day() -> None:
    noon = LATE_IN_THE_EVENING + timedelta(hours=11)
    english = format_appointment(LATE_IN_THE_EVENING, "en", noon)
    assert english == "Monday, 24 February 2025, 01:05 to 12:05"
    khmer = format_appointment(LATE_IN_THE_EVENING, "km", noon)
    assert khmer == "ថ្ងៃច័ន្ទ ទី២៤ ខែកុម្ភៈ ឆ្នាំ២០២៥ ម៉ោង ០១:០៥ ដល់ ១២:០៥"


@given(DATES, st.sampled_from(["km", "en"]))
def test_a_whole_date_known_in_part_is_a_date(day: date, locale: str) -> None:
    assert format_partial_date(day.isoformat(), locale) == format_date(day, locale)

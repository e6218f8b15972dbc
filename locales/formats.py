"""How numbers, dates and times are written in Khmer and in English.

Babel knows the months and the days of the week; it prints Latin digits in Khmer, so the digits
are put right here.
"""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import dates

from domain.khmer import to_khmer_digits, to_latin_digits

PHNOM_PENH = ZoneInfo("Asia/Phnom_Penh")

_YEAR = {"km": "'ឆ្នាំ'y", "en": "y"}
_MONTH = {"km": "'ខែ'MMMM 'ឆ្នាំ'y", "en": "MMMM y"}
_DAY = {"km": "'ថ្ងៃទី'd 'ខែ'MMMM 'ឆ្នាំ'y", "en": "d MMMM y"}
_PATTERNS = (_YEAR, _MONTH, _DAY)
_DAY_OF_WEEK = {"km": "'ថ្ងៃ'EEEE 'ទី'd 'ខែ'MMMM 'ឆ្នាំ'y", "en": "EEEE, d MMMM y"}
_DAY_AND_TIME = {"km": "{day} ម៉ោង {time}", "en": "{day}, {time}"}
_UNTIL = {"km": "{begins} ដល់ {time}", "en": "{begins} to {time}"}
_KHMER_SEPARATORS = str.maketrans(",.", ".,")


def format_number(number: int, locale: str) -> str:
    """Write a whole number with its thousands apart: `២.៥០០` or `2,500`."""
    return _write_number(f"{number:,}", locale)


def format_digits(text: str, locale: str) -> str:
    """Write the digits of a text in those of the language and leave the rest as it is."""
    return to_khmer_digits(text) if locale == "km" else to_latin_digits(text)


def format_percent(ratio: float, locale: str, decimals: int = 0) -> str:
    """Write a ratio as a percentage, 0.125 as `12.5%` with one decimal."""
    return _write_number(f"{ratio:,.{decimals}%}", locale)


def format_date(day: date, locale: str) -> str:
    """Write a date in full: `ថ្ងៃទី២៣ ខែកុម្ភៈ ឆ្នាំ២០២៥` or `23 February 2025`."""
    return _write_date(day, _DAY[locale], locale)


def format_short_date(day: date, locale: str) -> str:
    """Write a date in figures, the day first: `២៣/០២/២០២៥` or `23/02/2025`."""
    return format_digits(f"{day:%d/%m/}{day.year}", locale)


def format_partial_date(known: str, locale: str) -> str:
    """Write as much of a date as is known: `1990`, `1990-04` or `1990-04-15`."""
    first_day = date.fromisoformat(f"{known}-01-01"[:10])
    return _write_date(first_day, _PATTERNS[known.count("-")][locale], locale)


def format_time(at: datetime, locale: str) -> str:
    """Write the time of day in Phnom Penh: `១៤:០៥` or `14:05`."""
    return format_digits(f"{at.astimezone(PHNOM_PENH):%H:%M}", locale)


def format_datetime(at: datetime, locale: str) -> str:
    """Write the day and the time in Phnom Penh."""
    return _write_moment(at, _DAY[locale], locale)


def format_appointment(at: datetime, locale: str, until: datetime | None = None) -> str:
    """Write a time to come somewhere: `ថ្ងៃអង្គារ ទី១០ ខែមីនា ឆ្នាំ២០២៦ ម៉ោង ០៨:០០ ដល់ ១២:០០`."""
    begins = _write_moment(at, _DAY_OF_WEEK[locale], locale)
    if until is None:
        return begins
    return _UNTIL[locale].format(begins=begins, time=format_time(until, locale))


def _write_moment(at: datetime, pattern: str, locale: str) -> str:
    day = _write_date(at.astimezone(PHNOM_PENH).date(), pattern, locale)
    return _DAY_AND_TIME[locale].format(day=day, time=format_time(at, locale))


@lru_cache(maxsize=4096)
def _write_date(day: date, pattern: str, locale: str) -> str:
    return format_digits(dates.format_date(day, pattern, locale), locale)


def _write_number(english: str, locale: str) -> str:
    if locale == "km":
        return to_khmer_digits(english.translate(_KHMER_SEPARATORS))
    return english

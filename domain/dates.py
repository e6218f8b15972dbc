"""Birth dates: as precisely as the person knows them, however they are written."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal, Self

from domain.khmer import clean, to_latin_digits
from domain.months import find_month
from domain.problems import Problem

DATE_PROBLEMS = frozenset(
    {
        "date.unreadable",
        "date.year-needed",  # a day and month, or an age, without the four digits of a year
        "date.lunar",  # a lunar month or an animal year
        "date.no-such-month",  # {month}
        "date.no-such-day",  # {day} {month} {year}
        "date.future",
        "date.too-old",  # {oldest}
    }
)

_OLDEST_AGE = 120
_YOUNGEST_BY_TWO_DIGITS = 10
_OLDEST_ON_BUTTONS = 80
_BUDDHIST_YEARS = range(2400, 2601)
_BUDDHIST_OFFSETS = (543, 544)  # before and after Visak Bochea, in April or May


@dataclass(frozen=True)
class BirthDate:
    """A birth date of which the day, or the day and the month, may be unknown."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def precision(self) -> Literal["year", "month", "day"]:
        """The smallest part that is known."""
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"

    @property
    def iso(self) -> str:
        """The known part of the ISO 8601 date: 1990, 1990-04 or 1990-04-15."""
        known = (part for part in (self.month, self.day) if part is not None)
        return "-".join([f"{self.year:04}", *(f"{part:02}" for part in known)])

    @classmethod
    def from_iso(cls, text: str) -> Self:
        """Read back what `iso` wrote.

        Raises:
            ValueError: it is not such a date.
        """
        if not re.fullmatch("[0-9]{4}(-[0-9]{2}){0,2}", text):
            raise ValueError("A birth date is written 1990, 1990-04 or 1990-04-15")
        date.fromisoformat((text + "-01-01")[:10])
        return cls(*map(int, text.split("-")))


@dataclass(frozen=True)
class BuddhistDate:
    """A date with a year of the Buddhist era, and the birth dates it may mean, to be asked back."""

    year: int
    candidates: tuple[BirthDate, ...]


@dataclass(frozen=True)
class _Written:
    year: str
    month: int | None = None
    day: int | None = None


def parse_birth_date(text: str, today: date) -> BirthDate | BuddhistDate | Problem:
    """Read a birth date, day before month; a problem's code is one of `DATE_PROBLEMS`.

    A year alone or a month and a year will do. Two digits of a year mean the 2000s if that
    makes a person of ten years or more, otherwise the 1900s.
    """
    plain = to_latin_digits(clean(text)).casefold()
    month = find_month(plain)
    if isinstance(month, Problem):
        return month
    numbers = re.findall("[0-9]+", plain)
    written = _arrange_with_month(numbers, month) if month else _arrange(numbers)
    return written if isinstance(written, Problem) else _interpret(written, today)


def age_on(birth: BirthDate, today: date) -> int:
    """Return the full years of age; of what is unknown, the youngest that the person may be."""
    month = birth.month or 12
    day = birth.day or monthrange(birth.year, month)[1]
    return max(0, today.year - birth.year - ((today.month, today.day) < (month, day)))


def decades(today: date, minimum_age: int) -> tuple[int, ...]:
    """Return the first years of the decades for buttons, from the eighty-year-olds on.

    The last one is the decade of those who reach the minimum age this year; who is older than
    the buttons types the year.
    """
    oldest, youngest = today.year - _OLDEST_ON_BUTTONS, today.year - minimum_age
    return tuple(range(oldest // 10 * 10, youngest + 1, 10))


def years_of(decade: int) -> tuple[int, ...]:
    """Return the ten years of a decade."""
    return tuple(range(decade, decade + 10))


def _arrange_with_month(numbers: list[str], month: int) -> _Written | Problem:
    match numbers:
        case [year] if _is_year(year):
            return _Written(year, month)
        case [] | [_]:
            return Problem("date.year-needed")
        case [year, day] if _is_year(year) and len(day) <= 2:
            return _Written(year, month, int(day))
        case [day, year] if len(day) <= 2:
            return _Written(year, month, int(day))
    return Problem("date.unreadable")


def _arrange(numbers: list[str]) -> _Written | Problem:
    lengths = [len(number) for number in numbers]
    match numbers:
        case [year] if lengths == [4]:
            return _Written(year)
        case [run] if lengths in ([6], [8]):
            return _arrange(_split_run(run))
        case [year, month] if lengths[0] == 4 and lengths[1] <= 2:
            return _Written(year, int(month))
        case [month, year] if lengths[0] <= 2 and _is_year(year):
            return _Written(year, int(month))
        case [year, month, day] if lengths[0] == 4 and max(lengths[1:]) <= 2:
            return _Written(year, int(month), int(day))
        case [day, month, year] if max(lengths[:2]) <= 2:
            return _Written(year, int(month), int(day))
        case [_] | [_, _] if max(lengths) <= 2:
            return Problem("date.year-needed")
    return Problem("date.unreadable")


def _split_run(run: str) -> list[str]:
    """Split digits without separators: 150490, 15041990 or 19900415."""
    year_comes_last = len(run) == 6 or 1800 <= int(run[4:]) <= _BUDDHIST_YEARS.stop
    return [run[:2], run[2:4], run[4:]] if year_comes_last else [run[:4], run[4:6], run[6:]]


def _is_year(number: str) -> bool:
    return len(number) == 4 or (len(number) == 2 and int(number) > 31)


def _interpret(written: _Written, today: date) -> BirthDate | BuddhistDate | Problem:
    if len(written.year) not in (2, 4):
        return Problem("date.unreadable")
    year = int(written.year)
    if len(written.year) == 2:
        year = _expand(year, today)
    if year not in _BUDDHIST_YEARS:
        return _check(BirthDate(year, written.month, written.day), today)
    meant = [
        _check(BirthDate(year - offset, written.month, written.day), today)
        for offset in _BUDDHIST_OFFSETS
    ]
    candidates = tuple(birth for birth in meant if isinstance(birth, BirthDate))
    return BuddhistDate(year, candidates) if candidates else meant[0]


def _expand(two_digits: int, today: date) -> int:
    recent = 2000 + two_digits
    return recent if today.year - recent >= _YOUNGEST_BY_TWO_DIGITS else 1900 + two_digits


def _check(birth: BirthDate, today: date) -> BirthDate | Problem:
    year, month, day = birth.year, birth.month, birth.day
    if year < today.year - _OLDEST_AGE - 1:
        return Problem("date.too-old", {"oldest": str(_OLDEST_AGE)})
    if month is not None and not 1 <= month <= 12:
        return Problem("date.no-such-month", {"month": str(month)})
    if month and day is not None and not 1 <= day <= monthrange(year, month)[1]:
        params = {"day": str(day), "month": str(month), "year": str(year)}
        return Problem("date.no-such-day", params)
    if date(year, month or 1, day or 1) > today:
        return Problem("date.future")
    if age_on(birth, today) > _OLDEST_AGE:
        return Problem("date.too-old", {"oldest": str(_OLDEST_AGE)})
    return birth

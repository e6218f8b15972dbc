"""To whom a notice goes: filters on what people told when they registered, and what they did since.

All filters of an audience must hold, and none of its exclusions; of a filter's values any may. A
kept audience can be such a value: so audiences are combined, and one is taken from another.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

from domain.staff import Places


class Field(StrEnum):
    """What people are chosen by.

    Health and disability are missing: they were told for the register, not to be written to about.
    """

    PLACE = "place"
    CATEGORY = "category"
    OCCUPATION = "occupation"
    GROUP = "group"
    INCOME = "income"
    SINCE = "since"
    STATUS = "status"
    FLAG = "flag"
    SUPPORT = "support"
    ASSOCIATION = "association"
    SCHOOLING = "schooling"
    HOUSEHOLD = "household"
    SOURCE = "source"
    FOR_WHOM = "for_whom"
    LANGUAGE = "language"
    SEX = "sex"
    AGE = "age"
    REGISTERED = "registered"
    COMING = "coming"
    NOT_COMING = "not_coming"
    GUEST = "guest"
    EXPECTED = "expected"
    ATTENDED = "attended"
    RECEIVED = "received"
    ANSWERED = "answered"
    AUDIENCE = "audience"


class WrongAudience(Exception):
    """A filter that says nothing; to leave it out would widen the audience."""


class TooMuchAsked(WrongAudience):
    """An audience that asks more of each person than a count of all of them bears."""


Bound = TypeVar("Bound", int, date)

MOST_FILTERS = 40
MOST_VALUES = 300
"""Of one audience, with all that it combines: each is looked for at every person."""

MOST_COMBINED = 20
LONGEST_VALUE = 64
YEARS = range(2000, 2200)
AGES = re.compile(r"([0-9]{1,3})?\.\.([0-9]{1,3})?")
DAYS = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})?\.\.([0-9]{4}-[0-9]{2}-[0-9]{2})?")

_PATTERNS = {
    Field.PLACE: re.compile(r"(?:[0-9]{2}){1,4}"),
    Field.RECEIVED: re.compile(r"[1-9][0-9]{0,17}"),
    Field.ANSWERED: re.compile(r"[1-9][0-9]{0,17}:[a-z0-9_]{1,32}"),
    Field.AUDIENCE: re.compile(r"[1-9][0-9]{0,17}"),
}


@dataclass(frozen=True)
class Filter:
    """One thing by which people are chosen, and the values of which one must hold.

    A place is a code of any level; an age or a time of registering is a range such as '18..35' or
    '2026-01-01..', both ends included; campaigns are named by code, notices and kept audiences by
    id, and an answer to a notice as '12:interested'.

    Raises:
        WrongAudience: it says nothing, or something that cannot be.
    """

    field: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.field not in list(Field):
            raise WrongAudience(f"there is no field {self.field!r}")
        if not 0 < len(self.values) <= MOST_VALUES:
            raise WrongAudience(f"{self.field} has no values, or too many")
        if self.field == Field.AUDIENCE and len(self.values) > MOST_COMBINED:
            raise WrongAudience("too many audiences are combined")
        if not all(_is_sound(Field(self.field), value) for value in self.values):
            raise WrongAudience(f"{self.field} has a value that cannot be")


@dataclass(frozen=True)
class Audience:
    """Who is meant; without any filter it is everybody.

    Raises:
        TooMuchAsked: there are more filters or values than anybody could check.
    """

    all_of: tuple[Filter, ...] = ()
    none_of: tuple[Filter, ...] = ()

    def __post_init__(self) -> None:
        if len(self.all_of) + len(self.none_of) > MOST_FILTERS:
            raise TooMuchAsked("there are too many filters")
        if sum(len(one.values) for one in (*self.all_of, *self.none_of)) > MOST_VALUES:
            raise TooMuchAsked("there are too many values")

    @property
    def combines(self) -> frozenset[str]:
        """The ids of the kept audiences that it is combined of."""
        filters = (*self.all_of, *self.none_of)
        return frozenset(
            value for one in filters if one.field == Field.AUDIENCE for value in one.values
        )


EVERYBODY = Audience()

Kept: TypeAlias = Mapping[str, Audience]
"""Kept audiences by their ids; none of them combines others."""


def check_combined(audience: Audience, kept: Kept) -> None:
    """Ask that all audiences that one combines were kept, and combine no others themselves.

    Raises:
        WrongAudience: one was not, or does.
        TooMuchAsked: together they ask too much.
    """
    if any(one not in kept or kept[one].combines for one in audience.combines):
        raise WrongAudience("it combines audiences that cannot be combined")
    if _count_values(audience, kept) > MOST_VALUES:
        raise TooMuchAsked("the audiences that it combines have too many values")


def _count_values(audience: Audience, kept: Kept) -> int:
    """Count all values, those of a combined audience as often as it is named."""
    filters = (*audience.all_of, *audience.none_of)
    named = (value for one in filters if one.field == Field.AUDIENCE for value in one.values)
    own = sum(len(one.values) for one in filters)
    return own + sum(_count_values(kept[one], {}) for one in named)


def find_reach(audience: Audience, places: Places) -> Places:
    """Find the places that an audience reaches within those of its author; None is everywhere."""
    for one in audience.all_of:
        if one.field == Field.PLACE:
            places = intersect(places, frozenset(one.values))
    return places


def intersect(some: Places, others: Places) -> Places:
    """Give the places that lie in both."""
    if some is None or others is None:
        return others if some is None else some
    pairs = [(one, other) for one in some for other in others]
    within = {one for one, other in pairs if one.startswith(other)}
    return frozenset(within | {other for one, other in pairs if other.startswith(one)})


def read_ages(text: str) -> tuple[int | None, int | None]:
    """Read a range of ages, both included; None is no bound."""
    return _read_range(text, AGES, int)


def read_days(text: str) -> tuple[date | None, date | None]:
    """Read a range of days, both included; None is no bound."""
    return _read_range(text, DAYS, _read_day)


def _read_day(text: str) -> date:
    """Read a day of this register's time; the ends of the calendar have no moment everywhere."""
    day = date.fromisoformat(text)
    if day.year not in YEARS:
        raise ValueError(f"{text!r} is too far away")
    return day


def _read_range(
    text: str, pattern: re.Pattern[str], read: Callable[[str], Bound]
) -> tuple[Bound | None, Bound | None]:
    found = pattern.fullmatch(text)
    if found is None or not any(found.groups()):
        raise ValueError(f"{text!r} is not a range")
    first, last = (read(end) if end else None for end in found.groups())
    return first, last


def _is_sound(name: Field, value: str) -> bool:
    try:
        if name is Field.AGE:
            read_ages(value)
        elif name is Field.REGISTERED:
            read_days(value)
    except ValueError:
        return False
    pattern = _PATTERNS.get(name)
    return 0 < len(value) <= LONGEST_VALUE and (pattern is None or bool(pattern.fullmatch(value)))


def write_audience(audience: Audience) -> dict[str, Any]:
    """Write an audience as JSON values."""
    return {"all_of": _write(audience.all_of), "none_of": _write(audience.none_of)}


def read_audience(written: Mapping[str, Any]) -> Audience:
    """Read an audience back; one of a new notice, with nothing in it, is everybody.

    Raises:
        WrongAudience: it is none.
    """
    return Audience(_read(written.get("all_of", [])), _read(written.get("none_of", [])))


def _write(filters: tuple[Filter, ...]) -> list[list[Any]]:
    return [[one.field, list(one.values)] for one in filters]


def _read(written: Any) -> tuple[Filter, ...]:
    try:
        return tuple(Filter(name, tuple(map(str, values))) for name, values in written)
    except (TypeError, ValueError, WrongAudience) as error:
        raise WrongAudience(str(error)) from None

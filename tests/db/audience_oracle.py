"""Who belongs to an audience, said of one person at a time: what the database is held against."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from domain.audiences import Audience, Field, Filter, Kept, read_ages, read_days

Bound = TypeVar("Bound", int, date)


@dataclass(frozen=True)
class Person:
    """What is known of somebody, as filters ask for it; `words` are the values by their field."""

    place: str
    age: int
    registered_on: date
    words: Mapping[str, frozenset[str]]


def matches(audience: Audience, person: Person, kept: Kept) -> bool:
    """Tell whether somebody belongs to an audience; `kept` are the audiences it combines."""
    return all(_holds(one, person, kept) for one in audience.all_of) and not any(
        _holds(one, person, kept) for one in audience.none_of
    )


def _holds(one: Filter, person: Person, kept: Kept) -> bool:
    match one.field:
        case Field.AUDIENCE:
            return any(matches(kept[value], person, kept) for value in one.values)
        case Field.PLACE:
            return person.place.startswith(one.values)
        case Field.AGE:
            return any(_lies_in(person.age, *read_ages(value)) for value in one.values)
        case Field.REGISTERED:
            return any(_lies_in(person.registered_on, *read_days(value)) for value in one.values)
    return not person.words[one.field].isdisjoint(one.values)


def _lies_in(value: Bound, first: Bound | None, last: Bound | None) -> bool:
    return (first is None or first <= value) and (last is None or value <= last)

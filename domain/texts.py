"""What is said, before anyone knows in which language it will be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias


@dataclass(frozen=True)
class Code:
    """An identifier (application number, phone): always written in Latin digits, easy to copy."""

    value: str


@dataclass(frozen=True)
class PlaceName:
    """A place by its official code, written out with its whole path, or its bare name."""

    code: str
    short: bool = False


@dataclass(frozen=True)
class OccupationName:
    """An occupation by its key."""

    key: str


@dataclass(frozen=True)
class GroupName:
    """A group of occupations by its key."""

    key: str


@dataclass(frozen=True)
class PartialDate:
    """A date as precisely as it is known: '1990', '1990-04' or '1990-04-15'."""

    known: str


@dataclass(frozen=True)
class Appointment:
    """A time to come somewhere: with its day of the week, by which people keep it in mind.

    On the same day it may have an end.
    """

    at: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Bilingual:
    """What staff wrote in each language, such as the name of an event day."""

    km: str
    en: str


@dataclass(frozen=True)
class Numeral:
    """Digits that are no amount, such as a year: in the reader's digits, never grouped."""

    digits: str


Value: TypeAlias = (
    "str | int | date | Code | PlaceName | OccupationName | GroupName"
    " | PartialDate | Appointment | Bilingual | Numeral | Text"
)


@dataclass(frozen=True)
class Text:
    """A message of the catalogue by its id, with the values for its placeholders.

    A `str` value is a person's own word: it is escaped and never translated.
    """

    id: str
    values: Mapping[str, Value] = field(default_factory=dict)


def message(text_id: str, **values: Value) -> Text:
    """Name a message of the catalogue; every id given here as a literal is extracted."""
    return Text(text_id, values)

"""What a turn of the dialogue established, for the use cases to act on."""

from dataclasses import dataclass
from typing import TypeAlias

from domain.registrations import Registration


@dataclass(frozen=True)
class LanguageChosen:
    """The person reads this language from now on: 'km' or 'en'."""

    locale: str


@dataclass(frozen=True)
class Declined:
    """The person did not agree: nothing is kept."""


@dataclass(frozen=True)
class DraftErased:
    """The person cancelled: the draft is gone."""


@dataclass(frozen=True)
class Submitted:
    """The form is complete and declared true."""

    registration: Registration


Fact: TypeAlias = LanguageChosen | Declined | DraftErased | Submitted

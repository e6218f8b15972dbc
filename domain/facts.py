"""What a turn of the dialogue established, for the use cases to act on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from domain.drafts import Draft
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
    """The form is complete and declared true; `answers` are as they were given."""

    registration: Registration
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class Revised:
    """One item of an application was answered once more; the rest is as it was submitted."""

    number: str
    item: str
    registration: Registration
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class RevisionDropped:
    """The item stays as it was submitted: the person stopped, or the form no longer asks it."""

    number: str
    item: str


Fact: TypeAlias = LanguageChosen | Declined | DraftErased | Submitted | Revised | RevisionDropped


def drop_draft(draft: Draft) -> DraftErased | RevisionDropped:
    """Return what it means that a draft is gone without having been sent."""
    match draft:
        case Draft(revises=str(number), item=str(item)):
            return RevisionDropped(number, item)
        case _:
            return DraftErased()

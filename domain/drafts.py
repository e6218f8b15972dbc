"""A registration on its way: what has been answered, and which question is open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Consent:
    """What was agreed to, in which wording, when (UTC, ISO 8601) and by whom.

    `given_by` is 'self', 'present' (the person, beside the one who types) or 'guardian'.
    """

    purpose: str
    version: int
    given_at: str
    given_by: str


@dataclass(frozen=True)
class Draft:
    """The answers so far; pinned to the version of the form that asked them.

    `tag` is short, random and part of every button, so that a tap on another draft's keyboard is
    recognised. `partial` holds a half-given answer: a province on the way to a village.
    `activity` counts the activities from 0 while their questions are open.

    A draft that `revises` an application, by its number, asks one `item` of it once more; `sent`
    are the answers as they were submitted.
    """

    tag: str
    form_version: int
    question: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    partial: Any = None
    activity: int = 0
    editing: bool = False
    cancelling: bool = False
    source: str | None = None
    consents: tuple[Consent, ...] = ()
    revises: str | None = None
    item: str | None = None
    sent: Mapping[str, Any] = field(default_factory=dict)


def write_draft(draft: Draft) -> dict[str, Any]:
    """Write a draft as plain JSON values."""
    return {**vars(draft), "consents": [vars(consent) for consent in draft.consents]}


def read_draft(values: Mapping[str, Any]) -> Draft:
    """Read a draft from the values that `write_draft` made."""
    consents = tuple(Consent(**consent) for consent in values["consents"])
    return Draft(**{**values, "consents": consents})

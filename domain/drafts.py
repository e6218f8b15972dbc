"""A registration on its way: what has been answered, and which question is open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Consent:
    """What was agreed to, in which wording, when (UTC, ISO 8601) and by whom."""

    purpose: str
    version: int
    given_at: str
    given_by: str


@dataclass(frozen=True)
class Draft:
    """The answers so far; pinned to the version of the form that asked them.

    `tag` is short, random and part of every button, so that a tap on another draft's keyboard is
    recognised. `partial` holds a half-given answer: a province on the way to a village.
    """

    tag: str
    form_version: int
    question: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    partial: Any = None
    activity: int = 0
    editing: bool = False
    source: str | None = None
    consents: tuple[Consent, ...] = ()

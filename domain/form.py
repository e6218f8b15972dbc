"""A form as data, in the words of XLSForm."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from domain.texts import Text

Answers: TypeAlias = Mapping[str, Any]
"""JSON values by question name; the answers of a repeated part are a list under the part's name."""


def always(_: Answers) -> bool:
    """Say that a question concerns everybody."""
    return True


@dataclass(frozen=True)
class Choice:
    """One of the answers that a question offers."""

    name: str
    label: Text


@dataclass(frozen=True)
class Question:
    """One question of the form.

    `label` is what is asked, `hint` is said when somebody asks for help, `title` names the answer
    in the review. A question is asked only where `relevant` holds for the answers so far.
    """

    name: str
    type: str
    label: Text
    title: Text
    hint: Text | None = None
    choices: tuple[Choice, ...] = ()
    required: bool = True
    relevant: Callable[[Answers], bool] = always


@dataclass(frozen=True)
class Part:
    """Questions that belong together, shown as one step of the progress; some parts repeat."""

    name: str
    questions: tuple[Question, ...]
    repeats: bool = False


@dataclass(frozen=True)
class Form:
    """Parts in their order; a newer version upgrades the drafts of the one before."""

    version: int
    parts: tuple[Part, ...]

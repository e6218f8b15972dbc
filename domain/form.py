"""A form as data, in the words of XLSForm."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from domain.drafts import Draft
from domain.texts import Text

Answers: TypeAlias = Mapping[str, Any]
"""JSON values by question name; the answers of a repeated part are a list under the part's name."""

Upgrade: TypeAlias = Callable[[Draft], Draft]
"""A named step that brings a draft from one version of the form to the next."""


def always(_: Answers) -> bool:
    """Say that a question concerns everybody."""
    return True


@dataclass(frozen=True)
class Choice:
    """One of the answers that a question offers; `words` are other ways to type it.

    `shown` is how the answer is written where the label on its button would not do.
    """

    name: str
    label: Text
    words: tuple[str, ...] = ()
    shown: Text | None = None


@dataclass(frozen=True)
class Purpose:
    """What a "yes" to a question allows us to do, and in which version of the wording."""

    name: str
    version: int


@dataclass(frozen=True)
class Question:
    """One question of the form.

    `label` is what is asked, `hint` is said when somebody asks for help, `title` names the answer
    in the review (without one it is not shown there). A question is asked only where `relevant`
    holds for the answers before it. `resets` names the answers that fall when this one changes.
    """

    name: str
    type: str
    label: Text
    title: Text | None = None
    hint: Text | None = None
    choices: tuple[Choice, ...] = ()
    columns: int = 1
    required: bool = True
    relevant: Callable[[Answers], bool] = always
    resets: tuple[str, ...] = ()
    purpose: Purpose | None = None


@dataclass(frozen=True)
class Part:
    """Questions that belong together; a part with a title is one step of the progress.

    The questions of a part that repeats are asked once for each thing, at most `repeats` times.
    """

    name: str
    questions: tuple[Question, ...]
    title: Text | None = None
    repeats: int = 0


@dataclass(frozen=True)
class Form:
    """Parts in their order; `upgrades` are steps for older drafts, by the version they leave."""

    version: int
    parts: tuple[Part, ...]
    upgrades: Mapping[int, Upgrade] = field(default_factory=dict)

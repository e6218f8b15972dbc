"""What every type of question can do: ask, take an event as an answer, and show the answer."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from domain.context import Context
from domain.drafts import Draft
from domain.events import Event
from domain.facts import Fact
from domain.form import Answers, Form, Question
from domain.replies import Button, Key, Tap
from domain.texts import Text, message

Rows: TypeAlias = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class Asking:
    """A question that is open in a draft, with the answers among which its own belongs."""

    form: Form
    question: Question
    draft: Draft
    context: Context
    answers: Answers

    @property
    def partial(self) -> Any:
        """The half-given answer, as this type of question wrote it."""
        return self.draft.partial

    @property
    def is_for_another(self) -> bool:
        """Whether somebody registers another person."""
        return bool(self.draft.answers.get("for_whom") == "other")

    @property
    def locale(self) -> str:
        """The language by which labels are measured."""
        return self.context.locale or "km"

    def button(self, label: Text | str, choice: str) -> Button:
        """Make a button of this question."""
        return Button(label, Tap(self.draft.tag, self.question.name, choice))


@dataclass(frozen=True)
class Prompt:
    """A question as it is put: its words, and buttons under it or keys below the chat.

    `before` are messages that go first, without buttons. The same draft always gives the same
    prompt: this is how a tap is known to be on offer now.
    """

    paragraphs: tuple[Text, ...]
    rows: Rows = ()
    keys: tuple[tuple[Key, ...], ...] = ()
    before: tuple[tuple[Text, ...], ...] = ()


@dataclass(frozen=True)
class Accepted:
    """The answer is complete.

    `secret` asks to remove the message that it came in; `then` is said before the next question.
    """

    value: Any
    facts: tuple[Fact, ...] = ()
    secret: bool = False
    then: Text | None = None


@dataclass(frozen=True)
class Continued:
    """A part of the answer is known; the question goes on from there."""

    partial: Any


@dataclass(frozen=True)
class Refused:
    """The answer cannot be taken, for this reason; the question is put again.

    `secret` asks to remove the message all the same.
    """

    reason: Text
    secret: bool = False


@dataclass(frozen=True)
class NotMine:
    """This kind of event does not answer this question."""


@dataclass(frozen=True)
class Moved:
    """The draft goes on elsewhere; `shown` says what was chosen."""

    draft: Draft
    shown: Text


@dataclass(frozen=True)
class Ended:
    """The draft is over, with this as the last word."""

    facts: tuple[Fact, ...]
    farewell: Text | None = None


Outcome: TypeAlias = Accepted | Continued | Refused | NotMine | Moved | Ended


def leave(_: Any) -> Continued | None:
    """Step back out of the question, whatever is half answered."""
    return None


@dataclass(frozen=True)
class AnswerType:
    """A type of question, as four functions.

    `step_back` undoes the last step of a half-given answer; None means to leave the question.
    """

    ask: Callable[[Asking], Prompt]
    receive: Callable[[Asking, Event], Outcome]
    show: Callable[[Question, Any], Text]
    step_back: Callable[[Any], Continued | None] = field(default=leave)


def in_columns(buttons: Iterable[Button], columns: int) -> Rows:
    """Lay buttons out in rows of this many."""
    listed = tuple(buttons)
    return tuple(listed[at : at + columns] for at in range(0, len(listed), columns))


def join_texts(texts: Sequence[Text]) -> Text:
    """Write several texts after each other, with commas."""
    first, *others = texts
    return message("list.more", first=first, others=join_texts(others)) if others else first


def stack_texts(texts: Sequence[Text]) -> Text:
    """Write several texts under each other."""
    first, *others = texts
    return message("list.below", first=first, others=stack_texts(others)) if others else first

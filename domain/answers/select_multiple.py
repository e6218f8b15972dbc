"""Several answers out of a list, marked one by one until the person is done."""

from domain.answers.types import (
    Accepted,
    AnswerType,
    Asking,
    Continued,
    NotMine,
    Outcome,
    Prompt,
    in_columns,
    join_texts,
)
from domain.events import ChoiceMade, Event
from domain.form import Choice, Question
from domain.replies import Button
from domain.texts import Text, message

_DONE = "done"
_NONE = "none"


def ask(asking: Asking) -> Prompt:
    """Offer the choices, the chosen ones marked; then "done", or "none" while none is chosen."""
    question, chosen = asking.question, _chosen(asking)
    rows = in_columns((_button(asking, one, chosen) for one in question.choices), question.columns)
    last = (
        asking.button(message("button.done"), _DONE)
        if chosen
        else asking.button(message("button.none_of_these"), _NONE)
    )
    return Prompt((question.label,), (*rows, (last,)))


def receive(asking: Asking, event: Event) -> Outcome:
    """Mark or unmark a choice, or take what is chosen."""
    chosen = _chosen(asking)
    match event:
        case ChoiceMade(choice=name) if name == _DONE:
            return Accepted(chosen)
        case ChoiceMade(choice=name) if name == _NONE:
            return Accepted([])
        case ChoiceMade(choice=name):
            marked = {*chosen} ^ {name}
            return Continued([one.name for one in asking.question.choices if one.name in marked])
        case _:
            return NotMine()


def show(question: Question, value: list[str]) -> Text:
    """Name what was chosen."""
    labels = [choice.label for choice in question.choices if choice.name in value]
    return join_texts(labels) if labels else message("button.none_of_these")


def _chosen(asking: Asking) -> list[str]:
    if asking.partial is not None:
        return list(asking.partial)
    return list(asking.answers.get(asking.question.name, ()))


def _button(asking: Asking, choice: Choice, chosen: list[str]) -> Button:
    is_chosen = choice.name in chosen
    label = message("button.chosen", label=choice.label) if is_chosen else choice.label
    return asking.button(label, choice.name)


SELECT_MULTIPLE = AnswerType(ask, receive, show)

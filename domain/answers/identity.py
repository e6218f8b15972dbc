"""The number of the identity card, or why there is no valid card."""

from typing import Any

from domain.answers.select_one import find_choice
from domain.answers.types import (
    Accepted,
    AnswerType,
    Asking,
    Continued,
    NotMine,
    Outcome,
    Prompt,
    Refused,
    in_columns,
)
from domain.events import Answered, ChoiceMade, Event
from domain.form import Question
from domain.identity import IdNumber, parse_id_number
from domain.problems import Problem
from domain.texts import Code, Text, message
from domain.wording import word_problem

_NO_CARD = "no_card"
_MANY_DIGITS = 6


def ask(asking: Asking) -> Prompt:
    """Ask for the number, or for the reason."""
    if asking.partial:
        reasons = [asking.button(one.label, one.name) for one in asking.question.choices]
        return Prompt((message("identity.ask_reason"),), in_columns(reasons, 1))
    no_card = asking.button(message("identity.no_card"), _NO_CARD)
    return Prompt((asking.question.label,), ((no_card,),))


def receive(asking: Asking, event: Event) -> Outcome:
    """Take a number at any moment, or a reason."""
    match event:
        case ChoiceMade(choice=choice) if choice == _NO_CARD:
            return Continued({"no_card": True})
        case ChoiceMade():
            reason = find_choice(asking.question, event)
            return Accepted({"reason": reason.name}) if reason else NotMine()
        case Answered(text=text):
            return _receive_number(text)
        case _:
            return NotMine()


def show(question: Question, value: dict[str, Any]) -> Text:
    """Write the number with most of its digits hidden, or the reason."""
    if "number" in value:
        return message("show.code", code=Code(IdNumber(value["number"]).masked))
    reason = next(one.label for one in question.choices if one.name == value["reason"])
    return message("identity.show_reason", reason=reason)


def step_back(partial: Any) -> Continued | None:
    """Return to the number."""
    return Continued(None) if partial else None


def _receive_number(text: str) -> Outcome:
    parsed = parse_id_number(text)
    if isinstance(parsed, Problem):
        return Refused(word_problem(parsed), secret=_count_digits(text) >= _MANY_DIGITS)
    return Accepted({"number": parsed.digits}, secret=True)


def _count_digits(text: str) -> int:
    return sum(sign.isdecimal() for sign in text)


IDENTITY = AnswerType(ask, receive, show, step_back)

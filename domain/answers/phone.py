"""A phone number: the person's own, proven by Telegram, or one that is typed for somebody else."""

from domain.answers.types import (
    Accepted,
    AnswerType,
    Asking,
    NotMine,
    Outcome,
    Prompt,
    Refused,
)
from domain.events import Answered, ChoiceMade, ContactShared, Event
from domain.form import Question
from domain.phones import Phone, parse_contact_phone, parse_phone
from domain.problems import Problem
from domain.replies import Key
from domain.texts import Code, Text, message
from domain.wording import word_problem

_HELPERS = "helper"


def ask_own(asking: Asking) -> Prompt:
    """Ask for the contact by a key below the chat."""
    key = Key(message("button.share_contact"), asks_contact=True)
    return Prompt((asking.question.label,), keys=((key,),))


def receive_own(_: Asking, event: Event) -> Outcome:
    """Take the person's own contact, of any country, and no other."""
    match event:
        case ContactShared(own=False):
            return Refused(message("phone.not_own"))
        case ContactShared(phone=phone):
            return _accept(parse_contact_phone(phone), "own")
        case Answered():
            return Refused(message("phone.press_button"))
        case _:
            return NotMine()


def ask_typed(asking: Asking) -> Prompt:
    """Ask for a number to be typed, or offer the helper's."""
    number = asking.context.helper_phone
    if number is None:
        return Prompt((asking.question.label,))
    label = message("phone.use_helpers", phone=Code(Phone(number).display))
    return Prompt((asking.question.label,), ((asking.button(label, _HELPERS),),))


def receive_typed(asking: Asking, event: Event) -> Outcome:
    """Take a typed Cambodian mobile, a shared contact, or the helper's own number."""
    match event:
        case Answered(text=text):
            return _accept(parse_phone(text), "typed")
        case ContactShared(phone=phone, own=True):
            return _accept(parse_contact_phone(phone), _HELPERS)
        case ContactShared(phone=phone):
            return _accept(parse_phone(phone), "typed")
        case ChoiceMade() if asking.context.helper_phone:
            return _accept(Phone(asking.context.helper_phone), _HELPERS)
        case _:
            return NotMine()


def show(_: Question, value: dict[str, str]) -> Text:
    """Write the number as people do, if there is one."""
    if not value["number"]:
        return message("answer.skipped")
    return message("show.code", code=Code(Phone(value["number"]).display))


def _accept(phone: Phone | Problem, known_as: str) -> Outcome:
    if isinstance(phone, Problem):
        return Refused(word_problem(phone))
    return Accepted({"number": phone.e164, "is": known_as})


OWN_PHONE = AnswerType(ask_own, receive_own, show)
PHONE = AnswerType(ask_typed, receive_typed, show)

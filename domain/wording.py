"""What is said about each mistake, and about what no question asks for."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.drafts import Draft
from domain.events import (
    Answered,
    ChoiceMade,
    ContactShared,
    Event,
    PhotoSent,
    PlaceShared,
    VoiceSent,
)
from domain.problems import Problem
from domain.texts import Text, message

PROBLEMS: Mapping[str, Text] = {
    "date.future": message("problem.date.future"),
    "date.lunar": message("problem.date.lunar"),
    "date.no-such-day": message("problem.date.no_such_day"),
    "date.no-such-month": message("problem.date.no_such_month"),
    "date.too-old": message("problem.date.too_old"),
    "date.unreadable": message("problem.date.unreadable"),
    "date.year-needed": message("problem.date.year_needed"),
    "id.digits-needed": message("problem.id.digits_needed"),
    "id.length": message("problem.id.length"),
    "id.letters": message("problem.id.letters"),
    "id.mrz-check": message("problem.id.mrz_check"),
    "id.mrz-incomplete": message("problem.id.mrz_incomplete"),
    "name.digits": message("problem.name.digits"),
    "name.empty": message("problem.name.empty"),
    "name.khmer-letters-needed": message("problem.name.khmer_letters_needed"),
    "name.latin-letters-needed": message("problem.name.latin_letters_needed"),
    "name.symbols": message("problem.name.symbols"),
    "name.too-long": message("problem.name.too_long"),
    "phone.digits-needed": message("problem.phone.digits_needed"),
    "phone.foreign": message("problem.phone.foreign"),
    "phone.landline": message("problem.phone.landline"),
    "phone.not-mobile": message("problem.phone.not_mobile"),
    "phone.several": message("problem.phone.several"),
    "phone.too-long": message("problem.phone.too_long"),
    "phone.too-short": message("problem.phone.too_short"),
    "phone.unknown-prefix": message("problem.phone.unknown_prefix"),
    "words.letters-needed": message("problem.words.letters_needed"),
    "words.too-long": message("problem.words.too_long"),
}

TYPED_COMMANDS: Mapping[str, Text] = {
    "back": message("typed.back"),
    "skip": message("typed.skip"),
    "language": message("typed.language"),
    "help": message("typed.help"),
    "cancel": message("typed.cancel"),
}
"""What may be typed inside a form for each command, in the catalogue's languages."""


@dataclass(frozen=True)
class Cancelling:
    """What is said to somebody who wants to stop: the question, the button, the last word."""

    asked: Text
    stop: Text
    stopped: Text


_ERASING = Cancelling(message("cancel.ask"), message("cancel.erase"), message("cancel.done"))
_LEAVING = Cancelling(
    message("revision.ask_to_drop"), message("revision.drop"), message("revision.dropped")
)


def word_cancelling(draft: Draft) -> Cancelling:
    """Say what becomes of a draft that is cancelled; what was submitted stays."""
    return _LEAVING if draft.revises else _ERASING


def word_problem(problem: Problem) -> Text:
    """Say kindly what is wrong with an answer and how to write it."""
    return PROBLEMS.get(problem.code, message("problem.unclear"))


def word_mismatch(event: Event) -> Text:
    """Say kindly that the open question asks for something else than what came."""
    match event:
        case VoiceSent():
            return message("mismatch.voice")
        case PhotoSent():
            return message("mismatch.photo")
        case PlaceShared():
            return message("mismatch.place")
        case ContactShared():
            return message("mismatch.contact")
        case Answered() | ChoiceMade():
            return message("mismatch.text")
        case _:
            return message("mismatch.other")

"""A person's name, in Khmer or in Latin letters: typed, or taken over from Telegram."""

from collections.abc import Callable
from typing import Any, TypeAlias
from zlib import crc32

from domain.answers.types import (
    Accepted,
    AnswerType,
    Asking,
    Continued,
    NotMine,
    Outcome,
    Prompt,
    Refused,
)
from domain.events import Answered, ChoiceMade, Event
from domain.form import Question
from domain.names import (
    Name,
    PartialName,
    offer_khmer_names,
    offer_latin_names,
    parse_khmer_name,
    parse_latin_name,
)
from domain.problems import Problem
from domain.texts import Text, message
from domain.wording import word_problem

Parse: TypeAlias = Callable[[str], Name | PartialName | Problem]
Offer: TypeAlias = Callable[[str, str], tuple[Name, ...]]

_SWAP = "swap"


def make_name_type(parse: Parse, offer: Offer, ask_given: Text, ask_family: Text) -> AnswerType:
    """Make the type of question for names in one script; the last two ask for a missing part."""

    def ask(asking: Asking) -> Prompt:
        match asking.partial:
            case {"family": word}:
                asked = Text(ask_given.id, {"word": word})
                swap = asking.button(message("name.is_given", word=word), _SWAP)
                return Prompt((asked,), ((swap,),))
            case {"given": word}:
                asked = Text(ask_family.id, {"word": word})
                swap = asking.button(message("name.is_family", word=word), _SWAP)
                return Prompt((asked,), ((swap,),))
            case _:
                offers = _list_offers(asking, offer)
                rows = tuple(
                    (asking.button(message("name.use", name=name.full), _key(name)),)
                    for name in offers
                )
                return Prompt((asking.question.label,), rows)

    def receive(asking: Asking, event: Event) -> Outcome:
        match event:
            case ChoiceMade(choice=choice) if choice == _SWAP:
                return Continued(_swap(asking.partial))
            case ChoiceMade(choice=choice):
                names = _list_offers(asking, offer)
                return next((_accept(name) for name in names if _key(name) == choice), NotMine())
            case Answered(text=text):
                return _complete(asking.partial, parse(text))
            case _:
                return NotMine()

    return AnswerType(ask, receive, show, step_back)


def show(_: Question, value: dict[str, str]) -> Text:
    """Write the name, family name first."""
    return message("show.words", words=f"{value['family']} {value['given']}")


def step_back(partial: Any) -> Continued | None:
    """Forget the one word."""
    return Continued(None) if partial else None


def _list_offers(asking: Asking, offer: Offer) -> tuple[Name, ...]:
    """List names from the person's Telegram profile, which say nothing about anybody else."""
    if asking.is_for_another:
        return ()
    return offer(asking.context.first_name, asking.context.last_name)


def _key(name: Name) -> str:
    return f"{crc32(name.full.encode()):08x}"


def _swap(partial: dict[str, str]) -> dict[str, str]:
    return {"given" if part == "family" else "family": word for part, word in partial.items()}


def _complete(partial: Any, parsed: Name | PartialName | Problem) -> Outcome:
    match partial, parsed:
        case _, Problem():
            return Refused(word_problem(parsed))
        case _, Name():
            return _accept(parsed)
        case {"family": family}, PartialName(word):
            return _accept(Name(family, word))
        case {"given": given}, PartialName(word):
            return _accept(Name(word, given))
        case _:
            return Continued({"family": parsed.family})


def _accept(name: Name) -> Accepted:
    return Accepted({"family": name.family, "given": name.given})


NAME_KM = make_name_type(
    parse_khmer_name,
    offer_khmer_names,
    ask_given=message("name.ask_given_km", word=""),
    ask_family=message("name.ask_family_km", word=""),
)
NAME_LATIN = make_name_type(
    parse_latin_name,
    offer_latin_names,
    ask_given=message("name.ask_given_latin", word=""),
    ask_family=message("name.ask_family_latin", word=""),
)

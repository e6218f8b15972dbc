"""A place down to its village: level by level, or by a few letters and one tap."""

from typing import Any

from domain.answers.layout import in_fitting_rows
from domain.answers.types import (
    Accepted,
    AnswerType,
    Asking,
    Continued,
    NotMine,
    Outcome,
    Prompt,
    Refused,
    Rows,
    in_columns,
    stack_texts,
)
from domain.events import Answered, ChoiceMade, Event
from domain.form import Question
from domain.khmer import clean
from domain.places import Matches
from domain.replies import Button
from domain.texts import PlaceName, Text, message

_PLACE = "p."
_OFFERED = 8
_SHORTEST_SEARCH = 2
_LONGEST_SEARCH = 100
_LONG_LIST = 12
_VILLAGE_DIGITS = 8


def ask(asking: Asking) -> Prompt:
    """Offer the places one level down, or those that were found."""
    return ask_place(asking, asking.question.label, asking.partial)


def ask_place(asking: Asking, label: Text, partial: Any) -> Prompt:
    """Put the question for a place as far as it is known."""
    match partial:
        case {"offers": offers, "more": more}:
            hint = message("place.found_many") if more else message("place.found")
            return Prompt((hint,), in_columns(_buttons(asking, offers), 1))
        case {"place": code}:
            path = message("answer.path", path=message("show.place", place=PlaceName(code)))
            return Prompt((stack_texts((_label_inside(code), path)),), _children(asking, code))
        case _:
            return Prompt((label,), _children(asking, None))


def receive(asking: Asking, event: Event) -> Outcome:
    """Take a place: a village is the answer, any other leads one level down."""
    return receive_place(asking, event, asking.partial)


def receive_place(asking: Asking, event: Event, partial: Any) -> Outcome:
    """Take a tapped or typed place."""
    match event:
        case ChoiceMade(choice=choice):
            code = choice.removeprefix(_PLACE)
            is_village = len(code) == _VILLAGE_DIGITS
            return Accepted(code) if is_village else Continued({"place": code})
        case Answered(text=text):
            return _search(asking, text, _known_place(partial))
        case _:
            return NotMine()


def show(_: Question, value: str) -> Text:
    """Name the village with its path."""
    return message("show.place", place=PlaceName(value))


def step_back(partial: Any) -> Continued | None:
    """Go one level up, or from what was found to where the search began."""
    if not partial:
        return None
    code = partial.get("within") if "offers" in partial else partial["place"][:-2]
    return Continued({"place": code} if code else None)


def _search(asking: Asking, text: str, within: str | None) -> Outcome:
    letters = clean(text)[:_LONGEST_SEARCH]
    if len(letters) < _SHORTEST_SEARCH:
        return Refused(message("place.more_letters"))
    search = asking.context.gazetteer.search
    matches = search(letters, within=within, limit=_OFFERED) if within else Matches((), more=False)
    if not matches.places:
        matches = search(letters, within=None, limit=_OFFERED)
    if not matches.places:
        return Refused(message("place.not_found"))
    codes = [place.code for place in matches.places]
    return Continued({"offers": codes, "more": matches.more, "within": within})


def _known_place(partial: Any) -> str | None:
    if not partial:
        return None
    known: str | None = partial.get("within") if "offers" in partial else partial["place"]
    return known


def _label_inside(code: str) -> Text:
    match len(code):
        case 2:
            return message("ask.district")
        case 4:
            return message("ask.commune")
        case _:
            return message("ask.village")


def _children(asking: Asking, code: str | None) -> Rows:
    gazetteer = asking.context.gazetteer
    codes = [place.code for place in gazetteer.children(code)]
    labels = [gazetteer.short(code, asking.locale) for code in codes]
    buttons = _buttons(asking, codes, short=True)
    most = 3 if len(codes) > _LONG_LIST and asking.locale == "km" else 2
    return in_fitting_rows(list(zip(buttons, labels, strict=True)), most)


def _buttons(asking: Asking, codes: list[str], *, short: bool = False) -> list[Button]:
    return [
        asking.button(message("show.place", place=PlaceName(code, short=short)), f"{_PLACE}{code}")
        for code in codes
    ]


PLACE = AnswerType(ask, receive, show, step_back)

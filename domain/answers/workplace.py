"""Where the work is: in the home village, in another place, or at a pin on the map."""

from typing import Any

from domain.answers.place import ask_place, receive_place
from domain.answers.place import step_back as step_back_in_place
from domain.answers.types import (
    Accepted,
    AnswerType,
    Asking,
    Continued,
    Outcome,
    Prompt,
)
from domain.events import Answered, ChoiceMade, Event, PlaceShared
from domain.form import Question
from domain.replies import Key
from domain.texts import PlaceName, Text, message

_HOME, _ELSEWHERE, _PIN = "home", "place", "pin"


def ask(asking: Asking) -> Prompt:
    """Offer the three ways, or go on with the one that was chosen."""
    match asking.partial:
        case {"way": "pin"}:
            key = Key(message("button.share_place"), asks_place=True)
            return Prompt((message("workplace.share_pin"),), keys=((key,),))
        case {"way": "place", "found": found}:
            return ask_place(asking, message("workplace.ask_place"), found)
        case _:
            return Prompt((asking.question.label,), _ways(asking))


def receive(asking: Asking, event: Event) -> Outcome:
    """Take a way, a place or a pin; a pin and typed letters are understood at any moment."""
    match event:
        case PlaceShared(latitude=latitude, longitude=longitude):
            return Accepted({"kind": _PIN, "latitude": latitude, "longitude": longitude})
        case ChoiceMade(choice=choice) if choice == _HOME:
            return Accepted({"kind": _HOME})
        case ChoiceMade(choice=choice) if choice == _PIN:
            return Continued({"way": _PIN})
        case ChoiceMade(choice=choice) if choice == _ELSEWHERE:
            return Continued({"way": _ELSEWHERE, "found": None})
        case ChoiceMade() | Answered():
            return _wrap(receive_place(asking, event, _found(asking.partial)))
        case _:
            return _wrap(receive_place(asking, event, None))


def show(_: Question, value: dict[str, Any]) -> Text:
    """Name the workplace."""
    match value:
        case {"kind": "place", "place": code}:
            return message("show.place", place=PlaceName(code))
        case {"kind": "pin", "latitude": latitude, "longitude": longitude}:
            return message("show.pin", latitude=f"{latitude:.5f}", longitude=f"{longitude:.5f}")
        case _:
            return message("workplace.home")


def step_back(partial: Any) -> Continued | None:
    """Go one level up, then to the three ways."""
    if not partial:
        return None
    inner = step_back_in_place(_found(partial))
    return Continued({"way": _ELSEWHERE, "found": inner.partial} if inner else None)


def _wrap(outcome: Outcome) -> Outcome:
    match outcome:
        case Accepted(value=code):
            return Accepted({"kind": _ELSEWHERE, "place": code})
        case Continued(partial=found):
            return Continued({"way": _ELSEWHERE, "found": found})
        case _:
            return outcome


def _found(partial: Any) -> Any:
    return partial.get("found") if partial else None


def _ways(asking: Asking) -> tuple[tuple[Any, ...], ...]:
    return (
        (asking.button(message("workplace.home"), _HOME),),
        (asking.button(message("workplace.elsewhere"), _ELSEWHERE),),
        (asking.button(message("workplace.pin"), _PIN),),
    )


WORKPLACE = AnswerType(ask, receive, show, step_back)

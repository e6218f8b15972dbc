"""One answer out of several, by a button or in words that mean the same."""

from dataclasses import replace

from domain.answers.types import (
    Accepted,
    AnswerType,
    Asking,
    Ended,
    NotMine,
    Outcome,
    Prompt,
    in_columns,
)
from domain.events import Answered, ChoiceMade, Event
from domain.facts import Declined, LanguageChosen
from domain.form import Choice, Question
from domain.khmer import search_key
from domain.texts import Text, message


def ask(asking: Asking) -> Prompt:
    """Offer the choices."""
    question = asking.question
    buttons = [asking.button(choice.label, choice.name) for choice in question.choices]
    return Prompt((question.label,), in_columns(buttons, question.columns))


def receive(asking: Asking, event: Event) -> Outcome:
    """Take a choice."""
    chosen = find_choice(asking.question, event)
    return Accepted(chosen.name) if chosen else NotMine()


def show(question: Question, value: str) -> Text:
    """Name the choice."""
    chosen = next(choice for choice in question.choices if choice.name == value)
    return chosen.shown or chosen.label


def find_choice(question: Question, event: Event) -> Choice | None:
    """Return the choice that an event tapped or typed."""
    match event:
        case ChoiceMade(choice=name):
            return next((choice for choice in question.choices if choice.name == name), None)
        case Answered(text=text):
            key = search_key(text)
            return next(
                (one for one in question.choices if key in map(search_key, one.words)), None
            )
        case _:
            return None


def _receive_language(asking: Asking, event: Event) -> Outcome:
    chosen = find_choice(asking.question, event)
    return Accepted(chosen.name, facts=(LanguageChosen(chosen.name),)) if chosen else NotMine()


def _ask_consent(asking: Asking) -> Prompt:
    specimen = (message("consent.specimen"),) if asking.context.specimen else ()
    return replace(ask(asking), before=((message("consent.intro"), *specimen),))


def _receive_consent(asking: Asking, event: Event) -> Outcome:
    chosen = find_choice(asking.question, event)
    if chosen and chosen.name == "no":
        return Ended((Declined(),), message("consent.declined"))
    then = message("consent.about_them") if asking.is_for_another else message("consent.time")
    return Accepted(chosen.name, then=then) if chosen else NotMine()


SELECT_ONE = AnswerType(ask, receive, show)
LANGUAGE = AnswerType(ask, _receive_language, show)
CONSENT = AnswerType(_ask_consent, _receive_consent, show)

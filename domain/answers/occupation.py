"""What a person does for a living: by group and occupation, or typed and looked up."""

from typing import Any

from domain.answers.layout import in_fitting_rows
from domain.answers.own_words import parse_words
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
from domain.problems import Problem
from domain.replies import Button
from domain.texts import GroupName, OccupationName, Text, message
from domain.wording import word_problem

OTHER = "other"
_GROUP, _OCCUPATION, _KEEP = "g.", "o.", "keep"
_OFFERED = 6


def ask(asking: Asking) -> Prompt:
    """Offer the groups, the occupations of one group, or what was found for typed words."""
    label = asking.question.label
    match asking.partial:
        case {"words": words, "offers": offers}:
            keep = asking.button(message("occupation.keep_words", words=words), _KEEP)
            rows = (*in_columns(_occupation_buttons(asking, offers), 1), (keep,))
            found = message("occupation.found" if offers else "occupation.not_found")
            return Prompt((found,), rows)
        case {"group": group}:
            keys = [one.key for one in asking.context.occupations.of_group(group)]
            chosen = message("answer.path", path=message("show.group", group=GroupName(group)))
            names = [asking.context.occupations.name(key, asking.locale) for key in keys]
            buttons = zip(_occupation_buttons(asking, keys), names, strict=True)
            return Prompt((stack_texts((label, chosen)),), in_fitting_rows(list(buttons), 2))
        case {"other": _}:
            return Prompt((message("occupation.ask_words"),))
        case _:
            return Prompt((label,), _group_rows(asking))


def receive(asking: Asking, event: Event) -> Outcome:
    """Take a group, an occupation, or the person's own words for it."""
    match event:
        case ChoiceMade(choice=choice):
            return _receive_tap(asking, choice)
        case Answered(text=text):
            return _receive_words(asking, text)
        case _:
            return NotMine()


def show(_: Question, value: dict[str, Any]) -> Text:
    """Name the occupation, in the person's words where it has no other name."""
    words = value["words"]
    if words:
        return message("show.words", words=words)
    return message("show.occupation", occupation=OccupationName(value["key"]))


def step_back(partial: Any) -> Continued | None:
    """Return to the groups."""
    return Continued(None) if partial else None


def _receive_tap(asking: Asking, choice: str) -> Outcome:
    if choice == _KEEP:
        return _accept(OTHER, asking.partial["words"])
    if choice.startswith(_GROUP):
        return Continued({"group": choice.removeprefix(_GROUP)})
    key = choice.removeprefix(_OCCUPATION)
    return Continued({"other": True}) if key == OTHER else _accept(key, None)


def _receive_words(asking: Asking, text: str) -> Outcome:
    words = parse_words(text)
    if isinstance(words, Problem):
        return Refused(word_problem(words))
    if asking.partial and "other" in asking.partial:
        return _accept(OTHER, words)
    found = asking.context.occupations.search(words, limit=_OFFERED)
    return Continued({"words": words, "offers": [one.key for one in found if one.key != OTHER]})


def _accept(key: str, words: str | None) -> Accepted:
    return Accepted({"key": key, "words": words})


def _group_rows(asking: Asking) -> Rows:
    occupations = asking.context.occupations
    buttons = [
        (
            asking.button(message("show.group", group=GroupName(key)), f"{_GROUP}{key}"),
            occupations.group_name(key, asking.locale),
        )
        for key in occupations.groups()
    ]
    return in_fitting_rows(buttons, 2)


def _occupation_buttons(asking: Asking, keys: list[str]) -> list[Button]:
    return [
        asking.button(
            message("show.occupation", occupation=OccupationName(key)), f"{_OCCUPATION}{key}"
        )
        for key in keys
    ]


OCCUPATION = AnswerType(ask, receive, show, step_back)

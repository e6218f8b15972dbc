"""The answers of an application as an officer reads them: all of each, by parts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from domain.background_questions import BACKGROUND_QUESTIONS
from domain.form import Form, Part
from domain.revisions import Item, SentAnswers, list_items
from domain.texts import Code, Text, message

PERSON, BACKGROUND = "you", "background"

_BACKGROUND = frozenset({"background", *(one.name for one in BACKGROUND_QUESTIONS)})


@dataclass(frozen=True)
class Section:
    """Answers that belong together; `number` counts the activities of a person with several."""

    name: str
    title: Text
    items: tuple[Item, ...]
    number: int | None = None


@dataclass(frozen=True)
class Difference:
    """The same answer in two applications, or before and after a change; None if it lacks."""

    title: Text
    before: Text | None
    after: Text | None
    differs: bool


def list_answers(form: Form, sent: SentAnswers) -> list[Item]:
    """List all answers; unlike in the chat, a number of an identity card is shown in full."""
    return [_uncover(item, sent.answers) for item in list_items(form, sent)]


def list_sections(form: Form, items: list[Item]) -> list[Section]:
    """Group answers by the parts of the form, the person first; the background is apart."""
    sections = [
        _make_section(form, name, activity, tuple(group))
        for (name, activity), group in groupby(items, key=lambda item: _locate(form, item))
    ]
    return sorted(sections, key=lambda section: section.name != PERSON)


def list_public(form: Form, items: list[Item]) -> list[Item]:
    """List the answers that tell who somebody is and what they do, the person first."""
    public = [item for item in items if _locate(form, item)[0] != BACKGROUND]
    return sorted(public, key=lambda item: _locate(form, item)[0] != PERSON)


def list_differences(
    before: list[Item], after: list[Item], item: str | None = None
) -> list[Difference]:
    """Put two lists of answers side by side; `item` differs even if it reads alike."""
    one, other = ({each.name: each for each in answers} for answers in (before, after))
    names = [*one, *(name for name in other if name not in one)]
    return [_compare(one.get(name), other.get(name), is_wished=name == item) for name in names]


def _compare(one: Item | None, other: Item | None, *, is_wished: bool) -> Difference:
    before = one.answer if one else None
    after = other.answer if other else None
    named = one or other
    if named is None:
        raise ValueError("an answer that nobody gave")
    return Difference(named.title, before, after, is_wished or before != after)


def _uncover(item: Item, answers: Mapping[str, Any]) -> Item:
    number = answers.get("identity", {}).get("number") if item.name == "identity" else None
    return replace(item, answer=message("show.code", code=Code(number))) if number else item


def _locate(form: Form, item: Item) -> tuple[str, int]:
    name, _, activity = item.name.partition(".")
    if name in _BACKGROUND:
        return BACKGROUND, 0
    return _get_part(form, name).name, int(activity or 0)


def _get_part(form: Form, question: str) -> Part:
    return next(part for part in form.parts if any(one.name == question for one in part.questions))


def _make_section(form: Form, name: str, activity: int, items: tuple[Item, ...]) -> Section:
    if name == BACKGROUND:
        return Section(name, message("case.part.background"), items)
    if name == PERSON:
        return Section(name, message("case.part.person"), items)
    part = next(part for part in form.parts if part.name == name)
    titles = {question.name: question.title for question in part.questions}
    plain = [replace(item, title=titles[_name(item)] or item.title) for item in items]
    title = part.title or message("case.part.answers")
    return Section(name, title, tuple(plain), activity + 1 if part.repeats else None)


def _name(item: Item) -> str:
    """Return the question of an item, whichever activity it is of."""
    return item.name.partition(".")[0]

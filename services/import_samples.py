"""How the lines of a list were understood: each column in its words, with the first people."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.form import Form
from domain.identity import IdNumber
from domain.import_columns import OPTIONAL, Heading
from domain.import_places import LEVELS
from domain.import_rows import ImportedRow
from domain.phones import Phone
from domain.texts import Code, OccupationName, PartialDate, PlaceName, Text, message
from services.import_lists import Line
from services.import_words import COLUMNS, STATUS_WORDS

_OF_THE_WORKER = ("family_km", "given_km", "family_latin", "given_latin")
_NOTHING = message("import.nothing")


@dataclass(frozen=True)
class Column:
    """A column of a list: its heading there, what it is for us, and what its first lines say."""

    name: str
    heading: str
    words: Text
    samples: tuple[Text, ...]


def describe_columns(
    form: Form, headings: Sequence[str], found: Heading, lines: Sequence[Line]
) -> list[Column]:
    """Tell how each column was understood, in the order of the list."""
    people = [_describe(form, line.row) for line in lines if line.row is not None]
    return [
        Column(
            name,
            headings[at].strip(),
            COLUMNS[name],
            tuple(person.get(name, _NOTHING) for person in people),
        )
        for name, at in sorted(found.places.items(), key=lambda place: place[1])
    ]


def list_lacking(found: Heading) -> list[Text]:
    """List the columns that a list may have and this one has not."""
    return [COLUMNS[name] for name in OPTIONAL if name not in found.places]


def describe_person(row: ImportedRow) -> Text:
    """Name a person in both scripts."""
    worker = row.registration.worker
    khmer = f"{worker.family_km} {worker.given_km}"
    return message("show.words", words=f"{khmer} ({worker.family_latin} {worker.given_latin})")


def _describe(form: Form, row: ImportedRow) -> dict[str, Text]:
    worker, [activity, *_] = row.registration.worker, row.registration.activities
    known = {name: _say(str(getattr(worker, name))) for name in _OF_THE_WORKER}
    known["register_number"] = _say(row.number) if row.number else _NOTHING
    known["sex"] = _label(form, "sex", worker.sex)
    known["category"] = _label(form, "category", activity.category)
    known["birth_date"] = message("show.date", date=PartialDate(worker.born))
    known["status"] = STATUS_WORDS[row.status]
    known["occupation"] = (
        message("import.own_words", words=activity.occupation_words)
        if activity.occupation_words
        else message("show.occupation", occupation=OccupationName(activity.occupation))
    )
    if worker.phone:
        known["phone"] = message("show.code", code=Code(Phone(worker.phone).display))
    if worker.id_number:
        known["id_number"] = message("show.code", code=Code(IdNumber(worker.id_number).masked))
    if row.registered_on:
        known["registered_on"] = message("show.date", date=row.registered_on)
    return known | _describe_home(worker.home)


def _describe_home(code: str) -> dict[str, Text]:
    return {
        level: message("show.place", place=PlaceName(code[: 2 * at], short=True))
        for at, level in enumerate(LEVELS, start=1)
        if len(code) >= 2 * at
    }


def _say(words: str) -> Text:
    return message("show.words", words=words)


def _label(form: Form, question: str, choice: str) -> Text:
    return next(
        one.shown or one.label
        for part in form.parts
        for asked in part.questions
        if asked.name == question
        for one in asked.choices
        if one.name == choice
    )

"""An audience as people read it, and the choices of which one is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.audiences import Audience, Field, Filter, read_ages, read_days
from domain.staff import Scope
from domain.texts import Code, GroupName, Numeral, OccupationName, PlaceName, Text, Value, message
from services.desk import Desk
from services.notice_audiences import OF_DAYS
from services.office_words import enumerate_texts
from web.case_words import FLAGS
from web.words import STATUSES

MOST_NAMED = 12
"""Of more values than these, the first are named and the others counted."""

FIELDS: Mapping[str, Text] = {
    Field.PLACE: message("notices.field.place"),
    Field.CATEGORY: message("notices.field.category"),
    Field.OCCUPATION: message("notices.field.occupation"),
    Field.GROUP: message("notices.field.group"),
    Field.INCOME: message("notices.field.income"),
    Field.SINCE: message("notices.field.since"),
    Field.STATUS: message("notices.field.status"),
    Field.FLAG: message("notices.field.flag"),
    Field.SUPPORT: message("notices.field.support"),
    Field.ASSOCIATION: message("notices.field.association"),
    Field.SCHOOLING: message("notices.field.schooling"),
    Field.HOUSEHOLD: message("notices.field.household"),
    Field.SOURCE: message("notices.field.source"),
    Field.FOR_WHOM: message("notices.field.for_whom"),
    Field.LANGUAGE: message("notices.field.language"),
    Field.SEX: message("notices.field.sex"),
    Field.AGE: message("notices.field.age"),
    Field.REGISTERED: message("notices.field.registered"),
    Field.COMING: message("notices.field.coming"),
    Field.NOT_COMING: message("notices.field.not_coming"),
    Field.GUEST: message("notices.field.guest"),
    Field.EXPECTED: message("notices.field.expected"),
    Field.ATTENDED: message("notices.field.attended"),
    Field.RECEIVED: message("notices.field.received"),
    Field.ANSWERED: message("notices.field.answered"),
    Field.AUDIENCE: message("notices.field.audience"),
}
"""The fields by which an audience is chosen."""

FOR_WHOM: Mapping[str, Text] = {
    "self": message("notices.for_whom.self"),
    "other": message("notices.for_whom.other"),
}
_OF_THE_FORM = (
    Field.CATEGORY,
    Field.INCOME,
    Field.SINCE,
    Field.SUPPORT,
    Field.ASSOCIATION,
    Field.SCHOOLING,
    Field.HOUSEHOLD,
    Field.LANGUAGE,
    Field.SEX,
)

Choices = Mapping[str, Mapping[str, Text]]
"""By field, the values that can be chosen, each in words."""


@dataclass(frozen=True)
class Described:
    """An audience, a sentence for each of its filters."""

    all_of: tuple[Text, ...]
    none_of: tuple[Text, ...]


def list_choices(
    desk: Desk,
    campaigns: Mapping[str, Text],
    kept: Mapping[str, Text],
    more: Choices,
) -> Choices:
    """List the values of the fields that have few: campaigns by code, kept audiences by id.

    `more` are those of further fields, such as earlier notices.
    """
    questions = {one.name: one for part in desk.form.parts for one in part.questions}
    of_the_form: dict[str, Mapping[str, Text]] = {
        field.value: {choice.name: choice.label for choice in questions[field].choices}
        for field in _OF_THE_FORM
    }
    return {
        **of_the_form,
        Field.STATUS: {status.value: words for status, words in STATUSES.items()},
        Field.FLAG: {flag: words for flag, (words, _) in FLAGS.items()},
        Field.FOR_WHOM: FOR_WHOM,
        **dict.fromkeys(OF_DAYS, campaigns),
        Field.AUDIENCE: kept,
        **more,
    }


def describe(audience: Audience, choices: Choices) -> Described:
    """Say in words who is meant."""
    return Described(
        tuple(describe_filter(one, choices) for one in audience.all_of),
        tuple(describe_filter(one, choices) for one in audience.none_of),
    )


def describe_within(audience: Audience, choices: Choices, scope: Scope) -> Described:
    """Say who is meant, and that nobody outside its author's places is."""
    described = describe(audience, choices)
    if scope.places is None:
        return described
    places = join([PlaceName(code, short=True) for code in sorted(scope.places)])
    within = message("notices.within", places=places)
    return Described((within, *described.all_of), described.none_of)


def describe_filter(one: Filter, choices: Choices) -> Text:
    """Say in words what a filter asks for."""
    values = join([_word(one.field, value, choices) for value in one.values])
    return message("notices.filter", field=FIELDS[one.field], values=values)


def join(values: Sequence[Value]) -> Value:
    """Join values by commas; of many only the first."""
    if not values:
        return message("staff.nowhere")
    if len(values) <= MOST_NAMED:
        return enumerate_texts(values)
    named = enumerate_texts(values[:MOST_NAMED])
    return message("notices.and_more", named=named, count=len(values) - MOST_NAMED)


def _word(field: str, value: str, choices: Choices) -> Value:
    match field:
        case Field.PLACE:
            return PlaceName(value, short=True)
        case Field.OCCUPATION:
            return OccupationName(value)
        case Field.GROUP:
            return GroupName(value)
        case Field.AGE:
            return _word_ages(*read_ages(value))
        case Field.REGISTERED:
            first, last = read_days(value)
            return _word_range(first or "", last or "")
    return choices.get(field, {}).get(value) or Code(value)


def _word_ages(first: int | None, last: int | None) -> Text:
    ages = ["" if age is None else Numeral(str(age)) for age in (first, last)]
    return _word_range(*ages)


def _word_range(first: Value, last: Value) -> Text:
    """Say from where to where; an empty end is open."""
    if not first:
        return message("notices.until", last=last)
    if not last:
        return message("notices.from", first=first)
    return message("notices.from_until", first=first, last=last)

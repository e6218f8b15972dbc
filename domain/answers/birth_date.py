"""A birth date: decade, year, month and day by taps as far as known, or typed at once."""

from calendar import monthrange
from dataclasses import replace
from typing import Any

from domain.answers.types import (
    Accepted,
    AnswerType,
    Asking,
    Continued,
    Ended,
    NotMine,
    Outcome,
    Prompt,
    Refused,
    Rows,
    in_columns,
    stack_texts,
)
from domain.dates import BirthDate, BuddhistDate, age_on, decades, parse_birth_date, years_of
from domain.events import Answered, ChoiceMade, Event
from domain.facts import drop_draft
from domain.form import Question
from domain.problems import Problem
from domain.replies import Button
from domain.texts import Numeral, PartialDate, Text, message
from domain.wording import word_problem

_MONTHS = (
    message("month.1"),
    message("month.2"),
    message("month.3"),
    message("month.4"),
    message("month.5"),
    message("month.6"),
    message("month.7"),
    message("month.8"),
    message("month.9"),
    message("month.10"),
    message("month.11"),
    message("month.12"),
)
_DECADE_YEARS = 10
_DAYS_OF_A_WEEK = 7


def ask(asking: Asking) -> Prompt:
    """Ask for the next part of the date."""
    match asking.partial:
        case {"too_young": known}:
            return _ask_too_young(asking, known)
        case {"buddhist": year, "candidates": candidates}:
            return _ask_buddhist(asking, year, candidates)
        case {"known": known}:
            return _ask_smaller(asking, BirthDate.from_iso(known))
        case {"decade": decade}:
            return Prompt((asking.question.label,), _year_rows(asking, decade))
        case _:
            return Prompt((asking.question.label,), _decade_rows(asking))


def receive(asking: Asking, event: Event) -> Outcome:
    """Take a part of the date, or all of it."""
    match event:
        case ChoiceMade(choice=choice):
            return _receive_tap(asking, choice)
        case Answered(text=text):
            return _receive_typed(asking, text)
        case _:
            return NotMine()


def show(_: Question, value: str) -> Text:
    """Write the date as far as it is known."""
    return message("show.date", date=PartialDate(value))


def step_back(partial: Any) -> Continued | None:
    """Undo the last part."""
    match partial:
        case {"known": known}:
            year, _, month = known.partition("-")
            decade = int(year) // _DECADE_YEARS * _DECADE_YEARS
            return Continued({"known": year} if month else {"decade": decade})
        case None:
            return None
        case _:
            return Continued(None)


def _receive_tap(asking: Asking, choice: str) -> Outcome:
    match choice.split("."):
        case "decade", decade:
            return Continued({"decade": int(decade)})
        case "year", year:
            return Continued({"known": BirthDate(int(year)).iso})
        case "month", month:
            return Continued({"known": replace(_known(asking), month=int(month)).iso})
        case "day", day:
            return _judge(asking, replace(_known(asking), day=int(day)))
        case "date", known:
            return _narrow(asking, BirthDate.from_iso(known))
        case ["unknown"]:
            return _judge(asking, _known(asking))
        case ["stop"]:
            return _stop(asking)
        case _:
            return Continued(None)


def _stop(asking: Asking) -> Outcome:
    last = message("revision.dropped" if asking.draft.revises else "birth.stopped")
    return Ended((drop_draft(asking.draft),), last)


def _known(asking: Asking) -> BirthDate:
    return BirthDate.from_iso(asking.partial["known"])


def _receive_typed(asking: Asking, text: str) -> Outcome:
    parsed = parse_birth_date(text, asking.context.today)
    match parsed:
        case Problem():
            return Refused(word_problem(parsed))
        case BuddhistDate(year, candidates):
            isos = [candidate.iso for candidate in candidates]
            return Continued({"buddhist": year, "candidates": isos})
        case _:
            return _narrow(asking, parsed)


def _narrow(asking: Asking, birth: BirthDate) -> Outcome:
    """Ask for the month or the day that was left out, unless the person is too young anyway."""
    judged = _judge(asking, birth)
    if birth.precision == "day" or not isinstance(judged, Accepted):
        return judged
    return Continued({"known": birth.iso})


def _judge(asking: Asking, birth: BirthDate) -> Outcome:
    """Accept a date unless the person is certainly too young."""
    earliest = BirthDate(birth.year, birth.month or 1, birth.day or 1)
    if age_on(earliest, asking.context.today) < asking.context.minimum_age:
        return Continued({"too_young": birth.iso})
    return Accepted(birth.iso)


def _ask_too_young(asking: Asking, known: str) -> Prompt:
    asked = message(
        "birth.too_young", date=PartialDate(known), minimum_age=asking.context.minimum_age
    )
    correct = asking.button(message("birth.correct"), "correct")
    words = message("revision.drop" if asking.draft.revises else "birth.stop")
    stop = asking.button(words, "stop")
    return Prompt((asked,), ((correct,), (stop,)))


def _ask_buddhist(asking: Asking, year: int, candidates: list[str]) -> Prompt:
    asked = message("birth.buddhist", year=Numeral(str(year)))
    rows = tuple(
        (asking.button(message("show.date", date=PartialDate(known)), f"date.{known}"),)
        for known in candidates
    )
    return Prompt((asked,), rows)


def _ask_smaller(asking: Asking, birth: BirthDate) -> Prompt:
    path = message("answer.path", path=message("show.date", date=PartialDate(birth.iso)))
    unknown = asking.button(message("button.unknown"), "unknown")
    if birth.month is None:
        months = enumerate(_MONTHS, start=1)
        buttons = [asking.button(label, f"month.{month}") for month, label in months]
        rows = (*in_columns(buttons, 3), (unknown,))
        return Prompt((stack_texts((message("ask.birth_month"), path)),), rows)
    days = range(1, monthrange(birth.year, birth.month)[1] + 1)
    buttons = [_numeral_button(asking, day, f"day.{day}") for day in days]
    rows = in_columns([*buttons, unknown], _DAYS_OF_A_WEEK)
    return Prompt((stack_texts((message("ask.birth_day"), path)),), rows)


def _decade_rows(asking: Asking) -> Rows:
    firsts = decades(asking.context.today, asking.context.minimum_age)
    buttons = [
        asking.button(
            message(
                "birth.decade",
                first=Numeral(str(first)),
                last=Numeral(str(first + _DECADE_YEARS - 1)),
            ),
            f"decade.{first}",
        )
        for first in firsts
    ]
    return in_columns(buttons, 2)


def _year_rows(asking: Asking, decade: int) -> Rows:
    latest = asking.context.today.year - asking.context.minimum_age
    years = [year for year in years_of(decade) if year <= latest]
    return in_columns([_numeral_button(asking, year, f"year.{year}") for year in years], 3)


def _numeral_button(asking: Asking, number: int, choice: str) -> Button:
    return asking.button(message("show.numeral", numeral=Numeral(str(number))), choice)


BIRTH_DATE = AnswerType(ask, receive, show, step_back)

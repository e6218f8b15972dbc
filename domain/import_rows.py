"""A line of another register's list becomes a registration, or a list of what is wrong with it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Any, TypeVar

from domain.applications import Status
from domain.dates import BirthDate, BuddhistDate, parse_birth_date
from domain.identity import parse_id_number
from domain.import_cells import read_cell, write_key
from domain.import_columns import REQUIRED
from domain.import_places import LEVELS, PlaceReader
from domain.import_prints import write_print
from domain.khmer import search_key
from domain.names import Name, Parsed, PartialName, parse_khmer_name, parse_latin_name
from domain.occupations import Occupations
from domain.phones import PHONE_PROBLEMS, parse_phone
from domain.problems import Problem
from domain.registrations import Activity, Background, Registration, Worker, Workplace
from domain.submission import list_flags

T = TypeVar("T")

LONGEST_CELL = 500
STATUSES = (Status.APPROVED, Status.REJECTED, Status.WITHDRAWN)
"""Where a person of another register may stand: what is undecided there is decided there."""

WARNINGS = PHONE_PROBLEMS
"""What keeps nobody out: a person whose phone number is of no use is taken without it."""

Words = Mapping[str, Mapping[str, str]]
"""For a column with choices: each choice by the key of every word that means it."""


@dataclass(frozen=True)
class CellProblem:
    """What is wrong in which column of a line; no column is the line as a whole."""

    column: str
    problem: Problem


@dataclass(frozen=True)
class ImportedRow:
    """Somebody of another register: `key` tells them apart there, `print` tells a change.

    `number` is theirs in that register as the list writes it, if it has any; `warnings` tell what
    was left out of what the list says. Without a decision the register itself is taken for one.
    """

    key: str
    print: str
    registration: Registration
    answers: Mapping[str, Any]
    status: Status
    registered_on: date | None
    number: str | None = None
    warnings: tuple[CellProblem, ...] = ()
    is_decided: bool = True


@dataclass
class RowReader:
    """Reads lines with the parsers of the dialogue; `source` is what they are marked with."""

    places: PlaceReader
    occupations: Occupations
    words: Words
    source: str
    today: date
    _jobs: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for group in self.occupations.groups():
            for one in self.occupations.of_group(group):
                for name in (one.key, one.name_km, one.name_en):
                    self._jobs.setdefault(search_key(name), one.key)

    def read(self, cells: Mapping[str, str]) -> ImportedRow | tuple[CellProblem, ...]:
        """Read a line; all that is wrong with it is listed at once."""
        reading = _start(cells)
        worker = self._read_worker(reading)
        no_job: tuple[str, str | None] = ("", None)
        job = reading.read("occupation", self._read_occupation, no_job)
        category = reading.read("category", self._choose("category"), "")
        status = reading.read("status", self._choose("status"), Status.APPROVED.value)
        registered_on = reading.read("registered_on", self._read_day, None)
        if any(one.problem.code not in WARNINGS for one in reading.problems):
            return tuple(reading.problems)
        activity = Activity(job[0], job[1], category, None, "", "unsaid")
        number, warnings = reading.cells.get("register_number"), tuple(reading.problems)
        made = self._make(worker, activity, Status(status), registered_on, number, warnings)
        return replace(made, is_decided=bool(reading.cells.get("status")))

    def _read_worker(self, reading: "_Reading") -> Worker:
        phone = reading.read("phone", lambda text: _unless(parse_phone(text), "e164"), "")
        return Worker(
            family_km=reading.read("family_km", _reading_name(parse_khmer_name), ""),
            given_km=reading.read("given_km", _reading_name(parse_khmer_name), ""),
            family_latin=reading.read("family_latin", _reading_name(parse_latin_name), ""),
            given_latin=reading.read("given_latin", _reading_name(parse_latin_name), ""),
            sex=reading.read("sex", self._choose("sex"), ""),
            born=reading.read("birth_date", self._read_birth, ""),
            phone=phone,
            phone_is="typed" if phone else "helper",
            id_number=reading.read(
                "id_number", lambda text: _unless(parse_id_number(text), "digits"), None
            ),
            no_id_reason=None,
            home=self._read_home(reading),
        )

    def _read_home(self, reading: "_Reading") -> str:
        home = ""
        for level in LEVELS:
            if not reading.cells.get(level):
                continue
            found = self.places.read(level, reading.cells[level], home)
            if isinstance(found, Problem):
                reading.problems.append(CellProblem(level, found))
                return home
            home = found.code
        return home

    def _read_birth(self, text: str) -> str | Problem:
        born = parse_birth_date(text, self.today)
        if isinstance(born, BuddhistDate):
            return Problem("import.buddhist-year")
        return born.iso if isinstance(born, BirthDate) else born

    def _read_day(self, text: str) -> date | Problem:
        day = parse_birth_date(text, self.today)
        if isinstance(day, BuddhistDate):
            return Problem("import.buddhist-year")
        if isinstance(day, Problem):
            return day
        if day.month is None or day.day is None:
            return Problem("import.day-needed")
        return date(day.year, day.month, day.day)

    def _read_occupation(self, text: str) -> tuple[str, str | None] | Problem:
        key = self._jobs.get(search_key(text))
        return (key, None) if key else ("other", text)

    def _choose(self, column: str) -> Callable[[str], str | Problem]:
        def choose(text: str) -> str | Problem:
            return self.words[column].get(search_key(text)) or Problem("import.no-such-word")

        return choose

    def _make(
        self,
        worker: Worker,
        activity: Activity,
        status: Status,
        registered_on: date | None,
        number: str | None,
        warnings: tuple[CellProblem, ...],
    ) -> ImportedRow:
        answers = _write_answers(worker, activity)
        registration = Registration(
            for_whom="self",
            worker=worker,
            workplace=Workplace("home"),
            activities=(activity,),
            support=(),
            background=Background(),
            wants_notices=False,
            consents=(),
            source=self.source,
            flags=frozenset(list_flags(worker.born, worker.id_number, self.today)),
        )
        person = [worker.family_km, worker.given_km, worker.born, worker.home[:4], worker.id_number]
        key = write_key(number or "") or _hash([*person, worker.phone])
        return ImportedRow(
            key,
            write_print(_list_said(worker, activity, status, registered_on)),
            registration,
            answers,
            status,
            registered_on,
            number or None,
            warnings,
        )


@dataclass
class _Reading:
    """The cells of one line, and what has been found wrong in them."""

    cells: dict[str, str]
    problems: list[CellProblem] = field(default_factory=list)

    def check_presence(self) -> None:
        for column, cell in self.cells.items():
            if not cell and column in REQUIRED:
                self.problems.append(CellProblem(column, Problem("import.missing")))
            elif len(cell) > LONGEST_CELL:
                self.problems.append(CellProblem(column, Problem("import.too-long")))

    def read(self, column: str, read: Callable[[str], T | Problem], missing: T) -> T:
        """Read a cell, if there is anything in it."""
        cell = self.cells.get(column, "")
        if not cell or len(cell) > LONGEST_CELL:
            return missing
        found = read(cell)
        if isinstance(found, Problem):
            self.problems.append(CellProblem(column, found))
            return missing
        return found


def _start(cells: Mapping[str, str]) -> _Reading:
    """Start to read a line: see what each cell says, and what is missing."""
    reading = _Reading({})
    for column, cell in cells.items():
        found = read_cell(column, cell)
        if isinstance(found, Problem):
            reading.problems.append(CellProblem(column, found))
        else:
            reading.cells[column] = found
    reading.check_presence()
    return reading


def _unless(parsed: Any, name: str) -> str | Problem:
    return parsed if isinstance(parsed, Problem) else str(getattr(parsed, name))


def _reading_name(parse: Callable[[str], Parsed]) -> Callable[[str], str | Problem]:
    def read(text: str) -> str | Problem:
        match parse(text):
            case Name() as name:
                return name.full
            case PartialName(family):
                return family
            case problem:
                return problem

    return read


def _write_answers(worker: Worker, activity: Activity) -> dict[str, Any]:
    """Write what is known as the answers of the form, so that each can be asked once more."""
    words = activity.occupation_words
    known: dict[str, Any] = {
        "for_whom": "self",
        "work": [
            {
                "occupation": {"key": activity.occupation, "words": words},
                "category": activity.category,
            }
        ],
        "home": worker.home,
        "name_km": {"family": worker.family_km, "given": worker.given_km},
        "name_latin": {"family": worker.family_latin, "given": worker.given_latin},
        "sex": worker.sex,
        "born": worker.born,
    }
    if worker.phone:
        known["own_phone"] = {"number": worker.phone, "is": worker.phone_is}
    if worker.id_number:
        known["identity"] = {"number": worker.id_number}
    return known


def _list_said(
    worker: Worker, activity: Activity, status: Status, registered_on: date | None
) -> dict[str, str]:
    """List what a line says in each column, however it writes it."""
    places = {level: worker.home[2 * at : 2 * at + 2] for at, level in enumerate(LEVELS)}
    return {
        "family_km": worker.family_km,
        "given_km": worker.given_km,
        "family_latin": worker.family_latin,
        "given_latin": worker.given_latin,
        "sex": worker.sex,
        "birth_date": worker.born,
        "phone": worker.phone,
        "id_number": worker.id_number or "",
        "occupation": f"{activity.occupation} {activity.occupation_words or ''}",
        "category": activity.category,
        "registered_on": str(registered_on or ""),
        "status": status.value,
        **places,
    }


def _hash(known: Any) -> str:
    return sha256(json.dumps(known, ensure_ascii=False).encode()).hexdigest()[:32]

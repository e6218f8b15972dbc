"""A list is tried: all of it is read and sorted as an import would, and nothing is stored."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from db import arrivals
from db.database import Database
from db.errors import DatabaseUnavailable
from db.imports import Counts, LineError
from db.staff import Connection
from documents.unreadable import Unreadable
from services.desk import Desk
from services.import_lists import Line, ListReader, OpenedList
from services.import_sharing import SharedLine, Sharing
from services.import_sorting import Known, Sorted, list_tags, sort_lines

AT_ONCE = 100
SHOWN = 3
ENOUGH_TO_TELL = 1_000
MOST_ERRORS = 20_000
"""So many mistakes are listed: a list with more has a mistake that all its lines share."""


@dataclass(frozen=True)
class KnownLine:
    """A line about somebody who came before; without a number, they come in this list twice."""

    line: Line
    number: str | None
    columns: tuple[str, ...] = ()


@dataclass
class Trial:
    """What a list would come to, as far as it has been read, with the first lines of each sort.

    `wrong_in` counts the mistakes by columns; `reason` says why it could not be read to its end.
    `elsewhere` counts the new people who are known from registers of other names, `undecided`
    those whose decision is not written, which is taken as approved, `sharing` those who have the
    phone number or card of somebody else. `mistakes` counts what is listed in `errors`, and more.
    """

    counts: Counts = field(default_factory=Counts)
    new: list[Line] = field(default_factory=list)
    unchanged: list[KnownLine] = field(default_factory=list)
    changed: list[KnownLine] = field(default_factory=list)
    refused: list[Line] = field(default_factory=list)
    warned: list[Line] = field(default_factory=list)
    errors: list[LineError] = field(default_factory=list)
    wrong_in: Counter[str] = field(default_factory=Counter)
    reason: str | None = None
    has_ended: bool = False
    elsewhere: Counter[str] = field(default_factory=Counter)
    undecided: int = 0
    shared: list[SharedLine] = field(default_factory=list)
    sharing: int = 0
    mistakes: int = 0

    @property
    def same_as(self) -> str | None:
        """The register of another name from which most of the new people are known."""
        return _find_most(self.elsewhere, self.counts.added)

    @property
    def is_good(self) -> bool:
        """Whether the list was read to its end and brings somebody."""
        return self.has_ended and self.reason is None and self.counts.added > 0

    @property
    def errors_left_out(self) -> int:
        """How many mistakes are counted but not listed."""
        return self.mistakes - len(self.errors)


async def try_list(
    database: Database,
    desk: Desk,
    opened: OpenedList,
    source: str,
    clock: Callable[[], datetime],
    trial: Trial | None = None,
    note: Callable[[Counts], object] = lambda _: None,
) -> Trial:
    """Read a list to its end and gather what it would come to; a given trial is filled."""
    trial = trial or Trial()
    said: dict[str, str] = {}
    sharing = Sharing()
    try:
        reader = await asyncio.to_thread(ListReader, opened, desk, source, clock())
        while lines := await asyncio.to_thread(reader.take, AT_ONCE):
            await _add(database, reader, trial, lines, said, sharing)
            note(trial.counts)
    except Unreadable as error:
        trial.reason = error.reason
    except DatabaseUnavailable:
        trial.reason = "database"
    trial.has_ended = True
    return trial


async def find_same_register(
    database: Database,
    desk: Desk,
    opened: OpenedList,
    source: str,
    clock: Callable[[], datetime],
) -> str | None:
    """Find the register of another name from which most people of a list are known.

    Its first lines are enough to tell.
    """
    elsewhere: Counter[str] = Counter()
    new: set[str] = set()
    with suppress(Unreadable):
        reader = await asyncio.to_thread(ListReader, opened, desk, source, clock())
        for _ in range(ENOUGH_TO_TELL // AT_ONCE):
            lines = await asyncio.to_thread(reader.take, AT_ONCE)
            async with database.read() as connection:
                known = await arrivals.find_known(connection, list_tags(reader, lines))
                found = sort_lines(reader, lines, known)
                elsewhere.update((await _find_elsewhere(connection, source, found)).values())
            new |= found.new.keys()
    return _find_most(elsewhere, len(new))


async def _find_elsewhere(connection: Connection, source: str, found: Sorted) -> dict[str, str]:
    people = {tag: row.registration.worker for tag, row in found.people}
    return await arrivals.find_elsewhere(connection, source, people)


def _find_most(elsewhere: Counter[str], new: int) -> str | None:
    most = elsewhere.most_common(1)
    return most[0][0] if 2 * elsewhere.total() > new else None


async def _add(
    database: Database,
    reader: ListReader,
    trial: Trial,
    lines: list[Line],
    said: dict[str, str],
    sharing: Sharing,
) -> None:
    async with database.read() as connection:
        stored = await arrivals.find_known(connection, list_tags(reader, lines))
        found = sort_lines(reader, lines, {**said, **stored})
        known = [*_want(trial.unchanged, found.unchanged), *found.changed]
        numbers = await arrivals.find_numbers(connection, [one.tag for one in known])
        elsewhere = await _find_elsewhere(connection, reader.source, found)
        shared = await sharing.find(connection, found, elsewhere)
    trial.elsewhere.update(elsewhere.values())
    said.update((tag, row.print) for tag, row in found.people)
    _count(trial, found, numbers, shared)
    for shown, sorted_lines in ((trial.unchanged, found.unchanged), (trial.changed, found.changed)):
        shown += [
            KnownLine(one.line, numbers.get(one.tag), one.columns)
            for one in _want(shown, sorted_lines)
        ]


def _count(
    trial: Trial, found: Sorted, numbers: Mapping[str, str], shared: list[SharedLine]
) -> None:
    errors = [*found.list_errors(numbers), *(error for line in shared for error in line.errors)]
    errors.sort(key=lambda error: error.row)
    trial.counts = trial.counts.plus(found.counts)
    trial.undecided += found.undecided
    trial.new += list(found.new.values())[: SHOWN - len(trial.new)]
    trial.refused += found.refused[: SHOWN - len(trial.refused)]
    trial.warned += found.warned[: SHOWN - len(trial.warned)]
    trial.shared += shared[: SHOWN - len(trial.shared)]
    trial.sharing += len(shared)
    trial.errors += errors[: MOST_ERRORS - len(trial.errors)]
    trial.mistakes += len(errors)
    wrong = (*found.refused, *found.warned)
    trial.wrong_in.update(one.column for line in wrong for one in line.problems)


def _want(shown: list[KnownLine], found: list[Known]) -> list[Known]:
    return found[: max(0, SHOWN - len(shown))]

"""People of another register are taken over: some lines at a time, beside the work of the bot."""

import asyncio
import re
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as time_of_day
from functools import partial
from itertools import islice
from typing import BinaryIO

from db import audit, imports
from db.database import Database
from db.errors import DatabaseUnavailable
from db.imports import TAG, Arrival, Counts, LineError
from db.staff import Connection
from documents.register_files import RegisterFile, Unreadable, open_register
from domain.applications import Application
from domain.audit import AuditEvent
from domain.import_columns import Heading, read_heading
from domain.import_places import PlaceReader
from domain.import_rows import CellProblem, ImportedRow, RowReader
from domain.numbers import draw_number
from domain.problems import Problem
from domain.texts import Text, message
from services.audit import note_program, note_staff
from services.desk import Actor, Desk
from services.import_words import REASONS, list_words

AT_FIRST, AT_LEAST, AT_MOST = 50, 10, 1_000
BESIDE_THE_BOT = 0.03
"""How many seconds a transaction should last: the bot waits so long to store what people write."""

ALONE = 0.3

SOURCE = re.compile("[a-z0-9][a-z0-9_-]{0,19}")
MOST_ERRORS = 200_000
_COMMAND = "command"


class CannotImport(Exception):
    """A file that cannot be imported at all; `words` say why and what to do."""

    def __init__(self, words: Text) -> None:
        super().__init__(words.id)
        self.words = words


@dataclass(frozen=True)
class Order:
    """What is to be imported: a list of the register with this short name.

    Without an actor it is the operator's, at the command line. `pace` is how many seconds each
    transaction should last.
    """

    filename: str
    source: str
    actor: Actor | None = None
    dry_run: bool = False
    pace: float = BESIDE_THE_BOT


@dataclass(frozen=True)
class Result:
    """What an import came to; `errors` are only given where none are stored."""

    counts: Counts
    reason: str | None = None
    errors: tuple[LineError, ...] = ()


Note = Callable[[Counts], object]
_Line = tuple[int, ImportedRow | tuple[CellProblem, ...]]


@dataclass(frozen=True)
class OpenedList:
    """A list whose first line has been understood."""

    file: RegisterFile
    heading: Heading


def open_list(file: BinaryIO, filename: str) -> OpenedList:
    """Open a list.

    Raises:
        CannotImport: it is no list, or it lacks columns.
    """
    try:
        opened = open_register(file, filename)
    except Unreadable as error:
        raise CannotImport(REASONS[error.reason]) from None
    heading = read_heading(opened.heading)
    if heading.missing:
        raise CannotImport(message("import.stopped.columns", columns=", ".join(heading.missing)))
    if heading.twice:
        raise CannotImport(message("import.stopped.twice", columns=", ".join(heading.twice)))
    return OpenedList(opened, heading)


async def begin_import(database: Database, order: Order, at: datetime) -> int:
    """Write down that an import begins, and give its id."""
    staff_id = order.actor.staff.id if order.actor else None

    async def begin(connection: Connection) -> int:
        begun = await imports.begin(connection, order.filename, order.source, staff_id, at)
        await audit.append(connection, [_note(order, "begin_import", f"import:{begun}")], at)
        return begun

    return await database.write(begin)


async def run_import(
    database: Database,
    desk: Desk,
    opened: OpenedList,
    order: Order,
    import_id: int,
    clock: Callable[[], datetime],
    note: Note = lambda _: None,
) -> Result:
    """Take a list over, some lines in each transaction; what was taken stays, whatever comes."""
    work = _Work(
        database, desk, opened, order, import_id, clock, _make_reader(desk, order, clock())
    )
    reason: str | None = None
    try:
        await work.run(note)
    except Unreadable as error:
        reason = error.reason
    except DatabaseUnavailable:
        reason = "database"
    if not order.dry_run:
        await _end(database, order, import_id, work.counts, reason, clock())
    return Result(work.counts, reason, tuple(work.errors))


class _Work:
    """One import at work: its pace, its counts, its errors."""

    def __init__(
        self,
        database: Database,
        desk: Desk,
        opened: OpenedList,
        order: Order,
        import_id: int,
        clock: Callable[[], datetime],
        reader: RowReader,
    ) -> None:
        self._database, self._desk, self._order = database, desk, order
        self._opened, self._reader = opened, reader
        self._import_id, self._clock = import_id, clock
        self._stop: Unreadable | None = None
        self._seen: dict[str, str] = {}
        self.counts = Counts()
        self.errors: list[LineError] = []

    async def run(self, note: Note) -> None:
        size = AT_FIRST
        while lines := await asyncio.to_thread(self._take, size):
            began = time.perf_counter()
            await self._store(lines)
            took = time.perf_counter() - began
            better = size * self._order.pace / max(took, 0.001)
            size = int(min(AT_MOST, 2 * size, max(AT_LEAST, better)))
            note(self.counts)
            await asyncio.sleep(0)
        if self._stop is not None:
            raise self._stop

    def _take(self, size: int) -> list[_Line]:
        """Read some lines; if the file ends badly, those before its end are taken first."""
        taken: list[_Line] = []
        if self._stop is not None:
            return taken
        try:
            for number, cells in islice(self._opened.file.lines, size):
                taken.append((number, self._reader.read(self._opened.heading.pick(cells))))
        except Unreadable as error:
            self._stop = error
        return taken

    async def _store(self, lines: Sequence[_Line]) -> None:
        if self._order.dry_run:
            async with self._database.read() as connection:
                counts, errors, rows = await self._sort(connection, lines)
            self._seen.update((self._tag(row), row.print) for row in rows)
            self.errors += errors[: MOST_ERRORS - len(self.errors)]
        else:
            counts = await self._database.write(partial(self._write, lines=lines))
        self.counts = counts

    async def _write(self, connection: Connection, lines: Sequence[_Line]) -> Counts:
        now = self._clock()
        counts, errors, rows = await self._sort(connection, lines)
        numbers = await _draw_numbers(connection, len(rows))
        arrivals = [
            self._make_arrival(row, number, now) for row, number in zip(rows, numbers, strict=True)
        ]
        await imports.add(connection, self._import_id, arrivals, now)
        await imports.add_errors(connection, self._import_id, errors)
        await imports.note_counts(connection, self._import_id, counts)
        details = {"import": self._import_id}
        events = [_note(self._order, "import", number, details) for number in numbers]
        await audit.append(connection, events, now)
        return counts

    async def _sort(
        self, connection: Connection, lines: Sequence[_Line]
    ) -> tuple[Counts, list[LineError], list[ImportedRow]]:
        """Tell the new from the known, the changed and the wrong."""
        tags = [self._tag(row) for _, row in lines if isinstance(row, ImportedRow)]
        known = {**self._seen, **await imports.find_known(connection, tags)}
        new: list[ImportedRow] = []
        errors: list[LineError] = []
        unchanged = changed = refused = 0
        for number, row in lines:
            if not isinstance(row, ImportedRow):
                refused += 1
                errors += [LineError(number, one.column, one.problem) for one in row]
            elif self._tag(row) not in known:
                known[self._tag(row)] = row.print
                new.append(row)
            elif known[self._tag(row)] == row.print:
                unchanged += 1
            else:
                changed += 1
                errors.append(LineError(number, "", Problem("import.changed")))
        counts = Counts(len(lines), len(new), unchanged, changed, refused)
        return self.counts.plus(counts), errors, new

    def _tag(self, row: ImportedRow) -> str:
        return f"{TAG}{self._order.source}:{row.key}"

    def _make_arrival(self, row: ImportedRow, number: str, now: datetime) -> Arrival:
        zone = self._desk.time_zone
        at = now
        if row.registered_on is not None:
            noon = datetime.combine(row.registered_on, time_of_day(12), zone)
            at = min(now, noon.astimezone(UTC))
        application = Application(
            number=number,
            chat_id=None,
            draft_tag=self._tag(row),
            form_version=self._desk.form.version,
            registration=row.registration,
            answers=row.answers,
            submitted_at=at,
            answer_due_on=at.astimezone(zone).date(),
            due_at=at,
            status=row.status,
        )
        return Arrival(self._tag(row), row.print, application, at)


async def _end(
    database: Database,
    order: Order,
    import_id: int,
    counts: Counts,
    reason: str | None,
    at: datetime,
) -> None:
    async def end(connection: Connection) -> None:
        status = "stopped" if reason else "done"
        await imports.end(connection, import_id, status, reason, at)
        details = {**vars(counts), "status": status}
        await audit.append(
            connection, [_note(order, "end_import", f"import:{import_id}", details)], at
        )

    await database.write(end)


async def _draw_numbers(connection: Connection, count: int) -> list[str]:
    free: list[str] = []
    while len(free) < count:
        drawn = {draw_number(secrets.randbelow(10**8)) for _ in range(count - len(free))}
        taken = await imports.find_taken(connection, drawn)
        free += [number for number in drawn if number not in taken and number not in free]
    return free


def _note(
    order: Order, act: str, subject: str, details: Mapping[str, object] | None = None
) -> AuditEvent:
    if order.actor is None:
        return note_program(act, subject, _COMMAND, details)
    return note_staff(act, subject, order.actor, details)


def _make_reader(desk: Desk, order: Order, now: datetime) -> RowReader:
    today: date = now.astimezone(desk.time_zone).date()
    places = _load_places(desk)
    return RowReader(places, desk.occupations, list_words(desk), f"import:{order.source}", today)


_places: dict[int, PlaceReader] = {}


def _load_places(desk: Desk) -> PlaceReader:
    key = id(desk.gazetteer)
    if key not in _places:
        _places.clear()
        _places[key] = PlaceReader(desk.gazetteer)
    return _places[key]

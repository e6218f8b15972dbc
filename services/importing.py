"""People of another register are taken over: some lines at a time, beside the work of the bot."""

import asyncio
import re
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from datetime import time as time_of_day

from db import arrivals, audit, imports
from db.arrivals import Arrival
from db.database import Database
from db.errors import DatabaseUnavailable
from db.imports import Counts
from db.staff import Connection
from documents.unreadable import Unreadable
from domain.applications import Application
from domain.audit import AuditEvent
from domain.import_rows import ImportedRow
from domain.numbers import draw_number
from services.audit import note_program, note_staff
from services.desk import Actor, Desk
from services.import_lists import Line, ListReader, OpenedList
from services.import_pace import Pace
from services.import_sorting import list_tags, sort_lines

SOURCE = re.compile("[a-z0-9][a-z0-9_-]{0,19}")
_COMMAND = "command"
STOPPED = "asked"
"""Why an import came no further that somebody has stopped."""


@dataclass(frozen=True)
class Order:
    """What is to be imported: a list of the register with this short name.

    Without an actor it is the operator's, at the command line. `total` is how many lines there are,
    where these were counted before.
    """

    filename: str
    source: str
    actor: Actor | None = None
    total: int | None = None


@dataclass(frozen=True)
class Result:
    """What an import came to; `reason` says why it came no further, if it did not."""

    counts: Counts
    reason: str | None = None


Note = Callable[[Counts], object]


async def begin_import(database: Database, order: Order, at: datetime) -> int:
    """Write down that an import begins, and give its id."""
    staff_id = order.actor.staff.id if order.actor else None

    async def begin(connection: Connection) -> int:
        begun = await imports.begin(
            connection, order.filename, order.source, staff_id, at, order.total
        )
        await audit.append(connection, [_note(order, "begin_import", f"import:{begun}")], at)
        return begun

    return await database.write(begin)


async def stop_import(database: Database, actor: Actor, import_id: int, at: datetime) -> None:
    """Write down who stops an import, before it is."""
    asked = note_staff("stop_import", f"import:{import_id}", actor)
    await database.write(lambda connection: audit.append(connection, [asked], at))


async def run_import(
    database: Database,
    desk: Desk,
    opened: OpenedList,
    order: Order,
    import_id: int,
    clock: Callable[[], datetime],
    note: Note = lambda _: None,
    pace: Pace | None = None,
    is_wanted: Callable[[], bool] = lambda: True,
) -> Result:
    """Take a list over, some lines in each transaction; what was taken stays, whatever comes.

    Before each part it is asked whether the import is wanted still.
    """
    reader = await asyncio.to_thread(ListReader, opened, desk, order.source, clock())
    work = _Work(database, desk, reader, order, import_id, clock, pace or Pace())
    reason: str | None = None
    try:
        reason = await work.run(note, is_wanted)
    except Unreadable as error:
        reason = error.reason
    except DatabaseUnavailable:
        reason = "database"
    await _end(database, order, import_id, work.counts, reason, clock())
    return Result(work.counts, reason)


@dataclass
class _Work:
    """One import at work, and what it has counted so far."""

    database: Database
    desk: Desk
    reader: ListReader
    order: Order
    import_id: int
    clock: Callable[[], datetime]
    pace: Pace
    counts: Counts = field(default_factory=Counts)

    async def run(self, note: Note, is_wanted: Callable[[], bool]) -> str | None:
        while lines := await asyncio.to_thread(self.reader.take, self.pace.size):
            if not is_wanted():
                return STOPPED
            rest = await self._store(lines)
            note(self.counts)
            await asyncio.sleep(rest)
        return None

    async def _store(self, lines: Sequence[Line]) -> float:
        """Store some lines, and tell how long to rest."""
        asked = begun = time.perf_counter()

        async def write(connection: Connection) -> Counts:
            nonlocal begun
            begun = time.perf_counter()
            return await self._write(connection, lines)

        self.counts = await self.database.write(write)
        return self.pace.note(time.perf_counter() - begun, begun - asked)

    async def _write(self, connection: Connection, lines: Sequence[Line]) -> Counts:
        now = self.clock()
        prints = await arrivals.find_known(connection, list_tags(self.reader, lines))
        found = sort_lines(self.reader, lines, prints)
        counts = self.counts.plus(found.counts)
        numbers = await _draw_numbers(connection, len(found.people))
        made = [
            self._make_arrival(tag, row, number, now)
            for (tag, row), number in zip(found.people, numbers, strict=True)
        ]
        await arrivals.add(connection, self.import_id, made, now)
        known = await arrivals.find_numbers(connection, [one.tag for one in found.changed])
        await imports.add_errors(connection, self.import_id, found.list_errors(known))
        await imports.note_counts(connection, self.import_id, counts)
        details = {"import": self.import_id}
        events = [_note(self.order, "import", number, details) for number in numbers]
        await audit.append(connection, events, now)
        return counts

    def _make_arrival(self, tag: str, row: ImportedRow, number: str, now: datetime) -> Arrival:
        zone = self.desk.time_zone
        at = now
        if row.registered_on is not None:
            noon = datetime.combine(row.registered_on, time_of_day(12), zone)
            at = min(now, noon.astimezone(UTC))
        application = Application(
            number=number,
            chat_id=None,
            draft_tag=tag,
            form_version=self.desk.form.version,
            registration=row.registration,
            answers=row.answers,
            submitted_at=at,
            answer_due_on=at.astimezone(zone).date(),
            due_at=at,
            status=row.status,
        )
        return Arrival(tag, row.print, application, at)


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
        taken = await arrivals.find_taken(connection, drawn)
        free += [number for number in drawn if number not in taken and number not in free]
    return free


def _note(
    order: Order, act: str, subject: str, details: Mapping[str, object] | None = None
) -> AuditEvent:
    if order.actor is None:
        return note_program(act, subject, _COMMAND, details)
    return note_staff(act, subject, order.actor, details)

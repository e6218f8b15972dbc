"""Imports of other registers: how far each is, what it could not take, and whom it brought."""

from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import add as add_up
from typing import Any, Literal

from sqlalchemy import BindParameter, RowMapping, bindparam, insert, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db import likeness
from db.applications import to_row
from db.statements import Row, insert_in_order, run_many, select_by_ids
from db.tables import (
    activities,
    applications,
    import_errors,
    imported_rows,
    imports,
    worker_keys,
    workers,
)
from domain.applications import Application
from domain.duplicates import list_match_keys
from domain.problems import Problem
from domain.registrations import Worker

TAG = "import:"
Kind = Literal["error", "changed", "warning", "shared"]
"""What a mistake means; that a number is `shared` is told by a trial, and not stored."""

ERRORS_AT_ONCE = 1_000


# Made once, since each is run in every transaction of an import.
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_FIND_KNOWN = select(imported_rows.c.tag, imported_rows.c.print).where(
    imported_rows.c.tag.in_(_IDS)
)
_FIND_NUMBERS = (
    select(imported_rows.c.tag, applications.c.number)
    .join(applications, applications.c.id == imported_rows.c.application_id)
    .where(imported_rows.c.tag.in_(_IDS))
)
_FIND_ALIKE = (
    select(
        worker_keys.c.key,
        workers.c.family_km,
        workers.c.given_km,
        workers.c.born,
        workers.c.phone,
        applications.c.source,
    )
    .join(workers, workers.c.id == worker_keys.c.worker_id)
    .join(applications, applications.c.worker_id == workers.c.id)
    .where(
        worker_keys.c.kind == literal_column("'match'"),
        worker_keys.c.key.in_(_IDS),
        applications.c.source.startswith(literal_column(f"'{TAG}'")),
    )
)
_FIND_TAKEN = select(applications.c.number).where(applications.c.number.in_(_IDS))
_ADD_ERRORS, _ADD_KEYS = insert(import_errors), insert(worker_keys)
_ADD_ACTIVITIES, _ADD_ROWS = insert(activities), insert(imported_rows)


@dataclass(frozen=True)
class Counts:
    """The lines of a list: each was added, known and the same, known and other, or refused.

    Some of those that were added were `warned` about: they came without their phone number.
    """

    rows: int = 0
    added: int = 0
    unchanged: int = 0
    changed: int = 0
    refused: int = 0
    warned: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """Add the counts of some more lines."""
        return Counts(*map(add_up, vars(self).values(), vars(other).values()))


_NOTE_COUNTS = (
    update(imports)
    .where(imports.c.id == bindparam("import_id"))
    .values({name: bindparam(f"new_{name}") for name in vars(Counts())})
)


@dataclass(frozen=True)
class Import:
    """One import; `reason` says why it was stopped, if it was; `total` counts the list's lines."""

    id: int
    filename: str
    source: str
    staff_id: int | None
    status: str
    reason: str | None
    counts: Counts
    began_at: datetime
    ended_at: datetime | None
    total: int | None = None


@dataclass(frozen=True)
class LineError:
    """What is wrong in which line and column, and what this meant for the person."""

    row: int
    column: str
    problem: Problem
    kind: Kind = "error"


@dataclass(frozen=True)
class Arrival:
    """An application that comes with an import; `tag` names its line, `print` what that said."""

    tag: str
    print: str
    application: Application
    decided_at: datetime


async def begin(
    connection: AsyncConnection,
    filename: str,
    source: str,
    staff_id: int | None,
    at: datetime,
    total: int | None = None,
) -> int:
    """Begin an import; one that was cut off before is stopped, since one at a time goes on."""
    await connection.execute(
        update(imports)
        .where(imports.c.status == "running")
        .values(status="stopped", reason="cut", ended_at=at)
    )
    values = {
        "filename": filename,
        "source": source,
        "staff_id": staff_id,
        "status": "running",
        "began_at": at,
        "total": total,
        **vars(Counts()),
    }
    made = await connection.execute(insert(imports).values(values).returning(imports.c.id))
    return int(made.scalar_one())


async def note_counts(connection: AsyncConnection, import_id: int, counts: Counts) -> None:
    """Note how far an import is."""
    row = {f"new_{name}": count for name, count in vars(counts).items()}
    await run_many(connection, _NOTE_COUNTS, [{"import_id": import_id, **row}])


async def end(
    connection: AsyncConnection, import_id: int, status: str, reason: str | None, at: datetime
) -> None:
    """Note that an import is done, or why it was stopped."""
    await connection.execute(
        update(imports)
        .where(imports.c.id == import_id)
        .values(status=status, reason=reason, ended_at=at)
    )


async def find(connection: AsyncConnection, import_id: int) -> Import | None:
    """Find an import."""
    rows = await connection.execute(select(imports).where(imports.c.id == import_id))
    row = rows.mappings().one_or_none()
    return _read(row) if row else None


async def list_recent(connection: AsyncConnection, limit: int = 20) -> list[Import]:
    """List the last imports, the newest first."""
    rows = await connection.execute(select(imports).order_by(imports.c.id.desc()).limit(limit))
    return [_read(row) for row in rows.mappings()]


async def list_sources(connection: AsyncConnection) -> list[str]:
    """List the short names of the registers that have been imported."""
    sources = select(imports.c.source).distinct().order_by(imports.c.source)
    return list(await connection.scalars(sources))


async def add_errors(
    connection: AsyncConnection, import_id: int, errors: Sequence[LineError]
) -> None:
    """Keep what could not be taken."""
    rows = [
        {
            "import_id": import_id,
            "row": error.row,
            "column": error.column,
            "problem": error.problem.code,
            "details": dict(error.problem.params),
            "kind": error.kind,
        }
        for error in errors
    ]
    await run_many(connection, _ADD_ERRORS, rows)


async def read_errors(connection: AsyncConnection, import_id: int) -> AsyncIterator[LineError]:
    """Read what could not be taken in the order of the lines, some at a time."""
    after = 0
    while True:
        rows = await connection.execute(
            select(import_errors)
            .where(import_errors.c.import_id == import_id, import_errors.c.id > after)
            .order_by(import_errors.c.id)
            .limit(ERRORS_AT_ONCE)
        )
        found = rows.mappings().all()
        for row in found:
            problem = Problem(row["problem"], row["details"])
            yield LineError(row["row"], row["column"], problem, row["kind"])
        if len(found) < ERRORS_AT_ONCE:
            return
        after = found[-1]["id"]


async def find_known(connection: AsyncConnection, tags: Collection[str]) -> dict[str, str]:
    """Find which lines came before, and what each said then."""
    return dict(await select_by_ids(connection, _FIND_KNOWN, tags))


async def find_numbers(connection: AsyncConnection, tags: Collection[str]) -> dict[str, str]:
    """Find the applications that lines have become, by the names of the lines."""
    return dict(await select_by_ids(connection, _FIND_NUMBERS, tags))


async def find_elsewhere(
    connection: AsyncConnection, source: str, people: Mapping[str, Worker]
) -> dict[str, str]:
    """Find who came from another register with the same name, birth and phone, and from which."""
    keys = {name: _pick_key(worker) for name, worker in people.items()}
    rows = await select_by_ids(connection, _FIND_ALIKE, sorted(set(keys.values())))
    known = {
        (key, *person): origin.removeprefix(TAG)
        for key, *person, origin in rows
        if origin != f"{TAG}{source}"
    }
    found = {
        name: known.get((keys[name], one.family_km, one.given_km, one.born, one.phone))
        for name, one in people.items()
    }
    return {name: origin for name, origin in found.items() if origin}


def _pick_key(worker: Worker) -> str:
    """Pick a key that a person surely shares with a record that says the same."""
    keys = list_match_keys(worker)
    by_phone = f"phone:{worker.phone}"
    return by_phone if by_phone in keys else min(key for key in keys if ":born:" in key)


async def find_taken(connection: AsyncConnection, numbers: Collection[str]) -> set[str]:
    """Find which of some application numbers are taken."""
    return {number for (number,) in await select_by_ids(connection, _FIND_TAKEN, numbers)}


async def add(
    connection: AsyncConnection, import_id: int, arrivals: Sequence[Arrival], now: datetime
) -> None:
    """Store people who come with an import, decided where they come from."""
    if not arrivals:
        return
    found = [arrival.application.registration for arrival in arrivals]
    people = await insert_in_order(
        connection, workers, [{**vars(one.worker), "created_at": now} for one in found]
    )
    rows = [_write(one, worker_id) for one, worker_id in zip(arrivals, people, strict=True)]
    ids = await insert_in_order(connection, applications, rows)
    keys = [
        {"kind": kind, "key": key, "worker_id": worker_id}
        for one, worker_id in zip(found, people, strict=True)
        for kind, key in likeness.list_keys(one.worker)
    ]
    keys.sort(key=lambda row: (row["kind"], row["key"]))
    await run_many(connection, _ADD_KEYS, keys)
    await run_many(connection, _ADD_ACTIVITIES, list(_list_activities(ids, arrivals)))
    lines = [
        {"tag": one.tag, "print": one.print, "application_id": row_id, "import_id": import_id}
        for one, row_id in zip(arrivals, ids, strict=True)
    ]
    await run_many(connection, _ADD_ROWS, lines)
    newcomers = list(zip(ids, (one.worker for one in found), strict=True))
    await likeness.note_pairs_of_many(connection, newcomers, now)


def _write(arrival: Arrival, worker_id: int) -> Row:
    application = arrival.application
    return {
        **to_row(application),
        "worker_id": worker_id,
        "status": application.status.value,
        "waiting": None,
        "due_at": None,
        "decided_at": arrival.decided_at,
    }


def _list_activities(ids: Sequence[int], arrivals: Sequence[Arrival]) -> Iterator[Row]:
    for application_id, arrival in zip(ids, arrivals, strict=True):
        for position, one in enumerate(arrival.application.registration.activities, start=1):
            yield {"application_id": application_id, "position": position, **vars(one)}


def _read(row: RowMapping) -> Import:
    counts = Counts(**{name: row[name] for name in vars(Counts())})
    known = {name: row[name] for name in row if name not in vars(counts)}
    return Import(**known, counts=counts)


def shown_as(one: Import, running: int | None) -> Import:
    """Show an import as cut off that says to be running and is not the one that runs."""
    if one.status != "running" or one.id == running:
        return one
    return replace(one, status="stopped", reason="cut")

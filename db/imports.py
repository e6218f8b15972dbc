"""Imports of other registers: how far each is, and what it could not take."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import add as add_up
from typing import Literal

from sqlalchemy import RowMapping, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.statements import run_many
from db.tables import import_errors, imports
from domain.problems import Problem

Kind = Literal["error", "changed", "warning", "shared"]
"""What a mistake means; that a number is `shared` is told by a trial, and not stored."""


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


# Made once, since each is run in every transaction of an import.
_ADD_ERRORS = insert(import_errors)
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


async def list_errors(
    connection: AsyncConnection, import_id: int, after: int, limit: int
) -> tuple[list[LineError], int | None]:
    """List some of what could not be taken, in the order of the lines, and after what to go on."""
    rows = await connection.execute(
        select(import_errors)
        .where(import_errors.c.import_id == import_id, import_errors.c.id > after)
        .order_by(import_errors.c.id)
        .limit(limit)
    )
    found = rows.mappings().all()
    return [_read_error(row) for row in found], found[-1]["id"] if len(found) == limit else None


def _read_error(row: RowMapping) -> LineError:
    return LineError(
        row["row"], row["column"], Problem(row["problem"], row["details"]), row["kind"]
    )


def _read(row: RowMapping) -> Import:
    counts = Counts(**{name: row[name] for name in vars(Counts())})
    known = {name: row[name] for name in row if name not in vars(counts)}
    return Import(**known, counts=counts)


def shown_as(one: Import, running: int | None) -> Import:
    """Show an import as cut off that says to be running and is not the one that runs."""
    if one.status != "running" or one.id == running:
        return one
    return replace(one, status="stopped", reason="cut")

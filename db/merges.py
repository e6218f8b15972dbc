"""Applications of one person made one: what was before is kept, so that it can be undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.applications import id_of
from db.tables import applications, merges
from domain.applications import Status
from domain.cases import Case, Waiting

_MOMENTS = ("due_at", "decided_at")


@dataclass(frozen=True)
class Merge:
    """A merge that holds: the id of the person as it was, and the standing of the application."""

    worker_id: int
    former: Case


async def add(
    connection: AsyncConnection, former: Case, kept: str, staff_id: int, at: datetime
) -> None:
    """Give an application, by its former standing, to the person of the one that is kept."""
    worker_id = await _get_worker(connection, former.number)
    await connection.execute(
        insert(merges).values(
            application_id=id_of(former.number),
            kept_id=id_of(kept),
            former={"worker_id": worker_id, "case": _write_case(former)},
            merged_by=staff_id,
            merged_at=at,
        )
    )
    await _give_to(connection, former.number, await _get_worker(connection, kept))


async def find_open(connection: AsyncConnection, number: str) -> Merge | None:
    """Find the merge of an application that holds."""
    rows = await connection.execute(
        select(merges.c.former).where(
            merges.c.application_id == id_of(number), merges.c.undone_at.is_(None)
        )
    )
    row = rows.mappings().one_or_none()
    return _read(row) if row else None


async def undo(connection: AsyncConnection, number: str, staff_id: int, at: datetime) -> None:
    """Give an application back to the person whom it had before."""
    merge = await find_open(connection, number)
    if merge is None:
        return
    await _give_to(connection, number, merge.worker_id)
    await connection.execute(
        update(merges)
        .where(merges.c.application_id == id_of(number), merges.c.undone_at.is_(None))
        .values(undone_by=staff_id, undone_at=at)
    )


async def has_merged(connection: AsyncConnection, number: str) -> bool:
    """Tell whether others, that their workers did not withdraw, are merged into an application."""
    statement = (
        select(func.count())
        .select_from(merges)
        .join(applications, applications.c.id == merges.c.application_id)
        .where(
            merges.c.kept_id == id_of(number),
            merges.c.undone_at.is_(None),
            applications.c.status != Status.WITHDRAWN,
        )
    )
    return bool(await connection.scalar(statement))


async def _get_worker(connection: AsyncConnection, number: str) -> int:
    statement = select(applications.c.worker_id).where(applications.c.number == number)
    worker_id: int = (await connection.execute(statement)).scalar_one()
    return worker_id


async def _give_to(connection: AsyncConnection, number: str, worker_id: int) -> None:
    await connection.execute(
        update(applications).where(applications.c.number == number).values(worker_id=worker_id)
    )


def _write_case(case: Case) -> Mapping[str, Any]:
    moments = {name: getattr(case, name) for name in _MOMENTS}
    written = {name: moment and moment.isoformat() for name, moment in moments.items()}
    return {**vars(case), **written}


def _read(row: RowMapping) -> Merge:
    written = row["former"]["case"]
    moments = {name: written[name] and datetime.fromisoformat(written[name]) for name in _MOMENTS}
    waiting = written["waiting"]
    former = Case(
        **{
            **written,
            **moments,
            "status": Status(written["status"]),
            "waiting": Waiting(waiting) if waiting else None,
        }
    )
    return Merge(row["former"]["worker_id"], former)

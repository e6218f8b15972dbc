"""People who come with an import: which lines came before, and who is known from elsewhere."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, insert, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db import likeness
from db.applications import to_row
from db.statements import Row, insert_in_order, run_many, select_by_ids
from db.tables import activities, applications, imported_rows, worker_keys, workers
from domain.applications import Application
from domain.duplicates import list_match_keys
from domain.registrations import Worker
from domain.sources import IMPORT

TAG = IMPORT

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
        applications.c.draft_tag.startswith(literal_column(f"'{TAG}'")),
        applications.c.source.startswith(literal_column(f"'{TAG}'")),
    )
)
_FIND_TAKEN = select(applications.c.number).where(applications.c.number.in_(_IDS))
_ADD_KEYS, _ADD_ACTIVITIES = insert(worker_keys), insert(activities)
_ADD_ROWS = insert(imported_rows)


@dataclass(frozen=True)
class Arrival:
    """An application that comes with an import; `tag` names its line, `print` what that said."""

    tag: str
    print: str
    application: Application
    decided_at: datetime


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

"""Who might be the same person: stored keys by which people are found, and the pairs they make."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, insert, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.statements import run_many, select_by_ids
from db.tables import applications, duplicate_pairs, worker_keys, workers
from domain.applications import Status
from domain.duplicates import Likeness, compare, list_match_keys, list_name_keys
from domain.registrations import Worker

POSSIBLE_DUPLICATE = "possible_duplicate"
"""The flag of an application whose person may have registered before."""

MOST_NAMED = 10_000
MOST_CANDIDATES = 300
"""People compared with a new one; keys are so choosy that there are seldom more than a few."""

_WORKER = tuple(workers.c[field.name] for field in fields(Worker))
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_LIST_WORKERS = (
    select(applications.c.id, *_WORKER)
    .join(workers, workers.c.id == applications.c.worker_id)
    .where(applications.c.id.in_(_IDS))
)
_LIST_SHARING = (
    select(worker_keys.c.key, applications.c.id)
    .join(applications, applications.c.worker_id == worker_keys.c.worker_id)
    .where(
        worker_keys.c.kind == literal_column("'match'"),
        worker_keys.c.key.in_(_IDS),
        applications.c.status != literal_column(f"'{Status.WITHDRAWN.value}'"),
    )
)
_FIND_SHARING = _LIST_SHARING.with_only_columns(worker_keys.c.key, applications.c.number)


def list_keys(worker: Worker) -> list[tuple[str, str]]:
    """List the kinds and keys by which a person is found."""
    return [
        *(("name", key) for key in sorted(list_name_keys(worker))),
        *(("match", key) for key in sorted(list_match_keys(worker))),
        *([("phone", worker.phone)] if worker.phone else []),
    ]


async def renew_keys(connection: AsyncConnection, worker_id: int, worker: Worker) -> None:
    """Store the keys of a person in the place of any former ones."""
    await connection.execute(delete(worker_keys).where(worker_keys.c.worker_id == worker_id))
    rows = [{"kind": kind, "key": key, "worker_id": worker_id} for kind, key in list_keys(worker)]
    await run_many(connection, insert(worker_keys), rows)


async def note_pairs(
    connection: AsyncConnection, application_id: int, worker: Worker, now: datetime
) -> None:
    """Store which other applications may be the same person's, and flag this one if any are."""
    pairs = await _find_pairs(connection, application_id, worker)
    await _store_pairs(connection, application_id, pairs, now)


async def _store_pairs(
    connection: AsyncConnection,
    application_id: int,
    pairs: Sequence[tuple[int, Likeness]],
    now: datetime,
) -> None:
    if not pairs:
        return
    rows = [
        {
            "application_id": application_id,
            "other_id": other_id,
            "percent": round(likeness.score * 100),
            "signs": [sign.value for sign in likeness.signs],
            "found_at": now,
        }
        for other_id, likeness in pairs
    ]
    await connection.execute(insert(duplicate_pairs), rows)
    for flagged in (application_id, *(other_id for other_id, _ in pairs)):
        await flag(connection, flagged)


async def note_pairs_of_many(
    connection: AsyncConnection, newcomers: Sequence[tuple[int, Worker]], now: datetime
) -> None:
    """Do the same for applications that have come at once, whose keys are stored already."""
    sharing = await _list_sharing(connection, [worker for _, worker in newcomers])
    candidates = {
        application_id: {
            other
            for key in list_match_keys(worker)
            if len(sharing.get(key, ())) <= MOST_CANDIDATES
            for other in sharing.get(key, ())
            if other < application_id
        }
        for application_id, worker in newcomers
    }
    known = await _list_workers(connection, sorted(set[int]().union(*candidates.values())))
    for application_id, worker in newcomers:
        compared = [(other, compare(worker, known[other])) for other in candidates[application_id]]
        pairs = [(other, likeness) for other, likeness in compared if likeness.is_possible]
        await _store_pairs(connection, application_id, pairs, now)


async def _list_workers(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, Worker]:
    """List who some applications are of, not more at once than a statement may name."""
    found: dict[int, Worker] = {}
    for first in range(0, len(ids), MOST_NAMED):
        named = ids[first : first + MOST_NAMED]
        rows = await select_by_ids(connection, _LIST_WORKERS, named)
        found.update((application_id, Worker(*values)) for application_id, *values in rows)
    return found


async def find_sharing(connection: AsyncConnection, keys: Collection[str]) -> dict[str, str]:
    """Find for each of these keys an application of somebody who has it, unless withdrawn."""
    return dict(await select_by_ids(connection, _FIND_SHARING, sorted(keys)))


async def _list_sharing(
    connection: AsyncConnection, found: Sequence[Worker]
) -> dict[str, list[int]]:
    """List for each key of these people the applications that have it, unless withdrawn."""
    keys = set[str]().union(*map(list_match_keys, found))
    rows = await select_by_ids(connection, _LIST_SHARING, keys)
    sharing: dict[str, list[int]] = {}
    for key, application_id in rows:
        sharing.setdefault(key, []).append(application_id)
    return sharing


async def _find_pairs(
    connection: AsyncConnection, application_id: int, worker: Worker
) -> list[tuple[int, Likeness]]:
    keys = list_match_keys(worker)
    sharing = (
        select(worker_keys.c.worker_id)
        .where(worker_keys.c.kind == "match", worker_keys.c.key.in_(keys))
        .distinct()
        .limit(MOST_CANDIDATES)
    )
    rows = await connection.execute(
        select(applications.c.id, *_WORKER)
        .join(workers, workers.c.id == applications.c.worker_id)
        .where(
            applications.c.worker_id.in_(sharing),
            applications.c.id != application_id,
            applications.c.status != Status.WITHDRAWN,
        )
    )
    known = await _list_known(connection, application_id)
    compared = [
        (other_id, compare(worker, Worker(*values)))
        for other_id, *values in rows
        if other_id not in known
    ]
    return [(other_id, likeness) for other_id, likeness in compared if likeness.is_possible]


async def _list_known(connection: AsyncConnection, application_id: int) -> set[int]:
    """List the applications that are paired with this one already, in either order."""
    pairs = await connection.execute(
        select(duplicate_pairs.c.application_id, duplicate_pairs.c.other_id).where(
            or_(
                duplicate_pairs.c.application_id == application_id,
                duplicate_pairs.c.other_id == application_id,
            )
        )
    )
    return {one for pair in pairs for one in pair} - {application_id}


async def flag(connection: AsyncConnection, application_id: int) -> None:
    """Mark an application as one whose person may have registered before or again."""
    stored = select(applications.c.flags).where(applications.c.id == application_id)
    flags: Iterable[str] = (await connection.execute(stored)).scalar_one()
    await connection.execute(
        update(applications)
        .where(applications.c.id == application_id)
        .values(flags=sorted({*flags, POSSIBLE_DUPLICATE}))
    )

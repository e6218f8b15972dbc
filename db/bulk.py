"""Invented people stored many at once, for demonstrations and measurements."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from sqlalchemy import Table, func, insert, select

from db import merges
from db.applications import to_row
from db.certificates import IssuedCertificate
from db.certificates import to_row as to_certificate_row
from db.likeness import POSSIBLE_DUPLICATE, flag, list_keys
from db.staff import Connection
from db.statements import Row, insert_in_order, run_many
from db.tables import (
    activities,
    applications,
    certificates,
    change_requests,
    consents,
    contacts,
    corrections,
    duplicate_pairs,
    worker_keys,
    workers,
)
from domain.cases import Act
from domain.demo.journeys import Step
from domain.demo.livelihoods import wish_other_income
from domain.demo.people import FIRST_CHAT
from domain.demo.population import Life

_Keyed: TypeAlias = Sequence[tuple[int, Life]]
_STANDING = ("assigned_to", "decided_by", "decided_at", "reason", "appealed", "duplicate_of")


async def find_last_demo_chat(connection: Connection) -> int | None:
    """Find the id of the last chat of an invented person."""
    last: int | None = await connection.scalar(select(func.max(contacts.c.chat_id)))
    return last if last and last > FIRST_CHAT else None


async def has_applications(connection: Connection) -> bool:
    """Tell whether anybody has submitted anything."""
    return await connection.scalar(select(applications.c.id).limit(1)) is not None


async def list_numbers(connection: Connection) -> list[str]:
    """List the numbers of all applications."""
    return list(await connection.scalars(select(applications.c.number)))


async def give_room(connection: Connection, megabytes: int = 2) -> None:
    """Let SQLite keep more of its indexes in memory than the usual 2 MB, until told otherwise."""
    if connection.dialect.name == "sqlite":
        await connection.exec_driver_sql(f"PRAGMA cache_size = -{megabytes * 1000}")


class Bulk:
    """Stores lives in the order in which they were made."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ids = array("q")

    async def add(self, lives: Sequence[Life], cards: Mapping[str, IssuedCertificate]) -> None:
        """Store some lives, and the certificates that were issued by their numbers."""
        newcomers = [life for life in lives if life.invented.is_first_in_chat]
        await self._insert(contacts, map(_write_contact, newcomers))
        people = await insert_in_order(self._connection, workers, list(map(_write_worker, lives)))
        rows = list(map(_write_application, lives, people))
        ids = await insert_in_order(self._connection, applications, rows)
        self._ids.extend(ids)
        keyed = list(zip(ids, lives, strict=True))
        await self._insert(worker_keys, sorted(_list_worker_keys(people, lives), key=_find_place))
        await self._insert(activities, _list_activities(keyed))
        await self._insert(consents, _list_consents(keyed))
        await self._insert(corrections, _list_corrections(keyed))
        await self._insert(change_requests, _list_changes(keyed))
        await self._insert(certificates, _list_certificates(keyed, cards))
        doubles = list(_list_doubles(keyed, self._ids))
        await self._insert(duplicate_pairs, doubles)
        for double in doubles:
            await flag(self._connection, double["other_id"])
        for life in lives:
            await _merge(self._connection, life)

    async def _insert(self, table: Table, rows: Iterable[Row]) -> None:
        await run_many(self._connection, insert(table), list(rows))


def _write_contact(life: Life) -> Row:
    at = life.invented.submitted_at
    answers = life.invented.draft.answers
    return {
        "chat_id": life.invented.chat_id,
        "locale": answers["language"],
        "reachable": False,
        "wants_notices": answers["notices"] == "yes",
        "created_at": at,
        "active_at": at,
    }


def _write_worker(life: Life) -> Row:
    worker = vars(life.application.registration.worker)
    return {**worker, "created_at": life.invented.submitted_at}


def _write_application(life: Life, worker_id: int) -> Row:
    case = life.journey.case
    row = to_row(life.application)
    if life.double:
        row["flags"] = sorted({*row["flags"], POSSIBLE_DUPLICATE})
    return {
        **row,
        **{name: getattr(case, name) for name in _STANDING},
        "worker_id": worker_id,
        "status": case.status.value,
        "waiting": case.waiting,
        "due_at": case.due_at,
    }


def _list_worker_keys(people: Sequence[int], lives: Sequence[Life]) -> Iterator[Row]:
    for worker_id, life in zip(people, lives, strict=True):
        for kind, key in list_keys(life.application.registration.worker):
            yield {"kind": kind, "key": key, "worker_id": worker_id}


def _find_place(row: Row) -> tuple[str, str]:
    """Tell where a row comes in the index; in its order fewer pages are touched."""
    return row["kind"], row["key"]


def _list_activities(keyed: _Keyed) -> Iterator[Row]:
    for application_id, life in keyed:
        for position, one in enumerate(life.application.registration.activities, start=1):
            yield {"application_id": application_id, "position": position, **vars(one)}


def _list_consents(keyed: _Keyed) -> Iterator[Row]:
    for application_id, life in keyed:
        for one in life.application.registration.consents:
            given_at = datetime.fromisoformat(one.given_at)
            yield {"application_id": application_id, **vars(one), "given_at": given_at}


def _list_corrections(keyed: _Keyed) -> Iterator[Row]:
    for application_id, life in keyed:
        for step in life.journey.list_steps(Act.REQUEST_CORRECTION):
            yield {
                "application_id": application_id,
                "item": step.item,
                "reason": step.reason,
                "asked_at": _read_moment(step),
                "answered_at": _read_moment(life.journey.find_step(Act.CORRECT)),
            }


def _list_changes(keyed: _Keyed) -> Iterator[Row]:
    for application_id, life in keyed:
        for step in life.journey.list_steps(Act.REQUEST_CHANGE):
            accepted = life.journey.find_step(Act.ACCEPT_CHANGE)
            decided = accepted or life.journey.find_step(Act.DECLINE_CHANGE)
            answers = life.application.answers
            yield {
                "application_id": application_id,
                "item": step.item,
                "answers": answers if accepted else wish_other_income(answers),
                "form_version": life.application.form_version,
                "asked_at": _read_moment(step),
                "decided_at": _read_moment(decided),
                "accepted": None if decided is None else accepted is not None,
            }


def _list_certificates(keyed: _Keyed, cards: Mapping[str, IssuedCertificate]) -> Iterator[Row]:
    for application_id, life in keyed:
        issued = cards.get(life.application.number)
        if issued:
            yield {"application_id": application_id, **to_certificate_row(issued)}


def _list_doubles(keyed: _Keyed, ids: Sequence[int]) -> Iterator[Row]:
    for application_id, life in keyed:
        if life.double:
            yield {
                "application_id": application_id,
                "other_id": ids[life.double.index],
                "percent": round(life.double.likeness.score * 100),
                "signs": [sign.value for sign in life.double.likeness.signs],
                "found_at": life.invented.submitted_at,
            }


async def _merge(connection: Connection, life: Life) -> None:
    step, former = life.journey.find_step(Act.MARK_AS_DUPLICATE), life.journey.merged_from
    at = _read_moment(step)
    if step and step.kept and step.actor and former and at:
        await merges.add(connection, former, step.kept, step.actor, at)


def _read_moment(step: Step | None) -> datetime | None:
    return datetime.fromtimestamp(step.at, UTC) if step else None

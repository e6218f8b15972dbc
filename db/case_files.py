"""All that an officer needs to see of an application, read within the officer's places."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import case as choose
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db import audit, certificates, change_requests, corrections, notes, staff
from db.applications import get_registration, id_of
from db.audit import StoredEvent
from db.cases import within
from db.certificates import IssuedCertificate
from db.change_requests import ChangeRequest
from db.corrections import Correction
from db.notes import Note
from db.tables import applications, duplicate_pairs, merges, workers
from db.tables import staff as staff_table
from domain.applications import Status
from domain.cases import Case, Waiting
from domain.duplicates import Sign
from domain.registrations import Registration
from domain.revisions import SentAnswers
from domain.staff import Scope, Staff

_CASE = tuple(applications.c[field.name] for field in fields(Case))


@dataclass(frozen=True)
class Record:
    """An application: where it stands, who it is of, and the answers as they were given."""

    case: Case
    registration: Registration
    sent: SentAnswers
    submitted_at: datetime


@dataclass(frozen=True)
class Lookalike:
    """Another application that may be the same person's.

    Of one outside of the officer's places only `office`, `percent` and `signs` are theirs to see:
    it has neither number nor name.
    """

    office: str
    percent: int
    signs: tuple[Sign, ...]
    number: str | None = None
    name: str = ""
    status: Status | None = None


@dataclass(frozen=True)
class CaseFile:
    """A record with everything around it."""

    record: Record
    lookalikes: tuple[Lookalike, ...]
    merged: tuple[str, ...]
    change: ChangeRequest | None
    correction: Correction | None
    notes: list[Note]
    events: list[StoredEvent]
    certificate: IssuedCertificate | None
    staff: list[Staff]


async def find(connection: AsyncConnection, number: str, scope: Scope) -> CaseFile | None:
    """Find everything about an application, if it lies within a scope."""
    record = await find_record(connection, number, scope)
    if record is None:
        return None
    return CaseFile(
        record=record,
        lookalikes=await _list_lookalikes(connection, number, scope),
        merged=await _list_merged(connection, number, scope),
        change=await change_requests.find_open(connection, number),
        correction=await corrections.find_open(connection, number),
        notes=await notes.list_about(connection, number),
        events=await audit.list_about(connection, number),
        certificate=await certificates.find_latest(connection, number),
        staff=await staff.list_all(connection),
    )


async def find_record(connection: AsyncConnection, number: str, scope: Scope) -> Record | None:
    """Find an application with its answers, if it lies within a scope."""
    sent = applications.c.form_version, applications.c.answers, applications.c.submitted_at
    statement = select(*_CASE, *sent).where(applications.c.number == number)
    row = (await connection.execute(within(statement, scope))).mappings().one_or_none()
    if row is None:
        return None
    registration = await get_registration(connection, number)
    answers = SentAnswers(
        number,
        row["form_version"],
        row["answers"],
        registration.consents,
        registration.source,
    )
    return Record(_read_case(dict(row)), registration, answers, row["submitted_at"])


async def find_lookalike(
    connection: AsyncConnection, number: str, other: str, scope: Scope
) -> Lookalike | None:
    """Find what may be known of the pair that two applications make, if they do."""
    other_id = await connection.scalar(select(id_of(other)))
    if other_id is None:
        return None
    found = await _list_lookalikes(connection, number, scope, other_id)
    return found[0] if found else None


async def find_name(connection: AsyncConnection, number: str, scope: Scope) -> str | None:
    """Find whose application it is, if it lies within a scope."""
    statement = (
        select(workers.c.family_km, workers.c.given_km)
        .join(applications, applications.c.worker_id == workers.c.id)
        .where(applications.c.number == number)
    )
    row = (await connection.execute(within(statement, scope))).one_or_none()
    return f"{row.family_km} {row.given_km}" if row else None


async def find_holder(connection: AsyncConnection, number: str, scope: Scope) -> str | None:
    """Find the name of who has taken an application, if it lies within a scope."""
    statement = (
        select(staff_table.c.name)
        .join(applications, applications.c.assigned_to == staff_table.c.id)
        .where(applications.c.number == number)
    )
    holder: str | None = await connection.scalar(within(statement, scope))
    return holder


async def _list_lookalikes(
    connection: AsyncConnection, number: str, scope: Scope, other_id: int | None = None
) -> tuple[Lookalike, ...]:
    """List the others of the open pairs, or of the one pair with another; the likeliest first."""
    pair, this_id = duplicate_pairs.c, id_of(number)
    is_first = pair.application_id == this_id
    others_id = choose((is_first, pair.other_id), else_=pair.application_id)
    statement = (
        select(
            applications.c.number,
            applications.c.office,
            applications.c.status,
            workers.c.family_km,
            workers.c.given_km,
            pair.percent,
            pair.signs,
        )
        .select_from(duplicate_pairs)
        .join(applications, applications.c.id == others_id)
        .join(workers, workers.c.id == applications.c.worker_id)
        .where(or_(is_first, pair.other_id == this_id))
        .order_by(pair.percent.desc(), applications.c.id)
    )
    wanted = pair.dismissed_at.is_(None) if other_id is None else applications.c.id == other_id
    rows = await connection.execute(statement.where(wanted))
    return tuple(_read_lookalike(dict(row), scope) for row in rows.mappings())


def _read_lookalike(row: dict[str, Any], scope: Scope) -> Lookalike:
    signs = tuple(Sign(sign) for sign in row["signs"])
    if not scope.covers(row["office"]):
        return Lookalike(row["office"], row["percent"], signs)
    name = f"{row['family_km']} {row['given_km']}"
    status = Status(row["status"])
    return Lookalike(row["office"], row["percent"], signs, row["number"], name, status)


async def _list_merged(connection: AsyncConnection, number: str, scope: Scope) -> tuple[str, ...]:
    statement = (
        select(applications.c.number)
        .join(merges, merges.c.application_id == applications.c.id)
        .where(merges.c.kept_id == id_of(number), merges.c.undone_at.is_(None))
        .order_by(merges.c.id)
    )
    return tuple(await connection.scalars(within(statement, scope)))


def _read_case(row: dict[str, Any]) -> Case:
    values = {field.name: row[field.name] for field in fields(Case)}
    waiting = Waiting(row["waiting"]) if row["waiting"] else None
    return Case(**{**values, "status": Status(row["status"]), "waiting": waiting})

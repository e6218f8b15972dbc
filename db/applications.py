"""Submitted registrations."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ScalarSelect, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db import likeness
from db.statements import upsert
from db.tables import activities, applications, consents, workers
from domain.applications import Application, ApplicationSummary, Status
from domain.cases import Waiting
from domain.drafts import Consent
from domain.registrations import Activity, Background, Registration, Worker, Workplace


async def add(connection: AsyncConnection, new: Iterable[Application]) -> None:
    """Store new applications with their worker, activities and consents."""
    for application in new:
        await _add_one(connection, application)


async def is_number_taken(connection: AsyncConnection, number: str) -> bool:
    """Tell whether some application has this number."""
    found = await connection.scalar(
        select(applications.c.id).where(applications.c.number == number)
    )
    return found is not None


async def list_of_chat(connection: AsyncConnection, chat_id: int) -> list[ApplicationSummary]:
    """List the applications that were made in a chat, the oldest first."""
    rows = await connection.execute(
        select(
            applications.c.number,
            workers.c.family_km,
            workers.c.given_km,
            applications.c.status,
            applications.c.submitted_at,
            applications.c.answer_due_on,
        )
        .join(workers, workers.c.id == applications.c.worker_id)
        .where(applications.c.chat_id == chat_id)
        .order_by(applications.c.id)
    )
    return [
        ApplicationSummary(**{**row, "status": Status(row["status"])}) for row in rows.mappings()
    ]


async def find_own_phone(connection: AsyncConnection, chat_id: int) -> str | None:
    """Find the number (E.164) that the owner of a chat has proven to be theirs, last of all."""
    found: str | None = await connection.scalar(
        select(workers.c.phone)
        .join(applications, applications.c.worker_id == workers.c.id)
        .where(applications.c.chat_id == chat_id, workers.c.phone_is == "own")
        .order_by(applications.c.id.desc())
        .limit(1)
    )
    return found


def id_of(number: str) -> ScalarSelect[int]:
    """Select the id of an application inside another statement."""
    return select(applications.c.id).where(applications.c.number == number).scalar_subquery()


async def find_chat(connection: AsyncConnection, number: str) -> int | None:
    """Find the chat of an application, if it has one."""
    found: int | None = await connection.scalar(
        select(applications.c.chat_id).where(applications.c.number == number)
    )
    return found


async def find_registration(connection: AsyncConnection, number: str) -> Registration | None:
    """Find what was submitted under a number, as it is now.

    Whether notices are wanted is the contact's to say: a registration read back never does.
    """
    statement = (
        select(applications, *(workers.c[field.name] for field in fields(Worker)))
        .join(workers, workers.c.id == applications.c.worker_id)
        .where(applications.c.number == number)
    )
    row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        return None
    return Registration(
        for_whom=row["for_whom"],
        worker=Worker(**{field.name: row[field.name] for field in fields(Worker)}),
        workplace=Workplace(**row["workplace"]),
        activities=await _list_activities(connection, row["id"]),
        support=tuple(row["support"]),
        background=Background(**row["background"]),
        wants_notices=False,
        consents=await _list_consents(connection, row["id"]),
        source=row["source"],
        flags=frozenset(row["flags"]),
    )


async def get_registration(connection: AsyncConnection, number: str) -> Registration:
    """Get what was submitted under a number that is known to exist.

    Raises:
        LookupError: there is no such application.
    """
    registration = await find_registration(connection, number)
    if registration is None:
        raise LookupError("there is no such application")
    return registration


async def apply_revision(
    connection: AsyncConnection,
    number: str,
    registration: Registration,
    answers: Mapping[str, Any],
    form_version: int,
    at: datetime,
) -> None:
    """Put a revised registration in the place of what was submitted, and look who it may be.

    Source and office stay as they were, and so do consents that it does not bring anew.
    """
    found = await connection.execute(
        select(applications.c.id, applications.c.worker_id, applications.c.flags).where(
            applications.c.number == number
        )
    )
    application_id, worker_id, flags = found.one()
    content = _write_content(registration)
    kept = {likeness.POSSIBLE_DUPLICATE}.intersection(flags)
    await connection.execute(
        update(applications)
        .where(applications.c.id == application_id)
        .values(
            **{**content, "flags": sorted(kept.union(content["flags"]))},
            answers=dict(answers),
            form_version=form_version,
        )
    )
    await connection.execute(
        update(workers).where(workers.c.id == worker_id).values(**asdict(registration.worker))
    )
    await connection.execute(
        delete(activities).where(activities.c.application_id == application_id)
    )
    await _add_activities(connection, application_id, registration.activities)
    await _keep_consents(connection, application_id, registration.consents)
    await likeness.renew_keys(connection, worker_id, registration.worker)
    await likeness.note_pairs(connection, application_id, registration.worker, at)


async def _add_one(connection: AsyncConnection, application: Application) -> None:
    registration = application.registration
    new_worker = (
        insert(workers)
        .values(**asdict(registration.worker), created_at=application.submitted_at)
        .returning(workers.c.id)
    )
    worker_id: int = (await connection.execute(new_worker)).scalar_one()
    new_application = (
        insert(applications)
        .values(**to_row(application), worker_id=worker_id)
        .returning(applications.c.id)
    )
    application_id: int = (await connection.execute(new_application)).scalar_one()
    await _add_activities(connection, application_id, registration.activities)
    await _keep_consents(connection, application_id, registration.consents)
    await likeness.renew_keys(connection, worker_id, registration.worker)
    await likeness.note_pairs(
        connection, application_id, registration.worker, application.submitted_at
    )


async def _add_activities(
    connection: AsyncConnection, application_id: int, added: Iterable[Activity]
) -> None:
    await connection.execute(
        insert(activities),
        [
            {"application_id": application_id, "position": position, **asdict(activity)}
            for position, activity in enumerate(added, start=1)
        ],
    )


async def _keep_consents(
    connection: AsyncConnection, application_id: int, given: Iterable[Consent]
) -> None:
    """Store what was agreed to; a purpose agreed to again is stored as it is now."""
    rows = [
        {
            "application_id": application_id,
            **asdict(consent),
            "given_at": datetime.fromisoformat(consent.given_at),
        }
        for consent in given
    ]
    await upsert(connection, consents, rows)


async def _list_activities(
    connection: AsyncConnection, application_id: int
) -> tuple[Activity, ...]:
    columns = [activities.c[field.name] for field in fields(Activity)]
    rows = await connection.execute(
        select(*columns)
        .where(activities.c.application_id == application_id)
        .order_by(activities.c.position)
    )
    return tuple(Activity(**row) for row in rows.mappings())


async def _list_consents(connection: AsyncConnection, application_id: int) -> tuple[Consent, ...]:
    rows = await connection.execute(
        select(consents.c.purpose, consents.c.version, consents.c.given_at, consents.c.given_by)
        .where(consents.c.application_id == application_id)
        .order_by(consents.c.given_at, consents.c.purpose.desc())
    )
    return tuple(
        Consent(**{**row, "given_at": row["given_at"].astimezone(UTC).isoformat()})
        for row in rows.mappings()
    )


def to_row(application: Application) -> dict[str, Any]:
    """Write an application as it is submitted as a row of its table, but for the worker's id."""
    return {
        **_write_content(application.registration),
        "number": application.number,
        "chat_id": application.chat_id,
        "draft_tag": application.draft_tag,
        "form_version": application.form_version,
        "status": application.status.value,
        "source": application.registration.source,
        "answers": dict(application.answers),
        "submitted_at": application.submitted_at,
        "answer_due_on": application.answer_due_on,
        "office": application.office,
        "waiting": Waiting.DECISION.value,
        "due_at": application.due_at,
        "registered_by": application.registered_by,
        "appealed": False,
    }


def _write_content(registration: Registration) -> dict[str, Any]:
    return {
        "for_whom": registration.for_whom,
        "workplace": asdict(registration.workplace),
        "support": list(registration.support),
        "background": asdict(registration.background),
        "flags": sorted(registration.flags),
        "place": registration.worker.home,
        "occupation": registration.activities[0].occupation,
    }

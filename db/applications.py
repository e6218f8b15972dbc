"""Submitted registrations."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import activities, applications, consents, workers
from domain.applications import Application, ApplicationSummary, Status
from domain.cases import Waiting


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


async def _add_one(connection: AsyncConnection, application: Application) -> None:
    registration = application.registration
    worker_id = await connection.scalar(
        insert(workers)
        .values(**asdict(registration.worker), created_at=application.submitted_at)
        .returning(workers.c.id)
    )
    application_id = await connection.scalar(
        insert(applications)
        .values(**_to_row(application), worker_id=worker_id)
        .returning(applications.c.id)
    )
    await connection.execute(
        insert(activities),
        [
            {"application_id": application_id, "position": position, **asdict(activity)}
            for position, activity in enumerate(registration.activities, start=1)
        ],
    )
    await connection.execute(
        insert(consents),
        [
            {
                "application_id": application_id,
                **asdict(consent),
                "given_at": datetime.fromisoformat(consent.given_at),
            }
            for consent in registration.consents
        ],
    )


def _to_row(application: Application) -> dict[str, Any]:
    registration = application.registration
    return {
        "number": application.number,
        "chat_id": application.chat_id,
        "draft_tag": application.draft_tag,
        "form_version": application.form_version,
        "status": application.status.value,
        "for_whom": registration.for_whom,
        "workplace": asdict(registration.workplace),
        "support": list(registration.support),
        "background": asdict(registration.background),
        "flags": sorted(registration.flags),
        "source": registration.source,
        "answers": dict(application.answers),
        "submitted_at": application.submitted_at,
        "answer_due_on": application.answer_due_on,
        "office": application.office,
        "place": registration.worker.home,
        "occupation": registration.activities[0].occupation,
        "waiting": Waiting.DECISION.value,
        "due_at": application.due_at,
        "appealed": False,
    }

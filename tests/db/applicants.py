"""Invented applications in a database, each as different from the others as a test needs."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from db.database import Database
from db.queue import Viewpoint
from db.unit_of_work import UnitOfWork, run_unit
from domain.cases import Case, Waiting
from domain.staff import WHOLE_COUNTRY, Scope
from tests.samples import NOON, REGISTRATION, make_application, make_contact, make_worker

BATTAMBANG, SIEM_REAP = "02030105", "17100101"
DUE_AT = datetime(2026, 3, 5, 10, 30, tzinfo=UTC)
CLOSE_UNTIL = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


async def submit(
    database: Database,
    chat_id: int,
    *,
    home: str = BATTAMBANG,
    occupation: str = "street_food_vendor",
    flags: Collection[str] = (),
    source: str | None = None,
    submitted_at: datetime = NOON,
    due_at: datetime = DUE_AT,
    standing: dict[str, Any] | None = None,
    **worker: Any,
) -> str:
    """Store an application and give its number; `standing` is what the office made of it."""
    activity = replace(REGISTRATION.activities[0], occupation=occupation)
    registration = replace(
        REGISTRATION,
        worker=make_worker(chat_id, home=home, **worker),
        activities=(activity,),
        flags=frozenset(flags),
        source=source,
    )
    application = make_application(
        chat_id, registration=registration, submitted_at=submitted_at, due_at=due_at
    )
    case = Case(application.number, chat_id, application.office, due_at=due_at)

    async def work(uow: UnitOfWork) -> None:
        uow.save_contact(make_contact(chat_id))
        uow.add_application(application)
        if standing is not None:
            uow.save_case(replace(case, **standing))

    await run_unit(database, NOON, work)
    return application.number


def look(*places: str, staff_id: int = 1) -> Viewpoint:
    """Look at noon, at some places or everywhere."""
    scope = Scope(frozenset(places)) if places else WHOLE_COUNTRY
    return Viewpoint(scope, staff_id, NOON, CLOSE_UNTIL)


APPEALED: dict[str, Any] = {"waiting": Waiting.APPEAL, "appealed": True}
"""The standing of an application that was rejected and appealed."""

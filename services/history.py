"""What was done with an application, as its worker may know it."""

from dataclasses import dataclass
from datetime import datetime

from db import audit
from db.errors import told_apart
from db.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Past:
    """An act, and when it was done; never by whom."""

    act: str
    at: datetime


async def list_history(uow: UnitOfWork, number: str) -> list[Past]:
    """List the acts on an application up to now, the oldest first."""
    with told_apart():
        stored = await audit.list_about(uow.connection, number)
    fresh = [Past(event.act, uow.now) for event in uow.changes.events if event.subject == number]
    return [Past(one.event.act, one.at) for one in stored] + fresh

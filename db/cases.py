"""The standing of applications: where each is on its way to a decision."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, false, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import applications
from domain.applications import Status
from domain.cases import Case, Waiting
from domain.staff import Scope

_COLUMNS = (
    applications.c.number,
    applications.c.chat_id,
    applications.c.office,
    applications.c.status,
    applications.c.waiting,
    applications.c.due_at,
    applications.c.assigned_to,
    applications.c.decided_by,
    applications.c.decided_at,
    applications.c.reason,
    applications.c.appealed,
    applications.c.duplicate_of,
    applications.c.registered_by,
)


async def find(connection: AsyncConnection, number: str) -> Case | None:
    """Find the standing of an application, and hold it until the transaction ends."""
    statement = select(*_COLUMNS).where(applications.c.number == number).with_for_update()
    row = (await connection.execute(statement)).mappings().one_or_none()
    return _read(dict(row)) if row else None


async def list_of_chat(connection: AsyncConnection, chat_id: int) -> list[Case]:
    """List the standing of a chat's applications, the oldest first."""
    statement = select(*_COLUMNS).where(applications.c.chat_id == chat_id)
    rows = await connection.execute(statement.order_by(applications.c.id))
    return [_read(dict(row)) for row in rows.mappings()]


async def list_taken_by(connection: AsyncConnection, staff_id: int) -> list[Case]:
    """List what somebody has taken and not decided, the oldest promise first."""
    statement = select(*_COLUMNS).where(applications.c.assigned_to == staff_id)
    rows = await connection.execute(statement.order_by(applications.c.due_at))
    return [_read(dict(row)) for row in rows.mappings()]


async def save(connection: AsyncConnection, cases: Iterable[Case]) -> None:
    """Store the standing of some applications."""
    for case in cases:
        await connection.execute(
            update(applications).where(applications.c.number == case.number).values(_write(case))
        )


def within(statement: Select[Any], scope: Scope) -> Select[Any]:
    """Let a statement see only the applications of a scope."""
    if scope.places is None:
        return statement
    covered = [applications.c.office.startswith(place) for place in sorted(scope.places)]
    return statement.where(or_(false(), *covered))


def _read(row: dict[str, Any]) -> Case:
    waiting = row["waiting"]
    return Case(
        **{
            **row,
            "status": Status(row["status"]),
            "waiting": Waiting(waiting) if waiting else None,
        }
    )


def _write(case: Case) -> dict[str, Any]:
    values = dict(vars(case))
    for fixed in ("number", "chat_id", "registered_by"):
        del values[fixed]
    return {**values, "status": case.status.value, "waiting": case.waiting}

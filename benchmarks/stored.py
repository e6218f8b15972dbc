"""What the bot's database holds, read when the bot has ended."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.replay import as_json
from db.database import Database
from db.likeness import POSSIBLE_DUPLICATE
from db.tables import (
    activities,
    applications,
    consents,
    contacts,
    dead_letters,
    drafts,
    outgoing_calls,
    received_updates,
    workers,
)
from domain.numbers import format_number


@dataclass(frozen=True)
class StoredPerson:
    """What is stored of one chat."""

    draft: dict[str, Any] | None = None
    applications: tuple[dict[str, Any], ...] = ()
    numbers: tuple[str, ...] = ()
    locale: str | None = None
    wants_notices: bool = False


@dataclass(frozen=True)
class Stored:
    """Everything that an examination needs."""

    received: Mapping[int, datetime]
    buried: frozenset[int | None]
    calls_left: int
    people: Mapping[int, StoredPerson] = field(default_factory=dict)

    def get_person(self, chat_id: int) -> StoredPerson:
        """Get what is stored of a chat, which may be nothing."""
        return self.people.get(chat_id, StoredPerson())


async def read_stored(file: Path) -> Stored:
    """Read the database of a bot that has ended."""
    database = Database(f"sqlite+aiosqlite:///{file}")
    try:
        async with database.read() as connection:
            return await _read(connection)
    finally:
        await database.close()


async def _read(connection: AsyncConnection) -> Stored:
    received = await _list(connection, received_updates)
    buried = await _list(connection, dead_letters)
    left = await _list(connection, outgoing_calls)
    return Stored(
        received={row["update_id"]: row["received_at"] for row in received},
        buried=frozenset(row["update_id"] for row in buried),
        calls_left=len(left),
        people=await _read_people(connection),
    )


async def _read_people(connection: AsyncConnection) -> dict[int, StoredPerson]:
    bodies = {row["chat_id"]: row["body"] for row in await _list(connection, drafts)}
    submitted, numbers = await _read_applications(connection)
    return {
        row["chat_id"]: StoredPerson(
            draft=bodies.get(row["chat_id"]),
            applications=tuple(submitted[row["chat_id"]]),
            numbers=tuple(numbers[row["chat_id"]]),
            locale=row["locale"],
            wants_notices=row["wants_notices"],
        )
        for row in await _list(connection, contacts)
    }


async def _read_applications(
    connection: AsyncConnection,
) -> tuple[dict[int, list[dict[str, Any]]], dict[int, list[str]]]:
    people = {row["id"]: row for row in await _list(connection, workers)}
    jobs = _group(await _list(connection, activities))
    agreed = _group(await _list(connection, consents))
    submitted, numbers = defaultdict(list), defaultdict(list)
    for row in await _list(connection, applications):
        described = {
            "tag": row["draft_tag"],
            "for_whom": row["for_whom"],
            "worker": _without(people[row["worker_id"]], "id", "created_at"),
            "workplace": row["workplace"],
            "activities": jobs[row["id"]],
            "support": row["support"],
            "background": row["background"],
            "consents": agreed[row["id"]],
            "source": row["source"],
            "flags": [flag for flag in row["flags"] if flag != POSSIBLE_DUPLICATE],
            "answers": row["answers"],
        }
        submitted[row["chat_id"]].append(as_json(described))
        numbers[row["chat_id"]].append(format_number(row["number"]))
    return submitted, numbers


def _group(rows: list[RowMapping]) -> dict[int, list[dict[str, Any]]]:
    """Group the rows that belong to an application, in the order of their keys."""
    grouped = defaultdict(list)
    for row in rows:
        values = _without(row, "application_id", "position")
        if "given_at" in values:
            values["given_at"] = values["given_at"].isoformat()
        grouped[row["application_id"]].append(values)
    return grouped


def _without(row: RowMapping, *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


async def _list(connection: AsyncConnection, table: Any) -> list[RowMapping]:
    keys = table.primary_key.columns
    rows = await connection.execute(select(table).order_by(*keys))
    return list(rows.mappings())

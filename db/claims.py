"""People who come to the chat for what another register knows of them, one try at a time."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.imports import TAG
from db.statements import select_by_ids, upsert
from db.tables import applications, claims, imported_rows, worker_keys, workers


@dataclass(frozen=True)
class Claim:
    """Whose application a chat may claim by its phone number; `asked_at` if a year was asked."""

    chat_id: int
    application_id: int
    offered_at: datetime
    asked_at: datetime | None = None
    tries: int = 0


@dataclass(frozen=True)
class Claimed:
    """An application that waits for its person."""

    id: int
    number: str
    office: str
    family_km: str
    given_km: str
    born: str


_UNCLAIMED = (
    select(
        applications.c.id,
        applications.c.number,
        applications.c.office,
        workers.c.family_km,
        workers.c.given_km,
        workers.c.born,
    )
    .join(workers, workers.c.id == applications.c.worker_id)
    .where(applications.c.chat_id.is_(None), applications.c.draft_tag.startswith(TAG))
)


async def is_of_use(connection: AsyncConnection) -> bool:
    """Tell whether anybody has come from another register."""
    return await connection.scalar(select(imported_rows.c.tag).limit(1)) is not None


async def list_by_phone(connection: AsyncConnection, phone: str) -> list[Claimed]:
    """List the imported applications with a phone number (E.164) that nobody has claimed."""
    known = select(worker_keys.c.worker_id).where(
        worker_keys.c.kind == "phone", worker_keys.c.key == phone
    )
    rows = await connection.execute(_UNCLAIMED.where(applications.c.worker_id.in_(known)).limit(2))
    return [Claimed(*row) for row in rows]


async def find_unclaimed(connection: AsyncConnection, application_id: int) -> Claimed | None:
    """Find an imported application, if nobody has claimed it yet."""
    rows = await connection.execute(_UNCLAIMED.where(applications.c.id == application_id))
    row = rows.one_or_none()
    return Claimed(*row) if row else None


_LOAD = select(claims).where(claims.c.chat_id.in_(bindparam("ids", expanding=True)))


async def load(connection: AsyncConnection, chat_ids: Collection[int]) -> dict[int, Claim]:
    """Load what some chats want to claim."""
    rows = await select_by_ids(connection, _LOAD, chat_ids)
    found = [Claim(**dict(zip(claims.c.keys(), values, strict=True))) for values in rows]
    return {claim.chat_id: claim for claim in found}


async def save(connection: AsyncConnection, changed: Iterable[Claim]) -> None:
    """Store what chats want to claim."""
    await upsert(connection, claims, [vars(claim) for claim in changed])


async def erase(connection: AsyncConnection, chat_ids: Collection[int]) -> None:
    """Forget what chats wanted to claim."""
    if chat_ids:
        await connection.execute(delete(claims).where(claims.c.chat_id.in_(chat_ids)))


async def forget_offered_before(connection: AsyncConnection, moment: datetime) -> None:
    """Forget the claims that came to nothing."""
    await connection.execute(delete(claims).where(claims.c.offered_at < moment))


async def give(connection: AsyncConnection, application_id: int, chat_id: int) -> None:
    """Give an application that nobody has claimed to a chat, whose phone number is now proven."""
    taken = await connection.execute(
        update(applications)
        .where(applications.c.id == application_id, applications.c.chat_id.is_(None))
        .values(chat_id=chat_id)
        .returning(applications.c.worker_id, applications.c.answers)
    )
    row = taken.one_or_none()
    if row is None:
        return
    await connection.execute(
        update(workers).where(workers.c.id == row.worker_id).values(phone_is="own")
    )
    await connection.execute(
        update(applications)
        .where(applications.c.id == application_id)
        .values(answers=_prove_phone(row.answers))
    )


def _prove_phone(answers: dict[str, Any]) -> dict[str, Any]:
    return {**answers, "own_phone": {**answers["own_phone"], "is": "own"}}

"""People who come to the chat for what another register knows of them, one try at a time."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db import likeness
from db.arrivals import TAG
from db.statements import select_by_ids, upsert
from db.tables import (
    applications,
    audit_events,
    claims,
    consents,
    imported_rows,
    worker_keys,
    workers,
)
from domain.applications import Status
from domain.claiming import FAILED, UNLOCKED, Claimed
from domain.drafts import Consent
from domain.registrations import Worker

MOST_SHARING = 100
"""People of one phone number who are looked at."""


@dataclass(frozen=True)
class Claim:
    """What a chat was asked outside of the form, and what it may claim by which phone number.

    `awaits` is what was asked for at `asked_at`. `year` is a year of birth that fits, and
    `application_id` what was found with it.
    """

    chat_id: int
    offered_at: datetime
    phone: str | None = None
    awaits: str | None = None
    asked_at: datetime | None = None
    year: int | None = None
    application_id: int | None = None
    tries: int = 0


_UNCLAIMED = (
    select(
        applications.c.id,
        applications.c.number,
        applications.c.office,
        workers.c.family_km,
        workers.c.given_km,
        workers.c.family_latin,
        workers.c.given_latin,
        workers.c.born,
    )
    .join(workers, workers.c.id == applications.c.worker_id)
    .where(
        applications.c.chat_id.is_(None),
        applications.c.draft_tag.startswith(TAG),
        applications.c.duplicate_of.is_(None),
        applications.c.status != Status.WITHDRAWN,
    )
)


async def is_of_use(connection: AsyncConnection) -> bool:
    """Tell whether anybody has come from another register."""
    return await connection.scalar(select(imported_rows.c.tag).limit(1)) is not None


async def list_by_phone(connection: AsyncConnection, phone: str) -> list[Claimed]:
    """List the imported applications of a phone number that nobody has claimed, newest first."""
    known = select(worker_keys.c.worker_id).where(
        worker_keys.c.kind == "phone", worker_keys.c.key == phone
    )
    rows = await connection.execute(
        _UNCLAIMED.where(applications.c.worker_id.in_(known))
        .order_by(applications.c.submitted_at.desc(), applications.c.id.desc())
        .limit(MOST_SHARING)
    )
    return [Claimed(*row) for row in rows]


async def list_acts(connection: AsyncConnection, numbers: Collection[str]) -> dict[str, list[str]]:
    """List the wrong answers about applications, and the help of officers, the oldest first."""
    events = audit_events.c
    rows = await connection.execute(
        select(events.subject, events.act)
        .where(events.subject.in_(numbers), events.act.in_((FAILED, UNLOCKED)))
        .order_by(events.id)
    )
    acts: dict[str, list[str]] = {number: [] for number in numbers}
    for number, act in rows:
        acts[number].append(act)
    return acts


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


@dataclass(frozen=True)
class Giving:
    """Who has an application from now on: the owner of a chat, or somebody with them."""

    application_id: int
    chat_id: int
    consent: Consent

    @property
    def is_own(self) -> bool:
        """Whether it is the chat's owner."""
        return self.consent.given_by == "self"


async def give(connection: AsyncConnection, giving: Giving, now: datetime) -> None:
    """Give an application that nobody has claimed to a chat, whose phone number is now proven.

    Who it is of is compared with others once more, so that nobody is there twice unseen.
    """
    known_as, for_whom = ("own", "self") if giving.is_own else ("helper", "other")
    taken = await connection.execute(
        update(applications)
        .where(applications.c.id == giving.application_id, applications.c.chat_id.is_(None))
        .values(chat_id=giving.chat_id, for_whom=for_whom)
        .returning(applications.c.worker_id, applications.c.answers)
    )
    row = taken.one_or_none()
    if row is None:
        return
    worker = await connection.execute(
        update(workers)
        .where(workers.c.id == row.worker_id)
        .values(phone_is=known_as)
        .returning(*(workers.c[field.name] for field in fields(Worker)))
    )
    await connection.execute(
        update(applications)
        .where(applications.c.id == giving.application_id)
        .values(answers=_prove_phone(row.answers, known_as))
    )
    await keep_consent(connection, [giving.application_id], giving.consent)
    found = Worker(*worker.one())
    await likeness.note_pairs(connection, giving.application_id, found, now)


async def agree_to_notices(connection: AsyncConnection, chat_id: int, consent: Consent) -> None:
    """Keep that a chat's owner agreed to notices, with what is theirs and says nothing of it."""
    told = select(consents.c.application_id).where(consents.c.purpose == consent.purpose)
    ids = await connection.scalars(
        select(applications.c.id).where(
            applications.c.chat_id == chat_id,
            applications.c.for_whom == "self",
            applications.c.id.not_in(told),
        )
    )
    await keep_consent(connection, ids.all(), consent)


async def keep_consent(
    connection: AsyncConnection, application_ids: Sequence[int], consent: Consent
) -> None:
    """Store what was agreed to with applications."""
    given_at = datetime.fromisoformat(consent.given_at)
    row = {**asdict(consent), "given_at": given_at}
    await upsert(connection, consents, [{"application_id": one, **row} for one in application_ids])


def _prove_phone(answers: dict[str, Any], known_as: str) -> dict[str, Any]:
    phone = {**answers["own_phone"], "is": known_as}
    if known_as == "own":
        return {**answers, "own_phone": phone}
    others = {name: value for name, value in answers.items() if name != "own_phone"}
    return {**others, "for_whom": "other", "who_agrees": "present", "phone": phone}

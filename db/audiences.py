"""Audiences: the people they mean, how many there are, and the audiences kept for another time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, case, exists, func, insert, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from db.audience_filters import asks_workers, list_conditions
from db.cases import within
from db.tables import applications, audiences, contacts, opt_outs, workers
from domain.audiences import Audience, Kept, check_combined, read_audience, write_audience
from domain.notices import UNASKED, Topic
from domain.staff import Scope

_PRIME, _FACTOR = 2_147_483_647, 48_271
"""Multiplying by powers of the one modulo the other shuffles ids, and never two to one place."""


Chosen: TypeAlias = Select[tuple[int, int]]
"""A selection of chats, each with the application for which it is meant."""


@dataclass(frozen=True)
class SavedAudience:
    """An audience that was kept under a name."""

    id: int
    name: str
    audience: Audience
    created_by: int
    created_at: datetime


@dataclass(frozen=True)
class RecipientFacts:
    """What a notice may say of its recipient."""

    chat_id: int
    locale: str | None
    number: str
    family_km: str
    given_km: str
    family_latin: str
    given_latin: str
    place: str
    occupation: str


@dataclass(frozen=True)
class Reach:
    """How many chats would get a notice, and how many fit and would not, each for one reason."""

    reached: int = 0
    declined: int = 0
    switched_off: int = 0
    unreachable: int = 0


async def select_recipients(
    connection: AsyncConnection, audience: Audience, scope: Scope, topic: Topic, now: datetime
) -> Chosen:
    """Select the chats that a notice goes to, each with its newest application that is meant.

    Only those who can be reached, want notices and have not switched this topic off; of their own
    application all are told. `now` is in the time zone whose days are meant.

    Raises:
        WrongAudience: one that it combines was not kept, or combines others itself.
    """
    kept = await load_combined(connection, audience)
    check_combined(audience, kept)
    newest = func.max(applications.c.id).label("application_id")
    chosen = select(contacts.c.chat_id, newest).group_by(contacts.c.chat_id)
    return _narrow(chosen, audience, kept, scope, topic, now)


def _narrow(
    chosen: Select[Any],
    audience: Audience,
    kept: Kept,
    scope: Scope,
    topic: Topic,
    now: datetime,
) -> Select[Any]:
    fitting = _fit(chosen, audience, kept, scope, now)
    return fitting.where(contacts.c.reachable, _agrees(topic), ~_has_switched_off(topic))


def _fit(
    chosen: Select[Any], audience: Audience, kept: Kept, scope: Scope, now: datetime
) -> Select[Any]:
    chosen = chosen.join(applications, applications.c.chat_id == contacts.c.chat_id)
    if asks_workers(audience, kept):
        chosen = chosen.join(workers, workers.c.id == applications.c.worker_id)
    return within(chosen.where(*list_conditions(audience, now, kept)), scope)


def _agrees(topic: Topic) -> ColumnElement[bool]:
    return true() if topic in UNASKED else contacts.c.wants_notices


def _has_switched_off(topic: Topic) -> ColumnElement[bool]:
    of_chat = opt_outs.c.chat_id == contacts.c.chat_id
    return exists().where(of_chat, opt_outs.c.topic == topic.value).correlate(contacts)


async def count_recipients(
    connection: AsyncConnection, audience: Audience, scope: Scope, topic: Topic, now: datetime
) -> int:
    """Count the chats that a notice would go to now."""
    kept = await load_combined(connection, audience)
    check_combined(audience, kept)
    counted = select(func.count(contacts.c.chat_id.distinct()))
    return await connection.scalar(_narrow(counted, audience, kept, scope, topic, now)) or 0


async def count_reach(
    connection: AsyncConnection, audience: Audience, scope: Scope, topic: Topic, now: datetime
) -> Reach:
    """Count the chats that fit, by whether a notice would go to them now."""
    kept = await load_combined(connection, audience)
    check_combined(audience, kept)
    because = case(
        (contacts.c.reachable.is_(False), "unreachable"),
        (~_agrees(topic), "declined"),
        (_has_switched_off(topic), "switched_off"),
        else_="reached",
    ).label("because")
    found = _fit(select(contacts.c.chat_id, because), audience, kept, scope, now)
    fitting = found.distinct().subquery()
    counted = select(fitting.c.because, func.count()).group_by(fitting.c.because)
    rows = await connection.execute(counted)
    return Reach(**{because: int(count) for because, count in rows})


async def count_sources(
    connection: AsyncConnection, scope: Scope, limit: int
) -> list[tuple[str, int]]:
    """Count the applications of each source, the commonest first."""
    source, count = applications.c.source, func.count().label("count")
    counted = select(source, count).where(source.is_not(None)).group_by(source)
    ordered = within(counted, scope).order_by(count.desc(), source).limit(limit)
    return [(name, int(total)) for name, total in await connection.execute(ordered)]


async def draw_samples(
    connection: AsyncConnection,
    audience: Audience,
    scope: Scope,
    topic: Topic,
    now: datetime,
    limit: int = 5,
    seed: int = 0,
) -> list[RecipientFacts]:
    """Draw some recipients: with the same seed the same, as long as they fit."""
    found = (await select_recipients(connection, audience, scope, topic, now)).subquery()
    shuffled = found.c.application_id * pow(_FACTOR, seed + _FACTOR, _PRIME) % _PRIME
    drawn = select(found.c.application_id).order_by(shuffled).limit(limit)
    return list((await load_facts(connection, await connection.scalars(drawn))).values())


async def load_facts(
    connection: AsyncConnection, application_ids: Iterable[int]
) -> dict[int, RecipientFacts]:
    """Load what notices may say of the people of some applications, by the applications' ids."""
    statement = (
        select(
            applications.c.id,
            contacts.c.chat_id,
            contacts.c.locale,
            applications.c.number,
            workers.c.family_km,
            workers.c.given_km,
            workers.c.family_latin,
            workers.c.given_latin,
            applications.c.place,
            applications.c.occupation,
        )
        .join(applications, applications.c.chat_id == contacts.c.chat_id)
        .join(workers, workers.c.id == applications.c.worker_id)
        .where(applications.c.id.in_(list(application_ids)))
    )
    rows = await connection.execute(statement)
    return {application_id: RecipientFacts(*facts) for application_id, *facts in rows}


async def list_starts(connection: AsyncConnection, stride: int) -> list[int]:
    """List every so manieth chat, from which to go on: so a long audience is taken in parts."""
    numbered = select(
        contacts.c.chat_id,
        func.row_number().over(order_by=contacts.c.chat_id).label("position"),
    ).subquery()
    statement = select(numbered.c.chat_id).where(numbered.c.position % stride == 1)
    return list(await connection.scalars(statement.order_by(numbered.c.chat_id)))


def between(chosen: Chosen, first: int, end: int | None) -> Chosen:
    """Take the part of an audience from one chat to before another."""
    part = chosen.where(contacts.c.chat_id >= first)
    return part if end is None else part.where(contacts.c.chat_id < end)


async def add(
    connection: AsyncConnection, name: str, audience: Audience, staff_id: int, at: datetime
) -> int:
    """Keep an audience under a name, which no other of the same author has."""
    statement = insert(audiences).values(
        name=name, definition=write_audience(audience), created_by=staff_id, created_at=at
    )
    kept: int = (await connection.execute(statement.returning(audiences.c.id))).scalar_one()
    return kept


async def load_combined(connection: AsyncConnection, audience: Audience) -> Kept:
    """Load the kept audiences that an audience combines, by their ids."""
    if not audience.combines:
        return {}
    chosen = select(audiences.c.id, audiences.c.definition).where(
        audiences.c.id.in_(map(int, audience.combines))
    )
    rows = await connection.execute(chosen)
    return {str(row.id): read_audience(row.definition) for row in rows}


async def find(connection: AsyncConnection, audience_id: int) -> SavedAudience | None:
    """Find an audience that was kept."""
    return next(iter(await _list(connection, audience_id)), None)


async def find_by_name(connection: AsyncConnection, name: str, staff_id: int) -> int | None:
    """Find the id of the audience that somebody has kept under a name."""
    found: int | None = await connection.scalar(
        select(audiences.c.id).where(audiences.c.name == name, audiences.c.created_by == staff_id)
    )
    return found


async def list_saved(connection: AsyncConnection) -> list[SavedAudience]:
    """List the audiences that were kept, the newest first."""
    return await _list(connection)


async def _list(connection: AsyncConnection, audience_id: int | None = None) -> list[SavedAudience]:
    statement = select(audiences).order_by(audiences.c.id.desc())
    if audience_id is not None:
        statement = statement.where(audiences.c.id == audience_id)
    return [
        SavedAudience(
            row.id, row.name, read_audience(row.definition), row.created_by, row.created_at
        )
        for row in await connection.execute(statement)
    ]

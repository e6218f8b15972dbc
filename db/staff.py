"""Staff: who they are, the one-time links that they are given, and their sessions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from sqlalchemy import RowMapping, Select, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.statements import insert_in_order
from db.tables import staff, staff_links, staff_sessions
from domain.staff import Role, Staff

Connection: TypeAlias = AsyncConnection
"""What is read from, by a name for those who need not know of SQL."""


class Purpose(StrEnum):
    """What a one-time link is for."""

    SIGN_IN = "sign_in"
    INVITATION = "invitation"


@dataclass(frozen=True)
class Link:
    """A one-time link, known by the hash of its secret.

    One for signing in names whom; an invitation says what it grants, and who made it.
    """

    secret_hash: str
    purpose: Purpose
    created_at: datetime
    expires_at: datetime
    staff_id: int | None = None
    grants: Mapping[str, Any] | None = None
    created_by: int | None = None
    used_at: datetime | None = None


@dataclass(frozen=True)
class Session:
    """Somebody's visit to the pages, known by the hash of its secret."""

    secret_hash: str
    staff: Staff
    created_at: datetime
    seen_at: datetime
    origin: str


_COLUMNS = (
    staff.c.id,
    staff.c.name,
    staff.c.roles,
    staff.c.places,
    staff.c.chat_id,
    staff.c.active,
)


async def find(connection: AsyncConnection, staff_id: int) -> Staff | None:
    """Find a member of staff, also one who left."""
    return await _find_one(connection, select(*_COLUMNS).where(staff.c.id == staff_id))


async def find_by_chat(connection: AsyncConnection, chat_id: int) -> Staff | None:
    """Find whose chat this is, also if they left."""
    return await _find_one(connection, select(*_COLUMNS).where(staff.c.chat_id == chat_id))


async def list_all(connection: AsyncConnection) -> list[Staff]:
    """List everybody who is or was here, in the order in which they came."""
    rows = await connection.execute(select(*_COLUMNS).order_by(staff.c.id))
    return [_read(row) for row in rows.mappings()]


async def names_of(connection: AsyncConnection, ids: Collection[int]) -> dict[int, str]:
    """Find the names of some members of staff by their ids."""
    rows = await connection.execute(select(staff.c.id, staff.c.name).where(staff.c.id.in_(ids)))
    return {row.id: row.name for row in rows}


async def add(
    connection: AsyncConnection,
    at: datetime,
    name: str,
    roles: Collection[Role],
    places: Collection[str] | None,
    chat_id: int | None = None,
) -> Staff:
    """Add a member of staff, who is active from now on."""
    granted = None if places is None else frozenset(places)
    new = Staff(0, name, frozenset(roles), granted, chat_id)
    [staff_id] = await insert_in_order(connection, staff, [{**_write(new), "created_at": at}])
    return replace(new, id=staff_id)


async def save(connection: AsyncConnection, changed: Staff) -> None:
    """Store a member of staff who has changed."""
    await connection.execute(
        update(staff).where(staff.c.id == changed.id).values(**_write(changed))
    )


async def add_link(connection: AsyncConnection, link: Link) -> None:
    """Store a new link."""
    await connection.execute(staff_links.insert().values(**vars(link)))


async def list_open_links(
    connection: AsyncConnection, purpose: Purpose, now: datetime
) -> list[Link]:
    """List the links that can still be used."""
    rows = await connection.execute(
        select(staff_links)
        .where(staff_links.c.purpose == purpose.value, *_is_open(now))
        .order_by(staff_links.c.created_at)
    )
    return [_read_link(row) for row in rows.mappings()]


async def spend_link(
    connection: AsyncConnection, secret_hash: str, purpose: Purpose, now: datetime
) -> Link | None:
    """Use a link up and give it; None if it is unknown, used, expired or for something else.

    Only one of several who try at once gets it.
    """
    spent = await connection.execute(
        update(staff_links)
        .where(
            staff_links.c.secret_hash == secret_hash,
            staff_links.c.purpose == purpose.value,
            *_is_open(now),
        )
        .values(used_at=now)
    )
    if spent.rowcount != 1:
        return None
    rows = await connection.execute(
        select(staff_links).where(staff_links.c.secret_hash == secret_hash)
    )
    return _read_link(rows.mappings().one())


async def expire_links(
    connection: AsyncConnection, secret_hashes: Collection[str], now: datetime
) -> None:
    """Let some links be of no use from now on."""
    await connection.execute(
        update(staff_links)
        .where(staff_links.c.secret_hash.in_(secret_hashes), *_is_open(now))
        .values(expires_at=now)
    )


async def expire_sign_ins(connection: AsyncConnection, staff_id: int, now: datetime) -> None:
    """Let the links with which somebody could sign in be of no use from now on."""
    await connection.execute(
        update(staff_links)
        .where(staff_links.c.staff_id == staff_id, *_is_open(now))
        .values(expires_at=now)
    )


async def add_session(
    connection: AsyncConnection, secret_hash: str, staff_id: int, origin: str, at: datetime
) -> None:
    """Store a session that begins now."""
    await connection.execute(
        staff_sessions.insert().values(
            secret_hash=secret_hash, staff_id=staff_id, origin=origin, created_at=at, seen_at=at
        )
    )


async def find_session(connection: AsyncConnection, secret_hash: str) -> Session | None:
    """Find a session, with its owner as stored now."""
    session = staff_sessions.c
    rows = await connection.execute(
        select(*_COLUMNS, session.created_at, session.seen_at, session.origin)
        .join_from(staff_sessions, staff)
        .where(session.secret_hash == secret_hash)
    )
    row = rows.mappings().one_or_none()
    if row is None:
        return None
    return Session(secret_hash, _read(row), row["created_at"], row["seen_at"], row["origin"])


async def note_seen(connection: AsyncConnection, secret_hash: str, at: datetime) -> None:
    """Note that a session was used."""
    await connection.execute(
        update(staff_sessions).where(staff_sessions.c.secret_hash == secret_hash).values(seen_at=at)
    )


async def end_session(connection: AsyncConnection, secret_hash: str) -> None:
    """End one session."""
    await connection.execute(
        delete(staff_sessions).where(staff_sessions.c.secret_hash == secret_hash)
    )


async def end_sessions_of(connection: AsyncConnection, staff_id: int) -> None:
    """End all of somebody's sessions."""
    await connection.execute(delete(staff_sessions).where(staff_sessions.c.staff_id == staff_id))


async def forget_old(
    connection: AsyncConnection, links_before: datetime, sessions_before: datetime
) -> None:
    """Forget links that expired, and sessions that began, before some moments."""
    await connection.execute(delete(staff_links).where(staff_links.c.expires_at < links_before))
    await connection.execute(
        delete(staff_sessions).where(staff_sessions.c.created_at < sessions_before)
    )


def _is_open(now: datetime) -> tuple[Any, Any]:
    return staff_links.c.used_at.is_(None), staff_links.c.expires_at > now


async def _find_one(connection: AsyncConnection, statement: Select[Any]) -> Staff | None:
    row = (await connection.execute(statement)).mappings().one_or_none()
    return _read(row) if row else None


def _read(row: RowMapping) -> Staff:
    places = row["places"]
    return Staff(
        id=row["id"],
        name=row["name"],
        roles=frozenset(Role(role) for role in row["roles"]),
        places=None if places is None else frozenset(places),
        chat_id=row["chat_id"],
        active=row["active"],
    )


def _read_link(row: RowMapping) -> Link:
    return Link(**{**row, "purpose": Purpose(row["purpose"])})


def _write(one: Staff) -> dict[str, Any]:
    return {
        "chat_id": one.chat_id,
        "name": one.name,
        "roles": sorted(one.roles),
        "places": None if one.places is None else sorted(one.places),
        "active": one.active,
    }

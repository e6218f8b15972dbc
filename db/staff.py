"""Staff: who they are, the one-time links that they are given, and their sessions."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, RowMapping, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.statements import insert_in_order
from db.tables import staff, staff_grants, staff_links, staff_sessions
from domain.staff import Grants, Places, Role, Staff

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


WHOLE_COUNTRY = ""
"""How the whole country is stored: as the code with which all codes of places begin."""

_COLUMNS = (
    staff.c.id,
    staff.c.name,
    staff.c.chat_id,
    staff.c.active,
    staff_grants.c.role,
    staff_grants.c.place,
)
_EVERYBODY = select(*_COLUMNS).join_from(staff, staff_grants, isouter=True).order_by(staff.c.id)
"""A row for each place of each grant; one for who has no grant."""


async def find(connection: AsyncConnection, staff_id: int, *, lock: bool = False) -> Staff | None:
    """Find a member of staff, also one who left; with a lock nobody else changes them now."""
    return await _find_one(connection, staff.c.id == staff_id, lock)


async def find_by_chat(
    connection: AsyncConnection, chat_id: int, *, lock: bool = False
) -> Staff | None:
    """Find whose chat this is, also if they left; with a lock nobody else changes them now."""
    return await _find_one(connection, staff.c.chat_id == chat_id, lock)


async def list_all(connection: AsyncConnection) -> list[Staff]:
    """List everybody who is or was here, in the order in which they came."""
    return _read((await connection.execute(_EVERYBODY)).mappings())


async def list_some(connection: AsyncConnection, ids: Collection[int]) -> list[Staff]:
    """List some members of staff by their ids."""
    return _read((await connection.execute(_EVERYBODY.where(staff.c.id.in_(ids)))).mappings())


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
    """Add a member of staff who is active from now on, with some roles at the same places."""
    reach = None if places is None else frozenset(places)
    return await insert(connection, at, Staff(0, name, dict.fromkeys(roles, reach), chat_id))


async def insert(connection: AsyncConnection, at: datetime, new: Staff) -> Staff:
    """Add a member of staff, and give them with their id."""
    [staff_id] = await insert_in_order(connection, staff, [{**_write(new), "created_at": at}])
    added = replace(new, id=staff_id)
    await _add_grants(connection, added)
    return added


async def save(connection: AsyncConnection, changed: Staff) -> None:
    """Store a member of staff who has changed."""
    await connection.execute(
        update(staff).where(staff.c.id == changed.id).values(**_write(changed))
    )
    await connection.execute(delete(staff_grants).where(staff_grants.c.staff_id == changed.id))
    await _add_grants(connection, changed)


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
        .select_from(staff_sessions.join(staff).outerjoin(staff_grants))
        .where(session.secret_hash == secret_hash)
    )
    found = rows.mappings().all()
    if not found:
        return None
    [owner], row = _read(found), found[0]
    return Session(secret_hash, owner, row["created_at"], row["seen_at"], row["origin"])


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


async def _find_one(
    connection: AsyncConnection, which: ColumnElement[bool], lock: bool
) -> Staff | None:
    if lock:  # by a statement of its own, so that the next one reads what was committed before it
        held = select(staff.c.id).where(which).with_for_update(key_share=True)
        await connection.execute(held)
    found = _read((await connection.execute(_EVERYBODY.where(which))).mappings())
    return found[0] if found else None


async def _add_grants(connection: AsyncConnection, one: Staff) -> None:
    rows = [
        {"staff_id": one.id, "role": role.value, "place": place}
        for role, places in one.grants.items()
        for place in ([WHOLE_COUNTRY] if places is None else sorted(places))
    ]
    if rows:
        await connection.execute(staff_grants.insert(), rows)


def _read(rows: Iterable[RowMapping]) -> list[Staff]:
    """Read staff of rows in which those of one colleague follow each other."""
    return [_read_one(list(of_one)) for _, of_one in groupby(rows, lambda row: row["id"])]


def _read_one(rows: list[RowMapping]) -> Staff:
    row = rows[0]
    return Staff(row["id"], row["name"], _read_grants(rows), row["chat_id"], row["active"])


def _read_grants(rows: list[RowMapping]) -> Grants:
    places: dict[Role, set[str]] = {}
    for row in rows:
        if row["role"] is not None:
            places.setdefault(Role(row["role"]), set()).add(row["place"])
    return {role: _read_places(codes) for role, codes in places.items()}


def _read_places(codes: set[str]) -> Places:
    return None if WHOLE_COUNTRY in codes else frozenset(codes)


def _read_link(row: RowMapping) -> Link:
    return Link(**{**row, "purpose": Purpose(row["purpose"])})


def _write(one: Staff) -> dict[str, Any]:
    return {"chat_id": one.chat_id, "name": one.name, "active": one.active}

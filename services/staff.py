"""Staff come by invitation, sign in by a link from the chat, and change what others may do.

Whoever has a secret may do what it is for, once; only its hash is stored.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from db import cases, staff
from db.errors import told_apart
from db.staff import Connection, Link, Purpose, Session
from db.unit_of_work import UnitOfWork
from domain.audit import AuditEvent
from domain.cases import Act, take_act
from domain.staff import Right, Role, Staff, may
from domain.staffing import extend, has_administrator, may_manage
from services.around import help_person
from services.audit import note_program, note_staff
from services.chats import get_contact, say, say_with_menu
from services.desk import Actor, Desk, Person
from services.office_words import INVITATION_REFUSED, greet, offer_door

SECRET_BYTES = 24
INVITATION_LASTS = timedelta(hours=24)
SIGN_IN_LASTS = timedelta(minutes=10)
SESSION_LASTS = timedelta(hours=12)
SESSION_IDLE = timedelta(minutes=30)
NOTED_EVERY = timedelta(minutes=1)
"""How exactly it is known when a session was last used, so that not every page is a write."""

INVITATION = "staff_"
"""What the start code of an invitation begins with; its secret follows."""

COMMAND = "command"
"""Where somebody is who sits at the command line."""

Places = frozenset[str] | None


class NotPermitted(Exception):
    """An act that this member of staff may not do, or not there."""


class NoSuchStaff(Exception):
    """Nobody here has this id."""


class LastAdministrator(Exception):
    """Nobody would be left who could let somebody in."""


@dataclass(frozen=True)
class Grant:
    """What an invitation gives: a name, roles, and places as in a scope."""

    name: str
    roles: frozenset[Role]
    places: Places


async def invite(uow: UnitOfWork, actor: Actor | None, grant: Grant) -> str:
    """Make an invitation, and give the secret that opens it; no actor is the command line.

    Raises:
        NotPermitted: the actor may not let anybody in there.
    """
    _check_reach(actor, grant.places)
    return _invite(uow, actor, grant, _write_grant(grant))


async def invite_first(uow: UnitOfWork, roles: frozenset[Role]) -> str | None:
    """Invite the first administrator, unless there is one; what was printed before is void."""
    with told_apart():
        if has_administrator(await staff.list_all(uow.connection)):
            return None
        earlier = await staff.list_open_links(uow.connection, Purpose.INVITATION, uow.now)
    printed = [one.secret_hash for one in earlier if (one.grants or {}).get("first")]
    uow.write(partial(staff.expire_links, secret_hashes=printed, now=uow.now))
    grant = Grant("", roles, None)
    return _invite(uow, None, grant, {**_write_grant(grant), "first": True})


async def join(uow: UnitOfWork, desk: Desk, person: Person, secret: str) -> Staff | None:
    """Let somebody in who opened an invitation, or give more to a colleague who did."""
    with told_apart():
        async with uow.connection.begin_nested():
            known = await staff.find_by_chat(uow.connection, person.chat_id)
            link = await _spend_invitation(uow, secret, known)
            if link is None:
                say_with_menu(uow, desk, person.chat_id, INVITATION_REFUSED)
                return None
            joined = await _let_in(uow, person, _read_grant(link.grants or {}), known)
            details = {**_describe(joined), "invited_by": link.created_by}
            uow.record(note_staff("join", _subject(joined), Actor(joined, "chat"), details))
            uow.save_contact(get_contact(uow, person.chat_id))
            is_more = known is not None and known.active
            say_with_menu(uow, desk, person.chat_id, *greet(joined, more=is_more))
            return joined


async def offer_sign_in(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Give staff a link that signs them in; to anybody else this command is unknown."""
    with told_apart():
        known = await staff.find_by_chat(uow.connection, person.chat_id)
    if known is None or not known.active:
        await help_person(uow, desk, person)
        return
    secret = _draw_secret()
    uow.write(partial(staff.expire_sign_ins, staff_id=known.id, now=uow.now))
    _add_link(uow, secret, Purpose.SIGN_IN, SIGN_IN_LASTS, staff_id=known.id)
    uow.record(note_staff("offer_sign_in", _subject(known), Actor(known, "chat")))
    minutes = SIGN_IN_LASTS // timedelta(minutes=1)
    say(uow, desk, person.chat_id, offer_door(f"{desk.web_url}/enter/{secret}", minutes))


async def spend_sign_in(uow: UnitOfWork, secret: str, origin: str) -> str | None:
    """Begin a session for whoever has a fresh link, and give the session's secret."""
    with told_apart():
        link = await staff.spend_link(uow.connection, hash_of(secret), Purpose.SIGN_IN, uow.now)
        known = await _find_owner(uow, link)
    if known is None or not known.active:
        return None
    session = _draw_secret()
    add = partial(staff.add_session, secret_hash=hash_of(session), staff_id=known.id)
    uow.write(partial(add, origin=origin, at=uow.now))
    uow.record(note_staff("sign_in", _subject(known), Actor(known, origin)))
    return session


async def find_session(
    connection: Connection, session_secret: str, now: datetime, idle: timedelta = SESSION_IDLE
) -> Session | None:
    """Find a session that still holds, with its owner as stored at this moment."""
    session = await staff.find_session(connection, hash_of(session_secret))
    if session is None or not session.staff.active:
        return None
    is_over = now >= session.created_at + SESSION_LASTS or now >= session.seen_at + idle
    return None if is_over else session


async def find_visitor(
    connection: Connection, session_secret: str, now: datetime, idle: timedelta = SESSION_IDLE
) -> Staff | None:
    """Find who visits the pages with the secret of a session."""
    session = await find_session(connection, session_secret, now, idle)
    return session.staff if session else None


def is_worth_noting(session: Session, now: datetime) -> bool:
    """Tell whether it is time to note that a session is still used."""
    return now >= session.seen_at + NOTED_EVERY


async def note_visit(uow: UnitOfWork, session_secret: str) -> None:
    """Note that a session is still used, so that it does not end."""
    uow.write(partial(staff.note_seen, secret_hash=hash_of(session_secret), at=uow.now))


async def end_session(uow: UnitOfWork, actor: Actor, session_secret: str) -> None:
    """Sign somebody out in one browser."""
    uow.write(partial(staff.end_session, secret_hash=hash_of(session_secret)))
    uow.record(note_staff("sign_out", _subject(actor.staff), actor))


async def end_all_sessions(uow: UnitOfWork, actor: Actor, staff_id: int) -> None:
    """Sign somebody out everywhere: oneself, or somebody whom one may manage.

    Raises:
        NoSuchStaff, NotPermitted: there is nobody of this id, or not for this actor.
    """
    known = await _get_staff(uow, staff_id)
    if known.id != actor.staff.id:
        _check_reach(actor, known.places)
    _lock_out(uow, known)
    uow.record(note_staff("sign_out", _subject(known), actor, {"everywhere": True}))


async def change_staff(
    uow: UnitOfWork,
    actor: Actor | None,
    staff_id: int,
    *,
    roles: frozenset[Role],
    places: Places,
    active: bool,
) -> Staff:
    """Change what somebody may do, and where; who is not active any more is signed out.

    Raises:
        NoSuchStaff, NotPermitted: there is nobody of this id, or not for this actor.
        LastAdministrator: only the command line may leave the house without one.
    """
    known = await _get_staff(uow, staff_id)
    _check_reach(actor, known.places, places)
    changed = replace(known, roles=roles, places=places, active=active)
    if actor is not None:
        await _check_administrator_stays(uow, changed)
    uow.write(partial(staff.save, changed=changed))
    await _give_back(uow, actor, changed)
    if not active:
        _lock_out(uow, changed)
    details = {**_describe(changed), "active": active}
    uow.record(_note("change_staff", _subject(changed), actor, details))
    return changed


async def _give_back(uow: UnitOfWork, actor: Actor | None, changed: Staff) -> None:
    """Put back into the queue what somebody has taken and may decide no longer."""
    with told_apart():
        taken = await cases.list_taken_by(uow.connection, changed.id)
    for case in taken:
        if not may(changed, Right.DECIDE, case.office):
            uow.save_case(take_act(case, Act.RELEASE, changed.id, uow.now))
            uow.record(_note(Act.RELEASE, case.number, actor, {"instead_of": changed.id}))


def hash_of(secret: str) -> str:
    """Return what is stored in place of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _draw_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


def _invite(uow: UnitOfWork, actor: Actor | None, grant: Grant, grants: Mapping[str, Any]) -> str:
    secret = _draw_secret()
    made_by = actor.staff.id if actor else None
    _add_link(uow, secret, Purpose.INVITATION, INVITATION_LASTS, grants=grants, created_by=made_by)
    uow.record(_note("invite", None, actor, _describe(grant)))
    return secret


def _add_link(
    uow: UnitOfWork, secret: str, purpose: Purpose, lasts: timedelta, **values: Any
) -> None:
    link = Link(hash_of(secret), purpose, uow.now, uow.now + lasts, **values)
    uow.write(partial(staff.add_link, link=link))


async def _spend_invitation(uow: UnitOfWork, secret: str, known: Staff | None) -> Link | None:
    """Use an invitation up; of no use is one whose maker could not make it any more.

    Nor is it to a colleague whom its maker may not manage: what it grants would hold at all
    places of that colleague.
    """
    link = await staff.spend_link(uow.connection, hash_of(secret), Purpose.INVITATION, uow.now)
    if link is None or link.grants is None:
        return None
    if link.grants.get("first"):
        everybody = await staff.list_all(uow.connection)
        return None if has_administrator(everybody) else link
    if link.created_by is None:
        return link
    inviter = await staff.find(uow.connection, link.created_by)
    places = [_read_grant(link.grants).places, *([known.places] if known and known.active else [])]
    return link if inviter and all(may_manage(inviter, one) for one in places) else None


async def _let_in(uow: UnitOfWork, person: Person, grant: Grant, known: Staff | None) -> Staff:
    if known is None:
        name = grant.name or f"{person.first_name} {person.last_name}".strip() or "-"
        return await staff.add(
            uow.connection, uow.now, name, grant.roles, grant.places, person.chat_id
        )
    changed = extend(known, grant.roles, grant.places)
    await staff.save(uow.connection, changed)
    return changed


async def _find_owner(uow: UnitOfWork, link: Link | None) -> Staff | None:
    if link is None or link.staff_id is None:
        return None
    return await staff.find(uow.connection, link.staff_id)


async def _get_staff(uow: UnitOfWork, staff_id: int) -> Staff:
    with told_apart():
        known = await staff.find(uow.connection, staff_id)
    if known is None:
        raise NoSuchStaff(staff_id)
    return known


async def _check_administrator_stays(uow: UnitOfWork, changed: Staff) -> None:
    with told_apart():
        everybody = await staff.list_all(uow.connection)
    after = [changed if one.id == changed.id else one for one in everybody]
    if has_administrator(everybody) and not has_administrator(after):
        raise LastAdministrator


def _check_reach(actor: Actor | None, *places: Places) -> None:
    if actor is not None and not all(may_manage(actor.staff, one) for one in places):
        raise NotPermitted


def _lock_out(uow: UnitOfWork, known: Staff) -> None:
    uow.write(partial(staff.end_sessions_of, staff_id=known.id))
    uow.write(partial(staff.expire_sign_ins, staff_id=known.id, now=uow.now))


def _note(
    act: str, subject: str | None, actor: Actor | None, details: Mapping[str, Any]
) -> AuditEvent:
    if actor is None:
        return note_program(act, subject, COMMAND, details)
    return note_staff(act, subject, actor, details)


def _subject(known: Staff) -> str:
    return f"staff:{known.id}"


def _describe(granted: Grant | Staff) -> dict[str, Any]:
    """Say for the audit log what somebody may do and where, without a name."""
    places = None if granted.places is None else sorted(granted.places)
    return {"roles": sorted(granted.roles), "places": places}


def _write_grant(grant: Grant) -> dict[str, Any]:
    return {"name": grant.name, **_describe(grant)}


def _read_grant(grants: Mapping[str, Any]) -> Grant:
    places = grants["places"]
    return Grant(
        grants["name"],
        frozenset(Role(role) for role in grants["roles"]),
        None if places is None else frozenset(places),
    )

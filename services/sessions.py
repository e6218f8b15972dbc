"""Staff sign in by a link from the chat, and out of one browser or of all."""

from datetime import datetime, timedelta
from functools import partial

from db import staff
from db.errors import told_apart
from db.staff import Connection, Link, Purpose, Session
from db.unit_of_work import UnitOfWork
from domain.staff import Staff
from domain.staffing import may_manage
from services.around import help_person
from services.audit import note_staff
from services.chats import say
from services.desk import Actor, Desk, Person
from services.office_words import offer_door
from services.staff import NotPermitted, get_staff, lock_out, subject_of
from services.staff_links import add_link, draw_secret, hash_of

SIGN_IN_LASTS = timedelta(minutes=10)
SESSION_LASTS = timedelta(hours=12)
SESSION_IDLE = timedelta(minutes=30)
NOTED_EVERY = timedelta(minutes=1)
"""How exactly it is known when a session was last used, so that not every page is a write."""


async def offer_sign_in(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Give staff a link that signs them in; to anybody else this command is unknown."""
    with told_apart():
        known = await staff.find_by_chat(uow.connection, person.chat_id)
    if known is None or not known.active:
        await help_person(uow, desk, person)
        return
    uow.write(partial(staff.expire_sign_ins, staff_id=known.id, now=uow.now))
    secret = add_link(uow, Purpose.SIGN_IN, SIGN_IN_LASTS, staff_id=known.id)
    uow.record(note_staff("offer_sign_in", subject_of(known), Actor(known, "chat")))
    minutes = SIGN_IN_LASTS // timedelta(minutes=1)
    say(uow, desk, person.chat_id, offer_door(f"{desk.web_url}/enter/{secret}", minutes))


async def spend_sign_in(uow: UnitOfWork, secret: str, origin: str) -> str | None:
    """Begin a session for whoever has a fresh link, and give the session's secret."""
    with told_apart():
        link = await staff.spend_link(uow.connection, hash_of(secret), Purpose.SIGN_IN, uow.now)
        known = await _find_owner(uow, link)
    if known is None or not known.active:
        return None
    session = draw_secret()
    add = partial(staff.add_session, secret_hash=hash_of(session), staff_id=known.id)
    uow.write(partial(add, origin=origin, at=uow.now))
    uow.record(note_staff("sign_in", subject_of(known), Actor(known, origin)))
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
    uow.record(note_staff("sign_out", subject_of(actor.staff), actor))


async def end_all_sessions(uow: UnitOfWork, actor: Actor, staff_id: int) -> None:
    """Sign somebody out everywhere: oneself, or somebody whom one may manage.

    Raises:
        NoSuchStaff, NotPermitted: there is nobody of this id, or not for this actor.
    """
    known = await get_staff(uow, staff_id)
    if known.id != actor.staff.id and not may_manage(actor.staff, known.grants):
        raise NotPermitted
    lock_out(uow, known)
    uow.record(note_staff("sign_out", subject_of(known), actor, {"everywhere": True}))


async def _find_owner(uow: UnitOfWork, link: Link | None) -> Staff | None:
    if link is None or link.staff_id is None:
        return None
    return await staff.find(uow.connection, link.staff_id)

"""Staff come by invitation: a link that lets one person in, or gives a colleague more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from db import audit, staff
from db.errors import told_apart
from db.staff import Link, Purpose
from db.unit_of_work import UnitOfWork
from domain.staff import Grants, Places, Role, Staff
from domain.staffing import extend, has_administrator, may_manage
from services.audit import note_staff
from services.chats import get_contact, say_with_menu
from services.desk import Actor, Desk, Person
from services.office_words import INVITATION_REFUSED, greet
from services.staff import (
    CHANGE,
    NotPermitted,
    describe_grants,
    note,
    subject_of,
)
from services.staff_links import add_link, hash_of

INVITATION_LASTS = timedelta(hours=24)

INVITATION = "staff_"
"""What the start code of an invitation begins with; its secret follows."""


@dataclass(frozen=True)
class Invitation:
    """What somebody is invited to: some roles, all at the same places."""

    name: str
    roles: frozenset[Role]
    places: Places

    @property
    def grants(self) -> Grants:
        """Each of the roles with its places."""
        return dict.fromkeys(self.roles, self.places)


async def invite(uow: UnitOfWork, actor: Actor | None, invitation: Invitation) -> str:
    """Make an invitation, and give the secret that opens it; no actor is the command line.

    Raises:
        NotPermitted: the actor may not let anybody in there.
    """
    if actor is not None and not may_manage(actor.staff, invitation.grants):
        raise NotPermitted
    return _invite(uow, actor, invitation, _write(invitation))


async def invite_first(uow: UnitOfWork, roles: frozenset[Role]) -> str | None:
    """Invite the first administrator, unless there is one; what was printed before is void."""
    with told_apart():
        if has_administrator(await staff.list_all(uow.connection)):
            return None
        earlier = await staff.list_open_links(uow.connection, Purpose.INVITATION, uow.now)
    printed = [one.secret_hash for one in earlier if (one.grants or {}).get("first")]
    uow.write(partial(staff.expire_links, secret_hashes=printed, now=uow.now))
    invitation = Invitation("", roles, None)
    return _invite(uow, None, invitation, {**_write(invitation), "first": True})


async def join(uow: UnitOfWork, desk: Desk, person: Person, secret: str) -> Staff | None:
    """Let somebody in who opened an invitation, or give more to a colleague who did."""
    with told_apart():
        async with uow.connection.begin_nested():
            known = await staff.find_by_chat(uow.connection, person.chat_id, lock=True)
            link = await _spend(uow, secret, known)
            if link is None:
                say_with_menu(uow, desk, person.chat_id, INVITATION_REFUSED)
                return None
            joined = await _let_in(uow, person, _read(link.grants or {}), known)
            details = {**describe_grants(joined.grants), "invited_by": link.created_by}
            uow.record(note_staff("join", subject_of(joined), Actor(joined, "chat"), details))
            uow.save_contact(get_contact(uow, person.chat_id))
            is_more = known is not None and known.active
            say_with_menu(uow, desk, person.chat_id, *greet(joined, more=is_more))
            return joined


def _invite(
    uow: UnitOfWork, actor: Actor | None, invitation: Invitation, grants: Mapping[str, Any]
) -> str:
    made_by = actor.staff.id if actor else None
    secret = add_link(uow, Purpose.INVITATION, INVITATION_LASTS, grants=grants, created_by=made_by)
    uow.record(note("invite", None, actor, describe_grants(invitation.grants)))
    return secret


async def _spend(uow: UnitOfWork, secret: str, known: Staff | None) -> Link | None:
    """Use an invitation up, and give it if it still holds for whoever opened it."""
    link = await staff.spend_link(uow.connection, hash_of(secret), Purpose.INVITATION, uow.now)
    if link is None or link.grants is None:
        return None
    dismissed_at = await _find_dismissal(uow, known) if known else None
    if dismissed_at is not None and link.created_at < dismissed_at:
        return None
    return link if await _could_be_made(uow, link, link.grants) else None


async def _could_be_made(uow: UnitOfWork, link: Link, grants: Mapping[str, Any]) -> bool:
    """Tell whether who made an invitation could make it today."""
    if grants.get("first"):
        return not has_administrator(await staff.list_all(uow.connection))
    if link.created_by is None:
        return True
    inviter = await staff.find(uow.connection, link.created_by)
    return inviter is not None and may_manage(inviter, _read(grants).grants)


async def _find_dismissal(uow: UnitOfWork, known: Staff) -> datetime | None:
    """Find when somebody was last shown out, who may have been let in again since."""
    events = await audit.list_about(uow.connection, subject_of(known))
    left = (one for one in events if one.event.act == CHANGE and not one.event.details["active"])
    return max((one.at for one in left), default=None)


async def _let_in(
    uow: UnitOfWork, person: Person, invitation: Invitation, known: Staff | None
) -> Staff:
    if known is None:
        called = f"{person.first_name} {person.last_name}".strip()
        return await staff.add(
            uow.connection,
            uow.now,
            invitation.name or called or "-",
            invitation.roles,
            invitation.places,
            person.chat_id,
        )
    changed = extend(known, invitation.grants)
    await staff.save(uow.connection, changed)
    return changed


def _write(invitation: Invitation) -> dict[str, Any]:
    places = None if invitation.places is None else sorted(invitation.places)
    return {"name": invitation.name, "roles": sorted(invitation.roles), "places": places}


def _read(written: Mapping[str, Any]) -> Invitation:
    places = written["places"]
    return Invitation(
        written["name"],
        frozenset(Role(role) for role in written["roles"]),
        None if places is None else frozenset(places),
    )

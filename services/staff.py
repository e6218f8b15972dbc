"""What staff may do is changed by staff, or at the command line; each change is written down."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from db import cases, staff
from db.errors import told_apart
from db.unit_of_work import UnitOfWork
from domain.audit import AuditEvent
from domain.cases import Act, take_act
from domain.staff import Grants, Right, Staff, may
from domain.staffing import has_administrator, may_change
from services.audit import note_program, note_staff
from services.desk import Actor

COMMAND = "command"
"""Where somebody is who sits at the command line."""

CHANGE = "change_staff"


class NotPermitted(Exception):
    """An act that this member of staff may not do, or not there."""


class NoSuchStaff(Exception):
    """Nobody here has this id."""


class LastAdministrator(Exception):
    """Nobody would be left who could let somebody in."""


async def change_staff(
    uow: UnitOfWork, actor: Actor | None, staff_id: int, alter: Callable[[Staff], Staff]
) -> Staff:
    """Change what somebody may do, and where; who is not active any more is signed out.

    `alter` says what changes, and gets the colleague as stored at this moment.

    Raises:
        NoSuchStaff, NotPermitted: there is nobody of this id, or not for this actor.
        LastAdministrator: only the command line may leave the house without one.
    """
    known = await get_staff(uow, staff_id)
    changed = alter(known)
    if actor is not None:
        if not may_change(actor.staff, known, changed):
            raise NotPermitted
        await _check_administrator_stays(uow, changed)
    uow.write(partial(staff.save, changed=changed))
    await _give_back(uow, actor, changed)
    if not changed.active:
        lock_out(uow, changed)
    details = {**describe_grants(changed.grants), "active": changed.active}
    uow.record(note(CHANGE, subject_of(changed), actor, details))
    return changed


async def get_staff(uow: UnitOfWork, staff_id: int) -> Staff:
    """Get a member of staff, also one who left, to be changed in this unit of work.

    Raises:
        NoSuchStaff: there is nobody of this id.
    """
    with told_apart():
        known = await staff.find(uow.connection, staff_id, lock=True)
    if known is None:
        raise NoSuchStaff(staff_id)
    return known


def lock_out(uow: UnitOfWork, known: Staff) -> None:
    """Sign somebody out everywhere, and let no link sign them in."""
    uow.write(partial(staff.end_sessions_of, staff_id=known.id))
    uow.write(partial(staff.expire_sign_ins, staff_id=known.id, now=uow.now))


def subject_of(known: Staff) -> str:
    """Name a member of staff in the audit log."""
    return f"staff:{known.id}"


def note(
    act: str, subject: str | None, actor: Actor | None, details: Mapping[str, Any]
) -> AuditEvent:
    """Note what a member of staff did, or somebody at the command line."""
    if actor is None:
        return note_program(act, subject, COMMAND, details)
    return note_staff(act, subject, actor, details)


def describe_grants(grants: Grants) -> dict[str, Any]:
    """Say for the audit log what somebody may do and where, without a name."""
    places = {role: None if codes is None else sorted(codes) for role, codes in grants.items()}
    return {"grants": places}


async def _give_back(uow: UnitOfWork, actor: Actor | None, changed: Staff) -> None:
    """Put back into the queue what somebody has taken and may decide no longer."""
    with told_apart():
        taken = await cases.list_taken_by(uow.connection, changed.id)
    for case in taken:
        if not may(changed, Right.DECIDE, case.office):
            uow.save_case(take_act(case, Act.RELEASE, changed.id, uow.now))
            uow.record(note(Act.RELEASE, case.number, actor, {"instead_of": changed.id}))


async def _check_administrator_stays(uow: UnitOfWork, changed: Staff) -> None:
    with told_apart():
        everybody = await staff.list_all(uow.connection)
    after = [changed if one.id == changed.id else one for one in everybody]
    if has_administrator(everybody) and not has_administrator(after):
        raise LastAdministrator

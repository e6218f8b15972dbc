"""An application on an officer's desk: taken, given back, handed over, noted, looked at."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from db import applications, corrections, duplicate_pairs, notes, staff
from db.errors import told_apart
from db.unit_of_work import UnitOfWork
from domain.cases import Act, Case, Hindrance, NotPossible, Waiting, find_bond, take_act
from domain.staff import Right, may
from domain.texts import PlaceName, message
from services.audit import note_staff
from services.desk import Actor, Desk
from services.letters import tell, word_wait
from services.promises import make_promise

_DISTRICT_DIGITS = 4


class NoSuchCase(LookupError):
    """An application that does not exist, or is none of this person's business."""


class NotOffered(Exception):
    """A reason, a check, an item or a place that the office does not know."""


async def open_case(
    uow: UnitOfWork, actor: Actor, number: str, right: Right = Right.DECIDE
) -> Case:
    """Hold an application until the end of the unit of work, and load its chat.

    Whether the actor may is asked of the database now, whatever they were allowed before.

    Raises:
        NoSuchCase: there is none within the actor's scope.
        NotPossible: it was made in the actor's own chat or by the actor at a desk, and the right
            is to decide.
    """
    with told_apart():
        chat_id = await applications.find_chat(uow.connection, number)
        colleague = await staff.find(uow.connection, actor.staff.id)
        if colleague is None:
            raise NoSuchCase(number)
        chats = [] if chat_id is None else [chat_id]
        await uow.load(chats)  # before the case: workers' acts lock in this order
    case = await uow.find_case(number)
    if case is None or not may(colleague, right, case.office):
        raise NoSuchCase(number)
    bond = find_bond(case, colleague)
    if right is Right.DECIDE and bond is not None:
        raise NotPossible(Act.TAKE, bond)
    return case


def keep(
    uow: UnitOfWork,
    actor: Actor,
    act: Act,
    after: Case,
    details: Mapping[str, Any] | None = None,
    note: str = "",
) -> Case:
    """Store the standing after an act, with its audit row and the officer's note, if any."""
    uow.save_case(after)
    _record(uow, actor, act, after.number, details or {}, note)
    return after


async def take(uow: UnitOfWork, desk: Desk, actor: Actor, number: str) -> Case:
    """Take an application, so that nobody else decides it.

    One that waits for its worker to correct something waits for the office again: whoever does
    not answer, or cannot be reached, is not left without a decision.
    """
    case = await open_case(uow, actor, number)
    promise = make_promise(desk, uow.now)
    after = take_act(case, Act.TAKE, actor.staff.id, uow.now, due_at=promise.due_at)
    uow.write(partial(corrections.close, number=number, at=uow.now))
    return keep(uow, actor, Act.TAKE, after)


async def release(uow: UnitOfWork, _desk: Desk, actor: Actor, number: str) -> Case:
    """Give an application back to the queue."""
    case = await open_case(uow, actor, number)
    return keep(uow, actor, Act.RELEASE, take_act(case, Act.RELEASE, actor.staff.id, uow.now))


async def hand_over(
    uow: UnitOfWork,
    desk: Desk,
    actor: Actor,
    number: str,
    *,
    office: str | None,
    colleague: int | None,
    note: str,
) -> Case:
    """Give an application to another district, to a colleague, or to a colleague there.

    The worker is told of another district, since somebody else will answer.

    Raises:
        NotOffered: there is no such district, or the colleague decides nothing there.
    """
    case = await open_case(uow, actor, number)
    moved_to = office if office != case.office else None
    _check_district(desk, moved_to, colleague)
    await _check_colleague(uow, case, colleague, moved_to or case.office)
    after = take_act(
        case, Act.HAND_OVER, actor.staff.id, uow.now, office=moved_to, colleague=colleague
    )
    if moved_to is None:
        return keep(uow, actor, Act.HAND_OVER, after, {"to_staff": colleague}, note)
    words = message("case.handed_over", office=PlaceName(moved_to))
    told = await tell(uow, desk, after, words, word_wait(desk, after, uow.now))
    details = {"to_staff": colleague, "to_office": moved_to, "told": told}
    return keep(uow, actor, Act.HAND_OVER, after, details, note)


async def add_note(uow: UnitOfWork, _desk: Desk, actor: Actor, number: str, note: str) -> None:
    """Note something about an application, for colleagues alone."""
    await open_case(uow, actor, number)
    if note.strip():
        _record(uow, actor, "add_note", number, {}, note)


async def dismiss_pair(uow: UnitOfWork, _desk: Desk, actor: Actor, number: str, other: str) -> None:
    """Note that two applications that look alike are of two people.

    Raises:
        NoSuchCase: one of the two is outside of the actor's scope.
    """
    for each in sorted({number, other}):
        await open_case(uow, actor, each)
    uow.write(
        partial(
            duplicate_pairs.dismiss,
            number=number,
            other=other,
            staff_id=actor.staff.id,
            at=uow.now,
        )
    )
    _record(uow, actor, "dismiss_pair", number, {"other": other})


async def note_look(uow: UnitOfWork, actor: Actor, number: str, what: str) -> None:
    """Write down that somebody looked at an application: 'open_case', 'see_photo'."""
    await open_case(uow, actor, number, Right.SEE_CASES)
    _record(uow, actor, what, number, {})


def _record(
    uow: UnitOfWork,
    actor: Actor,
    act: str,
    number: str,
    details: Mapping[str, Any],
    note: str = "",
) -> None:
    known = {name: value for name, value in details.items() if value is not None}
    if words := note.strip():
        staff_id = actor.staff.id
        uow.write(partial(notes.add, number=number, staff_id=staff_id, body=words, at=uow.now))
        known["note"] = True
    uow.record(note_staff(act, number, actor, known))


def _check_district(desk: Desk, office: str | None, colleague: int | None) -> None:
    if office is None:
        if colleague is None:
            raise NotOffered("a hand-over needs another district or a colleague")
    elif len(office) != _DISTRICT_DIGITS or desk.gazetteer.find(office) is None:
        raise NotOffered("there is no such district")


async def _check_colleague(uow: UnitOfWork, case: Case, colleague: int | None, office: str) -> None:
    if colleague is None:
        return
    with told_apart():
        found = await staff.find(uow.connection, colleague)
    if found is None or not may(found, Right.DECIDE, office):
        raise NotOffered("the colleague decides nothing there")
    if (bond := find_bond(case, found)) is not None:
        raise NotPossible(Act.HAND_OVER, bond)
    if case.waiting is Waiting.APPEAL and case.decided_by == colleague:
        raise NotPossible(Act.HAND_OVER, Hindrance.OWN_DECISION)

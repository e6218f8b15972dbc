"""Applications of another register that a phone number leads to, and whether they are locked."""

from collections.abc import Sequence
from dataclasses import dataclass

from db import claims
from db.errors import told_apart
from db.unit_of_work import UnitOfWork
from domain.cases import Case
from domain.claiming import MOST_TRIES, UNLOCKED, Claimed, is_locked
from domain.texts import PlaceName, message
from services.audit import note_staff
from services.awaiting import find_claim
from services.cases import open_case
from services.chats import say_with_menu
from services.desk import Actor, Desk, Person


@dataclass(frozen=True)
class Found:
    """The applications of a phone number, newest first, apart from those that are locked."""

    open: Sequence[Claimed] = ()
    locked: Sequence[Claimed] = ()


async def look(uow: UnitOfWork, phone: str | None) -> Found:
    """Look for the applications of a number."""
    if phone is None:
        return Found()
    with told_apart():
        listed = await claims.list_by_phone(uow.connection, phone)
        acts = await claims.list_acts(uow.connection, [one.number for one in listed])
    for event in uow.changes.events:
        if event.subject in acts:
            acts[event.subject].append(event.act)
    locked = [one for one in listed if is_locked(acts[one.number])]
    return Found([one for one in listed if one not in locked], locked)


async def is_of_use(uow: UnitOfWork) -> bool:
    """Tell whether anybody has come from another register."""
    with told_apart():
        return await claims.is_of_use(uow.connection)


def is_closed(uow: UnitOfWork, person: Person) -> bool:
    """Tell whether a chat has given too many wrong answers today."""
    claim = find_claim(uow, person.chat_id)
    return claim is not None and claim.tries >= MOST_TRIES


def tell_locked(uow: UnitOfWork, desk: Desk, person: Person, found: Found) -> None:
    """Tell somebody that only an officer can help, and of which province."""
    office = PlaceName(found.locked[0].office[:2], short=True)
    say_with_menu(uow, desk, person.chat_id, message("claim.locked", office=office))


async def unlock(uow: UnitOfWork, _desk: Desk, actor: Actor, number: str) -> Case:
    """Let an application be claimed again, whose person an officer has met.

    Raises:
        NoSuchCase: there is none within the actor's scope.
    """
    case = await open_case(uow, actor, number)
    uow.record(note_staff(UNLOCKED, number, actor))
    return case

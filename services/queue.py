"""The queue as officers work through it: the next case taken, and every list noted."""

from db import queue
from db.errors import told_apart
from db.queue import Viewpoint
from db.unit_of_work import UnitOfWork
from domain.cases import Case, NotPossible
from domain.filters import Filters
from domain.staff import Right, Scope, scope_of
from domain.working_hours import close_until
from services.audit import note_staff
from services.cases import take
from services.desk import Actor, Desk

ATTEMPTS = 5
_NOWHERE = Scope(frozenset())


async def take_next(
    uow: UnitOfWork, desk: Desk, actor: Actor, filters: Filters | None = None
) -> Case | None:
    """Take the oldest promise that nobody has taken and this officer may keep, if there is one.

    If a colleague is quicker, the one after it is taken.
    """
    viewpoint = make_viewpoint(uow, desk, actor)
    for _ in range(ATTEMPTS):
        with told_apart():
            number = await queue.find_next(uow.connection, viewpoint, filters or Filters())
        if number is None:
            return None
        try:
            return await take(uow, desk, actor, number)
        except NotPossible:
            continue
    return None


def make_viewpoint(uow: UnitOfWork, desk: Desk, actor: Actor) -> Viewpoint:
    """Tell where an officer may decide now."""
    scope = scope_of(actor.staff, Right.DECIDE) or _NOWHERE
    return Viewpoint(scope, actor.staff.id, uow.now, close_until(uow.now, desk.time_zone))


async def note_list(uow: UnitOfWork, actor: Actor, act: str, rows: int) -> None:
    """Write down that somebody read a list, and how long it was; never what they typed."""
    uow.record(note_staff(act, None, actor, {"rows": rows}))

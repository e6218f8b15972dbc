"""Applications of one person made one, and that undone."""

from dataclasses import replace
from functools import partial

from db import merges, staff
from db.errors import told_apart
from db.merges import Merge
from db.unit_of_work import UnitOfWork
from domain.applications import Status
from domain.cases import Act, Case, Hindrance, NotPossible, take_act
from domain.numbers import format_number
from domain.staff import Right, may
from domain.texts import Code, message
from services.cases import keep, open_case
from services.decisions import get_reason, tell_refusal
from services.desk import Actor, Desk
from services.letters import tell, word_reason, word_wait

DUPLICATE = "duplicate"
"""The code of the reason that every duplicate has."""


async def mark_as_duplicate(
    uow: UnitOfWork, desk: Desk, actor: Actor, number: str, kept: str, note: str = ""
) -> Case:
    """Close an application because the person has another, which is kept.

    Raises:
        NoSuchCase: one of the two is outside of the actor's scope.
        NotPossible: the standing of one of the two does not allow it.
    """
    cases = {each: await open_case(uow, actor, each) for each in sorted({number, kept})}
    case = cases[number]
    staff_id = actor.staff.id
    after = take_act(
        case, Act.MARK_AS_DUPLICATE, staff_id, uow.now, reason=DUPLICATE, duplicate_of=kept
    )
    await _check_kept(uow, case, cases[kept])
    uow.write(partial(merges.undo, number=number, staff_id=staff_id, at=uow.now))
    former = replace(case, duplicate_of=None)
    uow.write(partial(merges.add, former=former, kept=kept, staff_id=staff_id, at=uow.now))
    told = await _tell_duplicate(uow, desk, after, cases[kept])
    return keep(uow, actor, Act.MARK_AS_DUPLICATE, after, {"kept": kept, "told": told}, note)


async def undo_merge(
    uow: UnitOfWork, desk: Desk, actor: Actor, number: str, note: str = ""
) -> Case:
    """Open an application again that was closed as a duplicate, as it was before.

    If the worker has appealed meanwhile, the appeal goes on.
    """
    case = await open_case(uow, actor, number)
    after = take_act(case, Act.UNDO_MERGE, actor.staff.id, uow.now)
    merge = await _get_merge(uow, number)
    if case.status is Status.REJECTED:
        after = await _reopen(uow, merge.former)
    uow.write(partial(merges.undo, number=number, staff_id=actor.staff.id, at=uow.now))
    words = message("case.open_again"), word_wait(desk, after, uow.now)
    told = await tell(uow, desk, after, *words)
    details = {"kept": case.duplicate_of, "told": told}
    return keep(uow, actor, Act.UNDO_MERGE, after, details, note)


async def _check_kept(uow: UnitOfWork, case: Case, kept: Case) -> None:
    """See that what is kept can be kept, and that nothing was merged into the other before."""
    if kept.number == case.number or kept.status is Status.WITHDRAWN:
        raise NotPossible(Act.MARK_AS_DUPLICATE, Hindrance.WRONG_STATUS)
    with told_apart():
        has_merged = await merges.has_merged(uow.connection, case.number)
    if has_merged or kept.duplicate_of is not None:
        raise NotPossible(Act.MARK_AS_DUPLICATE, Hindrance.STILL_MERGED)


async def _tell_duplicate(uow: UnitOfWork, desk: Desk, case: Case, kept: Case) -> bool:
    """Name the number that stays, in full only where it is known already."""
    number = format_number(kept.number)
    shown = number if kept.chat_id == case.chat_id else f"{number[:4]}-••••-•"
    stays = message("case.duplicate_of", number=Code(shown))
    reason = get_reason(Act.MARK_AS_DUPLICATE, DUPLICATE)
    what, *others = word_reason(case, reason)
    return await tell_refusal(uow, desk, case, what, stays, *others)


async def _get_merge(uow: UnitOfWork, number: str) -> Merge:
    with told_apart():
        merge = await merges.find_open(uow.connection, number)
    if merge is None:
        raise LookupError("a duplicate was never merged")
    return merge


async def _reopen(uow: UnitOfWork, former: Case) -> Case:
    """Give the standing before a merge; who had taken the case may be gone since."""
    if former.assigned_to is None:
        return former
    with told_apart():
        officer = await staff.find(uow.connection, former.assigned_to)
    if officer is not None and may(officer, Right.DECIDE, former.office):
        return former
    return take_act(former, Act.RELEASE, former.assigned_to, uow.now)

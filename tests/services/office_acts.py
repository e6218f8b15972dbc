"""Every act of the office, ready to be done on an application by anybody."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from db.unit_of_work import UnitOfWork
from domain.cases import Act, Case
from services.cases import hand_over, release, take
from services.decisions import (
    accept_change,
    approve,
    decline_change,
    reject,
    request_correction,
    revoke,
)
from services.desk import Actor, Desk
from services.merging import mark_as_duplicate, undo_merge
from tests.services.office import NUMBER, OTHER_NUMBER

OfficeAct = Callable[[UnitOfWork, Desk, Actor, str], Awaitable[Case]]
BATTAMBANG_TOWN, BANAN = "0203", "0201"


async def move(uow: UnitOfWork, desk: Desk, actor: Actor, number: str) -> Case:
    """Hand an application over to another district of the same province."""
    case = await uow.find_case(number)
    office = BANAN if case and case.office == BATTAMBANG_TOWN else BATTAMBANG_TOWN
    return await hand_over(uow, desk, actor, number, office=office, colleague=None, note=".")


async def merge(uow: UnitOfWork, desk: Desk, actor: Actor, number: str) -> Case:
    """Mark one of two applications as a duplicate of the other."""
    kept = OTHER_NUMBER if number == NUMBER else NUMBER
    return await mark_as_duplicate(uow, desk, actor, number, kept)


OFFICE_ACTS: Mapping[Act, OfficeAct] = {
    Act.TAKE: take,
    Act.RELEASE: release,
    Act.HAND_OVER: move,
    Act.APPROVE: partial(approve, checked=frozenset({"id_card"})),
    Act.REJECT: partial(reject, reason="not_true"),
    Act.REVOKE: partial(revoke, reason="issued_in_error"),
    Act.REQUEST_CORRECTION: partial(request_correction, item="sex", reason="unclear"),
    Act.ACCEPT_CHANGE: accept_change,
    Act.DECLINE_CHANGE: partial(decline_change, reason="change_not_shown"),
    Act.MARK_AS_DUPLICATE: merge,
    Act.UNDO_MERGE: undo_merge,
}
"""Acts of staff by their names, each with something harmless to say."""

"""Decisions on an application, each with its message to the worker and its audit row.

All that belongs to a decision is stored in one unit of work, or nothing is. Who decides must have
taken the case before. Every function raises NoSuchCase for an application outside of the actor's
scope, and NotPossible if the application's standing does not allow the act.
"""

from functools import partial

from db import change_requests, corrections, merges, sent_answers
from db.applications import apply_revision, get_registration
from db.change_requests import ChangeRequest
from db.errors import told_apart
from db.unit_of_work import UnitOfWork
from domain.cases import Act, Case, take_act
from domain.checks import CHECKS
from domain.context import Context
from domain.drafts import Draft
from domain.reasons import Reason, reasons_for
from domain.registrations import Registration
from domain.revisions import list_items
from domain.submission import complete
from domain.texts import Text, message
from domain.upgrades import upgrade
from services.cases import NotOffered, keep, open_case
from services.certificates import describe, issue_card, revoke_card
from services.desk import Actor, Desk
from services.letters import (
    find_reachable_chat,
    offer_appeal,
    tell,
    word_appeal,
    word_reason,
)
from services.revisions import start_correction


async def approve(
    uow: UnitOfWork,
    desk: Desk,
    actor: Actor,
    number: str,
    checked: frozenset[str],
    note: str = "",
) -> Case:
    """Approve an application, and issue its certificate.

    Raises:
        NotOffered: there is no such check.
    """
    if not checked <= CHECKS.keys():
        raise NotOffered("there is no such check")
    case = await open_case(uow, actor, number)
    after = take_act(case, Act.APPROVE, actor.staff.id, uow.now)
    card = [message("case.card_follows")] if desk.signing_key else []
    told = await tell(uow, desk, after, message("case.approved"), *card, message("case.benefits"))
    issue_card(uow, desk, after, await _get_registration(uow, number))
    return keep(uow, actor, Act.APPROVE, after, {"checked": sorted(checked), "told": told}, note)


async def reject(
    uow: UnitOfWork, desk: Desk, actor: Actor, number: str, reason: str, note: str = ""
) -> Case:
    """Reject an application; the worker may appeal.

    Raises:
        NotOffered: no rejection has this reason.
    """
    refused = message("case.rejected")
    return await _refuse(uow, desk, actor, number, Act.REJECT, reason, refused, note)


async def revoke(
    uow: UnitOfWork, desk: Desk, actor: Actor, number: str, reason: str, note: str = ""
) -> Case:
    """Take an approval back, with its certificate; the worker may appeal.

    Raises:
        NotOffered: no revocation has this reason.
    """
    revoked = message("case.revoked")
    return await _refuse(uow, desk, actor, number, Act.REVOKE, reason, revoked, note)


async def request_correction(
    uow: UnitOfWork,
    desk: Desk,
    actor: Actor,
    number: str,
    item: str,
    reason: str,
    note: str = "",
) -> Case:
    """Ask the worker one item once more.

    Raises:
        NotOffered: there is no such item or reason.
    """
    get_reason(Act.REQUEST_CORRECTION, reason)
    case = await open_case(uow, actor, number)
    after = take_act(case, Act.REQUEST_CORRECTION, actor.staff.id, uow.now)
    await _check_item(uow, desk, number, item)
    uow.write(partial(corrections.add, number=number, item=item, reason=reason, at=uow.now))
    chat_id = find_reachable_chat(uow, after)
    if chat_id is not None:
        await start_correction(uow, desk, after, chat_id, item, reason)
    details = {"item": item, "reason": reason, "told": chat_id is not None}
    return keep(uow, actor, Act.REQUEST_CORRECTION, after, details, note)


async def accept_change(uow: UnitOfWork, desk: Desk, actor: Actor, number: str) -> Case:
    """Put the answers that a worker wished in the place of the former ones.

    If the certificate would say something else now, a new one takes its place.
    """
    case = await open_case(uow, actor, number)
    after = take_act(case, Act.ACCEPT_CHANGE, actor.staff.id, uow.now)
    change = await _get_change(uow, number)
    before = await _get_registration(uow, number)
    draft = _make_draft(desk, change, before)
    revised = _complete(uow, desk, draft)
    uow.write(
        partial(
            apply_revision,
            number=number,
            registration=revised,
            answers=draft.answers,
            form_version=draft.form_version,
            at=uow.now,
        )
    )
    uow.write(partial(change_requests.settle, number=number, at=uow.now, accepted=True))
    is_card_other = describe(uow, desk, number, before) != describe(uow, desk, number, revised)
    new_card = is_card_other and desk.signing_key is not None
    words = [message("case.new_card_follows")] if new_card else []
    told = await tell(
        uow, desk, after, message("case.change_accepted"), *words, worker=revised.worker
    )
    if new_card:
        issue_card(uow, desk, after, revised)
    return keep(uow, actor, Act.ACCEPT_CHANGE, after, {"item": change.item, "told": told})


async def decline_change(
    uow: UnitOfWork, desk: Desk, actor: Actor, number: str, reason: str
) -> Case:
    """Leave the answers as they are; the application stays approved.

    Raises:
        NotOffered: no declined change has this reason.
    """
    found = get_reason(Act.DECLINE_CHANGE, reason)
    case = await open_case(uow, actor, number)
    after = take_act(case, Act.DECLINE_CHANGE, actor.staff.id, uow.now)
    change = await _get_change(uow, number)
    uow.write(partial(change_requests.settle, number=number, at=uow.now, accepted=False))
    told = await tell(uow, desk, after, *word_reason(after, found))
    details = {"item": change.item, "reason": reason, "told": told}
    return keep(uow, actor, Act.DECLINE_CHANGE, after, details)


async def tell_refusal(uow: UnitOfWork, desk: Desk, case: Case, *words: Text) -> bool:
    """Tell that and why an application was refused, with a way to appeal."""
    appeal = word_appeal(desk, case, uow.now)
    return await tell(uow, desk, case, *words, appeal, buttons=offer_appeal(case))


def get_reason(act: Act, code: str) -> Reason:
    """Get a reason that an act may have.

    Raises:
        NotOffered: the act has no such reason.
    """
    for reason in reasons_for(act):
        if reason.code == code:
            return reason
    raise NotOffered("the act has no such reason")


async def _refuse(
    uow: UnitOfWork,
    desk: Desk,
    actor: Actor,
    number: str,
    act: Act,
    reason: str,
    words: Text,
    note: str,
) -> Case:
    found = get_reason(act, reason)
    case = await open_case(uow, actor, number)
    after = take_act(case, act, actor.staff.id, uow.now, reason=reason)
    revoke_card(uow, number)
    uow.write(partial(change_requests.settle, number=number, at=uow.now, accepted=False))
    uow.write(partial(merges.undo, number=number, staff_id=actor.staff.id, at=uow.now))
    told = await tell_refusal(uow, desk, after, words, *word_reason(after, found))
    return keep(uow, actor, act, after, {"reason": reason, "told": told}, note)


async def _check_item(uow: UnitOfWork, desk: Desk, number: str, item: str) -> None:
    with told_apart():
        sent = await sent_answers.find(uow.connection, number)
    if sent is None or item not in {one.name for one in list_items(desk.form, sent)}:
        raise NotOffered("there is no such item")


async def _get_registration(uow: UnitOfWork, number: str) -> Registration:
    with told_apart():
        return await get_registration(uow.connection, number)


async def _get_change(uow: UnitOfWork, number: str) -> ChangeRequest:
    with told_apart():
        change = await change_requests.find_open(uow.connection, number)
    if change is None:
        raise LookupError("no change was asked for")
    return change


def _make_draft(desk: Desk, change: ChangeRequest, before: Registration) -> Draft:
    """Bring the answers of a change to the form of today."""
    draft = Draft(
        tag="",
        form_version=change.form_version,
        question="",
        answers=change.answers,
        source=before.source,
        consents=before.consents,
    )
    return upgrade(desk.form, draft)


def _complete(uow: UnitOfWork, desk: Desk, draft: Draft) -> Registration:
    today = uow.now.astimezone(desk.time_zone).date()
    return complete(draft, Context(uow.now, today, desk.gazetteer, desk.occupations, None))

"""What officers do with an application: each act is a form, and then the case again."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TypeAlias

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from db import case_files
from db.unit_of_work import UnitOfWork
from domain.applications import Status
from domain.cases import DECISIONS, Act, Case, Hindrance, NotPossible
from domain.claiming import UNLOCKED
from domain.numbers import parse_number
from domain.problems import Problem
from domain.staff import Right, may
from domain.texts import Text, message
from domain.whole_numbers import read_number
from services import cases, claim_lookup, decisions, merging
from services.cases import NoSuchCase, NotOffered
from services.desk import Actor, Desk
from web.case_page import get_number, get_record, get_scope, show_case
from web.case_words import word_hindrance
from web.visits import Endpoint, Visit, get_office, needs

LONGEST_NOTE = 2_000

Work: TypeAlias = Callable[[UnitOfWork, Desk, Actor, str], Awaitable[Case | None]]
"""An act with all that it needs to know besides who acts on what."""


def _take(_: FormData) -> Work:
    return cases.take


def _release(_: FormData) -> Work:
    return cases.release


def _hand_over(form: FormData) -> Work:
    colleague = _read(form, "colleague")
    colleague_id = read_number(colleague)
    if colleague and colleague_id is None:
        raise NotOffered("a colleague is given by an id")
    return partial(
        cases.hand_over,
        office=_read(form, "office") or None,
        colleague=colleague_id,
        note=_need(form, "note"),
    )


def _approve(form: FormData) -> Work:
    checked = frozenset(str(check) for check in form.getlist("checked"))
    if not checked:
        raise NotOffered("nothing was checked")
    return partial(decisions.approve, checked=checked, note=_read(form, "note"))


def _reject(form: FormData) -> Work:
    return partial(decisions.reject, reason=_need(form, "reason"), note=_read(form, "note"))


def _revoke(form: FormData) -> Work:
    return partial(decisions.revoke, reason=_need(form, "reason"), note=_read(form, "note"))


def _request_correction(form: FormData) -> Work:
    return partial(
        decisions.request_correction,
        item=_need(form, "item"),
        reason=_need(form, "reason"),
        note=_read(form, "note"),
    )


def _mark_as_duplicate(form: FormData) -> Work:
    kept = parse_number(_read(form, "typed") or _need(form, "kept"))
    if isinstance(kept, Problem):
        raise NotOffered("there is no such number")
    return partial(merging.mark_as_duplicate, kept=kept, note=_read(form, "note"))


def _undo_merge(form: FormData) -> Work:
    return partial(merging.undo_merge, note=_read(form, "note"))


def _accept_change(_: FormData) -> Work:
    return decisions.accept_change


def _decline_change(form: FormData) -> Work:
    return partial(decisions.decline_change, reason=_need(form, "reason"))


def _dismiss_pair(form: FormData) -> Work:
    return partial(cases.dismiss_pair, other=_need(form, "other"))


def _unlock(_: FormData) -> Work:
    return claim_lookup.unlock


def _add_note(form: FormData) -> Work:
    return partial(cases.add_note, note=_need(form, "note"))


ACTS: Mapping[str, Callable[[FormData], Work]] = {
    Act.TAKE: _take,
    Act.RELEASE: _release,
    Act.HAND_OVER: _hand_over,
    Act.APPROVE: _approve,
    Act.REJECT: _reject,
    Act.REVOKE: _revoke,
    Act.REQUEST_CORRECTION: _request_correction,
    Act.MARK_AS_DUPLICATE: _mark_as_duplicate,
    Act.UNDO_MERGE: _undo_merge,
    Act.ACCEPT_CHANGE: _accept_change,
    Act.DECLINE_CHANGE: _decline_change,
    "dismiss_pair": _dismiss_pair,
    UNLOCKED: _unlock,
    "add_note": _add_note,
}
"""The forms by the names of their acts, which end their addresses."""


def _make_endpoint(act: str, read: Callable[[FormData], Work]) -> Endpoint:
    @needs(Right.DECIDE)
    async def carry_out(request: Request, visit: Visit) -> Response:
        """Do it and show the case again, or show the case with what stands in the way."""
        number = get_number(request)
        await get_record(request, visit, number)
        try:
            after = await _do(request, visit, number, read(await request.form()))
        except NotPossible as refusal:
            words = await _word_refusal(request, visit, number, refusal)
            return await show_case(request, visit, words, 409)
        except NotOffered:
            return await show_case(request, visit, _word_lack(act), 400)
        except NoSuchCase as missing:
            if missing.args == (number,):
                raise HTTPException(404) from None
            return await show_case(request, visit, message("case.no_such_other"), 400)
        return RedirectResponse(_find_next(visit, act, number, after), 303)

    return carry_out


async def _do(request: Request, visit: Visit, number: str, work: Work) -> Case | None:
    office = get_office(request)
    return await office.act(lambda uow: work(uow, office.desk, visit.actor, number))


def _find_next(visit: Visit, act: str, number: str, after: Case | None) -> str:
    """Find where to go on: to the case, if it is still within the officer's places."""
    if after is not None and not may(visit.actor.staff, Right.SEE_CASES, after.office):
        return "/queue"
    return f"/cases/{number}?done={act}"


async def _word_refusal(request: Request, visit: Visit, number: str, refusal: NotPossible) -> Text:
    record = await get_record(request, visit, number)
    async with get_office(request).database.read() as connection:
        holder = await case_files.find_holder(connection, number, get_scope(visit))
    waits = record.case.status is Status.SUBMITTED and refusal.act in DECISIONS
    return word_hindrance(Hindrance.NOT_TAKEN if waits else refusal.hindrance, holder)


def _word_lack(act: str) -> Text:
    match act:
        case Act.APPROVE:
            return message("case.choose_check")
        case Act.HAND_OVER:
            return message("case.choose_receiver")
        case Act.MARK_AS_DUPLICATE:
            return message("case.choose_other")
        case _:
            return message("case.choose")


def _read(form: FormData, name: str) -> str:
    return str(form.get(name, "")).strip()[:LONGEST_NOTE]


def _need(form: FormData, name: str) -> str:
    value = _read(form, name)
    if not value:
        raise NotOffered(f"{name} is needed")
    return value


routes = [
    Route(f"/cases/{{number}}/{act}", _make_endpoint(act, read), methods=["POST"])
    for act, read in ACTS.items()
]

"""The page of a case: everything that its template shows, and the acts that it offers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from db import case_files
from db.case_files import CaseFile, Record
from domain.applications import Status
from domain.cases import Act, Case, find_bond, find_hindrance
from domain.checks import CHECKS
from domain.claiming import is_locked
from domain.places import Place
from domain.reasons import Reason, find_reason, reasons_for, where_to_ask
from domain.staff import Right, Scope, Staff, may, scope_of
from domain.texts import Text
from locales.catalogue import LOCALES, Names, render_plain
from services.cases import NoSuchCase, note_look
from web.case_answers import BACKGROUND, Difference, list_answers, list_differences, list_sections
from web.case_history import find_last_act, list_history
from web.case_words import (
    BADGES,
    DONE,
    FLAGS,
    GIVERS,
    PHONE_IS,
    PURPOSES,
    SIGNS,
    word_hindrance,
)
from web.clocks import read_clock
from web.office import Office
from web.templating import page
from web.visits import Visit, get_office
from web.words import STATUSES

_NUMBER_DIGITS = 9

OFFERED = (
    Act.TAKE,
    Act.APPROVE,
    Act.ACCEPT_CHANGE,
    Act.DECLINE_CHANGE,
    Act.REQUEST_CORRECTION,
    Act.REJECT,
    Act.MARK_AS_DUPLICATE,
    Act.UNDO_MERGE,
    Act.REVOKE,
    Act.HAND_OVER,
    Act.RELEASE,
)
"""The acts of officers, in the order of the page."""


@dataclass(frozen=True)
class Told:
    """A reason, and what the worker will read, in both languages."""

    reason: Reason
    words: Mapping[str, list[str]]


async def show_case(
    request: Request, visit: Visit, problem: Text | None = None, status: int = 200
) -> Response:
    """Show a case, with what stood in the way of an act, and write down who looked."""
    number, office = get_number(request), get_office(request)
    async with office.database.read() as connection:
        file = await case_files.find(connection, number, get_scope(visit))
    if file is None:
        raise HTTPException(404)
    await look(office, visit, number, "open_case")
    done = request.query_params.get("done", "")
    values = describe(office, visit, file)
    bond = find_bond(file.record.case, visit.actor.staff)
    if problem is None and bond is not None:
        problem = word_hindrance(bond, None)
    flash = _find_flash(file, visit, done) if problem is None else None
    return page(request, visit, "case.html", status, problem=problem, flash=flash, **values)


async def get_record(request: Request, visit: Visit, number: str) -> Record:
    """Read an application; one that is unknown or elsewhere is not here, and as quickly so."""
    async with get_office(request).database.read() as connection:
        record = await case_files.find_record(connection, number, get_scope(visit))
    if record is None:
        raise HTTPException(404)
    return record


async def look(office: Office, visit: Visit, number: str, what: str) -> None:
    """Write down that somebody looks; nothing is here for who may not."""
    try:
        await office.act(lambda uow: note_look(uow, visit.actor, number, what))
    except NoSuchCase:
        raise HTTPException(404) from None


def get_number(request: Request, name: str = "number") -> str:
    """Return the number that an address names; what cannot be one is nowhere."""
    number = str(request.path_params[name]).replace("-", "")
    if not (number.isascii() and number.isdigit() and len(number) == _NUMBER_DIGITS):
        raise HTTPException(404)
    return number


def get_scope(visit: Visit, right: Right = Right.SEE_CASES) -> Scope:
    """Return where a visitor may look."""
    return scope_of(visit.actor.staff, right) or Scope(frozenset())


def list_possible(case: Case, staff: Staff) -> list[Act]:
    """List what an officer can do with a case now."""
    if not _may_decide(case, staff):
        return []
    possible = [act for act in OFFERED if find_hindrance(case, act, staff.id) is None]
    is_held = case.assigned_to == staff.id
    return [act for act in possible if not (act is Act.TAKE and is_held)]


def _may_decide(case: Case, staff: Staff) -> bool:
    return may(staff, Right.DECIDE, case.office) and find_bond(case, staff) is None


def describe(office: Office, visit: Visit, file: CaseFile) -> dict[str, Any]:
    """Gather what the template of a case shows."""
    record, desk = file.record, office.desk
    case, worker = record.case, record.registration.worker
    items = list_answers(desk.form, record.sent)
    sections = list_sections(desk.form, items)
    possible = list_possible(case, visit.actor.staff)
    return {
        "file": file,
        "case": case,
        "registration": record.registration,
        "worker": worker,
        "phone": _find_phone(record),
        "has_id_number": "number" in record.sent.answers.get("identity", {}),
        "names": {one.id: one.name for one in file.staff},
        "items": items,
        "sections": [one for one in sections if one.name != BACKGROUND],
        "background": next((one for one in sections if one.name == BACKGROUND), None),
        "photo": record.registration.background.photo,
        "clock": case.due_at and read_clock(case.due_at, office.clock(), desk.time_zone),
        "changes": _list_changes(office, file),
        "told": _find_told(file),
        "history": list_history(file, {item.name: item.title for item in items}),
        "possible": frozenset(act.value for act in possible),
        "reasons": {act.value: _word_reasons(act, case.office, desk.names) for act in possible},
        "checks": CHECKS,
        "may_decide": _may_decide(case, visit.actor.staff),
        "has_card": _has_card(file),
        "is_locked": case.chat_id is None and is_locked(one.event.act for one in file.events),
        "consents_at": [datetime.fromisoformat(one.given_at) for one in record.sent.consents],
        "colleagues": _list_colleagues(file, visit.actor.staff),
        "districts": _list_districts(office) if Act.HAND_OVER in possible else [],
        **WORDS,
    }


WORDS: Mapping[str, Any] = {
    "standings": STATUSES,
    "badges": BADGES,
    "flags": FLAGS,
    "signs": SIGNS,
    "purposes": PURPOSES,
    "givers": GIVERS,
    "phone_is": PHONE_IS,
}


def _find_phone(record: Record) -> Mapping[str, str]:
    """Find the phone as answered: after a merge the person may have another."""
    answers, worker = record.sent.answers, record.registration.worker
    given: Mapping[str, str] | None = answers.get("own_phone") or answers.get("phone")
    return given or {"number": worker.phone, "is": worker.phone_is}


def _find_flash(file: CaseFile, visit: Visit, done: str) -> dict[str, Any] | None:
    """Say what this officer has just done, if nothing has happened since."""
    last = find_last_act(file)
    if last is None or last.event.act != done or last.event.actor_id != visit.actor.staff.id:
        return None
    return {"words": DONE.get(done), "was_told": last.event.details.get("told")}


def _has_card(file: CaseFile) -> bool:
    issued = file.certificate
    is_valid = issued is not None and issued.revoked_at is None
    return is_valid and file.record.case.status is Status.APPROVED


def _find_told(file: CaseFile) -> Reason | None:
    """Find the reason that the worker was given last."""
    code = file.correction.reason if file.correction else file.record.case.reason
    return find_reason(code) if code else None


def _list_changes(office: Office, file: CaseFile) -> list[Difference]:
    change, sent = file.change, file.record.sent
    if change is None:
        return []
    wished = replace(sent, answers=change.answers, form_version=change.form_version)
    before, after = (list_answers(office.desk.form, one) for one in (sent, wished))
    differences = list_differences(before, after, change.item)
    return [one for one in differences if one.differs]


def _word_reasons(act: Act, office: str, names: Names) -> list[Told]:
    return [
        Told(reason, {locale: _word_reason(reason, office, locale, names) for locale in LOCALES})
        for reason in reasons_for(act)
    ]


def _word_reason(reason: Reason, office: str, locale: str, names: Names) -> list[str]:
    words = reason.what, reason.why, reason.next, where_to_ask(office)
    return [render_plain(one, locale, names) for one in words]


def _list_colleagues(file: CaseFile, staff: Staff) -> list[Staff]:
    """List who else could decide a case."""
    case = file.record.case
    others = [one for one in file.staff if one.id != staff.id]
    return [one for one in others if _may_decide(case, one)]


def _list_districts(office: Office) -> list[tuple[Place, tuple[Place, ...]]]:
    gazetteer = office.desk.gazetteer
    return [(place, gazetteer.children(place.code)) for place in gazetteer.children(None)]

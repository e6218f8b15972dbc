"""Sending a notice again to those of whom it is uncertain whether they got it."""

from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from db import notice_progress, recipients
from domain.notices import Act, Refusal, Refused, take_act
from domain.numbers import format_number
from domain.recipients import Status
from domain.texts import Code, message
from services.notice_access import EITHER, NoSuchNotice, may_do
from services.notices import resend
from web.notice_page import FoundNotice, get_notice
from web.notice_titles import name_notice
from web.office import Office
from web.templating import page
from web.visits import Visit, get_office, needs

MOST_AT_ONCE = 5_000
"""So many uncertain recipients are queued again by one press."""


@needs(*EITHER)
async def ask_to_resend(request: Request, visit: Visit) -> Response:
    """Ask whether to send again, to one or to all of whom it is uncertain."""
    found, office = await get_notice(request, visit), get_office(request)
    address = f"/notices/{found.stored.id}"
    if not may_resend(found, visit):
        raise HTTPException(404)
    if refusal := find_refusal(found, visit, office):
        return _turn_away(address, refusal)
    number = _read_number(request.query_params.get("number"))
    async with office.database.read() as connection:
        newest = await recipients.find_newest(connection, found.stored.id, Status.UNCERTAIN)
        counts = await notice_progress.count_by_status(connection, found.stored.id)
        title = await name_notice(connection, found.stored, visit.locale, office.desk.names)
    seen = {"seen_at": (newest or office.clock()).isoformat()}
    if number:
        words = message("notices.resend_number", number=Code(format_number(number)))
    else:
        count = min(counts[Status.UNCERTAIN], MOST_AT_ONCE)
        words = message("notices.resend_count", count=count)
    return page(
        request,
        visit,
        "notice_confirm.html",
        question=message("notices.resend_question"),
        title=title,
        words=[words, message("notices.resend_words")],
        action=f"{address}/resend",
        values=seen | ({"number": number} if number else {}),
        button=message("notices.resend"),
        back=f"{address}/recipients?status=uncertain",
    )


@needs(*EITHER)
async def resend_uncertain(request: Request, visit: Visit) -> Response:
    """Queue again whom it is uncertain about, as somebody has decided who has seen them."""
    found, office = await get_notice(request, visit), get_office(request)
    notice_id = found.stored.id
    address = f"/notices/{notice_id}"
    form = await request.form()
    number, seen_at = _read_number(form.get("number")), _read_moment(form.get("seen_at"))
    chats = await _list_chats(office, notice_id, number)
    try:
        count = await office.act(lambda uow: resend(uow, visit.actor, notice_id, chats, seen_at))
    except Refused as refused:
        return _turn_away(address, refused.refusal)
    except NoSuchNotice:
        raise HTTPException(404) from None
    left = 0 if number else await _count_uncertain(office, notice_id)
    query = f"status=uncertain&resent={count}&left={left}"
    return RedirectResponse(f"{address}/recipients?{query}", 303)


async def _count_uncertain(office: Office, notice_id: int) -> int:
    async with office.database.read() as connection:
        counts = await notice_progress.count_by_status(connection, notice_id)
    return counts[Status.UNCERTAIN]


async def _list_chats(office: Office, notice_id: int, number: str | None) -> list[int]:
    async with office.database.read() as connection:
        if number:
            chat_id = await recipients.find_chat(connection, notice_id, number)
            return [] if chat_id is None else [chat_id]
        uncertain = Status.UNCERTAIN
        rows = await recipients.list_recipients(connection, notice_id, uncertain, 0, MOST_AT_ONCE)
    return [row.chat_id for row in rows]


def may_resend(found: FoundNotice, visit: Visit) -> bool:
    """Tell whether a visitor is somebody to send again, whatever the standing."""
    return may_do(found.stored, found.author, visit.actor.staff, Act.RESEND)


def find_refusal(found: FoundNotice, visit: Visit, office: Office) -> Refusal | None:
    """Find why nobody can be sent to again, if so."""
    try:
        take_act(found.stored.notice, Act.RESEND, visit.actor.staff.id, office.clock())
    except Refused as refused:
        return refused.refusal
    return None


def _turn_away(address: str, refusal: Refusal) -> Response:
    """Lead back to the list, which says that it is too late; whatever else is no page at all."""
    if refusal is not Refusal.TOO_LATE:
        raise HTTPException(404)
    return RedirectResponse(f"{address}/recipients?status=uncertain", 303)


def _read_number(given: object) -> str | None:
    """Read whom somebody means; nobody in particular is all of them, and never a slip."""
    if given is None:
        return None
    digits = str(given).replace("-", "")
    if not (digits.isascii() and digits.isdigit()):
        raise HTTPException(404)
    return digits


def _read_moment(given: object) -> datetime:
    """Read until when somebody has seen who is uncertain."""
    try:
        moment = datetime.fromisoformat(str(given))
    except ValueError:
        raise HTTPException(404) from None
    if moment.tzinfo is None:
        raise HTTPException(404)
    return moment


routes = [
    Route("/notices/{notice}/resend", ask_to_resend),
    Route("/notices/{notice}/resend", resend_uncertain, methods=["POST"]),
]

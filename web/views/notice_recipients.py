"""To whom a notice went and what became of each: the figures, the lists, and sending again."""

import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from db import notice_progress, recipients
from db.recipients import NumberedRecipient
from db.staff import Connection
from db.unit_of_work import UnitOfWork
from domain.notice_content import read_content
from domain.notices import Act, Refusal, Refused, take_act
from domain.notices import Status as NoticeStatus
from domain.numbers import format_number
from domain.recipients import Status
from domain.staff import Right
from domain.texts import Code, Text, message
from locales.catalogue import render_plain
from services.audit import note_staff
from services.notice_access import EITHER, subject_of
from services.notice_sights import read_outlook
from services.notice_titles import name_notice
from services.notices import resend
from web.notice_page import FoundNotice, get_notice
from web.notice_progress import Mark, Progress, measure, move_mark
from web.notice_tables import RECIPIENTS_HEAD, word_status, write_head
from web.office import Office
from web.recipient_words import label_answers, word_answers, word_reason
from web.templating import page
from web.visits import Visit, get_office, is_allowed, needs

ON_A_PAGE = 100
AT_A_TIME = 1_000
LONGEST_COUNT = 9
MOST_AT_ONCE = 5_000
"""So many uncertain recipients are queued again by one press."""

DISTRICT_DIGITS = 4

MOST_POLLS = 600
"""For so long a page that nobody looks at goes on asking: half an hour."""

LIVE = frozenset({NoticeStatus.SENDING, NoticeStatus.PAUSED})
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def read_progress(office: Office, found: FoundNotice, mark: Mark | None) -> Progress:
    """Read how far a notice is."""
    stored, now = found.stored, office.clock()
    async with office.database.read() as connection:
        counts, outlook = await read_outlook(connection, stored, now, office.desk.time_zone)
        reasons = await notice_progress.count_reasons(connection, stored.id)
        title = await name_notice(connection, stored)
    if mark is None and stored.started_at is not None:
        mark = Mark(0, stored.started_at)
    return measure(title, counts, outlook, reasons, mark, now)


def describe_progress(
    found: FoundNotice, progress: Progress, mark: Mark | None, polls: int
) -> Mapping[str, Any]:
    """Gather what the figures of a notice show, and how they go on asking for themselves."""
    is_live = found.stored.notice.status in LIVE or progress.is_open
    return {
        "id": found.stored.id,
        "notice": found.stored.notice,
        "progress": progress,
        "is_live": is_live,
        "polls": polls if is_live and polls <= MOST_POLLS else 0,
        "mark": move_mark(mark, progress.settled, progress.at),
    }


@needs(*EITHER)
async def show_progress(request: Request, visit: Visit) -> Response:
    """Show the figures anew; once the notice stands otherwise, the whole page is shown anew."""
    found, office = await get_notice(request, visit), get_office(request)
    mark = Mark.read(request.query_params.get("mark", ""), office.clock())
    progress = await read_progress(office, found, mark)
    given = request.query_params.get("polls", "1")
    polls = min(int(given), MOST_POLLS) + 1 if given.isdecimal() and len(given) < 5 else MOST_POLLS
    values = describe_progress(found, progress, mark, polls)
    answer = page(request, visit, "_notice_progress.html", **values)
    if request.query_params.get("status") != found.stored.notice.status or not values["is_live"]:
        answer.headers["HX-Refresh"] = "true"
    return answer


@needs(*EITHER)
async def list_recipients(request: Request, visit: Visit) -> Response:
    """Show the recipients in a status."""
    found, office = await get_notice(request, visit), get_office(request)
    status = _read_status(request) or Status.SENT
    given = request.query_params.get("after", "")
    after = int(given) if given.isdecimal() and len(given) < len(str(2**63)) else 0
    notice_id = found.stored.id
    async with office.database.read() as connection:
        rows = await recipients.list_numbered(connection, notice_id, status, after, ON_A_PAGE + 1)
        people = await _describe(connection, office, visit, found, rows[:ON_A_PAGE])
    await _note_look(office, visit, notice_id, len(rows[:ON_A_PAGE]))
    shown, refusal = rows[:ON_A_PAGE], _find_refusal(found, visit, office)
    return page(
        request,
        visit,
        "notice_recipients.html",
        id=notice_id,
        title=found.stored.title,
        chosen=status,
        progress=await read_progress(office, found, None),
        rows=people,
        has_answers=bool(_label_answers(office, visit, found)),
        after=shown[-1].chat_id if len(rows) > ON_A_PAGE else None,
        is_later_page=after > 0,
        may_resend=status is Status.UNCERTAIN and refusal is None,
        is_too_late=status is Status.UNCERTAIN and refusal is Refusal.TOO_LATE,
        may_see_cases=is_allowed(visit.actor.staff, Right.SEE_CASES),
        said=_read_said(request),
    )


@needs(*EITHER)
async def export_recipients(request: Request, visit: Visit) -> Response:
    """Give the recipients as a table: numbers, what became of them, and times, but no names."""
    found, office = await get_notice(request, visit), get_office(request)
    status, notice_id = _read_status(request), found.stored.id
    await _note_look(office, visit, notice_id, None)
    name = f'attachment; filename="notice-{notice_id}-{status or "all"}.csv"'
    return StreamingResponse(
        _write_csv(office, visit, found, status),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": name},
    )


@needs(*EITHER)
async def ask_to_resend(request: Request, visit: Visit) -> Response:
    """Ask whether to send again, to one or to all of whom it is uncertain."""
    found, office = await get_notice(request, visit), get_office(request)
    address = f"/notices/{found.stored.id}"
    if refusal := _find_refusal(found, visit, office):
        return _turn_away(address, refusal)
    number = _read_number(request.query_params.get("number"))
    async with office.database.read() as connection:
        newest = await recipients.find_newest(connection, found.stored.id, Status.UNCERTAIN)
        counts = await notice_progress.count_by_status(connection, found.stored.id)
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
        title=found.stored.title,
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


async def _write_csv(
    office: Office, visit: Visit, found: FoundNotice, status: Status | None
) -> AsyncIterator[str]:
    yield "\ufeff" + _write_line(write_head(RECIPIENTS_HEAD, visit.locale, office.desk.names))
    after, notice_id = 0, found.stored.id
    while True:
        async with office.database.read() as connection:
            rows = await recipients.list_numbered(connection, notice_id, status, after, AT_A_TIME)
            people = await _describe(connection, office, visit, found, rows)
        if people:
            yield "".join(_write_line(_list_cells(one, office, visit)) for one in people)
        if len(rows) < AT_A_TIME:
            return
        after = rows[-1].chat_id


def _list_cells(one: Mapping[str, Any], office: Office, visit: Visit) -> tuple[str, ...]:
    names, zone = office.desk.names, office.desk.time_zone
    return (
        format_number(one["number"]) if one["number"] else "",
        one["locale"] or "",
        names.gazetteer.short(one["district"], visit.locale) if one["district"] else "",
        one["status"].value,
        word_status(one["status"], visit.locale, names),
        render_plain(one["reason"], visit.locale, names) if one["reason"] else "",
        one["answer"],
        *(_write_time(one[name], zone) for name in ("queued_at", "claimed_at", "settled_at")),
    )


def _write_time(at: datetime | None, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if at else ""


def _write_line(cells: tuple[str, ...]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([_disarm(cell) for cell in cells])
    return written.getvalue()


def _disarm(cell: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


async def _describe(
    connection: Connection,
    office: Office,
    visit: Visit,
    found: FoundNotice,
    rows: Sequence[NumberedRecipient],
) -> list[dict[str, Any]]:
    """Describe recipients without their names: their district, what they answered, and why."""
    chats, labels = [row.chat_id for row in rows], _label_answers(office, visit, found)
    answers = await recipients.list_answers(connection, found.stored.id, chats)
    return [
        {
            **vars(row),
            "reason": word_reason(row.reason, row.status) if row.reason else None,
            "district": _find_district(office, row.place),
            "answer": word_answers(answers.get(row.chat_id, ()), labels),
        }
        for row in rows
    ]


def _label_answers(office: Office, visit: Visit, found: FoundNotice) -> dict[str, str]:
    content = read_content(found.stored.notice.content)
    return label_answers(content, visit.locale, office.desk.names)


def _find_district(office: Office, place: str | None) -> str | None:
    code = (place or "")[:DISTRICT_DIGITS]
    return code if office.desk.gazetteer.find(code) else None


async def _note_look(office: Office, visit: Visit, notice_id: int, count: int | None) -> None:
    act = "export_recipients" if count is None else "list_recipients"
    details = {} if count is None else {"count": count}

    async def note(uow: UnitOfWork) -> None:
        uow.record(note_staff(act, subject_of(notice_id), visit.actor, details))

    await office.act(note)


def _find_refusal(found: FoundNotice, visit: Visit, office: Office) -> Refusal | None:
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


def _read_status(request: Request) -> Status | None:
    given = request.query_params.get("status", "")
    return Status(given) if given in list(Status) else None


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


def _read_said(request: Request) -> Text | None:
    count, left = _read_count(request, "resent"), _read_count(request, "left")
    if count is None:
        return None
    return (
        message("notices.resent_not_all", count=count, left=left)
        if left
        else message("notices.resent", count=count)
    )


def _read_count(request: Request, name: str) -> int | None:
    given = request.query_params.get(name, "")
    is_count = given.isascii() and given.isdigit() and len(given) <= LONGEST_COUNT
    return int(given) if is_count else None


routes = [
    Route("/notices/{notice}/progress", show_progress),
    Route("/notices/{notice}/recipients", list_recipients),
    Route("/notices/{notice}/recipients.csv", export_recipients),
    Route("/notices/{notice}/resend", ask_to_resend),
    Route("/notices/{notice}/resend", resend_uncertain, methods=["POST"]),
]

"""To whom a notice went and what became of each: the figures, and the lists."""

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from db import recipients
from db.recipients import FIRST
from db.unit_of_work import UnitOfWork
from domain.notices import Refusal
from domain.recipients import Status
from domain.staff import Right
from domain.texts import Text, message
from domain.whole_numbers import read_number
from services.audit import note_staff
from services.notice_access import EITHER, subject_of
from web.notice_figures import MOST_POLLS, describe_progress, read_progress
from web.notice_page import get_notice
from web.notice_progress import Mark
from web.notice_titles import name_notice
from web.office import Office
from web.recipient_rows import describe_recipients, label_all_answers, write_recipients
from web.templating import page
from web.views.notice_resending import find_refusal, may_resend
from web.visits import Visit, get_office, is_allowed, needs

ON_A_PAGE = 100
LONGEST_COUNT = 9


@needs(*EITHER)
async def show_progress(request: Request, visit: Visit) -> Response:
    """Show the figures anew; once the notice stands otherwise, the whole page is shown anew."""
    found, office = await get_notice(request, visit), get_office(request)
    mark = Mark.read(request.query_params.get("mark", ""), office.clock())
    progress = await read_progress(office, found, mark)
    given = read_number(request.query_params.get("polls", "1"))
    polls = MOST_POLLS if given is None else min(given, MOST_POLLS) + 1
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
    after, notice_id = _read_count(request, "after"), found.stored.id
    async with office.database.read() as connection:
        chats = await recipients.list_chats(
            connection, notice_id, status, FIRST if after is None else after, ON_A_PAGE + 1
        )
        shown = await recipients.list_numbered(connection, notice_id, chats[:ON_A_PAGE])
        people = await describe_recipients(connection, office, found, visit.locale, shown)
        title = await name_notice(connection, found.stored, visit.locale, office.desk.names)
    await _note_look(office, visit, notice_id, len(shown))
    is_uncertain = status is Status.UNCERTAIN and may_resend(found, visit)
    refusal = find_refusal(found, visit, office)
    return page(
        request,
        visit,
        "notice_recipients.html",
        id=notice_id,
        title=title,
        chosen=status,
        progress=await read_progress(office, found, None),
        rows=people,
        has_answers=bool(label_all_answers(office, found, visit.locale)),
        after=shown[-1].application_id if len(chats) > ON_A_PAGE else None,
        is_later_page=after is not None,
        may_resend=is_uncertain and refusal is None,
        is_too_late=is_uncertain and refusal is Refusal.TOO_LATE,
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
        write_recipients(office, found, visit.locale, status),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": name},
    )


async def _note_look(office: Office, visit: Visit, notice_id: int, count: int | None) -> None:
    act = "export_recipients" if count is None else "list_recipients"
    details = {} if count is None else {"count": count}

    async def note(uow: UnitOfWork) -> None:
        uow.record(note_staff(act, subject_of(notice_id), visit.actor, details))

    await office.act(note)


def _read_status(request: Request) -> Status | None:
    given = request.query_params.get("status", "")
    return Status(given) if given in list(Status) else None


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
    return read_number(request.query_params.get(name, ""), LONGEST_COUNT)


routes = [
    Route("/notices/{notice}/progress", show_progress),
    Route("/notices/{notice}/recipients", list_recipients),
    Route("/notices/{notice}/recipients.csv", export_recipients),
]

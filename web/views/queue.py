"""The lists of applications: what waits, all there are, and what a search finds."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from db import case_search, queue, staff
from db.queue import Cursor, Page, Viewpoint
from db.staff import Connection
from domain.filters import FLAGS as FLAG_NAMES
from domain.filters import Filters
from domain.staff import Right, Scope, scope_of
from domain.working_hours import close_until
from services.queue import note_list, take_next
from web.campaign_page import list_days
from web.case_words import BADGES, FLAGS
from web.office import Office
from web.queue_rows import AGES, TAKERS, WAITINGS, list_chosen, list_places, show_row
from web.templating import page
from web.visits import Visit, get_office, needs
from web.words import STATUSES

QUEUE = "/queue"
NOTHING_LEFT = "nothing_left"


@needs(Right.SEE_CASES)
async def show_queue(request: Request, visit: Visit) -> Response:
    """Show what the office owes an answer to, the oldest promise first."""
    office = get_office(request)
    viewpoint, filters = _make_viewpoint(office, visit), _read_filters(request, office)
    async with office.database.read() as connection:
        found = await queue.list_waiting(connection, viewpoint, filters, _read_cursor(request))
        summary = await queue.count_summary(connection, viewpoint)
        names = await _name_takers(connection, found)
        days = await list_days(connection, visit)
    await office.act(lambda uow: note_list(uow, visit.actor, "list_cases", len(found.rows)))
    return page(
        request,
        visit,
        "queue.html",
        summary=summary,
        nothing_left=NOTHING_LEFT in request.query_params,
        days=days,
        **_describe(request, viewpoint, filters, found, names),
    )


@needs(Right.SEE_CASES)
async def show_all(request: Request, visit: Visit) -> Response:
    """Show applications wherever they stand, the newest first."""
    office = get_office(request)
    viewpoint, filters = _make_viewpoint(office, visit), _read_filters(request, office)
    async with office.database.read() as connection:
        found = await queue.list_all(connection, viewpoint, filters, _read_cursor(request))
        names = await _name_takers(connection, found)
        days = await list_days(connection, visit)
    await office.act(lambda uow: note_list(uow, visit.actor, "list_cases", len(found.rows)))
    described = _describe(request, viewpoint, filters, found, names)
    return page(request, visit, "applications.html", days=days, **described)


@needs(Right.SEE_CASES)
async def search(request: Request, visit: Visit) -> Response:
    """Show what a number, a phone or parts of a name find."""
    office, typed = get_office(request), request.query_params.get("q", "").strip()
    viewpoint = _make_viewpoint(office, visit)
    async with office.database.read() as connection:
        found = await case_search.search(connection, viewpoint, typed)
        names = await _name_takers(connection, found)
    await office.act(lambda uow: note_list(uow, visit.actor, "search_cases", len(found.rows)))
    return page(
        request,
        visit,
        "search.html",
        typed=typed[: case_search.LONGEST_TEXT],
        is_enough=case_search.is_enough(typed),
        **_describe(request, viewpoint, Filters(), found, names),
    )


@needs(Right.DECIDE)
async def take_next_case(request: Request, visit: Visit) -> Response:
    """Take the oldest case that this officer may take, and open it."""
    office = get_office(request)
    filters = _read_filters(request, office)
    taken = await office.act(lambda uow: take_next(uow, office.desk, visit.actor, filters))
    if taken is None:
        return RedirectResponse(f"{QUEUE}?{filters.write(**{NOTHING_LEFT: '1'})}", 303)
    return RedirectResponse(f"/cases/{taken.number}", 303)


def _make_viewpoint(office: Office, visit: Visit) -> Viewpoint:
    now, staff_member = office.clock(), visit.actor.staff
    scope = scope_of(staff_member, Right.SEE_CASES) or Scope(frozenset())
    return Viewpoint(scope, staff_member.id, now, close_until(now, office.desk.time_zone))


def _read_filters(request: Request, office: Office) -> Filters:
    return Filters.read(request.query_params, office.desk.gazetteer, office.desk.occupations)


def _read_cursor(request: Request) -> Cursor | None:
    return Cursor.read(request.query_params.get("after", ""))


async def _name_takers(connection: Connection, found: Page) -> Mapping[int, str]:
    takers = {row.assigned_to for row in found.rows if row.assigned_to is not None}
    return await staff.names_of(connection, takers) if takers else {}


def _describe(
    request: Request, viewpoint: Viewpoint, filters: Filters, found: Page, names: Mapping[int, str]
) -> dict[str, Any]:
    desk = get_office(request).desk
    return {
        "rows": [show_row(row, viewpoint.now, desk.time_zone) for row in found.rows],
        "next_page": found.after and filters.write(after=str(found.after)),
        "is_later_page": "after" in request.query_params,
        "filters": filters,
        "query": filters.write(),
        "chosen": list_chosen(filters, desk.occupations),
        "names": names,
        "places": list_places(desk.gazetteer, viewpoint.scope, filters.place),
        "occupations": desk.occupations,
        "flag_names": FLAG_NAMES,
        **WORDS,
    }


WORDS: Mapping[str, Any] = {
    "standings": STATUSES,
    "badges": BADGES,
    "flags": FLAGS,
    "waitings": WAITINGS,
    "takers": TAKERS,
    "ages": AGES,
}

routes = [
    Route(QUEUE, show_queue),
    Route("/queue/next", take_next_case, methods=["POST"]),
    Route("/applications", show_all),
    Route("/search", search),
]

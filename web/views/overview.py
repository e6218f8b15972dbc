"""The first page: what the office's work comes to, in a few counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from db.counts import Counts, Overview, count_applications
from domain.staff import Right, Scope, scope_of
from web.campaign_figures import count_month
from web.office import Office
from web.templating import page
from web.visits import Visit, get_office, needs
from web.words import STATUSES

COUNTED_EVERY = timedelta(minutes=1)
"""Every application is looked at to count them, so a busy page does not ask for it each time."""


@dataclass(frozen=True)
class Counted:
    """Counts, and when they were true."""

    overview: Overview
    at: datetime


@needs(Right.SEE_COUNTS)
async def show_overview(request: Request, visit: Visit) -> Response:
    """Show the counts of the visitor's places."""
    scope = scope_of(visit.actor.staff, Right.SEE_COUNTS)
    assert scope is not None  # noqa: S101 - the guard has let the visitor in
    counted, office = await _count(request, scope), get_office(request)
    async with office.database.read() as connection:
        month = await count_month(
            connection, visit.actor.staff, office.clock(), office.desk.time_zone
        )
    return page(
        request,
        visit,
        "overview.html",
        total=counted.overview.total,
        at=counted.at,
        month=month,
        places=sorted(scope.places) if scope.places is not None else None,
        statuses=[
            (words, counted.overview.by_status.get(status, Counts()).total)
            for status, words in STATUSES.items()
        ],
        provinces=[
            (code, counts.total) for code, counts in sorted(counted.overview.by_province.items())
        ],
    )


async def _count(request: Request, scope: Scope) -> Counted:
    """Count, unless that was done a moment ago for the same places."""
    office, known = get_office(request), request.app.state.counted
    found: Counted | None = known.get(scope)
    if found is None or office.clock() - found.at >= COUNTED_EVERY:
        found = known[scope] = await _count_now(office, scope)
    return found


async def _count_now(office: Office, scope: Scope) -> Counted:
    now = office.clock()
    async with office.database.read() as connection:
        overview = await count_applications(connection, scope, now, office.desk.time_zone)
    return Counted(overview, now)


routes = [Route("/", show_overview)]

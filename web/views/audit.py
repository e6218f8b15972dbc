"""The audit log: what was done or looked at, the latest first, and whether the chain holds."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from db import audit, staff
from db.audit import StoredEvent
from domain.audit import ActorKind
from domain.khmer import to_latin_digits
from domain.numbers import parse_number
from domain.problems import Problem
from domain.staff import Right
from domain.whole_numbers import MOST_DIGITS, read_number
from services.queue import note_list
from web.office import Office
from web.templating import page
from web.visits import Visit, get_office, needs

ON_A_PAGE = 50


@needs(Right.SEE_AUDIT)
async def show_log(request: Request, visit: Visit) -> Response:
    """Show the latest events, or all about one subject."""
    office = get_office(request)
    typed = request.query_params.get("subject", "").strip()
    before = read_number(request.query_params.get("before", ""), MOST_DIGITS)
    async with office.database.read() as connection:
        if typed:
            about = await audit.list_about(connection, read_subject(typed))
            events = [one for one in reversed(about) if before is None or one.id < before]
        else:
            events = await audit.list_latest(connection, before, ON_A_PAGE + 1)
        shown = events[:ON_A_PAGE]
        names = await staff.names_of(connection, list_people(shown))
        length = await audit.count(connection)
    await office.act(lambda uow: note_list(uow, visit.actor, "read_audit", len(shown)))
    return page(
        request,
        visit,
        "audit.html",
        events=shown,
        names=names,
        length=length,
        typed=typed,
        older=shown[-1].id if len(events) > ON_A_PAGE else None,
        before=before,
        checked=False,
        broken_at=None,
    )


@needs(Right.SEE_AUDIT)
async def check_chain(request: Request, visit: Visit) -> Response:
    """Read the whole log and say whether any of it was changed."""
    broken_at, length = await _check(get_office(request), visit)
    return page(
        request,
        visit,
        "audit.html",
        events=[],
        names={},
        length=length,
        typed="",
        older=None,
        before=None,
        checked=True,
        broken_at=broken_at,
    )


async def _check(office: Office, visit: Visit) -> tuple[int | None, int]:
    async with office.turns.take(visit.actor.staff.id), office.database.read() as connection:
        return await audit.find_break(connection), await audit.count(connection)


def read_subject(typed: str) -> str:
    """Read what a log is searched for: an application's number in any spelling, or a subject."""
    number = parse_number(typed)
    return to_latin_digits(typed) if isinstance(number, Problem) else number


def list_people(events: list[StoredEvent]) -> set[int]:
    """List the ids of staff who did something among these events."""
    return {
        stored.event.actor_id
        for stored in events
        if stored.event.actor_kind is ActorKind.STAFF and stored.event.actor_id is not None
    }


routes = [
    Route("/audit", show_log),
    Route("/audit/check", check_chain, methods=["POST"]),
]

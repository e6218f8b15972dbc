"""The pages of an application: all of it, and two side by side."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from db import case_files
from db.case_files import Record
from domain.cases import Act
from domain.duplicates import compare
from domain.form import Form
from domain.staff import Right
from web.case_answers import Difference, list_answers, list_differences, list_public
from web.case_page import WORDS, get_number, get_record, get_scope, list_possible, look, show_case
from web.templating import page
from web.views import case_acts, case_pictures
from web.visits import Visit, get_office, needs


@dataclass(frozen=True)
class Side:
    """One of two applications side by side; `is_open` tells whether it can be merged away now."""

    record: Record
    is_open: bool


@needs(Right.SEE_CASES)
async def open_case(request: Request, visit: Visit) -> Response:
    """Show an application with everything around it."""
    return await show_case(request, visit)


@needs(Right.SEE_CASES)
async def compare_cases(request: Request, visit: Visit) -> Response:
    """Show two applications side by side; of one elsewhere, only that it may be the same."""
    number, other = get_number(request), get_number(request, "other")
    office, scope = get_office(request), get_scope(visit)
    one = await get_record(request, visit, number)
    async with office.database.read() as connection:
        another = await case_files.find_record(connection, other, scope)
        pair = await case_files.find_lookalike(connection, number, other, scope)
    if number == other or (another is None and pair is None):
        raise HTTPException(404)
    await look(office, visit, number, "open_case")
    if another is None:
        return page(request, visit, "compare_elsewhere.html", case=one.case, pair=pair, **WORDS)
    await look(office, visit, other, "open_case")
    return page(
        request,
        visit,
        "compare.html",
        sides=[_make_side(visit, record) for record in (one, another)],
        likeness=compare(one.registration.worker, another.registration.worker),
        is_pair=pair is not None,
        differences=_compare(office.desk.form, one, another),
        **WORDS,
    )


def _make_side(visit: Visit, record: Record) -> Side:
    possible = list_possible(record.case, visit.actor.staff)
    return Side(record, Act.MARK_AS_DUPLICATE in possible)


def _compare(form: Form, one: Record, another: Record) -> list[Difference]:
    """Compare what tells who somebody is; what is private does not matter here."""
    before, after = (list_public(form, list_answers(form, each.sent)) for each in (one, another))
    return list_differences(before, after)


routes = [
    Route("/cases/{number}", open_case),
    Route("/cases/{number}/compare/{other}", compare_cases),
    *case_pictures.routes,
    *case_acts.routes,
]

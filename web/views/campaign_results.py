"""The people behind each figure of an event day, and both as files."""

from collections.abc import Sequence
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from db import campaign_results, staff
from db.campaign_results import FIGURES, OF_OFFICER, OF_SOURCE, Count, Row
from db.unit_of_work import UnitOfWork
from domain.campaigns import JOINT, Campaign, may_serve
from domain.numbers import format_number
from domain.staff import Right, may
from domain.whole_numbers import read_number
from services.audit import note_staff
from services.campaigns import subject_of
from web.campaign_page import COUNTS, TO_OPEN, WORDS, count_until, get_asked
from web.case_page import get_scope
from web.csv_files import download_csv
from web.templating import page
from web.visits import Visit, get_office, needs
from web.words import STATUSES

A_PAGE = 100
MOST_ROWS = 100_000
ROW_HEAD = (
    "number",
    "district",
    "status",
    "source",
    "submitted",
    "coming",
    "waiting",
    "checked_in",
)
TABLE_HEAD = ("kind", "name", "count", "registered", "approved", "came")


@needs(Right.RUN_CAMPAIGNS)
async def list_people(request: Request, visit: Visit) -> Response:
    """List the people behind a count by their numbers, some at a time."""
    campaign = await get_asked(request, visit, Right.RUN_CAMPAIGNS)
    count, after = _read_count(request, campaign), _read_digits(request, "after")
    of_whom = await _name_part(request, visit, campaign, count)
    rows = await _read_rows(request, visit, campaign, count, after or 0, A_PAGE + 1)
    await _note_look(request, visit, campaign, count)
    shown = [row for _, row in rows[:A_PAGE]]
    return page(
        request,
        visit,
        "campaign_people.html",
        campaign=campaign,
        asked=urlencode(_write_count(count)),
        words=COUNTS["by_code" if count.source and count.figure == "registered" else count.figure],
        of_whom=of_whom,
        rows=shown,
        openable={
            row.number for row in shown if may(visit.actor.staff, Right.SEE_CASES, row.office)
        },
        next_after=rows[A_PAGE - 1][0] if len(rows) > A_PAGE else None,
        standings=STATUSES,
        **WORDS,
    )


@needs(Right.RUN_CAMPAIGNS)
async def download_people(request: Request, visit: Visit) -> Response:
    """Hand over the people behind a count as a file."""
    campaign = await get_asked(request, visit, Right.RUN_CAMPAIGNS)
    count = _read_count(request, campaign)
    await _name_part(request, visit, campaign, count)
    rows = await _read_rows(request, visit, campaign, count, 0, MOST_ROWS)
    await _note_look(request, visit, campaign, count)
    filename = f"{campaign.plan.code}-{count.figure}.csv"
    return download_csv(filename, ROW_HEAD, (_write_row(row) for _, row in rows))


async def show_results(request: Request, visit: Visit, campaign: Campaign) -> Response:
    """Show what came of an event day to somebody who sees counts, and nobody behind them."""
    office = get_office(request)
    until, scope = count_until(office, campaign), get_scope(visit, Right.SEE_RESULTS)
    async with office.database.read() as connection:
        figures = await campaign_results.count_figures(connection, campaign, until, scope)
        sources = await campaign_results.count_by_source(connection, campaign, until, scope)
    return page(
        request,
        visit,
        "campaign_results.html",
        campaign=campaign,
        figures=figures,
        sources=sources,
        counted_until=until,
        **WORDS,
    )


@needs(*TO_OPEN)
async def download_table(request: Request, visit: Visit) -> Response:
    """Hand over the figures and those by source as a file; by officer to who runs the day."""
    campaign = await get_asked(request, visit, *TO_OPEN)
    runs = may_serve(visit.actor.staff, Right.RUN_CAMPAIGNS, campaign.plan.place)
    office, right = get_office(request), Right.RUN_CAMPAIGNS if runs else Right.SEE_RESULTS
    until, scope = count_until(office, campaign), get_scope(visit, right)
    async with office.database.read() as connection:
        figures = await campaign_results.count_figures(connection, campaign, until, scope)
        sources = await campaign_results.count_by_source(connection, campaign, until, scope)
        officers = (
            await campaign_results.count_by_officer(connection, campaign, scope) if runs else []
        )
        names = await staff.names_of(connection, {one.staff_id for one in officers})
    rows: list[Sequence[object]] = [("figure", name, figures[name]) for name in FIGURES]
    rows += [("source", one.source, "", one.registered, one.approved, one.came) for one in sources]
    rows += [
        ("officer", names.get(one.staff_id, ""), "", one.registered, one.approved, one.checked_in)
        for one in officers
    ]
    return download_csv(f"{campaign.plan.code}-results.csv", TABLE_HEAD, rows)


async def _read_rows(
    request: Request, visit: Visit, campaign: Campaign, count: Count, after: int, limit: int
) -> list[tuple[int, Row]]:
    office = get_office(request)
    until, scope = count_until(office, campaign), get_scope(visit, Right.RUN_CAMPAIGNS)
    async with office.database.read() as connection:
        return await campaign_results.list_rows(
            connection, campaign, count, until, scope, after, limit
        )


async def _name_part(request: Request, visit: Visit, campaign: Campaign, count: Count) -> str:
    """Name whose part of a figure is counted; an officer who checked nobody in has none."""
    if count.officer is None:
        return count.source or ""
    async with get_office(request).database.read() as connection:
        scope = get_scope(visit, Right.RUN_CAMPAIGNS)
        counted = await campaign_results.count_by_officer(connection, campaign, scope)
        if count.officer not in {one.staff_id for one in counted}:
            raise HTTPException(404)
        return (await staff.names_of(connection, {count.officer}))[count.officer]


async def _note_look(request: Request, visit: Visit, campaign: Campaign, count: Count) -> None:
    async def note(uow: UnitOfWork) -> None:
        details = _write_count(count)
        details["figure"] = details.pop("which")
        uow.record(note_staff("list_guests", subject_of(campaign.id), visit.actor, details))

    await get_office(request).act(note)


def _read_count(request: Request, campaign: Campaign) -> Count:
    given, code = request.query_params, campaign.plan.code
    count = Count(given.get("which", ""), given.get("code"), _read_digits(request, "officer"))
    known = OF_SOURCE if "code" in given else OF_OFFICER if "officer" in given else FIGURES
    is_of_day = count.source in (None, code) or str(count.source).startswith(code + JOINT)
    if count.figure not in known or not is_of_day or ("officer" in given and not count.officer):
        raise HTTPException(404)
    return count


def _write_count(count: Count) -> dict[str, str | int]:
    """Write a count as its address asks for it."""
    asked = {"which": count.figure, "code": count.source, "officer": count.officer}
    return {name: value for name, value in asked.items() if value is not None}


def _read_digits(request: Request, name: str) -> int | None:
    return read_number(request.query_params.get(name, ""))


def _write_row(row: Row) -> tuple[object, ...]:
    coming = "waiting" if row.waiting else {True: "yes", False: "no", None: ""}[row.coming]
    came_at = row.checked_in_at.isoformat(timespec="seconds") if row.checked_in_at else ""
    submitted_at = row.submitted_at.isoformat(timespec="seconds")
    number = format_number(row.number)
    return (
        number,
        row.office,
        row.status.value,
        row.source,
        submitted_at,
        coming,
        row.waiting,
        came_at,
    )


routes = [
    Route("/campaigns/{id}/people", list_people),
    Route("/campaigns/{id}/people.csv", download_people),
    Route("/campaigns/{id}/results.csv", download_table),
]

"""The people behind each figure of an event day, and both as files."""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from db import campaign_results, staff
from db.campaign_results import FIGURES, Row
from db.unit_of_work import UnitOfWork
from domain.campaigns import Campaign
from domain.numbers import format_number
from domain.staff import Right, may
from services.audit import note_staff
from services.campaigns import subject_of
from web.campaign_page import FIGURES as FIGURE_WORDS
from web.campaign_page import WORDS, count_until, download_csv, get_asked
from web.templating import page
from web.visits import Visit, get_office, needs
from web.words import STATUSES

A_PAGE = 100
MOST_ROWS = 100_000
_MOST_DIGITS = 12
ROW_HEAD = ("number", "district", "status", "source", "submitted", "coming", "checked_in")
TABLE_HEAD = ("kind", "name", "count", "registered", "approved", "came")


@needs(Right.RUN_CAMPAIGNS)
async def list_people(request: Request, visit: Visit) -> Response:
    """List the people behind a figure by their numbers, some at a time."""
    campaign = await get_asked(request, visit, Right.RUN_CAMPAIGNS)
    figure, after = _get_figure(request), _read_after(request)
    rows = await _read_rows(request, campaign, figure, after, A_PAGE + 1)
    await _note_look(request, visit, campaign, figure)
    shown = [row for _, row in rows[:A_PAGE]]
    return page(
        request,
        visit,
        "campaign_people.html",
        campaign=campaign,
        figure=figure,
        words=FIGURE_WORDS[figure],
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
    """Hand over the people behind a figure as a file."""
    campaign = await get_asked(request, visit, Right.RUN_CAMPAIGNS)
    figure = _get_figure(request)
    rows = await _read_rows(request, campaign, figure, 0, MOST_ROWS)
    await _note_look(request, visit, campaign, figure)
    filename = f"{campaign.plan.code}-{figure}.csv"
    return download_csv(filename, ROW_HEAD, (_write_row(row) for _, row in rows))


@needs(Right.RUN_CAMPAIGNS)
async def download_table(request: Request, visit: Visit) -> Response:
    """Hand over the figures, those by source and those by officer, as a file."""
    campaign = await get_asked(request, visit, Right.RUN_CAMPAIGNS)
    office = get_office(request)
    until = count_until(office, campaign)
    async with office.database.read() as connection:
        figures = await campaign_results.count_figures(connection, campaign, until)
        sources = await campaign_results.count_by_source(connection, campaign, until)
        officers = await campaign_results.count_by_officer(connection, campaign)
        names = await staff.names_of(connection, {one.staff_id for one in officers})
    rows: list[Sequence[object]] = [("figure", name, figures[name]) for name in FIGURES]
    rows += [("source", one.source, "", one.registered, one.approved, one.came) for one in sources]
    rows += [
        ("officer", names.get(one.staff_id, ""), "", one.registered, one.approved, one.checked_in)
        for one in officers
    ]
    return download_csv(f"{campaign.plan.code}-results.csv", TABLE_HEAD, rows)


async def _read_rows(
    request: Request, campaign: Campaign, figure: str, after: int, limit: int
) -> list[tuple[int, Row]]:
    office = get_office(request)
    until = count_until(office, campaign)
    async with office.database.read() as connection:
        return await campaign_results.list_rows(connection, campaign, figure, until, after, limit)


async def _note_look(request: Request, visit: Visit, campaign: Campaign, figure: str) -> None:
    async def note(uow: UnitOfWork) -> None:
        details = {"figure": figure}
        uow.record(note_staff("list_guests", subject_of(campaign.id), visit.actor, details))

    await get_office(request).act(note)


def _get_figure(request: Request) -> str:
    figure = request.query_params.get("which", "")
    if figure not in FIGURES:
        raise HTTPException(404)
    return figure


def _read_after(request: Request) -> int:
    given = request.query_params.get("after", "0")
    is_number = given.isascii() and given.isdigit() and len(given) <= _MOST_DIGITS
    return int(given) if is_number else 0


def _write_row(row: Row) -> tuple[object, ...]:
    coming = {True: "yes", False: "no", None: ""}[row.coming]
    came_at = row.checked_in_at.isoformat(timespec="seconds") if row.checked_in_at else ""
    submitted_at = row.submitted_at.isoformat(timespec="seconds")
    number = format_number(row.number)
    return number, row.office, row.status.value, row.source, submitted_at, coming, came_at


routes = [
    Route("/campaigns/{id}/people", list_people),
    Route("/campaigns/{id}/people.csv", download_people),
    Route("/campaigns/{id}/results.csv", download_table),
]

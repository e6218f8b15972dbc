"""The site: every page at its address, behind one guard."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from db.errors import DatabaseUnavailable, TookTooLong
from web.import_room import ImportRoom
from web.office import Office
from web.security import LARGEST_BODY, STATIC_PATH, Guard
from web.templating import STATIC, find_version, page
from web.views import (
    audit,
    campaign_desk,
    campaign_planning,
    campaign_results,
    campaigns,
    cases,
    imports,
    notices,
    overview,
    public,
    questions,
    queue,
    sign_in,
    staff,
)

VIEWS = (
    sign_in,
    overview,
    queue,
    cases,
    questions,
    notices,
    staff,
    imports,
    audit,
    public,
    campaign_planning,
    campaigns,
    campaign_results,
    campaign_desk,
)
ROUTES: tuple[Route, ...] = tuple(route for view in VIEWS for route in view.routes)


def build_pages(office: Office) -> ASGIApp:
    """Build the pages of an office."""
    files = Mount(STATIC_PATH + find_version(), StaticFiles(directory=STATIC))
    pages = Starlette(
        routes=[*ROUTES, files],
        exception_handlers={
            HTTPException: show_refusal,
            DatabaseUnavailable: show_pause,
            TookTooLong: show_too_much,
            Exception: show_failure,
        },
        max_body_size=LARGEST_BODY,
    )
    pages.router.redirect_slashes = False  # it would lead to whatever host a request names
    pages.state.office = office
    pages.state.counted = {}
    pages.state.imports = ImportRoom(office)
    return Guard(pages, is_encrypted=office.is_encrypted)


async def show_refusal(request: Request, error: Exception) -> Response:
    """Say that there is nothing here, or that something is not allowed."""
    status = error.status_code if isinstance(error, HTTPException) else 400
    template = {403: "forbidden.html", 404: "not_found.html"}.get(status, "refused.html")
    return page(request, None, template, status)


async def show_pause(request: Request, _error: Exception) -> Response:
    """Say that the database is away for a moment."""
    return page(request, None, "paused.html", 503)


async def show_too_much(request: Request, _error: Exception) -> Response:
    """Say that the question was too large."""
    return page(request, None, "too_much.html", 503)


async def show_failure(request: Request, _error: Exception) -> Response:
    """Say that something of ours broke."""
    return page(request, None, "failed.html", 500)

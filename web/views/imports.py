"""Taking over people of another register: a list is sent, looked at, confirmed, and taken over."""

from collections.abc import AsyncIterator, Mapping
from pathlib import PurePath
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from db import imports
from domain.staff import Right
from domain.texts import Text, message
from domain.whole_numbers import read_number
from services.import_guide import list_guides, write_sample
from services.import_samples import describe_columns, describe_person, list_lacking
from services.import_words import (
    COLUMNS,
    REASONS,
    name_columns,
    word_error,
    write_errors,
    write_stored_errors,
)
from services.importing import SOURCE, Order
from services.kept_lists import ListGone
from web.import_room import ImportRunning, Waiting, get_room
from web.office import Office
from web.templating import page
from web.visits import Visit, get_id, get_office, needs

LARGEST_FILE = 50_000_000
LONGEST_NAME = 80
MOST_POLLS = 600
"""For so long a page that nobody looks at goes on asking: twenty minutes."""

TRIAL = "/imports/trial"


@needs(Right.IMPORT)
async def list_imports(request: Request, visit: Visit) -> Response:
    """Show the imports so far, and offer another one."""
    return await _show_list(request, visit)


@needs(Right.IMPORT)
async def receive_list(request: Request, visit: Visit) -> Response:
    """Take a list in, to be tried before anything of it is stored."""
    form = await request.form()
    source = str(form.get("source", "")).strip().lower()
    sent = form.get("file")
    if not SOURCE.fullmatch(source):
        return await _show_list(request, visit, source, message("imports.source_wrong"))
    if not isinstance(sent, UploadFile) or not sent.filename:
        return await _show_list(request, visit, source, message("imports.choose"))
    filename = PurePath(sent.filename.replace("\\", "/")).name[:LONGEST_NAME]
    await get_room(request).receive(visit.actor.staff.id, sent.file, filename, source)
    return RedirectResponse(TRIAL, 303)


@needs(Right.IMPORT)
async def download_sample(_: Request, visit: Visit) -> Response:
    """Give a list of invented people to fill in, in the visitor's language."""
    return Response(
        write_sample(visit.locale),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="sample.csv"'},
    )


@needs(Right.IMPORT)
async def show_trial(request: Request, visit: Visit) -> Response:
    """Show how the visitor's list was understood, or how far it is read; or only this part."""
    waiting = get_room(request).find(visit.actor.staff.id)
    if waiting is None:
        return await _show_list(request, visit, problem=message("imports.gone"))
    is_part = bool(request.headers.get("hx-request"))
    if waiting.refused and is_part:
        return Response(headers={"HX-Refresh": "true"})
    if waiting.refused:
        get_room(request).drop(visit.actor.staff.id)
        return await _show_list(request, visit, waiting.source, waiting.refused)
    if is_part:
        return page(request, visit, "_import_trial.html", **_describe(request, waiting))
    return _show_trial(request, visit, waiting)


@needs(Right.IMPORT)
async def confirm_list(request: Request, visit: Visit) -> Response:
    """Begin to import the list that the visitor has looked at, and no other."""
    staff_id, room, form = visit.actor.staff.id, get_room(request), await request.form()
    waiting = room.find(staff_id)
    if waiting is None:
        return await _show_list(request, visit, problem=message("imports.gone"))
    if form.get("digest") != waiting.kept.digest or form.get("source") != waiting.source:
        return _show_trial(request, visit, waiting, message("imports.other_list"))
    if not waiting.trial.is_good:
        return RedirectResponse(TRIAL, 303)
    if waiting.trial.same_as and form.get("another") != "yes":
        return _show_trial(request, visit, waiting, message("imports.say_another"))
    total = waiting.trial.counts.rows
    order = Order(waiting.kept.filename, waiting.source, visit.actor, total)
    try:
        import_id = await room.confirm(staff_id, waiting, order)
    except ImportRunning:
        return _show_trial(request, visit, waiting, message("imports.at_work"))
    except ListGone:
        room.drop(staff_id)
        return await _show_list(request, visit, problem=message("imports.gone"))
    return RedirectResponse(f"/imports/{import_id}", 303)


@needs(Right.IMPORT)
async def drop_list(request: Request, visit: Visit) -> Response:
    """Forget the list that the visitor has sent."""
    get_room(request).drop(visit.actor.staff.id)
    return RedirectResponse("/imports", 303)


@needs(Right.IMPORT)
async def download_trial_errors(request: Request, visit: Visit) -> Response:
    """Give the error file of a trial, in the visitor's language."""
    waiting = get_room(request).find(visit.actor.staff.id)
    if waiting is None:
        raise HTTPException(404)
    lines = write_errors(waiting.trial.errors, get_office(request).desk, visit.locale)
    return _stream(lines, "trial-errors.csv")


@needs(Right.IMPORT)
async def show_import(request: Request, visit: Visit) -> Response:
    """Show how far an import is, and what came of it in the end; or only this part."""
    one = await _get_import(request)
    running = get_room(request).at_work
    goes_on = one.status == "running"
    polls = _count_polls(request)
    template = "_import.html" if request.headers.get("hx-request") else "import.html"
    return page(
        request,
        visit,
        template,
        one=one,
        goes_on=goes_on,
        is_stopping=bool(goes_on and running and running.is_unwanted),
        polls=polls if goes_on and polls <= MOST_POLLS else 0,
        reasons=REASONS,
    )


@needs(Right.IMPORT)
async def stop(request: Request, visit: Visit) -> Response:
    """Stop an import between two parts; what is in stays in."""
    one = await _get_import(request)
    await get_room(request).stop(one.id, visit.actor)
    return RedirectResponse(f"/imports/{one.id}", 303)


@needs(Right.IMPORT)
async def download_errors(request: Request, visit: Visit) -> Response:
    """Give the error file of an import, in the visitor's language."""
    office, one = get_office(request), await _get_import(request)
    lines = write_stored_errors(office.database, office.desk, one.id, visit.locale)
    return _stream(lines, f"import-{one.id}-errors.csv")


async def _get_import(request: Request) -> imports.Import:
    running, import_id = get_room(request).at_work, get_id(request)
    async with get_office(request).database.read() as connection:
        found = await imports.find(connection, import_id)
    if found is None:
        raise HTTPException(404)
    return imports.shown_as(found, running.import_id if running else None)


async def _show_list(
    request: Request, visit: Visit, source: str = "", problem: Text | None = None
) -> Response:
    room = get_room(request)
    running = room.at_work.import_id if room.at_work else None
    async with get_office(request).database.read() as connection:
        found = await imports.list_recent(connection)
        sources = await imports.list_sources(connection)
    return page(
        request,
        visit,
        "imports.html",
        400 if problem else 200,
        imports=[imports.shown_as(one, running) for one in found],
        waiting=room.find(visit.actor.staff.id),
        problem=problem,
        source=source,
        sources=sources,
        guides=list_guides(visit.locale),
        reasons=REASONS,
    )


def _show_trial(
    request: Request, visit: Visit, waiting: Waiting, problem: Text | None = None
) -> Response:
    values = {**_describe(request, waiting), "problem": problem}
    return page(request, visit, "import_trial.html", 400 if problem else 200, **values)


def _describe(request: Request, waiting: Waiting) -> Mapping[str, Any]:
    trial, opened = waiting.trial, waiting.opened
    office: Office = get_office(request)
    polls = _count_polls(request)
    return {
        "waiting": waiting,
        "trial": trial,
        "columns": describe_columns(
            office.desk.form, opened.file.heading, opened.heading, trial.new
        )
        if opened
        else [],
        "lacking": list_lacking(opened.heading) if opened else [],
        "left_out": opened.heading.unknown if opened else (),
        "names": COLUMNS,
        "name": describe_person,
        "name_columns": name_columns,
        "word": word_error,
        "reasons": REASONS,
        "polls": polls if not trial.has_ended and polls <= MOST_POLLS else 0,
    }


def _count_polls(request: Request) -> int:
    return min(read_number(request.query_params.get("polls", "")) or 0, MOST_POLLS) + 1


def _stream(lines: AsyncIterator[str], name: str) -> Response:
    return StreamingResponse(
        _encode(lines),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _encode(lines: AsyncIterator[str]) -> AsyncIterator[bytes]:
    async for line in lines:
        yield line.encode()


routes = [
    Route("/imports", list_imports),
    Route("/imports", receive_list, methods=["POST"], max_body_size=LARGEST_FILE),
    Route("/imports/sample.csv", download_sample),
    Route(TRIAL, show_trial),
    Route(f"{TRIAL}/errors.csv", download_trial_errors),
    Route(f"{TRIAL}/confirm", confirm_list, methods=["POST"]),
    Route(f"{TRIAL}/drop", drop_list, methods=["POST"]),
    Route("/imports/{id}", show_import),
    Route("/imports/{id}/stop", stop, methods=["POST"]),
    Route("/imports/{id}/errors.csv", download_errors),
]

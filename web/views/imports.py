"""Taking over people of another register: a file, how far it is, and what was wrong with it."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, cast

import structlog
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from db import imports
from domain.staff import Right
from domain.texts import Text, message
from services.import_lists import CannotImport, OpenedList, open_list
from services.import_words import REASONS, write_stored_errors
from services.importing import SOURCE, Order, begin_import, run_import
from web.office import Office
from web.security import find_place
from web.templating import page
from web.visits import Visit, get_id, get_office, needs

log = structlog.get_logger(__name__)

LARGEST_FILE = 50_000_000
LONGEST_NAME = 80


@dataclass
class Running:
    """The import that goes on in this process; its id is not known at once."""

    import_id: int | None = None
    task: asyncio.Task[None] | None = None

    @property
    def goes_on(self) -> bool:
        """Whether it has not ended yet."""
        return self.task is not None and not self.task.done()


@needs(Right.IMPORT)
async def list_imports(request: Request, visit: Visit) -> Response:
    """Show the imports so far, and offer another one."""
    return await _show(request, visit)


@needs(Right.IMPORT)
async def start_import(request: Request, visit: Visit) -> Response:
    """Begin to import a file, beside all other work; one at a time."""
    form = await request.form()
    source = str(form.get("source", "")).strip().lower()
    sent = form.get("file")
    if not SOURCE.fullmatch(source):
        return await _show(request, visit, source, message("imports.source_wrong"))
    if not isinstance(sent, UploadFile) or not sent.filename:
        return await _show(request, visit, source, message("imports.choose"))
    kept = await asyncio.to_thread(_keep, sent)
    filename = PurePath(sent.filename.replace("\\", "/")).name[:LONGEST_NAME]
    try:
        opened = await asyncio.to_thread(open_list, kept, filename)
    except CannotImport as error:
        kept.close()
        return await _show(request, visit, source, error.words)
    if find_running(request).goes_on:
        kept.close()
        return await _show(request, visit, source, message("imports.at_work"))
    running = Running()
    order = Order(filename, source, visit.actor)
    running.task = asyncio.create_task(_run(get_office(request), running, opened, order, kept))
    request.app.state.importing = running
    return RedirectResponse("/imports", 303)


@needs(Right.IMPORT)
async def download_errors(request: Request, visit: Visit) -> Response:
    """Give the error file of an import, in the visitor's language."""
    office, import_id = get_office(request), get_id(request)
    async with office.database.read() as connection:
        if await imports.find(connection, import_id) is None:
            raise HTTPException(404)
    lines = write_stored_errors(office.database, office.desk, import_id, visit.locale)
    name = f"import-{import_id}-errors.csv"
    return StreamingResponse(
        _encode(lines),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def find_running(request: Request) -> Running:
    """Find the import that goes on, or the last that did."""
    running: Running | None = getattr(request.app.state, "importing", None)
    return running or Running()


async def _run(
    office: Office, running: Running, opened: OpenedList, order: Order, kept: BinaryIO
) -> None:
    try:
        running.import_id = await begin_import(office.database, order, office.clock())
        await run_import(
            office.database, office.desk, opened, order, running.import_id, office.clock
        )
    except Exception as error:
        log.error("an import failed", reason=type(error).__name__, where=find_place(error))
    finally:
        kept.close()


async def _show(
    request: Request, visit: Visit, source: str = "", problem: Text | None = None
) -> Response:
    running = find_running(request)
    at_work = running.import_id if running.goes_on else None
    async with get_office(request).database.read() as connection:
        found = await imports.list_recent(connection)
    return page(
        request,
        visit,
        "imports.html",
        400 if problem else 200,
        imports=[imports.shown_as(one, at_work) for one in found],
        goes_on=running.goes_on,
        problem=problem,
        source=source,
        reasons=REASONS,
    )


def _keep(sent: UploadFile) -> BinaryIO:
    """Copy what was sent to a file without a name, which is gone when it is closed."""
    kept = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - closed when the import ends
    sent.file.seek(0)
    shutil.copyfileobj(sent.file, kept)
    return kept


async def _encode(lines: AsyncIterator[str]) -> AsyncIterator[bytes]:
    async for line in lines:
        yield line.encode()


routes = [
    Route("/imports", list_imports),
    Route("/imports", start_import, methods=["POST"], max_body_size=LARGEST_FILE),
    Route("/imports/{id}/errors.csv", download_errors),
]

"""The files of an application: the photo that a worker sent, and the card."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from db import certificates, change_requests
from domain.applications import Status
from domain.staff import Right
from services.certificates import draw
from web.case_page import get_number, get_record, look
from web.office import Photo
from web.templating import find_version
from web.visits import Endpoint, Visit, get_office, needs

LARGEST_PHOTO = 10_000_000
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
"""Kinds of pictures that hold no script."""

CARDS = {"pdf": "application/pdf", "png": "image/png"}


@needs(Right.SEE_CASES)
async def show_photo(request: Request, visit: Visit) -> Response:
    """Show the photo that the worker sent."""
    number = get_number(request)
    record = await get_record(request, visit, number)
    return await _show(request, visit, number, record.registration.background.photo)


@needs(Right.SEE_CASES)
async def show_wished_photo(request: Request, visit: Visit) -> Response:
    """Show the photo that the worker wishes instead."""
    number = get_number(request)
    await get_record(request, visit, number)
    async with get_office(request).database.read() as connection:
        change = await change_requests.find_open(connection, number)
    file_id = change.answers.get("photo") if change else None
    return await _show(request, visit, number, file_id)


def _make_card_view(kind: str) -> Endpoint:
    @needs(Right.SEE_CASES)
    async def show_card(request: Request, visit: Visit) -> Response:
        """Draw the card of an approved application."""
        number, office = get_number(request), get_office(request)
        record = await get_record(request, visit, number)
        async with office.database.read() as connection:
            issued = await certificates.find_latest(connection, number)
        if record.case.status is not Status.APPROVED or issued is None or issued.revoked_at:
            raise HTTPException(404)
        await look(office, visit, number, "see_card")
        content = await asyncio.to_thread(draw, office.desk, issued, as_pdf=kind == "pdf")
        name = f'inline; filename="certificate-{number}.{kind}"'
        return Response(content, media_type=CARDS[kind], headers={"Content-Disposition": name})

    return show_card


async def _show(request: Request, visit: Visit, number: str, file_id: str | None) -> Response:
    office = get_office(request)
    if file_id is None:
        raise HTTPException(404)
    await look(office, visit, number, "see_photo")
    photo = await office.photos(file_id)
    if photo is None or not _is_shown(photo):
        return RedirectResponse(f"/static/{find_version()}/no-photo.svg", 303)
    return Response(photo.content, media_type=photo.media_type)


def _is_shown(photo: Photo) -> bool:
    return photo.media_type in PICTURES and len(photo.content) <= LARGEST_PHOTO


routes = [
    Route("/cases/{number}/photo", show_photo),
    Route("/cases/{number}/photo/wished", show_wished_photo),
    *(Route(f"/cases/{{number}}/card.{kind}", _make_card_view(kind)) for kind in CARDS),
]

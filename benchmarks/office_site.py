"""The real pages over a database, served on loopback to a browser that is signed in."""

import asyncio
import secrets
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.web import build_server, open_socket
from db import staff
from db.database import Database
from db.reference import load_gazetteer, load_occupations
from db.staff import Connection
from db.unit_of_work import UnitOfWork, run_unit
from domain.registration_form import REGISTRATION_FORM
from domain.staff import Role
from services.desk import Desk
from services.staff_links import hash_of
from web.app import build_pages
from web.office import Office, Photo

HOST = "127.0.0.1"


@dataclass(frozen=True)
class OpenSite:
    """A site that is served: where, and the cookie of an officer who has signed in."""

    url: str
    cookies: dict[str, str]


@asynccontextmanager
async def serving_site(
    database: Database, clock: Callable[[], datetime], places: frozenset[str] | None = None
) -> AsyncIterator[OpenSite]:
    """Serve the pages while the block runs, for an officer of some places."""
    listening = open_socket(HOST, 0)
    url = f"http://{HOST}:{listening.getsockname()[1]}"
    server = build_server(build_pages(make_office(database, clock, url)))
    running = asyncio.create_task(server.serve(sockets=[listening]))
    session = await database.write(partial(sign_in, places=places, now=clock()))
    try:
        yield OpenSite(url, {"session": session})
    finally:
        server.should_exit = True
        await running


def make_office(database: Database, clock: Callable[[], datetime], url: str) -> Office:
    """Make an office whose bot sends nothing."""

    async def run(work: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        await run_unit(database, clock(), work)

    async def fetch(_file_id: str) -> Photo | None:
        return None

    zone = ZoneInfo("Asia/Phnom_Penh")
    desk = Desk(REGISTRATION_FORM, load_gazetteer(), load_occupations(), zone, web_url=url)
    return Office(database, desk, run, clock, fetch, Path(tempfile.gettempdir()) / "office-site")


async def sign_in(connection: Connection, places: frozenset[str] | None, now: datetime) -> str:
    """Take an officer on and sign them in; give the secret of the session."""
    officer = await staff.add(connection, now, "Chan Sophea", {Role.OFFICER}, places)
    secret = secrets.token_urlsafe(24)
    await staff.add_session(connection, hash_of(secret), officer.id, "benchmark", now)
    return secret

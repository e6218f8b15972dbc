"""The site over a real database, and browsers that visit it without a network."""

import re
import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import httpx
from starlette.types import ASGIApp

from db import staff
from db.database import Database
from db.unit_of_work import UnitOfWork, Write, run_unit
from domain.outbox import OutgoingCall
from domain.staff import Role, Staff
from services.desk import Desk
from services.sessions import SIGN_IN_LASTS, spend_sign_in
from services.staff_links import hash_of
from tests.conftest import Clock
from web.app import build_pages
from web.office import Office, Photo
from web.security import make_csrf_token

HOST = "office.test"
FROM_HERE = {"sec-fetch-site": "same-origin"}


@dataclass
class House:
    """The site with all behind it; `calls` is what was to be sent, `photos` what Telegram keeps."""

    office: Office
    site: ASGIApp
    clock: Clock
    calls: list[OutgoingCall] = field(default_factory=list)
    photos: dict[str, Photo] = field(default_factory=dict)

    @property
    def desk(self) -> Desk:
        """The desk that the site works for."""
        return self.office.desk

    @property
    def database(self) -> Database:
        """The database behind the site."""
        return self.office.database

    def open_browser(self, locale: str = "en") -> "Browser":
        """Open a browser in which nobody has signed in."""
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.site), base_url=self.office.web_url
        )
        client.cookies.set("lang", locale, domain=HOST)
        return Browser(client)

    async def hire(
        self,
        *roles: Role,
        name: str = "Chan Sophea",
        places: Collection[str] | None = None,
        chat_id: int | None = None,
    ) -> Staff:
        """Add a member of staff; no places are the whole country."""
        add = partial(staff.add, name=name, roles=roles, places=places, chat_id=chat_id)
        return await self.database.write(lambda connection: add(connection, self.clock()))

    async def sign_in(self, one: Staff, locale: str = "en") -> "Browser":
        """Open a browser in which a member of staff has signed in by a link."""
        secret = await self.make_link(one)
        session = await self.office.act(lambda uow: spend_sign_in(uow, secret, "web test"))
        assert session is not None
        browser = self.open_browser(locale)
        browser.client.cookies.set("session", session, domain=HOST)
        return browser

    async def make_link(self, one: Staff) -> str:
        """Make the secret of a link with which a member of staff can sign in."""
        secret = secrets.token_urlsafe(24)
        now = self.clock()
        link = staff.Link(
            hash_of(secret), staff.Purpose.SIGN_IN, now, now + SIGN_IN_LASTS, staff_id=one.id
        )
        await self.write(partial(staff.add_link, link=link))
        return secret

    async def write(self, write: Write) -> None:
        """Write something straight into the database."""
        await self.database.write(write)


@dataclass
class Browser:
    """One visitor's browser; it tells, as browsers do, that its forms come from our own pages."""

    client: httpx.AsyncClient

    @property
    def csrf(self) -> str:
        """The token of this session's forms."""
        return make_csrf_token(self.client.cookies.get("session") or "")

    async def get(self, path: str, **query: str) -> httpx.Response:
        """Open a page."""
        return await self.client.get(path, params=query or None)

    async def post(self, path: str, data: Mapping[str, object] | None = None) -> httpx.Response:
        """Send a form of ours."""
        form = {"csrf": self.csrf, **(data or {})}
        return await self.client.post(path, data=form, headers=FROM_HERE)

    async def read(self, path: str, **query: str) -> str:
        """Open a page that is there, and give its words without markup."""
        answer = await self.get(path, **query)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return read_words(answer.text)


def read_words(page: str) -> str:
    """Give the words of a page as one line, as a reader sees them."""
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def make_house(database: Database, desk: Desk, clock: Clock) -> House:
    """Build the site over a database."""
    calls: list[OutgoingCall] = []
    photos: dict[str, Photo] = {}

    async def run(work: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        _, made = await run_unit(database, clock(), work)
        calls.extend(made)

    async def fetch(file_id: str) -> Photo | None:
        return photos.get(file_id)

    assert database.file is not None
    data_dir = database.file.parent / "data"
    office = Office(database, desk, run, clock, fetch, data_dir, lambda: "OfficeTestBot")
    return House(office, build_pages(office), clock, calls, photos)


def rebuild(house: House, **changed: object) -> House:
    """Build the same house with something about its office changed."""
    office = replace(house.office, **changed)  # type: ignore[arg-type]  # the test knows the field
    return House(office, build_pages(office), house.clock, house.calls, house.photos)

"""Who visits a page: signed in or not, allowed or not, decided anew at every request."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import TypeAlias

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.staff import Right, Staff, scope_of
from domain.whole_numbers import read_number
from locales.catalogue import LOCALES
from services.desk import Actor
from services.sessions import find_session, is_worth_noting, note_visit
from web.office import Office
from web.security import is_csrf_token, is_from_here, make_csrf_token

LANGUAGE_COOKIE = "lang"
BACK_COOKIE = "back"
BACK_LASTS_SECONDS = 1_800
LONGEST_BACK = 500
"""A longer address is not kept."""

SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"
UNSAVED = "unsaved"
"""Tells the sign-in page that a form was sent and not taken."""

_OWN_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*")


@dataclass(frozen=True)
class Visit:
    """A request of a member of staff: who, in which language, and the token of its forms."""

    actor: Actor
    locale: str
    csrf: str


View: TypeAlias = Callable[[Request, Visit], Awaitable[Response]]
Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


FOR_ALL = frozenset({Right.SEE_AUDIT, Right.IMPORT})
"""Rights over what belongs to the house as a whole: only who has the whole country has them."""


def is_allowed(staff: Staff, right: Right) -> bool:
    """Tell whether somebody may see the pages of a right."""
    scope = scope_of(staff, right)
    return scope is not None and (scope.places is None or right not in FOR_ALL)


def needs(*rights: Right | None) -> Callable[[View], Endpoint]:
    """Show a view only to staff who have one of some rights; None asks only for being signed in.

    Who is not signed in is sent to the sign-in page; whoever lacks the right finds nothing here;
    a form that did not come from our own page, with its token, is refused. Nobody's form is read
    before it is known that they may send it.
    """

    def guard(view: View) -> Endpoint:
        @wraps(view)
        async def answer(request: Request) -> Response:
            try:
                return await decide(request)
            finally:
                await request.close()  # and with it the files that were sent

        async def decide(request: Request) -> Response:
            visit = await find_permitted(request)
            if visit is not None and request.method not in ("GET", "HEAD"):
                await check_form(request, visit)
                visit = await find_permitted(request)  # a form may be sent as slowly as one likes
            return send_to_sign_in(request) if visit is None else await view(request, visit)

        async def find_permitted(request: Request) -> Visit | None:
            visit = await find_visit(request)
            if visit is None or any(
                one is None or is_allowed(visit.actor.staff, one) for one in rights
            ):
                return visit
            raise HTTPException(404)

        return answer

    return guard


def get_office(request: Request) -> Office:
    """Return what the pages work with."""
    office: Office = request.app.state.office
    return office


def get_id(request: Request, name: str = "id") -> int:
    """Return the id that an address names; what cannot be one is nowhere."""
    found = read_number(str(request.path_params[name]))
    if found is None:
        raise HTTPException(404)
    return found


async def find_visit(request: Request) -> Visit | None:
    """Find who visits, as stored at this moment; None if nobody is signed in."""
    office = get_office(request)
    secret = request.cookies.get(name_session_cookie(office))
    if not secret:
        return None
    now = office.clock()
    async with office.database.read() as connection:
        session = await find_session(connection, secret, now, office.desk.session_idle)
    if session is None:
        return None
    if is_worth_noting(session, now):
        await office.run(lambda uow: note_visit(uow, secret))
    actor = Actor(session.staff, tell_origin(request))
    return Visit(actor, choose_locale(request), make_csrf_token(secret))


async def check_form(request: Request, visit: Visit) -> None:
    """Refuse a form that does not come from our own page with the visitor's token."""
    token = request.headers.get("x-csrf-token")
    if token is None:
        token = str((await request.form()).get("csrf", ""))
    if not is_csrf_token(token, visit.csrf):
        raise HTTPException(403)
    check_sender(request)


def check_sender(request: Request) -> None:
    """Refuse a form that was sent from a page of somebody else."""
    if not is_from_here(request, get_office(request).web_url):
        raise HTTPException(403)


def choose_locale(request: Request) -> str:
    """Return the language that a visitor chose, or else the house's."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return chosen if chosen in LOCALES else get_office(request).desk.default_locale


def tell_origin(request: Request) -> str:
    """Tell for the audit log from where a request came."""
    return f"web {request.client.host}" if request.client else "web"


def name_session_cookie(office: Office) -> str:
    """Name the cookie that holds a session's secret; by https it is bound to this very host."""
    return "__Host-session" if office.is_encrypted else "session"


def set_session(response: Response, office: Office, secret: str) -> None:
    """Give a browser the secret of its session, which no script can read."""
    response.set_cookie(
        name_session_cookie(office),
        secret,
        path="/",
        secure=office.is_encrypted,
        httponly=True,
        samesite="lax",
    )


def forget_session(response: Response, office: Office) -> None:
    """Take the secret back from a browser."""
    response.delete_cookie(
        name_session_cookie(office),
        path="/",
        secure=office.is_encrypted,
        httponly=True,
        samesite="lax",
    )


def send_to_sign_in(request: Request) -> Response:
    """Lead to the sign-in page, and keep in the browser which page was wanted.

    What was sent is kept nowhere; there it is said how to get it back.
    """
    response = RedirectResponse(f"{SIGN_IN}?{UNSAVED}=1" if _is_form(request) else SIGN_IN, 303)
    query = request.url.query
    wanted = f"{request.url.path}?{query}" if query else request.url.path
    if _is_page(request) and len(wanted) <= LONGEST_BACK and find_own_path(wanted) == wanted:
        response.set_cookie(
            BACK_COOKIE,
            wanted,
            max_age=BACK_LASTS_SECONDS,
            path="/",
            secure=get_office(request).is_encrypted,
            httponly=True,
            samesite="lax",
        )
    return response


def _is_form(request: Request) -> bool:
    """Tell whether a request brings what somebody has written or decided on a page."""
    is_part = "hx-request" in request.headers or request.url.path.startswith(SIGN_OUT)
    return request.method == "POST" and not is_part


def _is_page(request: Request) -> bool:
    """Tell whether a request is for a whole page, and not for a part of one or a picture."""
    is_part = "hx-request" in request.headers or request.method != "GET"
    return not is_part and request.headers.get("sec-fetch-dest", "document") == "document"


def find_wanted(request: Request) -> str | None:
    """Find the page that was wanted before signing in; the first page is none."""
    path = find_own_path(request.cookies.get(BACK_COOKIE, "/"))
    return path if path != "/" and len(path) <= LONGEST_BACK else None


def forget_wanted(response: Response) -> None:
    """Forget which page was wanted."""
    response.delete_cookie(BACK_COOKIE, path="/", httponly=True, samesite="lax")


def find_own_path(back: str) -> str:
    """Return the path if it leads to a page of ours, or else that of the first page."""
    return back if _OWN_PATH.fullmatch(back) else "/"

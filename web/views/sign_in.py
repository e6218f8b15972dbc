"""Signing in by a link from the bot, signing out, and the choice of a language."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.staff import Right
from locales.catalogue import LOCALES
from services.sessions import end_all_sessions, end_session, find_visitor, spend_sign_in
from web.office import Office
from web.templating import page
from web.visits import (
    LANGUAGE_COOKIE,
    SIGN_IN,
    UNSAVED,
    Visit,
    check_sender,
    find_own_path,
    find_visit,
    find_wanted,
    forget_session,
    forget_wanted,
    get_office,
    is_allowed,
    name_session_cookie,
    needs,
    set_session,
    tell_origin,
)

A_YEAR_SECONDS = 31_536_000


async def show_door(request: Request) -> Response:
    """Show the button that spends a link; programs that only look at links spend nothing."""
    return page(request, None, "enter.html")


async def enter(request: Request) -> Response:
    """Spend a link and begin a session."""
    check_sender(request)
    office, origin = get_office(request), tell_origin(request)
    secret = str(request.path_params["secret"])
    session = await office.act(lambda uow: spend_sign_in(uow, secret, origin))
    if session is None:
        return page(request, None, "link_spent.html", 410)
    wanted = find_wanted(request)
    response = RedirectResponse(wanted or await _find_first_page(office, session), 303)
    if wanted is not None:
        forget_wanted(response)
    set_session(response, office, session)
    return response


async def explain(request: Request) -> Response:
    """Say how to sign in."""
    visit = await find_visit(request)
    name = get_office(request).bot_name()
    return page(
        request,
        visit,
        "sign_in.html",
        bot_name=name,
        has_wanted=find_wanted(request) is not None,
        is_unsaved=UNSAVED in request.query_params,
    )


@needs(None)
async def leave(request: Request, visit: Visit) -> Response:
    """End this session."""
    office = get_office(request)
    secret = request.cookies[name_session_cookie(office)]
    await office.act(lambda uow: end_session(uow, visit.actor, secret))
    return _say_goodbye(office)


@needs(None)
async def leave_everywhere(request: Request, visit: Visit) -> Response:
    """End every session of this member of staff."""
    office = get_office(request)
    await office.act(lambda uow: end_all_sessions(uow, visit.actor, visit.actor.staff.id))
    return _say_goodbye(office)


async def choose_language(request: Request) -> Response:
    """Remember a language and go back."""
    office, locale = get_office(request), str(request.path_params["locale"])
    if locale not in LOCALES:
        raise HTTPException(404)
    response = RedirectResponse(find_own_path(request.query_params.get("back", "/")), 303)
    response.set_cookie(
        LANGUAGE_COOKIE,
        locale,
        max_age=A_YEAR_SECONDS,
        path="/",
        secure=office.is_encrypted,
        httponly=True,
        samesite="lax",
    )
    return response


async def _find_first_page(office: Office, session: str) -> str:
    async with office.database.read() as connection:
        staff = await find_visitor(connection, session, office.clock())
    sees_cases = staff is not None and is_allowed(staff, Right.SEE_CASES)
    return "/queue" if sees_cases else "/"


def _say_goodbye(office: Office) -> Response:
    response = RedirectResponse(SIGN_IN, 303)
    forget_session(response, office)
    forget_wanted(response)
    return response


routes = [
    Route("/enter/{secret}", show_door),
    Route("/enter/{secret}", enter, methods=["POST"]),
    Route(SIGN_IN, explain),
    Route("/sign-out", leave, methods=["POST"]),
    Route("/sign-out/everywhere", leave_everywhere, methods=["POST"]),
    Route("/language/{locale}", choose_language),
]

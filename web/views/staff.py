"""Who works here: invited, given roles with their places, and shown out again."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from db import staff
from domain.staff import Places, Right, Role, Scope, Staff, scope_of
from domain.staffing import manages_some, may_manage, put_grant
from domain.texts import Text, message
from services.invitations import Invitation, invite
from services.office_words import ROLES
from services.staff import LastAdministrator, NoSuchStaff, NotPermitted, change_staff
from web.staff_form import LACKS_PLACES, Wish, describe_places, read_places, read_wish
from web.templating import page
from web.visits import Visit, get_id, get_office, needs


@needs(Right.MANAGE_STAFF)
async def show_staff(request: Request, visit: Visit) -> Response:
    """List everybody whom the visitor may manage, and offer to invite."""
    return await _show_list(request, visit, Wish())


@needs(Right.MANAGE_STAFF)
async def invite_somebody(request: Request, visit: Visit) -> Response:
    """Make an invitation and show its link, this once."""
    office = get_office(request)
    wish = read_wish(await request.form(), office.desk.gazetteer)
    if wish.problem is not None:
        return await _show_list(request, visit, wish, wish.problem)
    invitation = Invitation(wish.name, wish.roles, wish.places)
    try:
        secret = await office.act(lambda uow: invite(uow, visit.actor, invitation))
    except NotPermitted:
        raise HTTPException(404) from None
    start = f"staff_{secret}"
    link = f"https://t.me/{office.bot_name()}?start={start}"
    return page(
        request, visit, "staff_invited.html", name=wish.name, link=link, command=f"/start {start}"
    )


@needs(Right.MANAGE_STAFF)
async def show_one(request: Request, visit: Visit) -> Response:
    """Show what somebody may do and where, role by role."""
    return _show_one(request, visit, await _get_one(request, visit))


@needs(Right.MANAGE_STAFF)
async def show_role(request: Request, visit: Visit) -> Response:
    """Show the places of one role, to be changed; of a role not held yet there are none."""
    one, role = await _get_one_in_role(request, visit)
    return _show_role(request, visit, one, role, one.grants.get(role, frozenset()))


@needs(Right.MANAGE_STAFF)
async def change_role(request: Request, visit: Visit) -> Response:
    """Change the places of one role, or take it away."""
    one, role = await _get_one_in_role(request, visit)
    form = await request.form()
    places = read_places(form, get_office(request).desk.gazetteer)
    if form.get("remove"):
        places = frozenset()
    elif places == frozenset():
        return _show_role(request, visit, one, role, places, LACKS_PLACES)
    alter = partial(put_grant, role=role, places=places, reach=_reach_of(visit))
    try:
        return await _change(request, visit, one, alter)
    except LastAdministrator:
        problem = message("staff.last_administrator")
        return _show_role(request, visit, one, role, places, problem)


@needs(Right.MANAGE_STAFF)
async def end_access(request: Request, visit: Visit) -> Response:
    """Sign somebody out everywhere, for good."""
    one = await _get_one(request, visit)
    try:
        return await _change(request, visit, one, lambda known: replace(known, active=False))
    except LastAdministrator:
        return _show_one(request, visit, one, message("staff.last_administrator"))


@needs(Right.MANAGE_STAFF)
async def give_access_again(request: Request, visit: Visit) -> Response:
    """Let somebody in again who was shown out."""
    one = await _get_one(request, visit)
    return await _change(request, visit, one, lambda known: replace(known, active=True))


async def _change(
    request: Request, visit: Visit, one: Staff, alter: Callable[[Staff], Staff]
) -> Response:
    try:
        await get_office(request).act(lambda uow: change_staff(uow, visit.actor, one.id, alter))
    except (NoSuchStaff, NotPermitted):
        raise HTTPException(404) from None
    return RedirectResponse("/staff?saved=1", 303)


async def _show_list(
    request: Request, visit: Visit, wish: Wish, problem: Text | None = None
) -> Response:
    office, administrator = get_office(request), visit.actor.staff
    async with office.database.read() as connection:
        everybody = await staff.list_all(connection)
    people = [one for one in everybody if manages_some(administrator, one)]
    return page(
        request,
        visit,
        "staff.html",
        400 if problem else 200,
        people=sorted(people, key=lambda one: (not one.active, one.id)),
        saved=request.query_params.get("saved") == "1",
        wish=wish,
        problem=problem,
        roles=ROLES,
        **describe_places(office.desk.gazetteer, _reach_of(visit), wish.places),
    )


def _show_one(request: Request, visit: Visit, one: Staff, problem: Text | None = None) -> Response:
    return page(
        request,
        visit,
        "staff_one.html",
        400 if problem else 200,
        one=one,
        problem=problem,
        roles=ROLES,
        in_reach={role for role in Role if _is_in_reach(visit, one, role)},
        may_end=may_manage(visit.actor.staff, one.grants),
    )


def _show_role(
    request: Request,
    visit: Visit,
    one: Staff,
    role: Role,
    places: Places,
    problem: Text | None = None,
) -> Response:
    return page(
        request,
        visit,
        "staff_role.html",
        400 if problem else 200,
        one=one,
        role=role,
        words=ROLES[role],
        problem=problem,
        **describe_places(get_office(request).desk.gazetteer, _reach_of(visit), places),
    )


def _is_in_reach(visit: Visit, one: Staff, role: Role) -> bool:
    """Tell whether the visitor may change where a role holds: it is new, or holds near them."""
    held = {role: one.grants[role]} if role in one.grants else {}
    return not held or manages_some(visit.actor.staff, replace(one, grants=held))


def _reach_of(visit: Visit) -> Scope:
    reach = scope_of(visit.actor.staff, Right.MANAGE_STAFF)
    assert reach is not None  # noqa: S101 - the guard has let the visitor in
    return reach


async def _get_one(request: Request, visit: Visit) -> Staff:
    """Return whom an address names.

    Raises:
        HTTPException: 404 for nobody, and for somebody whom the visitor may not manage.
    """
    staff_id = get_id(request)
    async with get_office(request).database.read() as connection:
        one = await staff.find(connection, staff_id)
    if one is None or not manages_some(visit.actor.staff, one):
        raise HTTPException(404)
    return one


async def _get_one_in_role(request: Request, visit: Visit) -> tuple[Staff, Role]:
    """Return whom and which role an address names.

    Raises:
        HTTPException: 404 for what is not, and for what the visitor may not change.
    """
    one, name = await _get_one(request, visit), request.path_params["role"]
    if name not in list(Role) or not _is_in_reach(visit, one, Role(name)):
        raise HTTPException(404)
    return one, Role(name)


routes = [
    Route("/staff", show_staff),
    Route("/staff", invite_somebody, methods=["POST"]),
    Route("/staff/{id}", show_one),
    Route("/staff/{id}/end", end_access, methods=["POST"]),
    Route("/staff/{id}/again", give_access_again, methods=["POST"]),
    Route("/staff/{id}/roles/{role}", show_role),
    Route("/staff/{id}/roles/{role}", change_role, methods=["POST"]),
]

"""Who works here: invited, given roles and places, and shown out again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from db import staff
from domain.places import Gazetteer, Place
from domain.staff import Right, Role, Scope, Staff, scope_of
from domain.texts import Text, message
from services.office_words import ROLES
from services.staff import (
    Grant,
    LastAdministrator,
    NoSuchStaff,
    NotPermitted,
    change_staff,
    invite,
)
from web.office import Office
from web.templating import page
from web.visits import Visit, get_id, get_office, needs

LONGEST_NAME = 80


@dataclass(frozen=True)
class Wish:
    """What a form about a member of staff asks for."""

    name: str = ""
    roles: frozenset[Role] = frozenset()
    places: frozenset[str] | None = frozenset()

    @property
    def problem(self) -> Text | None:
        """What the form lacks."""
        if not self.roles:
            return message("staff.error_roles")
        return message("staff.error_places") if self.places == frozenset() else None


@needs(Right.MANAGE_STAFF)
async def show_staff(request: Request, visit: Visit) -> Response:
    """List everybody whom the visitor may manage, and offer to invite."""
    return await _show_list(request, visit, Wish())


@needs(Right.MANAGE_STAFF)
async def invite_somebody(request: Request, visit: Visit) -> Response:
    """Make an invitation and show its link, this once."""
    office = get_office(request)
    wish = read_wish(await request.form(), office.desk.gazetteer)
    problem = wish.problem if wish.name else message("staff.error_name")
    if problem is not None:
        return await _show_list(request, visit, wish, problem)
    grant = Grant(wish.name, wish.roles, wish.places)
    try:
        secret = await office.act(lambda uow: invite(uow, visit.actor, grant))
    except NotPermitted:
        raise HTTPException(404) from None
    start = f"staff_{secret}"
    link = f"https://t.me/{office.bot_name()}?start={start}"
    return page(
        request, visit, "staff_invited.html", name=wish.name, link=link, command=f"/start {start}"
    )


@needs(Right.MANAGE_STAFF)
async def show_one(request: Request, visit: Visit) -> Response:
    """Show what somebody may do, to be changed."""
    one = await _get_one(request, visit)
    return _show_one(request, visit, one, Wish(one.name, one.roles, one.places))


@needs(Right.MANAGE_STAFF)
async def change_one(request: Request, visit: Visit) -> Response:
    """Change somebody's roles and places."""
    one = await _get_one(request, visit)
    wish = read_wish(await request.form(), get_office(request).desk.gazetteer)
    if wish.problem is not None:
        return _show_one(request, visit, one, wish, wish.problem)
    return await _change(request, visit, one, wish, active=one.active)


@needs(Right.MANAGE_STAFF)
async def end_access(request: Request, visit: Visit) -> Response:
    """Sign somebody out everywhere, for good."""
    one = await _get_one(request, visit)
    return await _change(request, visit, one, Wish(one.name, one.roles, one.places), active=False)


@needs(Right.MANAGE_STAFF)
async def give_access_again(request: Request, visit: Visit) -> Response:
    """Let somebody in again who was shown out."""
    one = await _get_one(request, visit)
    return await _change(request, visit, one, Wish(one.name, one.roles, one.places), active=True)


def read_wish(form: FormData, gazetteer: Gazetteer) -> Wish:
    """Read a form; roles and places that do not exist are left out."""
    roles = {str(each) for each in form.getlist("role")}
    chosen = {str(each) for each in form.getlist("place")}
    known = {code for code in chosen if len(code) in (2, 4) and gazetteer.find(code)}
    return Wish(
        " ".join(str(form.get("name", "")).split())[:LONGEST_NAME],
        frozenset(role for role in Role if role in roles),
        None if form.get("whole") else _leave_out_covered(known),
    )


def _leave_out_covered(codes: set[str]) -> frozenset[str]:
    """Leave districts out whose whole province is chosen."""
    return frozenset(code for code in codes if len(code) == 2 or code[:2] not in codes)


async def _change(
    request: Request, visit: Visit, one: Staff, wish: Wish, *, active: bool
) -> Response:
    try:
        await get_office(request).act(
            lambda uow: change_staff(
                uow, visit.actor, one.id, roles=wish.roles, places=wish.places, active=active
            )
        )
    except (NoSuchStaff, NotPermitted):
        raise HTTPException(404) from None
    except LastAdministrator:
        problem = message("staff.last_administrator")
        return _show_one(request, visit, one, wish, problem)
    return RedirectResponse("/staff?saved=1", 303)


async def _show_list(
    request: Request, visit: Visit, wish: Wish, problem: Text | None = None
) -> Response:
    office, reach = get_office(request), _reach_of(visit)
    async with office.database.read() as connection:
        people = [one for one in await staff.list_all(connection) if is_managed(one, reach)]
    return page(
        request,
        visit,
        "staff.html",
        400 if problem else 200,
        people=sorted(people, key=lambda one: (not one.active, one.id)),
        saved=request.query_params.get("saved") == "1",
        **_describe_form(office, reach, wish, problem),
    )


def _show_one(
    request: Request, visit: Visit, one: Staff, wish: Wish, problem: Text | None = None
) -> Response:
    form = _describe_form(get_office(request), _reach_of(visit), wish, problem)
    return page(request, visit, "staff_one.html", 400 if problem else 200, one=one, **form)


def _describe_form(
    office: Office, reach: Scope, wish: Wish, problem: Text | None
) -> Mapping[str, Any]:
    return {
        "wish": wish,
        "problem": problem,
        "roles": ROLES,
        "provinces": list_reached(office.desk.gazetteer, reach),
        "reaches_all": reach.places is None,
    }


def list_reached(gazetteer: Gazetteer, reach: Scope) -> list[tuple[Place, list[Place]]]:
    """List the provinces of which a scope covers something, each with the districts it covers."""
    listed = [
        (province, [one for one in gazetteer.children(province.code) if reach.covers(one.code)])
        for province in gazetteer.children(None)
    ]
    return [(province, districts) for province, districts in listed if districts]


def is_managed(one: Staff, reach: Scope) -> bool:
    """Tell whether all places of somebody lie within a scope."""
    if reach.places is None:
        return True
    return one.places is not None and all(map(reach.covers, one.places))


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
    if one is None or not is_managed(one, _reach_of(visit)):
        raise HTTPException(404)
    return one


routes = [
    Route("/staff", show_staff),
    Route("/staff", invite_somebody, methods=["POST"]),
    Route("/staff/{id}", show_one),
    Route("/staff/{id}", change_one, methods=["POST"]),
    Route("/staff/{id}/end", end_access, methods=["POST"]),
    Route("/staff/{id}/again", give_access_again, methods=["POST"]),
]

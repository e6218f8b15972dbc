"""The plan of an event day: written, changed, and what guests will be told of a change."""

import asyncio
from dataclasses import dataclass, replace
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.campaigns import Campaign, Plan
from domain.staff import Right
from services import campaign_changes
from services.campaign_news import News, list_moves
from services.campaigns import (
    UnsoundPlan,
    find_flaws,
    is_announced,
    is_code_fixed,
    plan_campaign,
)
from web.campaign_form import (
    FLAWS,
    LONGEST,
    OPTIONAL,
    PlanForm,
    find_unprintable,
    list_places,
    make_plan,
    read_form,
    write_form,
)
from web.campaign_page import act, get_asked
from web.case_page import get_scope
from web.templating import page
from web.visits import Visit, get_office, needs


@dataclass(frozen=True)
class Stays:
    """What of a plan cannot be changed any more: all by which people know it, or its code."""

    all_known: bool = False
    code: bool = False


@needs(Right.RUN_CAMPAIGNS)
async def new_campaign(request: Request, visit: Visit) -> Response:
    """Offer an empty plan."""
    return _show_form(request, visit, PlanForm(), None)


@needs(Right.RUN_CAMPAIGNS)
async def add_campaign(request: Request, visit: Visit) -> Response:
    """Plan an event day."""
    return await _save(request, visit, None)


@needs(Right.RUN_CAMPAIGNS)
async def edit_campaign(request: Request, visit: Visit) -> Response:
    """Show a plan, to be changed."""
    campaign = await get_asked(request, visit, Right.RUN_CAMPAIGNS)
    zone = get_office(request).desk.time_zone
    return await _show_edit(request, visit, campaign, write_form(campaign, zone))


@needs(Right.RUN_CAMPAIGNS)
async def change_campaign(request: Request, visit: Visit) -> Response:
    """Change a plan."""
    return await _save(request, visit, await get_asked(request, visit, Right.RUN_CAMPAIGNS))


async def _save(request: Request, visit: Visit, campaign: Campaign | None) -> Response:
    office, typed = get_office(request), await request.form()
    form = read_form(typed)
    if campaign is not None:
        form = _keep_told(form, write_form(campaign, office.desk.time_zone))
    plan, form = await _read_plan(request, visit, campaign, form)
    if form.problems:
        return await _show_edit(request, visit, campaign, form)
    try:
        if campaign is not None and not typed.get("sure"):
            news = await _find_news(request, campaign, plan)
            if news:
                return await _show_edit(request, visit, campaign, form, news)
        campaign_id = await _store(request, visit, campaign, plan)
    except UnsoundPlan as unsound:
        return await _show_edit(request, visit, campaign, form.with_flaws(unsound.flaws))
    return RedirectResponse(f"/campaigns/{campaign_id}?saved=1", 303)


async def _read_plan(
    request: Request, visit: Visit, campaign: Campaign | None, form: PlanForm
) -> tuple[Plan, PlanForm]:
    """Read a plan, and note in the form all that is wrong with it at once."""
    office, now = get_office(request), get_office(request).clock()
    zone, staff = office.desk.time_zone, visit.actor.staff
    plan, unread = make_plan(form, office.desk.gazetteer, zone, now.astimezone(zone).date())
    unprintable = await asyncio.to_thread(find_unprintable, form)
    async with office.database.read() as connection:
        flaws = await find_flaws(connection, office.desk, staff, plan, now, campaign)
    return plan, replace(form, problems=unprintable).with_flaws((*flaws, *unread))


async def _find_news(request: Request, campaign: Campaign, plan: Plan) -> tuple[News, ...]:
    """Find what guests would be told of a change, to be shown before it is made."""
    office = get_office(request)
    async with office.database.read() as connection:
        return await list_moves(connection, office.desk, campaign, plan, office.clock())


def _keep_told(form: PlanForm, stored: PlanForm) -> PlanForm:
    """Keep what a page did not offer to change."""
    given = {name: value for name, value in form.values.items() if value}
    optional = {name: form[name] for name in OPTIONAL}
    return PlanForm({**stored.values, **given, **optional})


async def _store(request: Request, visit: Visit, campaign: Campaign | None, plan: Plan) -> int:
    desk = get_office(request).desk
    if campaign is None:
        add = partial(plan_campaign, desk=desk, actor=visit.actor, plan=plan)
        added: int = await act(request, add)
        return added
    change = partial(campaign_changes.change_campaign, desk=desk, actor=visit.actor, plan=plan)
    await act(request, partial(change, campaign_id=campaign.id))
    return campaign.id


async def _show_edit(
    request: Request,
    visit: Visit,
    campaign: Campaign | None,
    form: PlanForm,
    news: tuple[News, ...] = (),
) -> Response:
    status = 400 if form.problems else 200
    if campaign is None:
        return _show_form(request, visit, form, None, status=status)
    async with get_office(request).database.read() as connection:
        stays = Stays(
            await is_announced(connection, campaign.id), await is_code_fixed(connection, campaign)
        )
    return _show_form(request, visit, form, campaign, stays=stays, news=news, status=status)


def _show_form(
    request: Request,
    visit: Visit,
    form: PlanForm,
    campaign: Campaign | None,
    *,
    stays: Stays = Stays(),
    news: tuple[News, ...] = (),
    status: int = 200,
) -> Response:
    office = get_office(request)
    scope = get_scope(visit, Right.RUN_CAMPAIGNS)
    return page(
        request,
        visit,
        "campaign_edit.html",
        status,
        form=form,
        campaign=campaign,
        is_told=stays.all_known,
        is_code_fixed=stays.code,
        news=news,
        places=list_places(office.desk.gazetteer, scope),
        scope=scope,
        longest=LONGEST,
        flaws=FLAWS,
        today=office.clock().astimezone(office.desk.time_zone).date(),
    )


routes = [
    Route("/campaigns", add_campaign, methods=["POST"]),
    Route("/campaigns/new", new_campaign),
    Route("/campaigns/{id}", change_campaign, methods=["POST"]),
    Route("/campaigns/{id}/edit", edit_campaign),
]

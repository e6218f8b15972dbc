"""Event days: the list, the plan, the invitation, the poster, and what came of it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from db import attendances, campaign_results, campaigns, notices, staff
from db.campaigns import StoredReminder
from db.notices import StoredNotice
from db.staff import Connection
from db.unit_of_work import UnitOfWork
from documents.poster import PAPERS, Paper, Poster, Unprintable, draw_poster
from domain.campaigns import (
    SUFFIX,
    Campaign,
    Plan,
    Status,
    is_today,
    make_source,
    may_serve,
    takes_guests,
)
from domain.notice_content import Content
from domain.staff import Right, Scope, scope_of
from services import campaign_changes
from services.campaign_changes import News
from services.campaign_notices import draft_invitation, write_called_off, write_reminder
from services.campaigns import (
    NoSuchCampaign,
    UnsoundPlan,
    is_announced,
    is_code_fixed,
    note_poster,
    plan_campaign,
)
from services.desk import Actor
from web.campaign_form import (
    FLAWS,
    LONGEST,
    PlanForm,
    find_unprintable,
    list_places,
    make_plan,
    read_form,
    write_form,
)
from web.campaign_page import (
    TO_OPEN,
    WORDS,
    count_until,
    download,
    get_asked,
    list_days,
    make_link,
)
from web.notice_words import BADGES as NOTICE_BADGES
from web.notice_words import STATUSES as NOTICE_STATUSES
from web.templating import page
from web.views.campaign_results import show_results
from web.visits import Visit, get_office, needs


@dataclass(frozen=True)
class ListedCampaign:
    """An event day in the list."""

    campaign: Campaign
    coming: int
    came: int
    is_today: bool
    may_open: bool
    may_check_in: bool


@dataclass(frozen=True)
class ShownReminder:
    """A reminder with what it says."""

    stored: StoredReminder
    content: Content


@dataclass(frozen=True)
class Stays:
    """What of a plan cannot be changed any more: all by which people know it, or its code."""

    all_known: bool = False
    code: bool = False


@needs(Right.CHECK_IN, Right.RUN_CAMPAIGNS, Right.SEE_RESULTS)
async def list_campaigns(request: Request, visit: Visit) -> Response:
    """List the event days of the visitor's places."""
    office = get_office(request)
    async with office.database.read() as connection:
        found = await list_days(connection, visit)
        listed = [
            ListedCampaign(
                one,
                await attendances.count_coming(connection, one.id),
                await attendances.count_came(connection, one.id),
                is_today(one, office.clock(), office.desk.time_zone),
                any(may_serve(visit.actor.staff, right, one.plan.place) for right in TO_OPEN),
                may_serve(visit.actor.staff, Right.CHECK_IN, one.plan.place),
            )
            for one in found
        ]
    may_run = scope_of(visit.actor.staff, Right.RUN_CAMPAIGNS) is not None
    return page(request, visit, "campaigns.html", listed=listed, may_run=may_run, **WORDS)


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


@needs(*TO_OPEN)
async def open_campaign(request: Request, visit: Visit) -> Response:
    """Show all about an event day, or only what came of it to who sees no more."""
    campaign = await get_asked(request, visit, *TO_OPEN)
    if not may_serve(visit.actor.staff, Right.RUN_CAMPAIGNS, campaign.plan.place):
        return await show_results(request, visit, campaign)
    office = get_office(request)
    until, scope = count_until(office, campaign), _get_scope(visit, Right.RUN_CAMPAIGNS)
    async with office.database.read() as connection:
        figures = await campaign_results.count_figures(connection, campaign, until, scope)
        sources = await campaign_results.count_by_source(connection, campaign, until, scope)
        officers = await campaign_results.count_by_officer(connection, campaign, scope)
        names = await staff.names_of(connection, {one.staff_id for one in officers})
        invited = await _list_notices(connection, campaigns.list_invitations, campaign)
        news = await _list_notices(connection, campaigns.list_news, campaign)
        guests = await campaign_changes.count_guests(connection, campaign, office.clock())
        reminders = await campaigns.list_reminders(connection, campaign.id)
    return page(
        request,
        visit,
        "campaign.html",
        campaign=campaign,
        figures=figures,
        sources=sources,
        officers=officers,
        names=names,
        invitations=invited,
        news=news,
        guests=guests,
        called_off=write_called_off(office.desk, campaign),
        reminders=[_show_reminder(request, campaign, one) for one in reminders],
        counted_until=until,
        link=make_link(office, campaign.plan.code),
        papers=PAPERS,
        is_today=is_today(campaign, office.clock(), office.desk.time_zone),
        may_invite=_may_invite(campaign, invited, office.clock()),
        notice_statuses=NOTICE_STATUSES,
        notice_badges=NOTICE_BADGES,
        saved="saved" in request.query_params,
        is_unprintable="unprintable" in request.query_params,
        **WORDS,
    )


@needs(Right.RUN_CAMPAIGNS)
async def cancel_campaign(request: Request, visit: Visit) -> Response:
    """Call an event day off, once it is said twice."""
    campaign = await get_asked(request, visit, Right.RUN_CAMPAIGNS)
    if not (await request.form()).get("sure"):
        return RedirectResponse(f"/campaigns/{campaign.id}", 303)
    desk = get_office(request).desk
    cancel = partial(campaign_changes.cancel_campaign, desk=desk, actor=visit.actor)
    await _act(request, partial(cancel, campaign_id=campaign.id))
    return RedirectResponse(f"/campaigns/{campaign.id}?saved=1", 303)


@needs(Right.RUN_CAMPAIGNS)
async def invite(request: Request, visit: Visit) -> Response:
    """Begin an invitation, and go on writing it among the notices."""
    campaign = await get_asked(request, visit, Right.RUN_CAMPAIGNS)
    desk = get_office(request).desk
    draft = partial(draft_invitation, desk=desk, actor=visit.actor, campaign_id=campaign.id)
    notice_id = await _act(request, draft)
    return RedirectResponse(f"/notices/{notice_id}", 303)


@needs(Right.RUN_CAMPAIGNS)
async def open_poster(request: Request, visit: Visit) -> Response:
    """Draw the poster, perhaps with who hands it out in its link; of a day called off, none."""
    campaign = await get_asked(request, visit, Right.RUN_CAMPAIGNS)
    if campaign.status is Status.CANCELLED:
        raise HTTPException(404)
    office = get_office(request)
    suffix = request.query_params.get("from", "").strip().lower()
    wanted = request.query_params.get("paper", "a3")
    paper: Paper = "a4" if wanted == "a4" else "a3"
    if suffix and SUFFIX.fullmatch(suffix) is None:
        return RedirectResponse(f"/campaigns/{campaign.id}#posters", 303)
    source = make_source(campaign.plan.code, suffix)
    poster = Poster(campaign.plan, make_link(office, source), office.desk.specimen, suffix)
    names, zone = office.desk.names, office.desk.time_zone
    try:
        drawn = await asyncio.to_thread(draw_poster, poster, names, zone, paper)
    except Unprintable:
        return RedirectResponse(f"/campaigns/{campaign.id}?unprintable=1#posters", 303)
    await office.act(partial(_note_poster, actor=visit.actor, campaign=campaign, source=source))
    return download(drawn, f"poster-{source}-{paper}.pdf", "application/pdf")


async def _note_poster(uow: UnitOfWork, actor: Actor, campaign: Campaign, source: str) -> None:
    note_poster(uow, actor, campaign, source)


async def _list_notices(
    connection: Connection,
    list_ids: Callable[[Connection, int], Awaitable[list[int]]],
    campaign: Campaign,
) -> list[StoredNotice]:
    found = [await notices.find(connection, one) for one in await list_ids(connection, campaign.id)]
    return [one for one in found if one is not None]


def _show_reminder(request: Request, campaign: Campaign, one: StoredReminder) -> ShownReminder:
    desk = get_office(request).desk
    return ShownReminder(one, write_reminder(desk, campaign, one.reminder.kind))


def _may_invite(campaign: Campaign, invitations: list[StoredNotice], now: Any) -> bool:
    return takes_guests(campaign, now) and not any(
        one.notice.status.value == "draft" for one in invitations
    )


async def _save(request: Request, visit: Visit, campaign: Campaign | None) -> Response:
    office, typed = get_office(request), await request.form()
    form = read_form(typed)
    if campaign is not None:
        form = _keep_told(form, write_form(campaign, office.desk.time_zone))
    plan, flaws = make_plan(form, office.desk.gazetteer, office.desk.time_zone)
    if plan is None:
        return await _show_edit(request, visit, campaign, form.with_flaws(flaws))
    if problems := await asyncio.to_thread(find_unprintable, form):
        return await _show_edit(request, visit, campaign, replace(form, problems=problems))
    try:
        if campaign is not None and not typed.get("sure"):
            news = await _find_news(request, campaign, plan)
            if news is not None:
                return await _show_edit(request, visit, campaign, form, news)
        campaign_id = await _store(request, visit, campaign, plan)
    except UnsoundPlan as unsound:
        return await _show_edit(request, visit, campaign, form.with_flaws(unsound.flaws))
    return RedirectResponse(f"/campaigns/{campaign_id}?saved=1", 303)


async def _find_news(request: Request, campaign: Campaign, plan: Plan) -> News | None:
    """Find what guests would be told of a change, to be shown before it is made."""
    office = get_office(request)
    async with office.database.read() as connection:
        return await campaign_changes.find_move(
            connection, office.desk, campaign, plan, office.clock()
        )


def _keep_told(form: PlanForm, stored: PlanForm) -> PlanForm:
    """Keep what a page did not offer to change."""
    given = {name: value for name, value in form.values.items() if value}
    optional = {name: form[name] for name in ("capacity", "target", "partner")}
    return PlanForm({**stored.values, **given, **optional})


async def _store(request: Request, visit: Visit, campaign: Campaign | None, plan: Plan) -> int:
    desk = get_office(request).desk
    if campaign is None:
        add = partial(plan_campaign, desk=desk, actor=visit.actor, plan=plan)
        added: int = await _act(request, add)
        return added
    change = partial(campaign_changes.change_campaign, desk=desk, actor=visit.actor, plan=plan)
    await _act(request, partial(change, campaign_id=campaign.id))
    return campaign.id


async def _act(request: Request, use_case: Any) -> Any:
    try:
        return await get_office(request).act(use_case)
    except NoSuchCampaign:
        raise HTTPException(404) from None


async def _show_edit(
    request: Request,
    visit: Visit,
    campaign: Campaign | None,
    form: PlanForm,
    news: News | None = None,
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
    news: News | None = None,
    status: int = 200,
) -> Response:
    office = get_office(request)
    scope = _get_scope(visit, Right.RUN_CAMPAIGNS)
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


def _get_scope(visit: Visit, right: Right) -> Scope:
    scope = scope_of(visit.actor.staff, right)
    if scope is None:
        raise HTTPException(404)
    return scope


routes = [
    Route("/campaigns", list_campaigns),
    Route("/campaigns", add_campaign, methods=["POST"]),
    Route("/campaigns/new", new_campaign),
    Route("/campaigns/{id}", open_campaign),
    Route("/campaigns/{id}", change_campaign, methods=["POST"]),
    Route("/campaigns/{id}/edit", edit_campaign),
    Route("/campaigns/{id}/cancel", cancel_campaign, methods=["POST"]),
    Route("/campaigns/{id}/invite", invite, methods=["POST"]),
    Route("/campaigns/{id}/poster.pdf", open_poster),
]

"""Event days: the list, the page of each, the invitation and the poster."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from db import campaign_results, campaigns, notices, staff
from db.campaigns import StoredReminder
from db.notices import StoredNotice
from db.staff import Connection
from db.unit_of_work import UnitOfWork
from documents.poster import PAPERS, Paper, Poster, Unprintable, draw_poster
from domain.campaigns import (
    SUFFIX,
    Campaign,
    Status,
    is_today,
    make_source,
    may_serve,
    takes_guests,
)
from domain.notice_content import Content
from domain.staff import WHOLE_COUNTRY, Right, Scope, scope_of
from services import campaign_changes, campaign_news
from services.campaign_notices import draft_invitation
from services.campaign_words import write_reminder
from services.campaigns import note_poster
from services.desk import Actor
from services.event_maps import find_point
from web.campaign_page import (
    TO_OPEN,
    WORDS,
    act,
    count_until,
    get_asked,
    list_days,
    make_link,
    may_open,
)
from web.case_page import get_scope
from web.csv_files import download
from web.notice_badges import look_at_all, word_badge
from web.notice_titles import name_notices
from web.notice_words import BADGES as NOTICE_BADGES
from web.templating import page
from web.views.campaign_results import show_results
from web.visits import Visit, get_office, needs

LISTED_FOR = timedelta(days=30)
"""How long a day that is over is listed without being asked for."""

LONGEST_TYPED = 60
EXAMPLE = "market-chas"
"""Whose name the page shows behind a link, to say what is meant."""


@dataclass(frozen=True)
class ListedCampaign:
    """An event day in the list."""

    campaign: Campaign
    figures: Mapping[str, int]
    is_today: bool
    may_open: bool
    may_check_in: bool


@dataclass(frozen=True)
class ShownReminder:
    """A reminder with what it says."""

    stored: StoredReminder
    content: Content


@dataclass(frozen=True)
class ShownLink:
    """The link to be handed out, with whose name was asked to stand behind it."""

    address: str
    typed: str
    is_wrong: bool


@needs(Right.CHECK_IN, Right.RUN_CAMPAIGNS, Right.SEE_RESULTS)
async def list_campaigns(request: Request, visit: Visit) -> Response:
    """List the event days of the visitor's places."""
    office, is_all = get_office(request), "older" in request.query_params
    since = office.clock().astimezone(office.desk.time_zone).date() - LISTED_FOR
    async with office.database.read() as connection:
        found = await list_days(connection, visit)
        shown = [one for one in found if is_all or _is_listed(one, since)]
        figures = await _count_listed(visit, connection, shown)
    listed = [
        ListedCampaign(
            one,
            figures[one.id],
            is_today(one, office.clock(), office.desk.time_zone),
            may_open(visit, one),
            may_serve(visit.actor.staff, Right.CHECK_IN, one.plan.place),
        )
        for one in shown
    ]
    may_run = scope_of(visit.actor.staff, Right.RUN_CAMPAIGNS) is not None
    has_older = len(shown) < len(found)
    told: dict[str, Any] = {"listed": listed, "has_older": has_older, "may_run": may_run}
    return page(request, visit, "campaigns.html", **told, **WORDS)


@needs(*TO_OPEN)
async def open_campaign(request: Request, visit: Visit) -> Response:
    """Show all about an event day, or only what came of it to who sees no more."""
    campaign = await get_asked(request, visit, *TO_OPEN)
    if not may_serve(visit.actor.staff, Right.RUN_CAMPAIGNS, campaign.plan.place):
        return await show_results(request, visit, campaign)
    office = get_office(request)
    until, scope = count_until(office, campaign), get_scope(visit, Right.RUN_CAMPAIGNS)
    turn = office.turns.take(visit.actor.staff.id)
    async with turn, office.database.read() as connection:
        figures = await campaign_results.count_figures(connection, campaign, until, scope)
        sources = await campaign_results.count_by_source(connection, campaign, until, scope)
        officers = await campaign_results.count_by_officer(connection, campaign, scope)
        names = await staff.names_of(connection, {one.staff_id for one in officers})
        invited = await _list_notices(connection, campaigns.list_invitations, campaign)
        news = await _list_notices(connection, campaigns.list_news, campaign)
        called_off = await campaign_news.make_called_off(
            connection, office.desk, campaign, office.clock()
        )
        reminders = await campaigns.list_reminders(connection, campaign.id)
        told = [*invited, *news]
        titles = await name_notices(connection, told, visit.locale, office.desk.names)
        outlooks = await look_at_all(
            connection,
            told,
            await office.tallies.count(connection, told),
            office.clock(),
            office.desk.time_zone,
        )
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
        titles=titles,
        called_off=called_off,
        reminders=[_show_reminder(request, campaign, one) for one in reminders],
        counted_until=until,
        link=_make_shown_link(request, campaign),
        example=make_link(office, make_source(campaign.plan.code, EXAMPLE)),
        map=find_point(campaign.plan),
        papers=PAPERS,
        is_today=is_today(campaign, office.clock(), office.desk.time_zone),
        is_ahead=takes_guests(campaign, office.clock()) and not any(figures.values()),
        may_invite=_may_invite(campaign, invited, office.clock()),
        badge_words={one.id: word_badge(one.notice, outlooks[one.id]) for one in told},
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
    await act(request, partial(cancel, campaign_id=campaign.id))
    return RedirectResponse(f"/campaigns/{campaign.id}?saved=1", 303)


@needs(Right.RUN_CAMPAIGNS)
async def invite(request: Request, visit: Visit) -> Response:
    """Begin an invitation, and go on writing it among the notices."""
    campaign = await get_asked(request, visit, Right.RUN_CAMPAIGNS)
    desk = get_office(request).desk
    draft = partial(draft_invitation, desk=desk, actor=visit.actor, campaign_id=campaign.id)
    notice_id = await act(request, draft)
    return RedirectResponse(f"/notices/{notice_id}", 303)


@needs(Right.RUN_CAMPAIGNS)
async def open_poster(request: Request, visit: Visit) -> Response:
    """Draw the poster, perhaps with who hands it out in its link; of a day called off, none."""
    campaign = await get_asked(request, visit, Right.RUN_CAMPAIGNS)
    if campaign.status is Status.CANCELLED:
        raise HTTPException(404)
    office = get_office(request)
    typed, suffix = _read_suffix(request)
    wanted = request.query_params.get("paper", "a3")
    paper: Paper = "a4" if wanted == "a4" else "a3"
    if suffix is None:
        asked = urlencode({"from": typed})
        return RedirectResponse(f"/campaigns/{campaign.id}?{asked}#posters", 303)
    source = make_source(campaign.plan.code, suffix)
    poster = Poster(campaign.plan, make_link(office, source), office.desk.specimen, suffix)
    try:
        drawn = await asyncio.to_thread(draw_poster, poster, office.desk.names, paper)
    except Unprintable:
        return RedirectResponse(f"/campaigns/{campaign.id}?unprintable=1#posters", 303)
    await office.act(partial(_note_poster, actor=visit.actor, campaign=campaign, source=source))
    return download(drawn, f"poster-{source}-{paper}.pdf", "application/pdf")


def _read_suffix(request: Request) -> tuple[str, str | None]:
    """Read whose name stands behind a link: as it was typed, and as a link can have it."""
    typed = " ".join(request.query_params.get("from", "").split())[:LONGEST_TYPED]
    suffix = typed.lower()
    return typed, suffix if not suffix or SUFFIX.fullmatch(suffix) else None


def _make_shown_link(request: Request, campaign: Campaign) -> ShownLink:
    typed, suffix = _read_suffix(request)
    source = make_source(campaign.plan.code, suffix or "")
    return ShownLink(make_link(get_office(request), source), typed, suffix is None)


def _is_listed(campaign: Campaign, since: date) -> bool:
    return campaign.status is Status.PLANNED or campaign.plan.held_on >= since


async def _count_listed(
    visit: Visit, connection: Connection, shown: Sequence[Campaign]
) -> Mapping[int, Mapping[str, int]]:
    """Count what the list shows, as each page does."""
    of_scopes: defaultdict[Scope, list[Campaign]] = defaultdict(list)
    for one in shown:
        of_scopes[_get_counted(visit, one)].append(one)
    counted: dict[int, Mapping[str, int]] = {}
    for scope, days in of_scopes.items():
        counted |= await campaign_results.count_days(connection, days, scope)
    return counted


def _get_counted(visit: Visit, campaign: Campaign) -> Scope:
    """Get whose figures the list shows; whoever only checks in sees the whole day."""
    place = campaign.plan.place
    rights = [one for one in TO_OPEN if may_serve(visit.actor.staff, one, place)]
    return get_scope(visit, rights[0]) if rights else WHOLE_COUNTRY


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


routes = [
    Route("/campaigns", list_campaigns),
    Route("/campaigns/{id}", open_campaign),
    Route("/campaigns/{id}/cancel", cancel_campaign, methods=["POST"]),
    Route("/campaigns/{id}/invite", invite, methods=["POST"]),
    Route("/campaigns/{id}/poster.pdf", open_poster),
]

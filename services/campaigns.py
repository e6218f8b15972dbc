"""Event days are planned, by whom it is allowed to."""

from collections.abc import Sequence
from datetime import datetime

from db import attendances, audit, campaign_results, campaigns, notices
from db.errors import told_apart
from db.staff import Connection
from db.unit_of_work import UnitOfWork
from domain.campaigns import (
    Campaign,
    Plan,
    Status,
    count_places,
    list_flaws,
    may_serve,
    plan_reminders,
)
from domain.staff import Right, Staff, may
from services.audit import note_staff
from services.desk import Actor, Desk

DRAW_POSTER = "draw_poster"


class NoSuchCampaign(Exception):
    """There is no event day of this id, or it is none of this member of staff's."""


class UnsoundPlan(Exception):
    """A plan that cannot stay so; `flaws` are its fields."""

    def __init__(self, flaws: Sequence[str]) -> None:
        super().__init__(", ".join(flaws))
        self.flaws = tuple(flaws)


async def get_campaign(
    connection: Connection, staff: Staff, campaign_id: int, *rights: Right
) -> Campaign:
    """Get an event day for somebody who has one of these rights at its place.

    Raises:
        NoSuchCampaign: there is none, or not for them.
    """
    with told_apart():
        found = await campaigns.find(connection, campaign_id)
    if found is None or not any(may_serve(staff, right, found.plan.place) for right in rights):
        raise NoSuchCampaign(campaign_id)
    return found


async def plan_campaign(uow: UnitOfWork, desk: Desk, actor: Actor, plan: Plan) -> int:
    """Plan an event day with its reminders, and give its id.

    Raises:
        UnsoundPlan: a field lacks something, the code is taken, or the place is not theirs.
    """
    await check_plan(uow, desk, actor, plan)
    with told_apart():
        campaign_id = await campaigns.add(uow.connection, plan, actor.staff.id, uow.now)
        reminders = plan_reminders(plan, desk.time_zone)
        await campaigns.put_reminders(uow.connection, campaign_id, reminders)
    uow.record(note_staff("plan_campaign", subject_of(campaign_id), actor, {"code": plan.code}))
    return campaign_id


async def is_announced(connection: Connection, campaign_id: int) -> bool:
    """Tell whether an invitation to an event day was ever approved."""
    with told_apart():
        ids = await campaigns.list_invitations(connection, campaign_id)
        stored = [await notices.find(connection, one) for one in ids]
    return any(one is not None and one.approved_at is not None for one in stored)


async def is_code_fixed(connection: Connection, campaign: Campaign) -> bool:
    """Tell whether somebody came by a day's code already, or a poster may hang with it."""
    if await _is_printed(connection, campaign.id):
        return True
    with told_apart():
        return await campaign_results.is_source(connection, campaign.plan.code)


async def is_public(connection: Connection, campaign: Campaign) -> bool:
    """Tell whether people may know of a day: by an approved invitation, or by its poster."""
    is_invited = await is_announced(connection, campaign.id)
    return is_invited or await _is_printed(connection, campaign.id)


async def _is_printed(connection: Connection, campaign_id: int) -> bool:
    with told_apart():
        done = await audit.list_about(connection, subject_of(campaign_id))
    return any(one.event.act == DRAW_POSTER for one in done)


def note_poster(uow: UnitOfWork, actor: Actor, campaign: Campaign, source: str) -> None:
    """Write down that a poster was drawn, which fixes the code on it."""
    uow.record(note_staff(DRAW_POSTER, subject_of(campaign.id), actor, {"source": source}))


def subject_of(campaign_id: int) -> str:
    """Name an event day in the audit log."""
    return f"campaign:{campaign_id}"


async def get_planned(uow: UnitOfWork, actor: Actor, campaign_id: int) -> Campaign:
    """Get an event day that is still planned, to be changed.

    Raises:
        NoSuchCampaign: there is none, or not for them.
    """
    campaign = await get_campaign(uow.connection, actor.staff, campaign_id, Right.RUN_CAMPAIGNS)
    if campaign.status is not Status.PLANNED:
        raise NoSuchCampaign(campaign_id)
    return campaign


async def check_plan(
    uow: UnitOfWork, desk: Desk, actor: Actor, plan: Plan, former: Campaign | None = None
) -> None:
    """Ask that a plan can stay so.

    Raises:
        UnsoundPlan: a field lacks something, the code is taken, or the place is not theirs.
    """
    flaws = await find_flaws(uow.connection, desk, actor.staff, plan, uow.now, former)
    if flaws:
        raise UnsoundPlan(flaws)


async def find_flaws(
    connection: Connection,
    desk: Desk,
    staff: Staff,
    plan: Plan,
    now: datetime,
    former: Campaign | None = None,
) -> list[str]:
    """Find the fields for which a plan cannot stay so."""
    flaws = list_flaws(plan, now.astimezone(desk.time_zone).date(), desk.time_zone)
    if not may(staff, Right.RUN_CAMPAIGNS, plan.place):
        flaws.append("place")
    if (former is None or former.plan.code != plan.code) and await _is_taken(connection, plan.code):
        flaws.append("code_taken")
    if former is not None and await _takes_places(connection, former, plan):
        flaws.append("capacity_promised")
    return flaws


async def _is_taken(connection: Connection, code: str) -> bool:
    """Tell whether a code belongs to a day, or people came by it before it was to be a day's."""
    with told_apart():
        same = await campaigns.find_by_code(connection, code)
        return same is not None or await campaign_results.is_source(connection, code)


async def _takes_places(connection: Connection, former: Campaign, plan: Plan) -> bool:
    """Tell whether somebody would lose a place that they were promised."""
    with told_apart():
        coming = await attendances.count_coming(connection, former.id)
    return count_places(plan, coming) < count_places(former.plan, coming)

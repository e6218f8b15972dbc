"""Event days are planned, changed and called off."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from db import campaigns, ledger, notices
from db.errors import told_apart
from db.staff import Connection
from db.unit_of_work import UnitOfWork
from domain.campaigns import Campaign, Plan, Status, list_flaws, may_serve, plan_reminders
from domain.notices import TRANSITIONS, Act, take_act
from domain.recipients import Status as RecipientStatus
from domain.staff import Right, Staff, may
from services.audit import note_staff
from services.desk import Actor, Desk

FIXED_ONCE_INVITED = (
    "code",
    "name_km",
    "name_en",
    "place",
    "venue_km",
    "venue_en",
    "held_on",
    "starts_at",
)
"""What people have been told, and so stays as it is."""


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
    await _check_plan(uow, desk, actor, plan)
    with told_apart():
        campaign_id = await campaigns.add(uow.connection, plan, actor.staff.id, uow.now)
        reminders = plan_reminders(plan, desk.time_zone)
        await campaigns.put_reminders(uow.connection, campaign_id, reminders)
    uow.record(note_staff("plan_campaign", subject_of(campaign_id), actor, {"code": plan.code}))
    return campaign_id


async def change_campaign(
    uow: UnitOfWork, desk: Desk, actor: Actor, campaign_id: int, plan: Plan
) -> Campaign:
    """Change a plan; what people have been told of it already stays.

    Raises:
        NoSuchCampaign, UnsoundPlan: as for `get_campaign` and `plan_campaign`.
    """
    campaign = await _get_planned(uow, actor, campaign_id)
    if await is_announced(uow.connection, campaign_id):
        told = {name: getattr(campaign.plan, name) for name in FIXED_ONCE_INVITED}
        plan = replace(plan, **told)
    await _check_plan(uow, desk, actor, plan, campaign)
    changed = replace(campaign, plan=plan)
    with told_apart():
        await campaigns.save(uow.connection, changed)
        reminders = plan_reminders(plan, desk.time_zone)
        await campaigns.put_reminders(uow.connection, campaign_id, reminders)
    uow.record(note_staff("change_campaign", subject_of(campaign_id), actor))
    return changed


async def cancel_campaign(uow: UnitOfWork, actor: Actor, campaign_id: int) -> Campaign:
    """Call an event day off: nobody is invited or reminded any more.

    Raises:
        NoSuchCampaign: there is none that is planned.
    """
    campaign = await _get_planned(uow, actor, campaign_id)
    cancelled = replace(campaign, status=Status.CANCELLED)
    with told_apart():
        await campaigns.save(uow.connection, cancelled)
        await campaigns.drop_reminders(uow.connection, campaign_id)
        for notice_id in await campaigns.list_notices(uow.connection, campaign_id):
            await _stop(uow, actor, notice_id)
    uow.record(note_staff("cancel_campaign", subject_of(campaign_id), actor))
    return cancelled


async def is_announced(connection: Connection, campaign_id: int) -> bool:
    """Tell whether an invitation to an event day was ever approved."""
    with told_apart():
        ids = await campaigns.list_invitations(connection, campaign_id)
        stored = [await notices.find(connection, one) for one in ids]
    return any(one is not None and one.approved_at is not None for one in stored)


def subject_of(campaign_id: int) -> str:
    """Name an event day in the audit log."""
    return f"campaign:{campaign_id}"


async def _stop(uow: UnitOfWork, actor: Actor, notice_id: int) -> None:
    stored = await notices.find(uow.connection, notice_id, lock=True)
    if stored is None or (stored.notice.status, Act.STOP) not in TRANSITIONS:
        return
    stopped = take_act(stored.notice, Act.STOP, actor.staff.id, uow.now)
    await ledger.end_queued(uow.connection, notice_id, RecipientStatus.CANCELLED, uow.now)
    uow.write(partial(notices.save, notice=stopped, ended_at=uow.now))
    uow.record(note_staff("stop_notice", f"notice:{notice_id}", actor))


async def _get_planned(uow: UnitOfWork, actor: Actor, campaign_id: int) -> Campaign:
    campaign = await get_campaign(uow.connection, actor.staff, campaign_id, Right.RUN_CAMPAIGNS)
    if campaign.status is not Status.PLANNED:
        raise NoSuchCampaign(campaign_id)
    return campaign


async def _check_plan(
    uow: UnitOfWork, desk: Desk, actor: Actor, plan: Plan, former: Campaign | None = None
) -> None:
    flaws = list_flaws(plan, uow.now.astimezone(desk.time_zone).date())
    if not may(actor.staff, Right.RUN_CAMPAIGNS, plan.place):
        flaws.append("place")
    with told_apart():
        same = await campaigns.find_by_code(uow.connection, plan.code)
    if same is not None and (former is None or same.id != former.id):
        flaws.append("code_taken")
    if flaws:
        raise UnsoundPlan(flaws)

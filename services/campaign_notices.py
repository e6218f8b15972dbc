"""What is sent about an event day: the invitation, and the reminders that are approved with it."""

from dataclasses import replace

from db import audit, notices
from db.errors import told_apart
from db.unit_of_work import UnitOfWork
from domain.audiences import Audience, Field, Filter, write_audience
from domain.campaigns import Campaign, Occasion, Reminder, takes_guests
from domain.notice_content import write_content
from domain.notices import Act, Notice, Topic, take_act
from domain.staff import Right
from services.audit import note_staff
from services.campaign_words import write_invitation, write_reminder
from services.campaigns import NoSuchCampaign, get_campaign, is_announced, subject_of
from services.desk import Actor, Desk

PLANNING = frozenset({"plan_campaign", "change_campaign"})
"""The acts by which somebody chooses the words about an event day."""


async def draft_invitation(uow: UnitOfWork, desk: Desk, actor: Actor, campaign_id: int) -> int:
    """Make the draft of an invitation for everybody at the place, and give the notice's id.

    Its words are those of the plan: whoever planned or changed the day has a part in them.

    Raises:
        NoSuchCampaign: there is none that is planned.
    """
    campaign = await get_campaign(uow.connection, actor.staff, campaign_id, Right.RUN_CAMPAIGNS)
    if not takes_guests(campaign, uow.now):
        raise NoSuchCampaign(campaign_id)
    notice = Notice(
        id=0,
        author=actor.staff.id,
        topic=Topic.CAMPAIGNS,
        writers=await list_planners(uow, campaign),
        send_by=campaign.plan.starts_at,
        content=write_content(write_invitation(desk, campaign)),
        audience=write_audience(await _choose_invited(uow, campaign)),
    )
    with told_apart():
        title = campaign.plan.names[desk.default_locale]
        occasion = Occasion.INVITATION
        notice_id = await notices.add(uow.connection, notice, title, uow.now, campaign_id, occasion)
    details = {"campaign": campaign_id}
    uow.record(note_staff("write_notice", f"notice:{notice_id}", actor, details))
    uow.record(note_staff("invite_guests", subject_of(campaign_id), actor, {"notice": notice_id}))
    return notice_id


async def list_planners(uow: UnitOfWork, campaign: Campaign) -> tuple[int, ...]:
    """List who chose the words about an event day, and so has a part in what names it."""
    with told_apart():
        done = await audit.list_about(uow.connection, subject_of(campaign.id))
    planners = {one.event.actor_id for one in done if one.event.act in PLANNING}
    return tuple(sorted({campaign.created_by, *filter(None, planners)}))


async def _choose_invited(uow: UnitOfWork, campaign: Campaign) -> Audience:
    """Choose everybody at the place; later invitations spare whom an earlier one has reached."""
    at_place = Filter(Field.PLACE, (campaign.plan.place,))
    guests = Filter(Field.GUEST, (campaign.plan.code,))
    is_first = not await is_announced(uow.connection, campaign.id)
    return Audience((at_place,), () if is_first else (guests,))


def make_reminder(desk: Desk, campaign: Campaign, reminder: Reminder, invitation: Notice) -> Notice:
    """Make a reminder of all who come, approved by whoever approved the invitation.

    It is about what its reader asked for, and so of the topic of their own application: the cap of
    a week does not hold it back, and who wants no campaigns any more is still reminded of this one.
    """
    coming = Filter(Field.COMING, (campaign.plan.code,))
    return Notice(
        id=0,
        author=invitation.author,
        topic=Topic.MY_APPLICATION,
        approvals=invitation.approvals,
        writers=invitation.writers,
        places=frozenset({campaign.plan.place}),
        send_by=reminder.expires_at,
        content=write_content(write_reminder(desk, campaign, reminder.kind)),
        audience=write_audience(Audience((coming,))),
    )


async def issue(
    uow: UnitOfWork, campaign: Campaign, notice: Notice, title: str, occasion: Occasion
) -> int:
    """Hand what the program made for an event day to the sender, and give its id.

    Raises:
        Refused: the time to send it by has passed.
    """
    issued = replace(take_act(notice, Act.ISSUE, None, uow.now), starts_at=uow.now)
    notice_id = await notices.add(uow.connection, issued, title, uow.now, campaign.id, occasion)
    await notices.note(uow.connection, notice_id, approved_at=uow.now, started_at=uow.now)
    return notice_id

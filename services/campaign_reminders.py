"""Guests who said that they come are reminded, and event days that are over are closed."""

from dataclasses import replace
from functools import partial

from db import campaigns, notices
from db.campaigns import EXPIRED, MADE, StoredReminder
from db.errors import told_apart
from db.notices import StoredNotice
from db.unit_of_work import UnitOfWork
from domain.campaigns import Campaign, Occasion, Status
from domain.notices import Status as NoticeStatus
from services.audit import note_program
from services.campaign_notices import make_reminder, word_reminder_title
from services.campaigns import subject_of
from services.desk import Desk
from services.reminders import RunUnit

ORIGIN = "timer"


async def tend_campaigns(run: RunUnit, desk: Desk) -> None:
    """Make the reminders that are due, let those expire that are late, and close past days."""
    await run(partial(_remind, desk=desk))
    await run(partial(_close, desk=desk))


async def find_approved_invitation(uow: UnitOfWork, campaign_id: int) -> StoredNotice | None:
    """Find the newest invitation that was approved; it carries reminders.

    One that was stopped before anybody got it does not.
    """
    for notice_id in await campaigns.list_invitations(uow.connection, campaign_id):
        stored = await notices.find(uow.connection, notice_id)
        is_stopped = stored and stored.notice.status is NoticeStatus.CANCELLED
        if stored and stored.approved_at and (stored.started_at or not is_stopped):
            return stored
    return None


async def _remind(uow: UnitOfWork, desk: Desk) -> None:
    with told_apart():
        for due in await campaigns.list_due(uow.connection, uow.now):
            await _settle(uow, desk, due)


async def _settle(uow: UnitOfWork, desk: Desk, due: StoredReminder) -> None:
    """Make one reminder; without an approved invitation it waits, and expires when too late."""
    campaign = await campaigns.find(uow.connection, due.campaign_id)
    is_over = uow.now >= due.reminder.expires_at
    if campaign is None or campaign.status is not Status.PLANNED or is_over:
        await campaigns.settle_reminder(uow.connection, due.id, EXPIRED)
        return
    invitation = await find_approved_invitation(uow, campaign.id)
    if invitation is not None:
        await _make(uow, desk, campaign, due, invitation)


async def _make(
    uow: UnitOfWork,
    desk: Desk,
    campaign: Campaign,
    due: StoredReminder,
    invitation: StoredNotice,
) -> None:
    """Make a notice that was approved with its invitation, to those who come."""
    notice = make_reminder(desk, campaign, due.reminder, invitation.notice, uow.now)
    title = word_reminder_title(desk, campaign, due.reminder.kind)
    notice_id = await notices.add(
        uow.connection, notice, title, uow.now, campaign.id, Occasion.REMINDER
    )
    await notices.note(uow.connection, notice_id, approved_at=uow.now)
    await campaigns.settle_reminder(uow.connection, due.id, MADE, notice_id)
    details = {"notice": notice_id, "kind": due.reminder.kind.value}
    uow.record(note_program("remind_guests", subject_of(campaign.id), ORIGIN, details))


async def _close(uow: UnitOfWork, desk: Desk) -> None:
    today = uow.now.astimezone(desk.time_zone).date()
    with told_apart():
        for campaign in await campaigns.list_past(uow.connection, today):
            await campaigns.save(uow.connection, replace(campaign, status=Status.HELD))
            uow.record(note_program("close_campaign", subject_of(campaign.id), ORIGIN))

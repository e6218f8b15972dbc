"""Guests who said that they come are reminded, and event days that are over are closed."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

import structlog

from db import campaigns, notices
from db.campaigns import EXPIRED, MADE, StoredReminder
from db.errors import DatabaseUnavailable, told_apart
from db.notices import StoredNotice
from db.unit_of_work import UnitOfWork
from domain.campaigns import Campaign, Occasion, Status
from domain.notices import Status as NoticeStatus
from services.audit import note_program
from services.campaign_notices import issue, make_reminder
from services.campaign_words import REMINDERS, word_title
from services.campaigns import subject_of
from services.desk import Desk
from services.places import list_waited_for, tell_of_places
from services.reminders import RunUnit

log = structlog.get_logger(__name__)

ORIGIN = "timer"


async def tend_campaigns(run: RunUnit, desk: Desk) -> None:
    """Make the reminders that are due, let those expire that are late, and close past days.

    Who waited for a place is told of it. Each is a unit of work of its own: one with which
    something is wrong holds no other up.
    """
    due: list[StoredReminder] = []
    past: list[Campaign] = []

    async def look(uow: UnitOfWork) -> None:
        today = uow.now.astimezone(desk.time_zone).date()
        with told_apart():
            due.extend(await campaigns.list_due(uow.connection, uow.now))
            past.extend(await campaigns.list_past(uow.connection, today))

    await run(look)
    for reminder in due:
        work = partial(_settle, desk=desk, due=reminder)
        await _run_safely(run, work, reminder.campaign_id)
    for campaign in past:
        await _run_safely(run, partial(_close, campaign=campaign), campaign.id)
    for campaign_id in await list_waited_for(run):
        await _try_safely(tell_of_places(run, desk, campaign_id), campaign_id)


async def find_begun_invitation(uow: UnitOfWork, campaign_id: int) -> StoredNotice | None:
    """Find the newest invitation that was approved; it carries reminders.

    One that was stopped later does too, unless that was before anybody got it: only calling the
    day off ends what people were promised.
    """
    for notice_id in await campaigns.list_invitations(uow.connection, campaign_id):
        stored = await notices.find(uow.connection, notice_id)
        is_stopped = stored and stored.notice.status is NoticeStatus.CANCELLED
        if stored and stored.approved_at and (stored.started_at or not is_stopped):
            return stored
    return None


async def _run_safely(
    run: RunUnit, work: Callable[[UnitOfWork], Awaitable[None]], campaign_id: int
) -> None:
    await _try_safely(run(work), campaign_id)


async def _try_safely(doing: Awaitable[Any], campaign_id: int) -> None:
    try:
        await doing
    except DatabaseUnavailable:
        raise
    except Exception as error:
        log.warning("event day not tended", campaign=campaign_id, reason=type(error).__name__)


async def _settle(uow: UnitOfWork, desk: Desk, due: StoredReminder) -> None:
    """Make one reminder; without an approved invitation it waits, and expires when too late."""
    with told_apart():
        if due not in await campaigns.list_reminders(uow.connection, due.campaign_id):
            return
        campaign = await campaigns.find(uow.connection, due.campaign_id)
        is_over = uow.now >= due.reminder.expires_at
        if campaign is None or campaign.status is not Status.PLANNED or is_over:
            await campaigns.settle_reminder(uow.connection, due.id, EXPIRED)
            return
        invitation = await find_begun_invitation(uow, campaign.id)
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
    notice = make_reminder(desk, campaign, due.reminder, invitation.notice)
    title = word_title(desk, campaign, REMINDERS[due.reminder.kind])
    notice_id = await issue(uow, campaign, notice, title, Occasion.REMINDER)
    await campaigns.settle_reminder(uow.connection, due.id, MADE, notice_id)
    details = {"notice": notice_id, "kind": due.reminder.kind.value}
    uow.record(note_program("remind_guests", subject_of(campaign.id), ORIGIN, details))


async def _close(uow: UnitOfWork, campaign: Campaign) -> None:
    with told_apart():
        if await campaigns.find(uow.connection, campaign.id) != campaign:
            return
        await campaigns.save(uow.connection, replace(campaign, status=Status.HELD))
    uow.record(note_program("close_campaign", subject_of(campaign.id), ORIGIN))

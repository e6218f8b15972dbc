"""Event days are changed and called off, and everybody who was told of them is told so."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from db import campaigns, enlistment, notices
from db.errors import told_apart
from db.notices import StoredNotice
from db.unit_of_work import UnitOfWork
from domain.campaigns import (
    MADE_BY_PROGRAM,
    Campaign,
    Plan,
    Status,
    is_moved,
    plan_anew,
    plan_reminders,
)
from domain.notice_content import Content, read_content, write_content
from domain.notices import TRANSITIONS, Act, is_late, take_act
from domain.notices import Status as NoticeStatus
from domain.recipients import Status as RecipientStatus
from domain.texts import Text, message
from services.audit import note_staff
from services.campaign_news import (
    OPEN,
    has_guests,
    list_moves,
    make_called_off,
    tell,
    tell_renamed,
)
from services.campaign_words import move_words
from services.campaigns import (
    check_plan,
    get_planned,
    is_announced,
    is_code_fixed,
    subject_of,
)
from services.desk import Actor, Desk
from services.notice_letters import tell_author
from services.notice_titles import Title, name_notice

FIXED_ONCE_INVITED = ("code", "name_km", "name_en")
"""By what people and links know the day, and so stays as it is."""

_ASKED = (NoticeStatus.PENDING_APPROVAL, NoticeStatus.APPROVED)
_NOT_BEGUN = (NoticeStatus.DRAFT, *_ASKED)


async def change_campaign(
    uow: UnitOfWork, desk: Desk, actor: Actor, campaign_id: int, plan: Plan
) -> Campaign:
    """Change a plan; if the day or its place moves, guests are told, and reminded anew.

    Raises:
        NoSuchCampaign, UnsoundPlan: as for `get_campaign` and `plan_campaign`.
    """
    campaign = await get_planned(uow, actor, campaign_id)
    announced = await is_announced(uow.connection, campaign_id)
    if announced:
        plan = replace(plan, **{name: getattr(campaign.plan, name) for name in FIXED_ONCE_INVITED})
    elif await is_code_fixed(uow.connection, campaign):
        plan = replace(plan, code=campaign.plan.code)
    await check_plan(uow, desk, actor, plan, campaign)
    is_known = await has_guests(uow.connection, campaign, uow.now)
    changed = plan_anew(campaign, plan, is_told=is_known)
    news = await list_moves(uow.connection, desk, campaign, plan, uow.now)
    with told_apart():
        await campaigns.save(uow.connection, changed)
        reminders = [
            one for one in plan_reminders(plan, desk.time_zone) if not news or one.due_at > uow.now
        ]
        is_anew = is_moved(campaign.known, changed.known)
        await campaigns.put_reminders(uow.connection, campaign_id, reminders, anew=is_anew)
        if is_moved(campaign.plan, plan):
            await _recall(uow, desk, actor, campaign, changed)
        else:
            await _renew_words(uow, desk, actor, campaign, changed)
        for one in news:
            await tell(uow, desk, actor, campaign, one)
    uow.record(note_staff("change_campaign", subject_of(campaign_id), actor))
    return changed


async def cancel_campaign(uow: UnitOfWork, desk: Desk, actor: Actor, campaign_id: int) -> Campaign:
    """Call an event day off: nobody is invited or reminded any more, and guests are told.

    Raises:
        NoSuchCampaign: there is none that is planned.
    """
    campaign = await get_planned(uow, actor, campaign_id)
    cancelled = replace(campaign, status=Status.CANCELLED)
    news = await make_called_off(uow.connection, desk, campaign, uow.now)
    with told_apart():
        await campaigns.save(uow.connection, cancelled)
        await campaigns.drop_reminders(uow.connection, campaign_id)
        for stored in await _list_notices(uow, campaign_id):
            await _stop(uow, actor, stored)
        if news.guests and uow.now < news.useful_until:
            await tell(uow, desk, actor, campaign, news)
    uow.record(note_staff("cancel_campaign", subject_of(campaign_id), actor))
    return cancelled


async def _recall(
    uow: UnitOfWork, desk: Desk, actor: Actor, former: Campaign, campaign: Campaign
) -> None:
    """Send no more of what names the old day; what was not begun goes back to its author.

    There it names the new day. What somebody worded anew might still say the old one, unseen by
    whoever approves it: it is stopped. News and reminders on their way name only what guests know:
    they go on while that stays.
    """
    is_known_anew = is_moved(former.known, campaign.known)
    for stored in await _list_notices(uow, campaign.id):
        is_made = stored.occasion in MADE_BY_PROGRAM
        if is_made and stored.notice.status not in _NOT_BEGUN and not is_known_anew:
            continue
        content = read_content(stored.notice.content)
        moved = move_words(desk, content, former, campaign)
        is_begun = stored.notice.status not in _NOT_BEGUN
        if is_begun or moved is None or is_made:
            await _stop(uow, actor, stored)
        else:
            _give_back(uow, actor, stored, moved, campaign.plan.starts_at)
        if not is_begun and stored.notice.author != actor.staff.id:
            title = await name_notice(uow.connection, stored)
            await tell_author(uow, desk, stored, _word_recalled(title, is_stopped=moved is None))


async def _renew_words(
    uow: UnitOfWork, desk: Desk, actor: Actor, former: Campaign, campaign: Campaign
) -> None:
    """Let invitations name the day as it is planned now, and lead to its point.

    With another name, what others were asked to approve goes back to its author: the reminders that
    are approved with it bear the name too, however the invitation is worded. News are asked for
    anew: there are no reminders yet while the name can change.
    """
    is_renamed = former.plan.names != campaign.plan.names
    for stored in await _list_notices(uow, campaign.id):
        content = read_content(stored.notice.content)
        renewed = move_words(desk, content, former, campaign) or content
        is_draft = stored.notice.status is NoticeStatus.DRAFT
        if stored.occasion in MADE_BY_PROGRAM and is_renamed:
            await _stop(uow, actor, stored)
            if stored.notice.status in OPEN and not is_late(stored.notice, uow.now):
                await tell_renamed(uow, desk, actor, former, campaign, stored.notice)
        elif (is_draft and renewed != content) or (is_renamed and stored.notice.status in _ASKED):
            _give_back(uow, actor, stored, renewed, campaign.plan.starts_at)
            if not is_draft and stored.notice.author != actor.staff.id:
                title = await name_notice(uow.connection, stored)
                await tell_author(uow, desk, stored, message("notice.day_renamed", title=title))


def _give_back(
    uow: UnitOfWork, actor: Actor, stored: StoredNotice, content: Content, send_by: datetime
) -> None:
    notice = stored.notice
    if notice.status is not NoticeStatus.DRAFT:
        notice = take_act(notice, Act.RETURN, actor.staff.id, uow.now)
    notice = replace(
        notice,
        content=write_content(content),
        send_by=send_by if notice.send_by else None,
    )
    _keep(uow, actor, replace(stored, notice=notice), Act.EDIT, approved_at=None)


def _word_recalled(title: Title, *, is_stopped: bool) -> Text:
    if is_stopped:
        return message("event_news.invitation_stopped", title=title)
    return message("notice.day_moved", title=title)


async def _list_notices(uow: UnitOfWork, campaign_id: int) -> list[StoredNotice]:
    ids = await campaigns.list_notices(uow.connection, campaign_id)
    found = [await notices.find(uow.connection, one, lock=True) for one in ids]
    return [one for one in found if one is not None]


async def _stop(uow: UnitOfWork, actor: Actor, stored: StoredNotice) -> None:
    """Send to nobody any more, nor to anybody again; the clock ends what is left of the queue."""
    is_over = stored.notice.status is NoticeStatus.COMPLETED
    if is_over and not await enlistment.may_go_on(uow.connection, stored.id):
        return
    await enlistment.end_queued(uow.connection, stored.id, RecipientStatus.CANCELLED, uow.now)
    if (stored.notice.status, Act.STOP) in TRANSITIONS:
        _keep(uow, actor, stored, Act.STOP, ended_at=uow.now)


def _keep(uow: UnitOfWork, actor: Actor, stored: StoredNotice, act: Act, **beside: Any) -> None:
    after = take_act(stored.notice, act, actor.staff.id, uow.now)
    uow.write(partial(notices.save, notice=after, **beside))
    uow.record(note_staff(f"{act}_notice", f"notice:{stored.id}", actor))

"""What guests of an event day are told when it is changed or called off.

Words that were approved go out at once; any others wait for somebody who reads them first.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from db import audiences, audit, campaigns, notices
from db.errors import told_apart
from db.staff import Connection
from db.unit_of_work import UnitOfWork
from domain.audiences import Audience, Field, Filter, write_audience
from domain.campaigns import (
    Campaign,
    Occasion,
    Plan,
    end_of_event,
    is_moved,
    is_pressing,
    plan_anew,
)
from domain.notice_content import Content, read_content, write_content
from domain.notices import Act, Notice, Status, Topic, take_act
from domain.staff import WHOLE_COUNTRY
from domain.texts import Text
from services.audit import note_staff
from services.campaign_notices import issue, list_planners
from services.campaign_words import (
    CALLED_OFF,
    MOVED,
    names_venue,
    rename_day,
    word_title,
    write_called_off,
    write_moved,
)
from services.campaigns import subject_of
from services.desk import Actor, Desk
from services.notice_letters import tell_approvers

TOLD = "tell_guests"
MOST_TOLD = 3
"""How often in 24 hours guests are told that a day has moved without anybody else's agreement."""

OPEN = frozenset({Status.PENDING_APPROVAL, Status.APPROVED, Status.SENDING, Status.PAUSED})
"""Where news stand that guests get, or will once they are approved."""


@dataclass(frozen=True)
class News:
    """What guests are told, how many they are, and when the first would come for nothing.

    Once the days it speaks of are over, nobody is told any more.
    """

    opening: Text
    content: Content
    guests: int
    pressing_at: datetime
    useful_until: datetime
    is_approved: bool


async def list_moves(
    connection: Connection, desk: Desk, campaign: Campaign, plan: Plan, now: datetime
) -> tuple[News, ...]:
    """List what guests would be told of a new plan; nothing if it concerns nobody.

    Day, hour and place are told at once, the venue only when somebody else agrees to its words. If
    nothing tells of it any more, it is asked for again, though the plan stays.
    """
    guests = await count_guests(connection, campaign, now)
    is_same = not is_moved(campaign.plan, plan)
    if not guests or (is_same and await _is_being_told(connection, campaign, plan)):
        return ()
    is_known = await is_told(connection, campaign.id)
    is_rare = await _count_told(connection, campaign, now) < MOST_TOLD
    changed = plan_anew(campaign, plan, is_told=is_known)
    steps = (
        (campaign.known, changed.known, is_known and is_rare),
        (changed.known, changed.plan, False),
    )
    return tuple(
        News(
            MOVED,
            write_moved(desk, campaign, former, then),
            guests,
            campaign.plan.starts_at,
            max(end_of_event(one, desk.time_zone) for one in (former, then)),
            is_approved,
        )
        for former, then, is_approved in steps
        if is_moved(former, then)
    )


async def _is_being_told(connection: Connection, campaign: Campaign, plan: Plan) -> bool:
    """Tell whether news of the venue are on their way, or wait for approval."""
    with told_apart():
        ids = await campaigns.list_notices(connection, campaign.id)
        stored = [await notices.find(connection, one) for one in ids]
    return any(
        one.notice.status in OPEN and names_venue(read_content(one.notice.content), plan)
        for one in stored
        if one is not None and one.occasion in (Occasion.NEWS, None)
    )


async def make_called_off(
    connection: Connection, desk: Desk, campaign: Campaign, now: datetime
) -> News:
    """Make the news that an event day is called off."""
    return News(
        CALLED_OFF,
        write_called_off(desk, campaign),
        await count_guests(connection, campaign, now),
        campaign.plan.starts_at,
        end_of_event(campaign.plan, desk.time_zone),
        await is_told(connection, campaign.id),
    )


async def is_told(connection: Connection, campaign_id: int) -> bool:
    """Tell whether an invitation that somebody approved has begun to be sent."""
    with told_apart():
        ids = await campaigns.list_invitations(connection, campaign_id)
        stored = [await notices.find(connection, one) for one in ids]
    return any(one is not None and one.approved_at and one.started_at for one in stored)


async def has_guests(connection: Connection, campaign: Campaign, now: datetime) -> bool:
    """Tell whether anybody was told of a day in words that were approved, and counts on it."""
    is_known = await is_told(connection, campaign.id)
    return is_known and await count_guests(connection, campaign, now) > 0


async def count_guests(connection: Connection, campaign: Campaign, now: datetime) -> int:
    """Count whom a change of an event day would be told to."""
    counts = [
        await _count(connection, audience, topic, now) for topic, audience in _list_guests(campaign)
    ]
    return sum(counts)


async def tell(uow: UnitOfWork, desk: Desk, actor: Actor, campaign: Campaign, news: News) -> None:
    """Hand news to the sender, which begins at once, or to those who may approve its words."""
    title, made = word_title(desk, campaign, news.opening), []
    writers = await list_planners(uow, campaign)
    for topic, audience in _list_guests(campaign):
        if await _count(uow.connection, audience, topic, uow.now):
            notice = _make(desk, actor, campaign, news, uow.now, topic, audience)
            if news.is_approved:
                made.append(await issue(uow, campaign, notice, title, Occasion.NEWS))
            else:
                notice = replace(notice, writers=writers)
                await _ask(uow, desk, actor, campaign, notice, title)
    if made:
        details = {"notices": made, "guests": news.guests}
        uow.record(note_staff(TOLD, subject_of(campaign.id), actor, details))


async def tell_renamed(
    uow: UnitOfWork, desk: Desk, actor: Actor, former: Campaign, campaign: Campaign, notice: Notice
) -> None:
    """Ask others to approve news that were stopped, in the new name of their day."""
    content = rename_day(desk, read_content(notice.content), former.plan, campaign.plan)
    again = replace(
        notice,
        id=0,
        status=Status.DRAFT,
        emergency=False,
        approvals=(),
        starts_at=None,
        paused_by=None,
        content=write_content(content),
    )
    await _ask(uow, desk, actor, campaign, again, word_title(desk, campaign, MOVED))


def _list_guests(campaign: Campaign) -> tuple[tuple[Topic, Audience], ...]:
    """List who counts on a day: for whoever said yes it is their own matter, else an offer."""
    code = (campaign.plan.code,)
    guests, expected = Filter(Field.GUEST, code), Filter(Field.EXPECTED, code)
    return (
        (Topic.MY_APPLICATION, Audience((expected,))),
        (Topic.CAMPAIGNS, Audience((guests,), (expected,))),
    )


async def _count(connection: Connection, audience: Audience, topic: Topic, now: datetime) -> int:
    with told_apart():
        return await audiences.count_recipients(connection, audience, WHOLE_COUNTRY, topic, now)


async def _count_told(connection: Connection, campaign: Campaign, now: datetime) -> int:
    """Count how often guests were told something in the last 24 hours."""
    with told_apart():
        done = await audit.list_about(connection, subject_of(campaign.id))
    return sum(one.event.act == TOLD and one.at > now - timedelta(days=1) for one in done)


def _make(
    desk: Desk,
    actor: Actor,
    campaign: Campaign,
    news: News,
    now: datetime,
    topic: Topic,
    audience: Audience,
) -> Notice:
    """Make a notice; only who said yes, and might set out, is woken by it."""
    is_pressed = is_pressing(news.pressing_at, now, desk.time_zone)
    return Notice(
        id=0,
        author=actor.staff.id,
        topic=topic,
        emergency=news.is_approved and topic is Topic.MY_APPLICATION and is_pressed,
        places=frozenset({campaign.plan.place}),
        send_by=news.useful_until,
        content=write_content(news.content),
        audience=write_audience(audience),
    )


async def _ask(
    uow: UnitOfWork, desk: Desk, actor: Actor, campaign: Campaign, notice: Notice, title: str
) -> None:
    """Ask others to approve news, which goes out as any notice does."""
    submitted = take_act(notice, Act.SUBMIT, actor.staff.id, uow.now)
    notice_id = await notices.add(
        uow.connection, submitted, title, uow.now, campaign.id, Occasion.NEWS
    )
    await notices.note(uow.connection, notice_id, asked_at=uow.now)
    stored = await notices.find(uow.connection, notice_id)
    if stored is not None:
        await tell_approvers(uow, desk, stored, submitted.places)
    uow.record(note_staff("submit_notice", f"notice:{notice_id}", actor))

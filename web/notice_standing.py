"""The page of a notice: what it says, how it stands, and what this visitor can do with it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from db import audiences, campaigns, recipients, staff
from db.errors import TookTooLong
from db.notices import StoredNotice
from db.staff import Connection
from domain.campaigns import Campaign
from domain.notice_content import read_content
from domain.notices import UNASKED, Act, Refusal, Refused, Status, take_act
from domain.staff import Right, Scope, Staff
from domain.texts import Text, message
from services.notice_access import RIGHTS, Use, get_places, is_disposable, may_do
from services.notice_hours import find_delayed, find_start
from services.notice_samples import FEWEST, Sampled, count_reach
from web.audience_words import describe_within, list_choices
from web.campaign_page import may_open
from web.earlier_notices import list_named, name_earlier
from web.notice_carried import list_asked_days, list_carried
from web.notice_editor import name_audiences, name_campaigns
from web.notice_figures import describe_progress, read_progress
from web.notice_form import list_lacks
from web.notice_page import FoundNotice, is_seen, list_happened
from web.notice_preview import preview
from web.notice_progress import tabulate
from web.notice_reminders import list_following
from web.notice_titles import name_notice
from web.notice_words import BADGES, REFUSALS, STATUSES, TOPICS, word_left_out
from web.office import Office
from web.recipient_words import label_answers
from web.templating import page
from web.visits import Visit, get_office, is_allowed

LONGEST_NOTE = 2_000
STARTED = frozenset({Status.SENDING, Status.PAUSED, Status.COMPLETED, Status.CANCELLED})
TESTED = frozenset({Status.DRAFT, Status.PENDING_APPROVAL, Status.APPROVED})

MESSAGES_PER_STAR = 10
"""Telegram's fee is 0.1 Stars for each message above the free 30 a second."""

TAKEN_BACK, THROWN_AWAY = "take_back", "throw_away"

DONE: Mapping[str, Text] = {
    "test": message("notices.tested"),
    Act.SUBMIT: message("notices.done.submit"),
    Act.RETURN: message("notices.done.return"),
    Act.APPROVE: message("notices.done.approve"),
    Act.PAUSE: message("notices.done.pause"),
    Act.RESUME: message("notices.done.resume"),
    Act.STOP: message("notices.done.stop"),
    TAKEN_BACK: message("notices.done.take_back"),
    THROWN_AWAY: message("notices.done.throw_away"),
}
"""What is said after an act."""


async def show_notice(
    request: Request,
    visit: Visit,
    found: FoundNotice,
    problem: Text | None = None,
    said: Text | None = None,
    closed: Text | None = None,
) -> Response:
    """Show a notice, with what stood in the way of an act or was just done."""
    values = await describe_notice(get_office(request), visit, found)
    status = 409 if problem else 200
    return page(
        request, visit, "notice.html", status, problem=problem, said=said, closed=closed, **values
    )


async def _find_day(connection: Connection, stored: StoredNotice, visit: Visit) -> Campaign | None:
    """Find the event day that a notice is about, if its page opens to the visitor."""
    day = await campaigns.find(connection, stored.campaign_id) if stored.campaign_id else None
    return day if day is not None and may_open(visit, day) else None


async def describe_notice(office: Office, visit: Visit, found: FoundNotice) -> dict[str, Any]:
    """Gather what the page of a notice shows."""
    stored, notice, now = found.stored, found.stored.notice, office.clock()
    content, visitor = read_content(notice.content), visit.actor.staff
    within = Scope(get_places(stored, found.author))
    has_started = notice.status in STARTED
    async with office.database.read() as connection:
        days = await campaigns.list_within(connection, within)
        asked = {one: await campaigns.find(connection, one) for one in list_asked_days(content)}
        kept = await audiences.list_saved(connection)
        earlier = await list_named(connection, found.audience, visitor)
        history = await list_happened(connection, stored.id)
        names = await staff.names_of(connection, {*notice.approvals, *notice.writers})
        answers = await recipients.count_answers(connection, stored.id) if has_started else {}
        title = await name_notice(connection, stored, visit.locale, office.desk.names)
        day = await _find_day(connection, stored, visit)
        following = [] if has_started else await list_following(connection, office.desk, stored)
    sampled = None if has_started else await _count_reach(office, found, visitor, now)
    progress = await read_progress(office, found, None) if has_started else None
    desk, named = office.desk, name_campaigns(days, visit.locale)
    more = name_earlier(earlier, visit.locale, desk.names, desk.time_zone)
    choices = list_choices(desk, named, name_audiences(kept), more)
    reach = sampled.count if sampled and not sampled.is_hidden else None
    possible = list_possible(found, visitor, now)
    if notice.status is Status.COMPLETED and not (progress and progress.is_open):
        possible -= {Act.PAUSE, Act.STOP}
    return {
        "id": stored.id,
        "title": title,
        "day": day,
        "notice": notice,
        "author": found.author.name,
        "approvers": [names.get(one, "…") for one in notice.approvals],
        "writers": [names.get(one, "…") for one in notice.writers if one != notice.author],
        "history": history,
        "described": describe_within(found.audience, choices, within),
        "reach": reach,
        "left_out": word_left_out(sampled.reach) if reach is not None and sampled else [],
        "is_uncounted": sampled is None and not has_started,
        "is_few": bool(sampled and sampled.is_hidden),
        "is_unasked": notice.topic in UNASKED,
        "carried": list_carried(content, {key: day for key, day in asked.items() if day}),
        "following": following,
        "now": now,
        "previews": preview(office.desk, content, stored.id),
        "sees_people": is_seen(stored, found.author, visitor),
        "results": tabulate(answers, label_answers(content, visit.locale, office.desk.names))
        if has_started
        else None,
        "possible": possible,
        "lacks": _list_lacks(office, found, now),
        "why_not": _say_why_not(found, visitor, now),
        "countdown": _count_down(office, found, now),
        "delayed": _find_delayed(office, found, now),
        "is_own": found.author.id == visitor.id,
        "is_disposable": is_disposable(stored, visitor),
        "may_write": is_allowed(visitor, Right.WRITE_NOTICES),
        **_tell_price(office, FEWEST - 1 if sampled and sampled.is_hidden else reach),
        "badges": BADGES,
        "statuses": STATUSES,
        "topics": TOPICS,
        "is_live": False,
        **(describe_progress(found, progress, None, 1) if progress else {"progress": None}),
    }


async def _count_reach(
    office: Office, found: FoundNotice, visitor: Staff, now: datetime
) -> Sampled | None:
    """Count whom a notice would reach; None if that takes too long to wait for."""
    stored, author = found.stored, found.author
    try:
        async with office.turns.take(visitor.id), office.database.read() as connection:
            return await count_reach(connection, office.desk, stored, author, visitor, now)
    except TookTooLong:
        return None


def list_possible(found: FoundNotice, visitor: Staff, now: datetime) -> frozenset[str]:
    """List what somebody can do with a notice now."""
    allowed = [act for act in RIGHTS if may_do(found.stored, found.author, visitor, act)]
    return frozenset(act.value for act in allowed if _is_possible(found, visitor, act, now))


def _is_possible(found: FoundNotice, visitor: Staff, act: Act | Use, now: datetime) -> bool:
    if not isinstance(act, Act):
        return act is not Use.TEST or found.stored.notice.status in TESTED
    try:
        take_act(found.stored.notice, act, visitor.id, now)
    except Refused as refused:
        return act is Act.SUBMIT and refused.refusal is not Refusal.WRONG_STATUS
    return True


def _say_why_not(found: FoundNotice, visitor: Staff, now: datetime) -> Text | None:
    """Say why somebody cannot approve what waits for it, or go on with what is held."""
    is_held = found.stored.notice.status is Status.PAUSED
    act = Act.RESUME if is_held else Act.APPROVE
    if not may_do(found.stored, found.author, visitor, act):
        return None if is_held else message("notices.no_right_to_approve")
    try:
        take_act(found.stored.notice, act, visitor.id, now)
    except Refused as refused:
        return REFUSALS[refused.refusal]
    return None


def _list_lacks(office: Office, found: FoundNotice, now: datetime) -> list[Text]:
    if found.stored.notice.status is not Status.DRAFT:
        return []
    return list_lacks(found.stored, now, office.desk.time_zone)


def _find_delayed(office: Office, found: FoundNotice, now: datetime) -> datetime | None:
    """Find when what waits for approval would begin, if a night delays it."""
    notice = found.stored.notice
    if notice.status not in (Status.DRAFT, Status.PENDING_APPROVAL):
        return None
    return find_delayed(office.desk, notice, find_start(office.desk, notice, now))


def _count_down(office: Office, found: FoundNotice, now: datetime) -> Text | None:
    notice = found.stored.notice
    if notice.status is not Status.APPROVED:
        return None
    delayed = find_delayed(office.desk, notice, max(notice.starts_at or now, now))
    if delayed is not None:
        return message("notices.starts_after_night", at=delayed)
    if notice.starts_at is None or notice.starts_at <= now:
        return message("notices.starts_soon")
    minutes = -(-int((notice.starts_at - now).total_seconds()) // 60)
    return message("notices.starts_in", minutes=minutes, at=notice.starts_at)


def _tell_price(office: Office, reach: int | None) -> dict[str, Any]:
    """Tell what sending costs at most, in Stars; nothing, unless it is paid for and counted."""
    per_second = office.paid_per_second
    stars = None if reach is None or not per_second else -(-reach // MESSAGES_PER_STAR)
    return {"price": stars, "paid_per_second": per_second}

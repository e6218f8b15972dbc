"""Notices on their way: submitted, approved by somebody else, held, stopped or sent again.

Every function raises NoSuchNotice for a notice that the actor may not touch, and Refused if its
standing does not allow the act.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Unpack

from db import enlistment, notice_files, notice_progress, notices, staff
from db.errors import told_apart
from db.notices import Beside, StoredNotice
from db.unit_of_work import UnitOfWork
from domain.audiences import read_audience
from domain.notice_content import check_content, read_content
from domain.notices import Act, Notice, Refusal, Refused, Status, take_act
from domain.recipients import Status as RecipientStatus
from domain.staff import Staff
from domain.texts import message
from services.audit import note_staff
from services.desk import Actor, Desk
from services.notice_access import (
    NoSuchNotice,
    get_places,
    get_reach,
    is_disposable,
    open_notice,
    subject_of,
)
from services.notice_audiences import NotTheirs, check_reach
from services.notice_hours import check_night, find_start, word_approved
from services.notice_letters import tell_approvers, tell_author
from services.notice_titles import name_notice

ASKED_EVERY = timedelta(hours=1)


async def submit(uow: UnitOfWork, desk: Desk, actor: Actor, notice_id: int, version: int) -> Notice:
    """Ask others to approve a draft as it was read; from now on it keeps the places it has.

    However often it is returned and submitted again, they are told of it at most once an hour.

    Raises:
        Refused: something is missing in it (INCOMPLETE), it was changed meanwhile (CHANGED), it
            asks to an event day that is not within its author's places (BEYOND_PLACES), or it
            would end before the night does (NIGHT).
    """
    stored = await open_notice(uow, actor, notice_id, Act.SUBMIT)
    after = take_act(stored.notice, Act.SUBMIT, actor.staff.id, uow.now, version)
    if not is_complete(stored):
        raise Refused(Act.SUBMIT, Refusal.INCOMPLETE)
    check_night(desk, Act.SUBMIT, after, find_start(desk, after, uow.now))
    content, audience = read_content(after.content), read_audience(after.audience)
    try:
        await check_reach(uow, actor, stored, audience, content)
    except NotTheirs:
        raise Refused(Act.SUBMIT, Refusal.BEYOND_PLACES) from None
    author = await _get_author(uow, stored)
    submitted = replace(after, places=get_places(stored, author))
    if stored.asked_at is not None and uow.now < stored.asked_at + ASKED_EVERY:
        return keep(uow, actor, Act.SUBMIT, submitted)
    await tell_approvers(uow, desk, replace(stored, notice=submitted), get_reach(stored, author))
    return keep(uow, actor, Act.SUBMIT, submitted, asked_at=uow.now)


async def return_to_author(
    uow: UnitOfWork, desk: Desk, actor: Actor, notice_id: int, note: str = ""
) -> Notice:
    """Give a notice back to its author, with a word on why."""
    stored = await open_notice(uow, actor, notice_id, Act.RETURN)
    after = take_act(stored.notice, Act.RETURN, actor.staff.id, uow.now)
    words = note.strip()
    title = await name_notice(uow.connection, stored)
    said = (
        message("notice.returned", title=title, note=words)
        if words
        else message("notice.returned_plain", title=title)
    )
    if actor.staff.id != stored.notice.author:
        await tell_author(uow, desk, stored, said)
    return keep(uow, actor, Act.RETURN, after, {"note": words} if words else {}, approved_at=None)


async def approve(
    uow: UnitOfWork, desk: Desk, actor: Actor, notice_id: int, version: int
) -> Notice:
    """Approve what somebody else wrote, in the version that was read.

    Sending begins once it can no longer be cancelled.
    """
    stored = await open_notice(uow, actor, notice_id, Act.APPROVE)
    after = take_act(stored.notice, Act.APPROVE, actor.staff.id, uow.now, version)
    if after.status is not Status.APPROVED:
        return keep(uow, actor, Act.APPROVE, after)
    starts_at = find_start(desk, after, uow.now)
    if after.send_by is not None and after.send_by <= starts_at:
        raise Refused(Act.APPROVE, Refusal.TOO_LATE)
    check_night(desk, Act.APPROVE, after, starts_at)
    title = await name_notice(uow.connection, stored)
    await tell_author(uow, desk, stored, word_approved(desk, stored.notice, title, starts_at))
    approved = replace(after, starts_at=starts_at)
    return keep(uow, actor, Act.APPROVE, approved, approved_at=uow.now)


async def pause(uow: UnitOfWork, _desk: Desk, actor: Actor, notice_id: int) -> Notice:
    """Hold a notice that is being sent, or sent again."""
    return await _act(uow, actor, notice_id, Act.PAUSE)


async def resume(uow: UnitOfWork, _desk: Desk, actor: Actor, notice_id: int) -> Notice:
    """Go on sending a notice."""
    return await _act(uow, actor, notice_id, Act.RESUME)


async def stop(uow: UnitOfWork, _desk: Desk, actor: Actor, notice_id: int) -> Notice:
    """End a notice for good: nobody who waits for it gets it any more.

    One's own draft that nobody was asked to read is emptied instead, and its file dropped.
    """
    stored = await open_notice(uow, actor, notice_id, Act.STOP)
    await _check_queue(uow, stored, Act.STOP)
    stopped = take_act(stored.notice, Act.STOP, actor.staff.id, uow.now)
    if is_disposable(stored, actor.staff):
        emptied = replace(stopped, content={}, audience={})
        uow.write(partial(notice_files.drop, notice_id=notice_id))
        nothing = Beside(title="", campaign_id=None, occasion=None, ended_at=uow.now)
        return keep(uow, actor, Act.STOP, emptied, **nothing)
    keep(uow, actor, Act.STOP, stopped, ended_at=uow.now)
    with told_apart():
        await enlistment.end_queued(uow.connection, notice_id, RecipientStatus.CANCELLED, uow.now)
    return stopped


async def resend(
    uow: UnitOfWork,
    actor: Actor,
    notice_id: int,
    chat_ids: Collection[int],
    seen_at: datetime | None = None,
) -> int:
    """Send again to recipients of whom it is uncertain whether they got it; tell to how many.

    Who decides has seen those who were uncertain at a moment: to others it is not sent.
    """
    stored = await open_notice(uow, actor, notice_id, Act.RESEND)
    take_act(stored.notice, Act.RESEND, actor.staff.id, uow.now)
    with told_apart():
        queued = [
            await enlistment.resend_uncertain(uow.connection, notice_id, chat_id, seen_at)
            for chat_id in sorted(set(chat_ids))
        ]
    count = sum(queued)
    uow.record(note_staff("resend_notice", subject_of(notice_id), actor, {"count": count}))
    return count


def is_complete(stored: StoredNotice) -> bool:
    """Tell whether a notice has all that it needs to be approved."""
    return bool(stored.title) and not check_content(read_content(stored.notice.content))


async def _get_author(uow: UnitOfWork, stored: StoredNotice) -> Staff:
    with told_apart():
        author = await staff.find(uow.connection, stored.notice.author)
    if author is None:
        raise NoSuchNotice(stored.id)
    return author


async def _act(uow: UnitOfWork, actor: Actor, notice_id: int, act: Act) -> Notice:
    stored = await open_notice(uow, actor, notice_id, act)
    await _check_queue(uow, stored, act)
    after = take_act(stored.notice, act, actor.staff.id, uow.now)
    return keep(uow, actor, act, after)


async def _check_queue(uow: UnitOfWork, stored: StoredNotice, act: Act) -> None:
    """Ask that of a completed notice somebody is sent to again."""
    with told_apart():
        is_open = await notice_progress.has_open(uow.connection, stored.id)
    if stored.notice.status is Status.COMPLETED and not is_open:
        raise Refused(act, Refusal.WRONG_STATUS)


def keep(
    uow: UnitOfWork,
    actor: Actor,
    act: Act,
    after: Notice,
    details: Mapping[str, Any] | None = None,
    **beside: Unpack[Beside],
) -> Notice:
    """Store a notice after an act, and record who did it."""
    uow.write(partial(notices.save, notice=after, **beside))
    uow.record(note_staff(f"{act}_notice", subject_of(after.id), actor, details))
    return after

"""Notices are written, approved by somebody else, and held, stopped or sent again by people.

Every function raises NoSuchNotice for a notice that the actor may not touch, and Refused if its
standing does not allow the act.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from db import campaigns, enlistment, notice_files, notices, staff
from db.audiences import RecipientFacts
from db.errors import told_apart
from db.notice_files import NoticeFile
from db.notices import StoredNotice
from db.unit_of_work import UnitOfWork
from domain.audiences import EVERYBODY, Audience, read_audience, write_audience
from domain.campaigns import Campaign, Occasion, may_serve, takes_guests
from domain.notice_content import (
    Content,
    FileKind,
    check_content,
    find_day,
    read_content,
    tidy_content,
    without_answers,
    write_content,
)
from domain.notices import Act, Notice, Refusal, Refused, Status, Topic, take_act
from domain.recipients import Status as RecipientStatus
from domain.staff import Right, Staff
from domain.texts import message
from services.audit import note_staff
from services.chats import get_locale
from services.desk import Actor, Desk
from services.notice_access import (
    EITHER,
    NoSuchNotice,
    check_writer,
    get_places,
    get_reach,
    is_disposable,
    open_notice,
    subject_of,
)
from services.notice_audiences import NotTheirs, check_audience, check_reach
from services.notice_hours import check_night, find_start, word_approved
from services.notice_letters import tell_approvers, tell_author
from services.notice_messages import Letter, write_test

LONGEST_TITLE = 120
ASKED_EVERY = timedelta(hours=1)

EXAMPLE = RecipientFacts(
    chat_id=0,
    locale=None,
    number="123456789",
    family_km="សុខ",
    given_km="ដារ៉ា",
    family_latin="SOK",
    given_latin="DARA",
    place="02030105",
    occupation="market_vendor",
)
"""Somebody who does not exist: in a test, the placeholders stand for them."""


class NoChat(Exception):
    """This member of staff has no chat with the bot to which a test could be sent."""


@dataclass(frozen=True)
class Written:
    """A draft as its author writes it."""

    title: str
    topic: Topic
    content: Content
    audience: Audience = EVERYBODY
    emergency: bool = False
    starts_at: datetime | None = None
    send_by: datetime | None = None


async def begin(uow: UnitOfWork, actor: Actor, topic: Topic = Topic.CAMPAIGNS) -> int:
    """Begin an empty draft, and give its id."""
    await check_writer(uow, actor)
    return await _add(uow, actor, Notice(0, actor.staff.id, topic), "", "write_notice", {})


async def copy(uow: UnitOfWork, actor: Actor, notice_id: int) -> int:
    """Begin a draft with the words, the file and the audience of another notice.

    What was said about an event day stays so while people can still be invited to it, and a copied
    invitation invites; afterwards the copy is a notice like any other.
    """
    await check_writer(uow, actor)
    former = await open_notice(uow, actor, notice_id, *EITHER)
    content = read_content(former.notice.content)
    ahead = await _find_ahead(uow, actor, former, content)
    campaign = ahead if former.campaign_id is not None else None
    notice = Notice(
        0,
        actor.staff.id,
        former.notice.topic,
        send_by=campaign.plan.starts_at if campaign else None,
        content=write_content(content if ahead else without_answers(content)),
        audience=former.notice.audience,
    )
    is_invitation = campaign is not None and former.occasion is Occasion.INVITATION
    copied = await _add(
        uow,
        actor,
        notice,
        former.title,
        "copy_notice",
        {"from": notice_id},
        campaign.id if campaign else None,
        Occasion.INVITATION if is_invitation else None,
    )
    file = await notice_files.find(uow.connection, notice_id)
    if file is not None:
        await notice_files.save(uow.connection, copied, file)
    return copied


async def edit(uow: UnitOfWork, actor: Actor, notice_id: int, written: Written) -> Notice:
    """Write a draft anew; its file stays.

    Raises:
        WrongAudience: it combines audiences that were not kept.
        NotTheirs: it leads beyond their places, or asks for what they may not know.
    """
    stored = await open_notice(uow, actor, notice_id, Right.WRITE_NOTICES)
    after = take_act(stored.notice, Act.EDIT, actor.staff.id, uow.now)
    content = replace(
        tidy_content(written.content), file_kind=read_content(after.content).file_kind
    )
    edited = replace(
        after,
        topic=written.topic,
        emergency=written.emergency,
        starts_at=written.starts_at,
        send_by=written.send_by,
        content=write_content(content),
        audience=write_audience(written.audience),
    )
    await check_reach(uow, actor, stored, written.audience, content)
    await check_audience(uow, actor, written.audience, read_audience(stored.notice.audience))
    title = " ".join(written.title.split())[:LONGEST_TITLE]
    return _keep(uow, actor, Act.EDIT, edited, {"audience": edited.audience}, title=title)


async def attach_file(
    uow: UnitOfWork,
    actor: Actor,
    notice_id: int,
    kind: FileKind,
    filename: str,
    mime: str,
    content: bytes,
) -> None:
    """Let a draft bring a picture or a voice note."""
    await _change_file(uow, actor, notice_id, kind)
    file = NoticeFile(kind.value, filename, mime, content)
    uow.write(partial(notice_files.save, notice_id=notice_id, file=file))


async def detach_file(uow: UnitOfWork, actor: Actor, notice_id: int) -> None:
    """Take the file of a draft away."""
    await _change_file(uow, actor, notice_id, None)
    uow.write(partial(notice_files.drop, notice_id=notice_id))


async def submit(uow: UnitOfWork, desk: Desk, actor: Actor, notice_id: int, version: int) -> Notice:
    """Ask others to approve a draft as it was read; from now on it keeps the places it has.

    However often it is returned and submitted again, they are told of it at most once an hour.

    Raises:
        Refused: something is missing in it (INCOMPLETE), it was changed meanwhile (CHANGED), it
            asks to an event day that is not within its author's places (BEYOND_PLACES), or it
            would end before the night does (NIGHT).
    """
    stored = await open_notice(uow, actor, notice_id, Right.WRITE_NOTICES)
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
        return _keep(uow, actor, Act.SUBMIT, submitted)
    await tell_approvers(uow, desk, replace(stored, notice=submitted), get_reach(stored, author))
    return _keep(uow, actor, Act.SUBMIT, submitted, asked_at=uow.now)


async def return_to_author(
    uow: UnitOfWork, desk: Desk, actor: Actor, notice_id: int, note: str = ""
) -> Notice:
    """Give a notice back to its author, with a word on why."""
    stored = await open_notice(uow, actor, notice_id, *EITHER)
    after = take_act(stored.notice, Act.RETURN, actor.staff.id, uow.now)
    words = note.strip()
    said = (
        message("notice.returned", title=stored.title, note=words)
        if words
        else message("notice.returned_plain", title=stored.title)
    )
    if actor.staff.id != stored.notice.author:
        await tell_author(uow, desk, stored, said)
    return _keep(uow, actor, Act.RETURN, after, {"note": words} if words else {}, approved_at=None)


async def approve(
    uow: UnitOfWork, desk: Desk, actor: Actor, notice_id: int, version: int
) -> Notice:
    """Approve what somebody else wrote, in the version that was read.

    Sending begins once it can no longer be cancelled.
    """
    stored = await open_notice(uow, actor, notice_id, Right.APPROVE_NOTICES)
    after = take_act(stored.notice, Act.APPROVE, actor.staff.id, uow.now, version)
    if after.status is not Status.APPROVED:
        return _keep(uow, actor, Act.APPROVE, after)
    starts_at = find_start(desk, after, uow.now)
    if after.send_by is not None and after.send_by <= starts_at:
        raise Refused(Act.APPROVE, Refusal.TOO_LATE)
    check_night(desk, Act.APPROVE, after, starts_at)
    await tell_author(uow, desk, stored, word_approved(desk, stored, starts_at))
    approved = replace(after, starts_at=starts_at)
    return _keep(uow, actor, Act.APPROVE, approved, approved_at=uow.now)


async def pause(uow: UnitOfWork, _desk: Desk, actor: Actor, notice_id: int) -> Notice:
    """Hold a notice that is being sent."""
    return await _act(uow, actor, notice_id, Act.PAUSE)


async def resume(uow: UnitOfWork, _desk: Desk, actor: Actor, notice_id: int) -> Notice:
    """Go on sending a notice."""
    return await _act(uow, actor, notice_id, Act.RESUME)


async def stop(uow: UnitOfWork, _desk: Desk, actor: Actor, notice_id: int) -> Notice:
    """End a notice for good: nobody who waits for it gets it any more.

    One's own draft that nobody was asked to read is emptied instead, and its file dropped.
    """
    stored = await open_notice(uow, actor, notice_id, *EITHER)
    stopped = take_act(stored.notice, Act.STOP, actor.staff.id, uow.now)
    if is_disposable(stored, actor.staff):
        emptied = replace(stopped, content={}, audience={})
        uow.write(partial(notice_files.drop, notice_id=notice_id))
        of_no_day = {"campaign_id": None, "occasion": None}
        return _keep(uow, actor, Act.STOP, emptied, title="", ended_at=uow.now, **of_no_day)
    _keep(uow, actor, Act.STOP, stopped, ended_at=uow.now)
    with told_apart():
        await enlistment.end_queued(uow.connection, notice_id, RecipientStatus.CANCELLED, uow.now)
    return stopped


async def resend(uow: UnitOfWork, actor: Actor, notice_id: int, chat_ids: Collection[int]) -> int:
    """Send again to recipients of whom it is uncertain whether they got it; tell to how many."""
    await open_notice(uow, actor, notice_id, *EITHER)
    with told_apart():
        queued = [
            await enlistment.resend_uncertain(uow.connection, notice_id, chat_id)
            for chat_id in sorted(set(chat_ids))
        ]
    count = sum(queued)
    uow.record(note_staff("resend_notice", subject_of(notice_id), actor, {"count": count}))
    return count


async def send_test(uow: UnitOfWork, desk: Desk, actor: Actor, notice_id: int) -> None:
    """Send a notice as it is to the chat of whoever asks, and to nobody else.

    Raises:
        NoChat: they have none.
    """
    stored = await open_notice(uow, actor, notice_id, *EITHER)
    chat_id = actor.staff.chat_id
    if chat_id is None:
        raise NoChat
    await uow.load([chat_id])
    telegram_id = await notice_files.find_telegram_id(uow.connection, notice_id)
    letter = Letter(notice_id, read_content(stored.notice.content), telegram_id)
    locale = get_locale(uow, desk, chat_id)
    uow.send(write_test(letter, EXAMPLE, chat_id, locale, desk))
    uow.record(note_staff("test_notice", subject_of(notice_id), actor))


def is_complete(stored: StoredNotice) -> bool:
    """Tell whether a notice has all that it needs to be approved."""
    return bool(stored.title) and not check_content(read_content(stored.notice.content))


async def _find_ahead(
    uow: UnitOfWork, actor: Actor, stored: StoredNotice, content: Content
) -> Campaign | None:
    """Find the event day that a notice is about, if its copy may still invite to it."""
    day = stored.campaign_id or find_day(content)
    with told_apart():
        campaign = await campaigns.find(uow.connection, day) if day else None
    if campaign is None or not takes_guests(campaign, uow.now):
        return None
    is_theirs = may_serve(actor.staff, Right.RUN_CAMPAIGNS, campaign.plan.place)
    return campaign if is_theirs or stored.campaign_id is None else None


async def _get_author(uow: UnitOfWork, stored: StoredNotice) -> Staff:
    with told_apart():
        author = await staff.find(uow.connection, stored.notice.author)
    if author is None:
        raise NoSuchNotice(stored.id)
    return author


async def _add(
    uow: UnitOfWork,
    actor: Actor,
    notice: Notice,
    title: str,
    act: str,
    details: Mapping[str, Any],
    campaign_id: int | None = None,
    occasion: Occasion | None = None,
) -> int:
    with told_apart():
        added = await notices.add(uow.connection, notice, title, uow.now, campaign_id, occasion)
    uow.record(note_staff(act, subject_of(added), actor, details))
    return added


async def _change_file(
    uow: UnitOfWork, actor: Actor, notice_id: int, kind: FileKind | None
) -> None:
    stored = await open_notice(uow, actor, notice_id, Right.WRITE_NOTICES)
    after = take_act(stored.notice, Act.EDIT, actor.staff.id, uow.now)
    content = replace(read_content(after.content), file_kind=kind)
    _keep(uow, actor, Act.EDIT, replace(after, content=write_content(content)))


async def _act(uow: UnitOfWork, actor: Actor, notice_id: int, act: Act, **beside: Any) -> Notice:
    stored = await open_notice(uow, actor, notice_id, *EITHER)
    after = take_act(stored.notice, act, actor.staff.id, uow.now)
    return _keep(uow, actor, act, after, **beside)


def _keep(
    uow: UnitOfWork,
    actor: Actor,
    act: Act,
    after: Notice,
    details: Mapping[str, Any] | None = None,
    **beside: Any,
) -> Notice:
    uow.write(partial(notices.save, notice=after, **beside))
    uow.record(note_staff(f"{act}_notice", subject_of(after.id), actor, details))
    return after

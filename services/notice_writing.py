"""Notices are written by their authors: begun, copied, edited, with or without a file.

Every function raises NoSuchNotice for a notice that the actor may not touch, and Refused if its
standing does not allow the act.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from db import campaigns, notice_files, notices
from db.errors import told_apart
from db.notice_files import NoticeFile
from db.notices import Beside, StoredNotice
from db.unit_of_work import UnitOfWork
from domain.audiences import EVERYBODY, Audience, read_audience, write_audience
from domain.campaigns import MADE_BY_PROGRAM, Campaign, Occasion, may_serve, takes_guests
from domain.notice_content import (
    Content,
    FileKind,
    find_day,
    read_content,
    tidy_content,
    without_answers,
    write_content,
)
from domain.notices import Act, Notice, Topic, take_act
from domain.staff import Right
from services.audit import note_staff
from services.desk import Actor
from services.notice_access import Use, check_writer, open_notice, subject_of
from services.notice_audiences import check_audience, check_reach
from services.notices import keep

LONGEST_TITLE = 120


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

    Whoever had a part in the words has one in the copy too, however much of it is written anew:
    nobody can tell from which change on they are somebody else's. What was said about an event day
    stays so while people can still be invited to it, and a copied invitation invites; afterwards
    the copy is a notice like any other.
    """
    await check_writer(uow, actor)
    former = await open_notice(uow, actor, notice_id, Use.COPY)
    content = read_content(former.notice.content)
    ahead = await _find_ahead(uow, actor, former, content)
    campaign = ahead if former.campaign_id is not None else None
    notice = Notice(
        0,
        actor.staff.id,
        former.notice.topic,
        writers=tuple(sorted({former.notice.author, *former.notice.writers})),
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


async def edit(
    uow: UnitOfWork, actor: Actor, notice_id: int, written: Written, version: int | None = None
) -> Notice:
    """Write a draft anew; its file stays. With `version` only as that one was read.

    Raises:
        WrongAudience: it combines audiences that were not kept.
        NotTheirs: it leads beyond their places, or asks for what they may not know.
    """
    stored = await open_notice(uow, actor, notice_id, Act.EDIT)
    after = take_act(stored.notice, Act.EDIT, actor.staff.id, uow.now, version)
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
    beside: Beside = {"title": title}
    if stored.occasion in MADE_BY_PROGRAM:
        beside["occasion"] = None  # in other words it goes no further than its author's places
    return keep(uow, actor, Act.EDIT, edited, {"audience": edited.audience}, **beside)


async def attach_file(
    uow: UnitOfWork,
    actor: Actor,
    notice_id: int,
    kind: FileKind,
    filename: str,
    mime: str,
    content: bytes,
    version: int | None = None,
) -> None:
    """Let a draft bring a picture or a voice note."""
    await _change_file(uow, actor, notice_id, kind, version)
    file = NoticeFile(kind.value, filename, mime, content)
    uow.write(partial(notice_files.save, notice_id=notice_id, file=file))


async def detach_file(
    uow: UnitOfWork, actor: Actor, notice_id: int, version: int | None = None
) -> None:
    """Take the file of a draft away."""
    await _change_file(uow, actor, notice_id, None, version)
    uow.write(partial(notice_files.drop, notice_id=notice_id))


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
    uow: UnitOfWork, actor: Actor, notice_id: int, kind: FileKind | None, version: int | None
) -> None:
    stored = await open_notice(uow, actor, notice_id, Act.EDIT)
    after = take_act(stored.notice, Act.EDIT, actor.staff.id, uow.now, version)
    content = replace(read_content(after.content), file_kind=kind)
    keep(uow, actor, Act.EDIT, replace(after, content=write_content(content)))

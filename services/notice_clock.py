"""What happens to notices because time passed: begun, joined by latecomers, ended."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial
from typing import Any, TypeAlias

import structlog

from db import audiences, campaigns, enlistment, notice_progress, notices
from db.audiences import Chosen
from db.database import Database
from db.errors import DatabaseUnavailable, told_apart
from db.notices import StoredNotice
from db.staff import Connection
from db.unit_of_work import UnitOfWork
from domain.audiences import read_audience
from domain.campaigns import MADE_BY_PROGRAM
from domain.elapsed import has_passed
from domain.notice_content import read_content
from domain.notices import Act, Status, take_act
from domain.recipients import Status as RecipientStatus
from domain.texts import message
from services.audit import note_program
from services.campaign_words import names_venue
from services.desk import Desk
from services.notice_access import find_scope, subject_of
from services.notice_letters import tell_author
from services.notice_titles import name_notice
from services.reminders import RunUnit

log = structlog.get_logger(__name__)

JOINED_EVERY = timedelta(minutes=5)
AT_ONCE = 1_000
"""Chats looked through in one transaction, so that no reply waits long behind them."""

Part: TypeAlias = tuple[int, int | None]
"""The first chat of a part of everybody, and the first one after it."""


class Step(Enum):
    """What time asks of a notice."""

    DROP = auto()
    START = auto()
    JOIN = auto()
    EXPIRE = auto()
    COMPLETE = auto()


def find_step(stored: StoredNotice, now: datetime) -> Step | None:
    """Tell what is due, if anything.

    With a time to send by, a notice stays open for those who fit it until then; without one, and
    if the program made it, it is complete when everybody who fitted at its start has been sent to.
    """
    notice = stored.notice
    is_late = notice.send_by is not None and notice.send_by <= now
    match notice.status:
        case Status.PENDING_APPROVAL | Status.APPROVED if is_late:
            return Step.DROP
        case Status.APPROVED if notice.starts_at is None or notice.starts_at <= now:
            return Step.START
        case Status.SENDING | Status.PAUSED if is_late:
            return Step.EXPIRE
        case Status.SENDING if _is_joining(stored, now):
            return Step.JOIN
        case Status.SENDING if not _is_open(stored):
            return Step.COMPLETE
    return None


def _is_joining(stored: StoredNotice, now: datetime) -> bool:
    if stored.joined_at is None:
        return True
    return _is_open(stored) and has_passed(JOINED_EVERY, stored.joined_at, now)


def _is_open(stored: StoredNotice) -> bool:
    """Tell whether latecomers join: not what the program made of who comes at that moment."""
    return stored.notice.send_by is not None and stored.occasion not in MADE_BY_PROGRAM


@dataclass(frozen=True)
class NoticeClock:
    """Looks what is due, of emergencies first.

    It reads beside the writer, and writes in short transactions.
    """

    run: RunUnit
    database: Database
    desk: Desk

    async def look(self, now: datetime) -> None:
        """Take the steps that are due, and let nobody wait for what was stopped."""
        async with self.database.read() as connection:
            stopped = await enlistment.list_stopped(connection)
            found = await notices.list_by_status(
                connection,
                Status.PENDING_APPROVAL,
                Status.APPROVED,
                Status.SENDING,
                Status.PAUSED,
            )
        for notice_id in stopped:
            await self._end_queued(notice_id, RecipientStatus.CANCELLED)
        for stored in sorted(found, key=lambda one: not one.notice.emergency):
            await self._tend_safely(stored, now)

    async def _tend_safely(self, stored: StoredNotice, now: datetime) -> None:
        """Let a notice with which something is wrong hold no other up."""
        try:
            await self._tend(stored, now)
        except DatabaseUnavailable:
            raise
        except Exception as error:
            log.warning("notice not tended", notice=stored.id, reason=type(error).__name__)

    async def _tend(self, stored: StoredNotice, now: datetime) -> None:
        match find_step(stored, now):
            case Step.DROP:
                await self._take(stored.id, Step.DROP)
            case Step.START:
                if await self._take(stored.id, Step.START):
                    await self._enlist(replace(stored, joined_at=None), now)
            case Step.JOIN:
                await self._enlist(stored, now)
            case Step.EXPIRE:
                await self._end_queued(stored.id, RecipientStatus.EXPIRED)
                await self._complete_if_done(stored.id, Step.EXPIRE)
            case Step.COMPLETE:
                await self._complete_if_done(stored.id, Step.COMPLETE)

    async def _take(self, notice_id: int, step: Step) -> bool:
        """Take a step, and tell whether it was still due."""
        taken: list[bool] = []

        async def take(uow: UnitOfWork) -> None:
            taken.append(await _take(uow, self.desk, notice_id, step))

        await self.run(take)
        return taken[-1]

    async def _end_queued(self, notice_id: int, status: RecipientStatus) -> None:
        ended: list[int] = []

        async def end_part(uow: UnitOfWork) -> None:
            with told_apart():
                count = await enlistment.end_queued(uow.connection, notice_id, status, uow.now)
                ended.append(count)

        while not ended or ended[-1]:
            await self.run(end_part)

    async def _complete_if_done(self, notice_id: int, step: Step) -> None:
        async with self.database.read() as connection:
            is_open = await notice_progress.has_open(connection, notice_id)
        if not is_open:
            await self._take(notice_id, step)

    async def _enlist(self, stored: StoredNotice, now: datetime) -> None:
        """Queue everybody who fits and is not in the ledger yet, part by part.

        When it is done again for latecomers, only parts with somebody new in them are written.
        """
        async with self.database.read() as connection:
            starts = await audiences.list_starts(connection, AT_ONCE)
        for part in zip(starts, [*starts[1:], None], strict=True):
            if stored.joined_at is None or await self._has_new(stored, now, part):
                await self.run(partial(_enlist_part, self.desk, stored.id, part))
        await self.run(partial(_note_joined, stored.id))

    async def _has_new(self, stored: StoredNotice, now: datetime, part: Part) -> bool:
        async with self.database.read() as connection:
            chosen = await _choose(connection, self.desk, stored, now, part)
            return await enlistment.has_new(connection, stored.id, chosen)


_TAKEN: Mapping[Step, tuple[Act, str]] = {
    Step.DROP: (Act.STOP, "ended_at"),
    Step.START: (Act.START, "started_at"),
    Step.EXPIRE: (Act.COMPLETE, "ended_at"),
    Step.COMPLETE: (Act.COMPLETE, "ended_at"),
}
"""The act by which a step is taken, and what its time is kept as."""


async def _take(uow: UnitOfWork, desk: Desk, notice_id: int, step: Step) -> bool:
    """Take a step, unless somebody acted meanwhile; tell whether it was taken."""
    with told_apart():
        stored = await notices.find(uow.connection, notice_id, lock=True)
    if stored is None or find_step(stored, uow.now) is not step:
        return False
    act, time = _TAKEN[step]
    after = take_act(stored.notice, act, None, uow.now)
    times: dict[str, Any] = {time: uow.now}
    if step is Step.START:
        times["joined_at"] = None
        await _announce(uow, stored)
    if step is Step.DROP and stored.notice.send_by is not None:
        title = await name_notice(uow.connection, stored)
        words = message("notice.missed", title=title, send_by=stored.notice.send_by)
        await tell_author(uow, desk, stored, words)
    uow.write(partial(notices.save, notice=after, **times))
    uow.record(note_program(f"{act}_notice", subject_of(notice_id), "timer"))
    return True


async def _announce(uow: UnitOfWork, stored: StoredNotice) -> None:
    """Let a venue that somebody approved in a notice be the one that guests know."""
    if stored.campaign_id is None:
        return
    with told_apart():
        campaign = await campaigns.find(uow.connection, stored.campaign_id)
    if campaign and names_venue(read_content(stored.notice.content), campaign.plan):
        uow.write(partial(campaigns.forget_told, campaign_id=campaign.id))


async def _enlist_part(desk: Desk, notice_id: int, part: Part, uow: UnitOfWork) -> None:
    """Queue a part of the audience; while it is paused too, or its rest would never be."""
    stored = await _find_under_way(uow, notice_id)
    if stored is None:
        return
    with told_apart():
        chosen = await _choose(uow.connection, desk, stored, uow.now, part)
        await enlistment.enlist(uow.connection, notice_id, chosen, uow.now)


async def _choose(
    connection: Connection, desk: Desk, stored: StoredNotice, now: datetime, part: Part
) -> Chosen:
    """Select those of a part whom a notice is for."""
    notice, scope = stored.notice, await find_scope(connection, stored)
    chosen = await audiences.select_recipients(
        connection,
        read_audience(notice.audience),
        scope,
        notice.topic,
        now.astimezone(desk.time_zone),
    )
    return audiences.between(chosen, *part)


async def _note_joined(notice_id: int, uow: UnitOfWork) -> None:
    if await _find_under_way(uow, notice_id) is not None:
        uow.write(partial(notices.note, notice_id=notice_id, joined_at=uow.now))


async def _find_under_way(uow: UnitOfWork, notice_id: int) -> StoredNotice | None:
    """Find a notice unless somebody has stopped it meanwhile."""
    with told_apart():
        stored = await notices.find(uow.connection, notice_id, lock=True)
    under_way = stored is not None and stored.notice.status in (Status.SENDING, Status.PAUSED)
    return stored if under_way else None

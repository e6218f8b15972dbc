"""What happens to notices because time passed: begun, joined by latecomers, ended."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from db import audiences, ledger, notices, staff
from db.errors import DatabaseUnavailable, told_apart
from db.notices import StoredNotice
from db.staff import Connection
from db.unit_of_work import UnitOfWork
from domain.audiences import read_audience
from domain.campaigns import Occasion
from domain.notices import Act, Status, take_act
from domain.recipients import Status as RecipientStatus
from domain.staff import WHOLE_COUNTRY
from services.audit import note_program
from services.desk import Desk
from services.notice_access import get_scope, subject_of
from services.reminders import RunUnit

log = structlog.get_logger(__name__)

JOINED_EVERY = timedelta(minutes=5)
AT_ONCE = 5_000
"""Chats looked through in one transaction, so that no reply waits long behind them."""

OPEN = (Status.APPROVED, Status.SENDING, Status.PAUSED)


async def tend_notices(run: RunUnit, desk: Desk) -> None:
    """Begin what is due, queue who fits, and end what is done.

    With a time to send by, a notice stays open for those who fit it until then; without one, it is
    done when everybody who fitted at its start has been sent to.
    """
    found: list[StoredNotice] = []

    async def look(uow: UnitOfWork) -> None:
        with told_apart():
            found.extend(await notices.list_by_status(uow.connection, *OPEN))

    await run(look)
    for stored in found:
        await _tend_safely(run, desk, stored.id)


async def _tend_safely(run: RunUnit, desk: Desk, notice_id: int) -> None:
    """Let a notice with which something is wrong hold no other up."""
    try:
        await _tend(run, desk, notice_id)
    except DatabaseUnavailable:
        raise
    except Exception as error:
        log.warning("notice not tended", notice=notice_id, reason=type(error).__name__)


async def _tend(run: RunUnit, desk: Desk, notice_id: int) -> None:
    joins: list[datetime] = []

    async def move(uow: UnitOfWork) -> None:
        with told_apart():
            stored = await notices.find(uow.connection, notice_id, lock=True)
            if stored is not None and await _move(uow, stored):
                joins.append(uow.now)

    await run(move)
    if joins:
        await _enlist(run, desk, notice_id)


async def _move(uow: UnitOfWork, stored: StoredNotice) -> bool:
    """Take the step that is due, and tell whether to queue who fits now."""
    notice, now = stored.notice, uow.now
    is_late = notice.send_by is not None and notice.send_by <= now
    match notice.status:
        case Status.APPROVED if is_late:
            _keep(uow, stored, Act.STOP, ended_at=now)
        case Status.APPROVED if notice.starts_at is None or notice.starts_at <= now:
            _keep(uow, stored, Act.START, started_at=now)
            return True
        case Status.SENDING | Status.PAUSED if is_late:
            await ledger.end_queued(uow.connection, stored.id, RecipientStatus.EXPIRED, now)
            await _complete_if_done(uow, stored)
        case Status.SENDING if _is_joining(stored, now):
            return True
        case Status.SENDING if notice.send_by is None:
            await _complete_if_done(uow, stored)
    return False


def _is_joining(stored: StoredNotice, now: datetime) -> bool:
    if stored.joined_at is None:
        return True
    return stored.notice.send_by is not None and stored.joined_at + JOINED_EVERY <= now


async def _complete_if_done(uow: UnitOfWork, stored: StoredNotice) -> None:
    counts = await ledger.count_by_status(uow.connection, stored.id)
    if not counts[RecipientStatus.QUEUED] and not counts[RecipientStatus.SENDING]:
        _keep(uow, stored, Act.COMPLETE, ended_at=uow.now)


def _keep(uow: UnitOfWork, stored: StoredNotice, act: Act, **times: Any) -> None:
    after = take_act(stored.notice, act, None, uow.now)
    uow.write(partial(notices.save, notice=after, **times))
    uow.record(note_program(f"{act}_notice", subject_of(stored.id), "timer"))


async def _enlist(run: RunUnit, desk: Desk, notice_id: int) -> None:
    """Queue everybody who fits and is not in the ledger yet, part by part."""
    starts: list[int] = []

    async def look(uow: UnitOfWork) -> None:
        starts.extend(await audiences.list_starts(uow.connection, AT_ONCE))

    await run(look)
    for first, end in zip(starts, [*starts[1:], None], strict=True):
        await run(partial(_enlist_part, desk=desk, notice_id=notice_id, first=first, end=end))
    await run(partial(_note_joined, notice_id=notice_id))


async def _enlist_part(
    uow: UnitOfWork, desk: Desk, notice_id: int, first: int, end: int | None
) -> None:
    with told_apart():
        stored = await notices.find(uow.connection, notice_id, lock=True)
        if stored is not None and stored.notice.status is Status.SENDING:
            await _enlist_between(uow.connection, desk, stored, uow.now, first, end)


async def _enlist_between(
    connection: Connection,
    desk: Desk,
    stored: StoredNotice,
    now: datetime,
    first: int,
    end: int | None,
) -> None:
    notice = stored.notice
    scope = get_scope(await staff.find(connection, notice.author))
    if stored.occasion is Occasion.NEWS:
        scope = WHOLE_COUNTRY  # guests were invited by whom it was allowed to, wherever they live
    chosen = await audiences.select_recipients(
        connection,
        read_audience(notice.audience),
        scope,
        notice.topic,
        now.astimezone(desk.time_zone),
    )
    await ledger.enlist(connection, stored.id, audiences.between(chosen, first, end), now)


async def _note_joined(uow: UnitOfWork, notice_id: int) -> None:
    uow.write(partial(notices.note, notice_id=notice_id, joined_at=uow.now))

"""What happens to drafts because time passed: nudged, reminded, erased, asked again."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from db import drafts
from db.drafts import StoredDraft
from db.errors import DatabaseUnavailable, FlushRefused
from db.unit_of_work import UnitOfWork
from domain.quiet_hours import is_quiet
from domain.replies import Say
from domain.texts import message
from services.chats import get_contact, say, say_with_menu
from services.desk import Desk
from services.registration import ask_again

log = structlog.get_logger(__name__)

RunUnit = Callable[[Callable[[UnitOfWork], Awaitable[None]]], Awaitable[None]]
"""Runs some work in one unit of work and has its messages sent."""

NUDGE_AFTER = timedelta(hours=24)
REMIND_AFTER = timedelta(days=23)
ERASE_AFTER = timedelta(days=30)
REMINDED_BEFORE = ERASE_AFTER - REMIND_AFTER
"""Nobody's answers are erased sooner after the reminder, however long the bot was away."""

ACTIVE_BEFORE_OUTAGE = timedelta(hours=24)
AT_ONCE = 200
"""Drafts in one transaction, so that nobody's answer waits long behind them."""


async def tend_drafts(run: RunUnit, desk: Desk, now: datetime) -> None:
    """Nudge, remind and erase what is due; at night nothing is due."""
    if is_quiet(now.astimezone(desk.time_zone)):
        return
    for step in (_erase_due, _remind_due, _nudge_due):
        await _repeat(run, desk, step)


async def ask_again_after_outage(
    run: RunUnit, desk: Desk, began: datetime, ended: datetime
) -> None:
    """Ask the open question again, silently and once, of those who were left without an answer."""

    async def step(uow: UnitOfWork, desk: Desk) -> int:
        due = await drafts.list_to_ask_again(
            uow.connection, began, ended, ACTIVE_BEFORE_OUTAGE, AT_ONCE
        )
        for stored in await _hold(uow, due):
            await _ask(uow, desk, replace(stored, asked_again_at=uow.now), "outage")
        return len(due)

    await _repeat(run, desk, step)


async def _repeat(
    run: RunUnit, desk: Desk, step: Callable[[UnitOfWork, Desk], Awaitable[int]]
) -> None:
    """Take a step in one transaction after the other until nothing is left."""
    done = AT_ONCE

    async def work(uow: UnitOfWork) -> None:
        nonlocal done
        done = await step(uow, desk)

    while done == AT_ONCE:
        await run(work)


async def _hold(uow: UnitOfWork, due: Sequence[StoredDraft]) -> list[StoredDraft]:
    """Load the chats of these drafts, and leave out what another process has just changed."""
    await uow.load([stored.chat_id for stored in due])
    return [stored for stored in due if uow.find_draft(stored.chat_id) == stored]


async def _nudge_due(uow: UnitOfWork, desk: Desk) -> int:
    due = await drafts.list_to_nudge(uow.connection, uow.now - NUDGE_AFTER, AT_ONCE)
    for stored in await _hold(uow, due):
        await _ask(uow, desk, replace(stored, nudged_at=uow.now), "nudge")
    return len(due)


async def _remind_due(uow: UnitOfWork, desk: Desk) -> int:
    due = await drafts.list_to_remind(uow.connection, uow.now - REMIND_AFTER, AT_ONCE)
    for stored in await _hold(uow, due):
        uow.save_draft(replace(stored, reminded_at=uow.now, nudged_at=uow.now))
        if _is_reachable(uow, stored):
            erased_on = (uow.now + REMINDED_BEFORE).astimezone(desk.time_zone).date()
            words = (
                message("revision.day23", erased_on=erased_on)
                if stored.draft.revises
                else message("reminder.day23", erased_on=erased_on)
            )
            say(uow, desk, stored.chat_id, Say((words,)))
    return len(due)


async def _erase_due(uow: UnitOfWork, desk: Desk) -> int:
    due = await drafts.list_to_erase(
        uow.connection, uow.now - ERASE_AFTER, uow.now - REMINDED_BEFORE, AT_ONCE
    )
    for stored in await _hold(uow, due):
        uow.erase_draft(stored.chat_id)
        if _is_reachable(uow, stored):
            revises = stored.draft.revises is not None
            words = message("revision.day30") if revises else message("erased.day30")
            say_with_menu(uow, desk, stored.chat_id, words)
        if not uow.is_registered(stored.chat_id):
            uow.erase_contact(stored.chat_id)
    return len(due)


async def _ask(uow: UnitOfWork, desk: Desk, marked: StoredDraft, reason: str) -> None:
    """Ask the open question again, once: also where that fails, the mark stays."""
    uow.save_draft(marked)
    if not _is_reachable(uow, marked):
        return
    try:
        with uow.part():
            await ask_again(uow, desk, marked, reason)
    except (DatabaseUnavailable, FlushRefused):
        raise
    except Exception as error:
        log.warning("nobody was asked again", reason=type(error).__name__)


def _is_reachable(uow: UnitOfWork, stored: StoredDraft) -> bool:
    return get_contact(uow, stored.chat_id).reachable

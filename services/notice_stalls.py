"""Notices that do not go on although they must: somebody is told, once."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Unpack

from db import heartbeats, notices
from db.notices import Beside, StoredNotice
from db.staff import Connection
from db.unit_of_work import UnitOfWork
from domain.elapsed import has_passed
from domain.texts import Text, message
from services.desk import Desk
from services.notice_letters import tell_administrators
from services.notice_sights import Sight
from services.reminders import RunUnit

NAME = "watch"
AWAY_AFTER = timedelta(minutes=5)
"""A shorter pause in watching counts as if somebody had watched."""

STALLED_AFTER = timedelta(minutes=10)
MOST_UNCERTAIN = 50
"""So many uncertain ones in a row, and something is wrong."""

_MINUTE = timedelta(minutes=1)


class Stalls:
    """Notes when notices move, and has it told if one does not.

    When one was last seen to move is kept with it: a restart neither hides a stall nor makes one.
    """

    def __init__(self, run: RunUnit, desk: Desk) -> None:
        self._run, self._desk = run, desk
        self._settled: dict[int, tuple[int, int]] = {}
        self._certain: dict[int, int] = {}
        """How many were uncertain when a notice last moved."""
        self._beaten_at: datetime | None = None

    async def count_away(self, connection: Connection, now: datetime) -> timedelta:
        """Count for how long nobody watched before this start; a moment is as if somebody had."""
        if self._beaten_at is not None:
            return timedelta(0)
        last = await heartbeats.find_last(connection, NAME) or now
        return now - last if now - last > AWAY_AFTER else timedelta(0)

    async def watch(self, sight: Sight, now: datetime, away: timedelta) -> None:
        """Note that a notice goes on, or tell somebody once that it does not.

        While nobody watched, nothing could go on either: that time does not count.
        """
        stored = sight.stored
        since = stored.moved_at or stored.started_at or now
        has_moved = self._note_settled(sight)
        if not sight.must_move or has_moved or since + away > now:
            self._certain[stored.id] = sight.uncertain
            await self._note_moving(stored, now)
            return
        if away:
            since += away
            await self._run(partial(_note, notice_id=stored.id, moved_at=since))
        streak = sight.uncertain - self._certain.setdefault(stored.id, sight.uncertain)
        if stored.stalled_at is None and (streak >= MOST_UNCERTAIN or now - since >= STALLED_AFTER):
            await self._run(partial(_alert, desk=self._desk, sight=sight, streak=streak))

    async def beat(self, now: datetime) -> None:
        """Remember for the next start that somebody watches."""
        if self._beaten_at is None or has_passed(_MINUTE, self._beaten_at, now):
            await self._run(partial(_beat, at=now))
            self._beaten_at = now

    def keep_only(self, notice_ids: Collection[int]) -> None:
        """Forget all other notices."""
        for gone in self._settled.keys() - notice_ids:
            del self._settled[gone]
            self._certain.pop(gone, None)

    def _note_settled(self, sight: Sight) -> bool:
        """Note what is settled, and tell whether that is more than before, or the notice is new."""
        before = self._settled.get(sight.stored.id)
        self._settled[sight.stored.id] = sight.settled
        if before is None:
            return self._beaten_at is not None
        return before != sight.settled

    async def _note_moving(self, stored: StoredNotice, now: datetime) -> None:
        is_old = stored.moved_at is None or has_passed(_MINUTE, stored.moved_at, now)
        if is_old or stored.stalled_at is not None:
            await self._run(partial(_note, notice_id=stored.id, moved_at=now, stalled_at=None))


async def _beat(uow: UnitOfWork, at: datetime) -> None:
    uow.write(partial(heartbeats.beat, name=NAME, at=at))


async def _note(uow: UnitOfWork, notice_id: int, **beside: Unpack[Beside]) -> None:
    uow.write(partial(notices.note, notice_id=notice_id, **beside))


async def _alert(uow: UnitOfWork, desk: Desk, sight: Sight, streak: int) -> None:
    """Tell administrators and the author that a notice does not go on."""
    await tell_administrators(uow, desk, sight.stored, _word_stall(sight, streak))
    await _note(uow, sight.stored.id, stalled_at=uow.now)


def _word_stall(sight: Sight, streak: int) -> Text:
    title, minutes = sight.title, STALLED_AFTER // _MINUTE
    if streak >= MOST_UNCERTAIN:
        return message("notice.all_uncertain", title=title, count=streak)
    if not sight.outlook.waiting:
        return message("notice.not_joined", title=title, minutes=minutes)
    return message("notice.stalled", title=title, waiting=sight.outlook.waiting, minutes=minutes)

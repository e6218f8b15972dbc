"""An eye on all notices on their way: what is told of each, and what is to be told of a stall."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from db import lane_rests, notice_progress, notices
from db.database import Database
from db.errors import DatabaseUnavailable
from db.notices import StoredNotice
from db.staff import Connection
from domain.notices import Status
from domain.outbox import Lane
from services.desk import Desk
from services.notice_progress import Telling
from services.notice_sights import Sights
from services.notice_stalls import Stalls
from services.reminders import RunUnit

log = structlog.get_logger(__name__)

NEWS_FOR = timedelta(days=7)
"""How long after its end the first word on a notice is still of use to its author."""

SHORT_REST = timedelta(minutes=1)
_UNDER_WAY = (Status.SENDING, Status.PAUSED)


@dataclass(frozen=True)
class Round:
    """What holds for all notices that are looked at together.

    Of those `being_told` the author's last words wait to be sent; `away` is for how long nobody
    watched before.
    """

    now: datetime
    away: timedelta
    is_limited: bool
    being_told: set[int]
    watched: list[StoredNotice]


class Watch:
    """Keeps an eye on notices, reading beside the writer.

    Words on one are stored only once the last ones are made: a chat that must wait gets no heap.
    """

    def __init__(self, run: RunUnit, database: Database, desk: Desk) -> None:
        self._database = database
        self._sights = Sights(desk.time_zone)
        self._stalls = Stalls(run, desk)
        self._telling = Telling(run, desk)

    async def look(self, now: datetime) -> None:
        """Tell authors how far their notices are, and somebody if one does not move."""
        async with self._database.read() as connection:
            this = await self._begin(connection, now)
        for stored in this.watched:
            await self._look_safely(stored, this)
        watched = {stored.id for stored in this.watched}
        for part in (self._sights, self._stalls, self._telling):
            part.keep_only(watched)
        await self._stalls.beat(now)

    async def _begin(self, connection: Connection, now: datetime) -> Round:
        return Round(
            now,
            await self._stalls.count_away(connection, now),
            await _is_limited(connection, now),
            await notice_progress.list_being_told(connection),
            await _list_watched(connection, now),
        )

    async def _look_safely(self, stored: StoredNotice, this: Round) -> None:
        """Let a notice with which something is wrong hide no other."""
        try:
            await self._look_at(stored, this)
        except DatabaseUnavailable:
            raise
        except Exception as error:
            log.warning("notice not watched", notice=stored.id, reason=type(error).__name__)

    async def _look_at(self, stored: StoredNotice, this: Round) -> None:
        async with self._database.read() as connection:
            sight = await self._sights.see(connection, stored, this.now, is_limited=this.is_limited)
        await self._stalls.watch(sight, this.now, this.away)
        if stored.id not in this.being_told:
            await self._telling.keep_told(sight, this.now)


async def _list_watched(connection: Connection, now: datetime) -> list[StoredNotice]:
    """List what is under way or sent again, and what ended since its author was told last."""
    return [
        *await notices.list_by_status(connection, *_UNDER_WAY),
        *await notices.list_ended_untold(connection, now - NEWS_FOR),
    ]


async def _is_limited(connection: Connection, now: datetime) -> bool:
    """Tell whether notices rest because Telegram said so.

    Short rests are also our own, while Telegram answers nothing certain: that may be a stall.
    """
    rest = await lane_rests.find(connection, Lane.BULK)
    return rest is not None and rest.length > SHORT_REST and rest.is_on(now)

"""What happens because time passed."""

import asyncio
from collections.abc import Awaitable, Callable, Collection

import structlog

from bot.hearing import Hearing
from bot.intake import describe
from bot.units import Units
from db.database import Database
from db.retention import forget_old
from services.campaign_reminders import tend_campaigns
from services.desk import Desk
from services.digest import send_digest
from services.notice_clock import NoticeClock
from services.notice_watch import Watch
from services.reminders import tend_drafts

log = structlog.get_logger(__name__)

BEAT_SECONDS = 20.0
TEND_SECONDS = 60.0
DIGEST_SECONDS = 60.0
CAMPAIGNS_SECONDS = 60.0
NOTICES_SECONDS = 3.0
FORGET_SECONDS = 3600.0


class Timers:
    """Small regular jobs; each finds what is due in the database, so none is lost by a restart.

    Notices are watched apart from what is done with them, which may take long or fail.
    """

    def __init__(
        self,
        database: Database,
        units: Units,
        desk: Desk,
        hearing: Hearing,
        digest_hours: Collection[int],
    ) -> None:
        self._database = database
        self._units = units
        self._desk = desk
        self._hearing = hearing
        self._digest_hours = digest_hours
        self._watch = Watch(units.run, database, desk)
        self._notices = NoticeClock(units.run, database, desk)

    async def run(self) -> None:
        """Run every job until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(_repeat(BEAT_SECONDS, self._hearing.beat))
            group.create_task(_repeat(TEND_SECONDS, self._tend))
            group.create_task(_repeat(DIGEST_SECONDS, self._digest))
            group.create_task(_repeat(CAMPAIGNS_SECONDS, self._remind_guests))
            group.create_task(_repeat(NOTICES_SECONDS, self._tend_notices))
            group.create_task(_repeat(NOTICES_SECONDS, self._watch_notices))
            group.create_task(_repeat(FORGET_SECONDS, self._forget))

    async def _tend(self) -> None:
        await tend_drafts(self._units.run, self._desk, self._units.clock())

    async def _digest(self) -> None:
        await send_digest(self._units.run, self._desk, self._digest_hours, self._units.clock())

    async def _remind_guests(self) -> None:
        await tend_campaigns(self._units.run, self._desk)

    async def _tend_notices(self) -> None:
        await self._notices.look(self._units.clock())

    async def _watch_notices(self) -> None:
        await self._watch.look(self._units.clock())

    async def _forget(self) -> None:
        await forget_old(self._database, self._units.clock())


async def _repeat(seconds: float, job: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await job()
        except Exception as error:
            log.warning("job put off", job=job.__qualname__, reason=describe(error))

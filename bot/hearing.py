"""When Telegram was last heard, and what follows after a long silence."""

from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.units import Units
from db import heartbeats
from db.database import Database
from db.errors import FlushRefused
from services.desk import Desk
from services.reminders import ask_again_after_outage

log = structlog.get_logger(__name__)

NAME = "telegram"
OUTAGE_AFTER = timedelta(minutes=2)


class Hearing:
    """Notices an outage, of ours or of Telegram's, and asks the open questions again after it.

    Telegram keeps a tap for 150 seconds only: after a longer outage the people who had tapped
    wait for an answer that will never come.
    """

    def __init__(self, database: Database, units: Units, desk: Desk, clock: Clock) -> None:
        self._database = database
        self._units = units
        self._desk = desk
        self._clock = clock
        self._last: datetime | None = None
        self._began: datetime | None = None
        self._must_beat = True

    @property
    def last_at(self) -> datetime | None:
        """When Telegram was last heard."""
        return self._last

    async def load(self) -> None:
        """Learn when the program before this one last heard Telegram."""
        async with self._database.read() as connection:
            self._last = await heartbeats.find_last(connection, NAME)

    async def note(self, *, caught_up: bool) -> None:
        """Note that Telegram was heard just now; when all that waited there has been taken, ask
        those again who were left without an answer."""
        now = self._clock()
        if self._last is not None and now - self._last > OUTAGE_AFTER and self._began is None:
            self._began = self._last
            self._must_beat = True
        self._last = now
        if self._began is not None and caught_up:
            await self._ask_again(self._began, now)
            self._began = None
        if self._must_beat:
            await self.beat()

    async def _ask_again(self, began: datetime, ended: datetime) -> None:
        try:
            await ask_again_after_outage(self._units.run, self._desk, began, ended)
        except FlushRefused as error:
            log.error("nobody was asked again after an outage", reason=str(error))

    async def beat(self) -> None:
        """Remember for the next program when Telegram was last heard.

        Done as soon as Telegram is heard, and after each outage: a program that dies young must
        not leave its successors to ask everybody once more.
        """
        last = self._last
        if last is not None and self._began is None:
            await self._database.write(lambda one: heartbeats.beat(one, NAME, last))
            self._must_beat = False

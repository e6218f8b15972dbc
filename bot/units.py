"""Runs units of work: everything is stored first, and only then is anything sent."""

from collections.abc import Awaitable, Callable

from bot.clock import Clock, now_utc
from bot.sender import Sender
from db.database import Database
from db.unit_of_work import UnitOfWork, run_unit


class Units:
    """The way to change something: in one transaction, with what it has to say sent after it."""

    def __init__(self, database: Database, sender: Sender, clock: Clock = now_utc) -> None:
        self._database = database
        self._sender = sender
        self.clock = clock

    async def run(self, work: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        """Do some work and store it, then have its calls made.

        Raises:
            DatabaseUnavailable: nothing was stored; the same work may be tried again.
            FlushRefused: nothing was stored; something in this work cannot be.
        """
        changes, calls = await run_unit(self._database, self.clock(), work)
        self._sender.offer(calls, changes.acknowledgements.values())

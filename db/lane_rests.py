"""How long lanes rest because Telegram said so, which a restart must not forget."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from db import heartbeats
from domain.outbox import Lane


@dataclass(frozen=True)
class Rest:
    """A rest of a lane."""

    began_at: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        """How long it is as a whole."""
        return self.until - self.began_at

    def is_on(self, now: datetime) -> bool:
        """Tell whether the lane rests at a moment."""
        return self.began_at <= now < self.until

    def count_left(self, now: datetime) -> timedelta:
        """Count what is left: never more than the whole, also if the clock was set back."""
        return min(self.until - now, self.length)


async def save(connection: AsyncConnection, rests: Mapping[Lane, Rest]) -> None:
    """Note the rests of some lanes."""
    for lane, rest in rests.items():
        await heartbeats.beat(connection, _name_beginning(lane), rest.began_at)
        await heartbeats.beat(connection, _name_end(lane), rest.until)


async def load(connection: AsyncConnection) -> dict[Lane, Rest]:
    """Load the last rest of each lane that ever rested."""
    found = {lane: await find(connection, lane) for lane in Lane}
    return {lane: rest for lane, rest in found.items() if rest is not None}


async def find(connection: AsyncConnection, lane: Lane) -> Rest | None:
    """Find the last rest of a lane."""
    began_at = await heartbeats.find_last(connection, _name_beginning(lane))
    until = await heartbeats.find_last(connection, _name_end(lane))
    return None if began_at is None or until is None else Rest(began_at, until)


def _name_beginning(lane: Lane) -> str:
    return f"rest.{lane.name.lower()}.began"


def _name_end(lane: Lane) -> str:
    return f"rest.{lane.name.lower()}"

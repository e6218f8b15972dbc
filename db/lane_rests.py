"""How long lanes rest because Telegram said so, which a restart must not forget."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.statements import upsert
from db.tables import lane_rests
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
    rows = [{"lane": lane.name.lower(), **vars(rest)} for lane, rest in rests.items()]
    await upsert(connection, lane_rests, rows)


async def load(connection: AsyncConnection) -> dict[Lane, Rest]:
    """Load the last rest of each lane that ever rested."""
    rows = await connection.execute(select(lane_rests))
    return {Lane[row.lane.upper()]: Rest(row.began_at, row.until) for row in rows}


async def find(connection: AsyncConnection, lane: Lane) -> Rest | None:
    """Find the last rest of a lane."""
    of_lane = select(lane_rests).where(lane_rests.c.lane == lane.name.lower())
    row = (await connection.execute(of_lane)).first()
    return None if row is None else Rest(row.began_at, row.until)

"""Until when lanes rest because Telegram said so, which a restart must not forget."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from db import heartbeats
from domain.outbox import Lane


async def save(connection: AsyncConnection, rests: Mapping[Lane, datetime]) -> None:
    """Note until when some lanes rest."""
    for lane, until in rests.items():
        await heartbeats.beat(connection, _name(lane), until)


async def load(connection: AsyncConnection) -> dict[Lane, datetime]:
    """Load until when lanes rest, or rested last."""
    found = {lane: await heartbeats.find_last(connection, _name(lane)) for lane in Lane}
    return {lane: until for lane, until in found.items() if until is not None}


def _name(lane: Lane) -> str:
    return f"rest.{lane.name.lower()}"

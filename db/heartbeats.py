"""When a part of the program was last known to be well."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.statements import upsert
from db.tables import heartbeats


async def beat(connection: AsyncConnection, name: str, at: datetime) -> None:
    """Note that a part is well at this moment."""
    await upsert(connection, heartbeats, [{"name": name, "at": at}])


async def find_last(connection: AsyncConnection, name: str) -> datetime | None:
    """Find when a part was last well."""
    found: datetime | None = await connection.scalar(
        select(heartbeats.c.at).where(heartbeats.c.name == name)
    )
    return found

"""Which updates were taken, and the ones that nobody could read."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.statements import insert_new, select_by_ids
from db.tables import dead_letters, received_updates

_FIND = select(received_updates.c.update_id).where(
    received_updates.c.update_id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True)
class DeadLetter:
    """An update that could not be taken, as JSON; the reason holds nobody's words."""

    update_id: int | None
    reason: str
    body: str
    received_at: datetime


async def find_received(connection: AsyncConnection, ids: Collection[int]) -> set[int]:
    """Find which of these updates were taken before."""
    return {update_id for (update_id,) in await select_by_ids(connection, _FIND, ids)}


async def mark_received(connection: AsyncConnection, ids: Collection[int], now: datetime) -> None:
    """Remember that these updates were taken."""
    rows = [{"update_id": update_id, "received_at": now} for update_id in ids]
    await insert_new(connection, received_updates, rows)


async def forget_received_before(connection: AsyncConnection, moment: datetime) -> None:
    """Forget updates so old that Telegram has forgotten them too."""
    await connection.execute(
        delete(received_updates).where(received_updates.c.received_at < moment)
    )


async def bury(connection: AsyncConnection, letters: Sequence[DeadLetter]) -> None:
    """Keep updates that could not be taken, for an engineer to look at."""
    if letters:
        await connection.execute(insert(dead_letters), [asdict(letter) for letter in letters])


async def forget_dead_letters_before(connection: AsyncConnection, moment: datetime) -> None:
    """Drop dead letters that are old enough."""
    await connection.execute(delete(dead_letters).where(dead_letters.c.received_at < moment))

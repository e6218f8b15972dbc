"""The ledger of a running bot, looked at from outside."""

import asyncio
import sqlite3
from pathlib import Path


class Ledger:
    """The rows of a notice, looked at from outside, and beside the simulator's loop."""

    def __init__(self, file: Path, notice_id: int) -> None:
        self._notice_id = notice_id
        address = f"file:{file}?mode=ro"
        self._connection = sqlite3.connect(address, uri=True, check_same_thread=False)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    async def count_settled(self) -> int:
        """Count who is neither queued nor being sent to."""
        return await asyncio.to_thread(self.count, "status NOT IN ('queued', 'sending')")

    def count_in_hand(self) -> int:
        """Count who is being sent to, of any notice."""
        query = "SELECT count(*) FROM recipients WHERE status = 'sending'"
        return int(self._connection.execute(query).fetchone()[0])

    def count(self, where: str = "1") -> int:
        """Count the notice's rows of which something is so."""
        query = f"SELECT count(*) FROM recipients WHERE notice_id = ? AND {where}"
        return int(self._connection.execute(query, [self._notice_id]).fetchone()[0])

"""Turns of those who ask much: each member of staff has one such question at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class Turns:
    """Lets a person's next question wait for their last, however many pages they open."""

    def __init__(self) -> None:
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def take(self, staff_id: int) -> AsyncIterator[None]:
        """Wait for somebody's turn, and hold it."""
        turn = self._turns.setdefault(staff_id, asyncio.Lock())
        async with turn:
            yield

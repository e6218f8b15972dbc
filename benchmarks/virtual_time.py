"""A clock that only goes on while the program waits for time to pass: half an hour takes minutes.

While the database works, the clock stands still: what the program itself needs takes no time on
it. All of the program keeps this time, since it takes the place of `time.monotonic`.
"""

import asyncio
import selectors
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from db.database import Database

T = TypeVar("T")

_REST_SECONDS = 0.05


class VirtualClock:
    """Seconds since its beginning, and how many works are under way for which it stands still."""

    def __init__(self) -> None:
        self.seconds = 1_000.0
        self.working = 0

    def __call__(self) -> float:
        """Tell the time."""
        return self.seconds


class _Selector(selectors.DefaultSelector):
    """Waits for nothing: it moves the clock on instead, unless a thread still works."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Give what happened; if nothing can happen before a time, let it be that time."""
        happened: list[tuple[selectors.SelectorKey, int]] = super().select(0)
        if happened or timeout is None or timeout <= 0:
            return happened or (super().select(None) if timeout is None else happened)
        if self._clock.working:
            return list(super().select(_REST_SECONDS))
        self._clock.seconds += timeout
        return []


class StillDatabase(Database):
    """A database for whose work the clock stands still."""

    def __init__(self, url: str, clock: VirtualClock) -> None:
        super().__init__(url)
        self._clock = clock

    async def write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Do some work in one write transaction, in no time."""
        self._clock.working += 1
        try:
            return await super().write(work)
        finally:
            self._clock.working -= 1

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection that only reads, in no time."""
        self._clock.working += 1
        try:
            async with super().read() as connection:
                yield connection
        finally:
            self._clock.working -= 1


def run_virtually(clock: VirtualClock, work: Coroutine[Any, Any, T]) -> T:
    """Run some work by a clock that moves only while everything waits."""
    time.monotonic = clock  # asyncio's own loop goes by it as well
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(_Selector(clock))) as runner:
        return runner.run(work)

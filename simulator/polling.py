"""Delivery by getUpdates: long polling, confirmation by offset, one poller at a time."""

import asyncio
import time
from typing import Any

from simulator.errors import Refusal, conflict
from simulator.parameters import Check, as_array, as_integer, read_parameters
from simulator.telegram import Telegram
from simulator.updates import Entry

KNOWN: dict[str, Check] = {
    "offset": as_integer,
    "limit": as_integer,
    "timeout": as_integer,
    "allowed_updates": as_array,
}
LONGEST_SECONDS = 50
SAME_OFFSET_ONE_SECONDS = 0.5
SAME_OFFSET_WAIT_SECONDS = 3


class Polling:
    """Answer getUpdates."""

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram
        self.last_seen = 0.0
        self._waiting: asyncio.Future[None] | None = None
        self._last_offset: int | None = None
        self._finished = 0.0
        telegram.updates.on_add.append(self._wake)

    @property
    def is_waiting(self) -> bool:
        """Tell whether a poll is open right now."""
        return self._waiting is not None

    def _wake(self, _: Entry) -> None:
        self.release()

    async def get_updates(self, given: dict[str, Any]) -> str:
        """Return the next updates as a JSON array, at once or as soon as there is one."""
        values = read_parameters(given, KNOWN, ())
        if self.telegram.webhook.get("url"):
            raise conflict(
                "can't use getUpdates method while webhook is active;"
                " use deleteWebhook to delete the webhook first"
            )
        self._end_older_poll()
        if "allowed_updates" in values:
            self.set_allowed(values["allowed_updates"])
        offset = values.get("offset", 0)
        limit = min(max(values.get("limit", 100), 1), 100)
        timeout = min(max(values.get("timeout", 0), 0), LONGEST_SECONDS)
        limit, timeout = self._slow_down(offset, limit, timeout)
        entries = await self._wait(offset, limit, timeout)
        self._finished = self.last_seen = time.monotonic()
        return "[" + ",".join(entry.body for entry in entries) + "]"

    def set_allowed(self, kinds: list[str]) -> None:
        """Keep only updates of these kinds from now on; none means the usual ones."""
        self.telegram.updates.allowed = frozenset(kinds)
        self.telegram.journal.record("setting", "allowed_updates", sorted(kinds))

    def _slow_down(self, offset: int, limit: int, timeout: int) -> tuple[int, int]:
        """Answer the same offset asked again at once with less and later, as Telegram does."""
        again = offset == self._last_offset
        since = time.monotonic() - self._finished
        self._last_offset = offset
        if again and since < SAME_OFFSET_ONE_SECONDS:
            limit = 1
        if again and since < SAME_OFFSET_WAIT_SECONDS:
            timeout = max(timeout, SAME_OFFSET_WAIT_SECONDS)
        return limit, timeout

    def _end_older_poll(self) -> None:
        self.interrupt(
            conflict(
                "terminated by other getUpdates request;"
                " make sure that only one bot instance is running"
            )
        )

    async def _wait(self, offset: int, limit: int, seconds: float) -> list[Entry]:
        entries = self.telegram.updates.take(offset, limit)
        if entries or not seconds:
            return entries
        waiting = self._waiting = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await waiting
        except TimeoutError:
            return []
        finally:
            if self._waiting is waiting:
                self._waiting = None
        return self.telegram.updates.take(offset, limit)

    def interrupt(self, refusal: Refusal) -> None:
        """End the open poll with a refusal, as setting a webhook does."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(refusal)

    def release(self) -> None:
        """End the open poll with what there is, because something came or before a stop."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

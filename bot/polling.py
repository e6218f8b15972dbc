"""Asks Telegram for updates, and for the next ones only when these are stored."""

import asyncio
import json

import structlog

from bot.hearing import Hearing
from bot.intake import Intake, find_update_id
from bot.outcomes import NO_ANSWER, Kind, Outcome, read_answer, read_object
from bot.sender import TokenRefused
from bot.transport import Transport
from db.errors import DatabaseUnavailable
from handlers.updates import KINDS

log = structlog.get_logger(__name__)

BATCH = 100
WAIT_SECONDS = 25
LONGEST_PAUSE_SECONDS = 15.0
CONFLICTS_UNTIL_GIVING_UP = 4


class AnotherInstance(Exception):
    """Another process asks for the updates of the same bot."""


class Polling:
    """The loop from one batch to the next. What was not stored is asked for again."""

    def __init__(
        self, transport: Transport, address: str, intake: Intake, hearing: Hearing
    ) -> None:
        self._transport = transport
        self._address = address
        self._intake = intake
        self._hearing = hearing
        self._offset = 0
        self._conflicts = 0
        self._pause = 0.5
        self._stopping = False
        self._waiting: asyncio.Task[list[object]] | None = None

    async def run(self) -> None:
        """Take batches until `stop`.

        Raises:
            TokenRefused: Telegram does not know the token.
            AnotherInstance: another process keeps asking for the same updates.
        """
        while not self._stopping:
            self._waiting = asyncio.create_task(self._fetch())
            try:
                await self._take(await self._waiting)
            except asyncio.CancelledError:
                if not self._stopping:
                    raise
            except DatabaseUnavailable as error:
                log.warning("batch not stored, asking for it again", reason=str(error))
                await asyncio.sleep(1)

    def stop(self) -> None:
        """Finish the batch in hand and fetch no other."""
        self._stopping = True
        if self._waiting is not None:
            self._waiting.cancel()

    async def _take(self, batch: list[object]) -> None:
        if batch:
            await self._intake.take(batch)
            self._offset = next_offset(self._offset, batch)
        await self._hearing.note(caught_up=len(batch) < BATCH)

    async def _fetch(self) -> list[object]:
        """Wait for updates as long as it takes; an error is waited out."""
        while True:
            try:
                status, text = await self._ask()
            except NO_ANSWER as error:
                await self._wait_out(type(error).__name__)
                continue
            updates = read_object(text).get("result") if status == 200 else None
            if isinstance(updates, list):
                self._pause, self._conflicts = 0.5, 0
                return updates
            await self._wait_out_refusal(read_answer(status, text), status)

    async def _ask(self) -> tuple[int, bytes]:
        parameters = {
            "offset": self._offset,
            "limit": BATCH,
            "timeout": WAIT_SECONDS,
            "allowed_updates": KINDS,
        }
        return await self._transport.call(
            self._address + "getUpdates", json.dumps(parameters), WAIT_SECONDS + 10
        )

    async def _wait_out_refusal(self, outcome: Outcome, status: int) -> None:
        if outcome.kind is Kind.UNAUTHORIZED:
            raise TokenRefused(outcome.reason)
        if status == 409:
            self._conflicts += 1
            if self._conflicts >= CONFLICTS_UNTIL_GIVING_UP:
                raise AnotherInstance(outcome.reason)
        if outcome.kind is Kind.LIMITED:
            await asyncio.sleep(outcome.retry_after_seconds)
        else:
            await self._wait_out(outcome.reason)

    async def _wait_out(self, reason: str) -> None:
        log.warning("no updates from Telegram", reason=reason, again_in_seconds=self._pause)
        await asyncio.sleep(self._pause)
        self._pause = min(LONGEST_PAUSE_SECONDS, self._pause * 2)


def next_offset(offset: int, batch: list[object]) -> int:
    """Tell which update to ask for next.

    An update whose id cannot be read is counted as the one after its neighbour, so that it does
    not come back for ever.
    """
    for raw in batch:
        update_id = find_update_id(raw)
        offset = offset + 1 if update_id is None else update_id + 1
    return offset

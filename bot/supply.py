"""The next recipients of all notices, loaded from the ledger and written, ready to be claimed."""

import asyncio
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import TypeAlias

import structlog

from db import ready_recipients
from db.database import Database
from db.errors import DatabaseUnavailable
from db.staff import Connection
from domain.outbox import Call
from domain.recipients import Key, ReadyRecipient, Rules, Status, Verdict

log = structlog.get_logger(__name__)

Prepared: TypeAlias = tuple[ReadyRecipient, Call]
Prepare: TypeAlias = Callable[[Connection, Sequence[ReadyRecipient]], Awaitable[list[Prepared]]]
"""Writes the calls of some recipients; whom it leaves out there is nothing to send to."""

IDLE_SECONDS = 1.0
SOON_SECONDS = 0.1
"""When to look again while some chats rest, whose next notice may wait for that only."""

CHAT_REST_SECONDS = 1.0
BROKEN_REST = timedelta(minutes=1)
NOTHING_TO_SEND = "nothing to send"


class Supply:
    """Keeps some recipients ready; no chat is given out twice within a second.

    Whose chat is ready, in hand or at rest is not loaded, so that who waits for a chat fills no
    place of somebody who need not wait. A notice whose file is still to be uploaded is given out to
    one at a time, so that it is uploaded once.
    `passed_over` says of some why they are not sent to; it is still to be noted.
    """

    def __init__(
        self,
        database: Database,
        prepare: Prepare,
        rules: Rules,
        clock: Callable[[], datetime],
        size: int,
        *,
        paid: bool,
    ) -> None:
        self.passed_over: dict[Key, Verdict] = {}
        self._database = database
        self._prepare = prepare
        self._rules = rules
        self._clock = clock
        self._size = size
        self._paid = paid
        self._ready: deque[Prepared] = deque()
        self._busy_until: dict[int, float] = {}
        self._uploading: set[int] = set()
        self._withheld: set[int] = set()
        self._low = asyncio.Event()
        self._loads = 0
        self._served: dict[int, int] = {}

    async def keep_full(self, tell: Callable[[], None]) -> None:
        """Load more whenever there are few, until cancelled; tell when there are."""
        while True:
            found = await self._load_safely()
            tell()
            if found < self._size:
                await asyncio.sleep(SOON_SECONDS if self._busy_until else IDLE_SECONDS)
            while len(self._ready) >= self._size // 2:
                self._low.clear()
                await self._low.wait()

    async def _load_safely(self) -> int:
        try:
            return await self._load()
        except DatabaseUnavailable as error:
            log.warning("ledger not read yet", reason=str(error))
            return 0

    async def _load(self) -> int:
        now = self._clock()
        busy = self._list_busy()
        async with self._database.read() as connection:
            found = await ready_recipients.list_ready(
                connection,
                now,
                self._size,
                self._rules,
                apart_from=busy,
                without=self._uploading | self._withheld,
                served=self._served,
            )
            prepared = await self._prepare_each(connection, found, now)
        self._loads += 1
        self._served |= {row.notice_id: self._loads for row in found}
        self._ready.extend(
            (row, prepared[row.key])
            for row in found
            if row.key in prepared and self._may_go(row, prepared[row.key])
        )
        return len(found)

    def _may_go(self, row: ReadyRecipient, call: Call) -> bool:
        """Tell whether a call brings no file, or is the one that uploads it; the others wait."""
        if row.notice_id in self._withheld:
            return False
        if call.attachment is None:
            return True
        is_first = row.notice_id not in self._uploading
        self._uploading.add(row.notice_id)
        return is_first

    def _list_busy(self) -> set[int]:
        """List the chats that are ready, in hand or at rest, and forget those that were."""
        now = time.monotonic()
        self._busy_until = {chat: until for chat, until in self._busy_until.items() if until > now}
        return {row.chat_id for row, _ in self._ready} | self._busy_until.keys()

    async def _prepare_each(
        self, connection: Connection, found: Sequence[ReadyRecipient], now: datetime
    ) -> dict[Key, Call]:
        """Write the calls, each notice's apart: one that cannot be written holds no other up."""
        prepared: dict[Key, Call] = {}
        for notice_id, group in groupby(sorted(found, key=_notice), key=_notice):
            rows = list(group)
            missing = Verdict(Status.FAILED, NOTHING_TO_SEND)
            try:
                made = await self._prepare(connection, rows)
                prepared |= {row.key: self._pay(call) for row, call in made}
            except DatabaseUnavailable:
                raise
            except Exception as error:
                log.error("notice not written", notice=notice_id, reason=type(error).__name__)
                missing = Verdict(Status.QUEUED, not_before=now + BROKEN_REST)
            self.passed_over |= {row.key: missing for row in rows if row.key not in prepared}
        return prepared

    def _pay(self, call: Call) -> Call:
        if not self._paid:
            return call
        parameters = json.loads(call.parameters) | {"allow_paid_broadcast": True}
        return replace(call, parameters=json.dumps(parameters, ensure_ascii=False))

    def take(self, room: int) -> list[Prepared]:
        """Give out the next, at most so many; whoever takes them gives them back at the end."""
        taken = [self._ready.popleft() for _ in range(min(room, len(self._ready)))]
        self._busy_until.update((row.chat_id, float("inf")) for row, _ in taken)
        if len(self._ready) < self._size // 2:
            self._low.set()
        return taken

    def withhold(self, notice_id: int) -> None:
        """Give out nobody of a notice until `allow`; its calls are then written anew."""
        self._withheld.add(notice_id)
        self._ready = deque(one for one in self._ready if one[0].notice_id != notice_id)
        self._low.set()

    def allow(self, notice_id: int) -> None:
        """Give out recipients of a notice again."""
        self._withheld.discard(notice_id)

    def give_back(self, keys: Collection[Key], *, sent: bool) -> None:
        """Take back whom the ledger knows about again; a chat that was sent to rests a moment."""
        until = time.monotonic() + CHAT_REST_SECONDS * sent
        self._busy_until.update((key.chat_id, until) for key in keys)
        self._uploading.difference_update(key.notice_id for key in keys)


def _notice(row: ReadyRecipient) -> int:
    return row.notice_id

"""Sends notices: keeps the sender busy from the ledger, claims before the call, settles after it.

What is claimed together is stored together with what was settled meanwhile, so that a thousand
messages a second are some dozens of commits. In hand are at any time only as many as calls can be
under way, so no more can be uncertain after a crash.
"""

import asyncio
import json
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import TypeAlias

import structlog

from bot.outcomes import Kind, Outcome
from bot.sender import Sender
from bot.settlements import read_settlement
from db import ledger
from db.database import Database
from db.errors import DatabaseUnavailable, FlushRefused
from db.staff import Connection
from domain.outbox import Call
from domain.recipients import Key, ReadyRecipient, Rules, Settlement, Status, Verdict

log = structlog.get_logger(__name__)

Prepared: TypeAlias = tuple[ReadyRecipient, Call]
Prepare: TypeAlias = Callable[[Connection, Sequence[ReadyRecipient]], Awaitable[list[Prepared]]]
"""Writes the calls of some recipients; whom it leaves out there is nothing to send to."""

IDLE_SECONDS = 1.0
GATHER_SECONDS = 0.01
CHAT_REST_SECONDS = 1.0
STOP_SECONDS = 5.0
BROKEN_REST = timedelta(minutes=1)
MOST_CHATS_REMEMBERED = 5000
FREE_PACE = 640
"""What sizes follow when no pace is kept."""

NOTHING_TO_SEND = "nothing to send"
STOPPED = Outcome(Kind.LIMITED, "stopped")


class Broadcaster:
    """Sends every notice to each of its recipients at most once."""

    def __init__(
        self,
        database: Database,
        sender: Sender,
        prepare: Prepare,
        rules: Rules,
        clock: Callable[[], datetime],
        per_second: int = 28,
        *,
        paid: bool = False,
    ) -> None:
        self._database = database
        self._sender = sender
        self._prepare = prepare
        self._rules = rules
        self._clock = clock
        self._paid = paid
        pace = per_second or FREE_PACE
        self._ahead = max(4, pace // 16)
        self._at_once = count_at_once(per_second)
        self._load_size = max(32, pace // 5)
        self._load_at = 0.0
        self._ready: deque[Prepared] = deque()
        self._passed_over: dict[Key, Verdict] = {}
        self._settlements: list[Settlement] = []
        self._in_hand: set[Key] = set()
        self._waiting = 0
        self._tries: Counter[Key] = Counter()
        self._chats_rest_until: dict[int, float] = {}
        self._rests_until = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._stopping = False

    async def load(self) -> None:
        """Call those uncertain who were being sent to when the program ended."""
        now = self._clock()
        if uncertain := await self._database.write(lambda c: ledger.recover(c, now)):
            log.warning("recipients are uncertain after a crash", count=uncertain)

    async def run(self) -> None:
        """Send until `stop`; then settle what is in hand."""
        try:
            while not self._stopping:
                await self._take_turn_safely()
                await self._wait(IDLE_SECONDS)
            await self._finish()
        finally:
            for task in self._tasks:
                task.cancel()

    def stop(self) -> None:
        """Claim nobody any more; `run` returns when those in hand are settled."""
        self._stopping = True
        self._sender.give_back(STOPPED)
        self._wake.set()

    async def _finish(self) -> None:
        ends_at = time.monotonic() + STOP_SECONDS
        await self._take_turn_safely()
        while self._in_hand and time.monotonic() < ends_at:
            await self._wait(ends_at - time.monotonic())
            await self._take_turn_safely()

    async def _wait(self, seconds: float) -> None:
        """Wait for something to do, and a moment more for what comes together with it."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), seconds)
            await asyncio.sleep(GATHER_SECONDS)
        self._wake.clear()

    async def _take_turn_safely(self) -> None:
        try:
            await self._take_turn()
        except (DatabaseUnavailable, FlushRefused) as error:
            log.warning("ledger not written yet", reason=str(error))
            await asyncio.sleep(IDLE_SECONDS)

    async def _take_turn(self) -> None:
        if not self._stopping and self._is_low():
            await self._load_more()
        chosen = self._choose()
        if chosen or self._settlements or self._passed_over:
            for prepared in await self._write(chosen):
                self._begin(prepared)

    def _is_low(self) -> bool:
        return len(self._ready) < self._load_size // 2 and time.monotonic() >= self._load_at

    async def _load_more(self) -> None:
        now = self._clock()
        loaded = {row.key for row, _ in self._ready}
        async with self._database.read() as connection:
            found = await ledger.list_ready(
                connection, now, self._load_size, self._rules, apart_from=loaded
            )
            prepared = await self._prepare_each(connection, found, now)
        self._ready.extend((row, prepared[row.key]) for row in found if row.key in prepared)
        if len(found) < self._load_size:
            self._load_at = time.monotonic() + IDLE_SECONDS

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
            except Exception as error:
                log.error("notice not written", notice=notice_id, reason=type(error).__name__)
                missing = Verdict(Status.QUEUED, not_before=now + BROKEN_REST)
            self._passed_over |= {row.key: missing for row in rows if row.key not in prepared}
        return prepared

    def _pay(self, call: Call) -> Call:
        if not self._paid:
            return call
        parameters = json.loads(call.parameters) | {"allow_paid_broadcast": True}
        return replace(call, parameters=json.dumps(parameters, ensure_ascii=False))

    def _choose(self) -> list[Prepared]:
        """Choose whom to claim: no more than will begin soon, and no chat twice in a second."""
        now = time.monotonic()
        room = min(self._ahead - self._waiting, self._at_once - len(self._in_hand))
        if self._stopping or now < self._rests_until:
            return []
        chosen: list[Prepared] = []
        passed: list[Prepared] = []
        while self._ready and len(chosen) < room:
            one = self._ready.popleft()
            rests = self._chats_rest_until.get(one[0].chat_id, 0.0) > now
            (passed if rests else chosen).append(one)
            if not rests:
                self._chats_rest_until[one[0].chat_id] = float("inf")
        self._ready.extendleft(reversed(passed))
        return chosen

    async def _write(self, chosen: Sequence[Prepared]) -> list[Prepared]:
        """Store what became of some, and claim others, in one transaction."""
        now, rows = self._clock(), [row for row, _ in chosen]
        settlements, self._settlements = self._settlements, []
        passed_over, self._passed_over = self._passed_over, {}

        async def work(connection: Connection) -> list[ReadyRecipient]:
            await ledger.settle(connection, settlements, now)
            await ledger.pass_over(connection, passed_over, now)
            return await ledger.claim(connection, rows, now, self._rules)

        try:
            claimed = {row.key for row in await self._database.write(work)}
        except (DatabaseUnavailable, FlushRefused):
            # If it was stored after all, these were claimed, and their calls never begin.
            unclaimed = [Settlement(row.key, Status.QUEUED) for row in rows]
            self._settlements = settlements + unclaimed + self._settlements
            self._passed_over = passed_over | self._passed_over
            raise
        self._forget(settlements)
        for row in rows:
            if row.key not in claimed:
                self._chats_rest_until.pop(row.chat_id, None)
        return [one for one in chosen if one[0].key in claimed]

    def _forget(self, settlements: Sequence[Settlement]) -> None:
        now = time.monotonic()
        for one in settlements:
            self._in_hand.discard(one.key)
            if one.status is Status.QUEUED:
                self._chats_rest_until.pop(one.key.chat_id, None)
            else:
                self._tries.pop(one.key, None)
                self._chats_rest_until[one.key.chat_id] = now + CHAT_REST_SECONDS
        if len(self._chats_rest_until) > MOST_CHATS_REMEMBERED:
            resting = self._chats_rest_until.items()
            self._chats_rest_until = {chat: until for chat, until in resting if until > now}

    def _begin(self, prepared: Prepared) -> None:
        row, call = prepared
        self._in_hand.add(row.key)
        if self._stopping:
            self._settlements.append(Settlement(row.key, Status.QUEUED))
            return
        self._waiting += 1
        task = asyncio.create_task(self._deliver(row.key, call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, key: Key, call: Call) -> None:
        has_begun = False

        def begin() -> None:
            nonlocal has_begun
            has_begun = True
            self._waiting -= 1
            self._wake.set()

        outcome, answer = await self._sender.deliver(call, begin)
        self._waiting -= not has_begun
        if outcome.kind is Kind.LIMITED:
            self._rest(outcome.retry_after_seconds)
        if outcome.kind in (Kind.NOT_DELIVERED, Kind.UNATTACHED):
            self._tries[key] += 1
        tries = self._tries.get(key, 1)
        self._settlements.append(read_settlement(key, outcome, answer, self._clock(), tries))
        self._wake.set()

    def _rest(self, seconds: float) -> None:
        self._rests_until = max(self._rests_until, time.monotonic() + seconds)


async def prepare_nothing(_: Connection, __: Sequence[ReadyRecipient]) -> list[Prepared]:
    """Know no notice's words: whoever is ready waits."""
    raise LookupError("nobody writes notices")


def count_at_once(per_second: int) -> int:
    """Count how many recipients are in hand at most: those of the last four tenths of a second."""
    return max(32, (per_second or FREE_PACE) * 2 // 5)


def _notice(row: ReadyRecipient) -> int:
    return row.notice_id

"""Sends notices: claims recipients in the ledger before their calls, and settles them after.

What is claimed together is stored together with what was settled meanwhile, so that a thousand
messages a second are some dozens of commits. In hand are at any time only as many as calls can be
under way, so no more can be uncertain after a crash.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog

from bot.brake import Brake
from bot.outcomes import Kind, Outcome
from bot.refusals import HoldRefused, Refusals
from bot.sender import Sender
from bot.settlements import read_settlement
from bot.supply import Prepare, Prepared, Supply
from db import ledger
from db.database import Database
from db.errors import DatabaseUnavailable, FlushRefused
from db.staff import Connection
from domain.outbox import Call, Lane
from domain.recipients import INTERRUPTED, Key, ReadyRecipient, Rules, Settlement, Status

log = structlog.get_logger(__name__)

IDLE_SECONDS = 1.0
GATHER_SECONDS = 0.01
STOP_SECONDS = 5.0
FREE_PACE = 640
"""What sizes follow when no pace is kept."""

HOLD_SECONDS = 1.0
"""How long a claimed recipient may wait for the call: nobody asks again whether it may begin."""

STOPPED = Outcome(Kind.WITHDRAWN, "stopped")


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
        hold_refused: HoldRefused | None = None,
    ) -> None:
        pace = per_second or FREE_PACE
        self._database = database
        self._sender = sender
        self._rules = rules
        self._clock = clock
        self._supply = Supply(database, prepare, rules, clock, max(32, pace // 5), paid=paid)
        self._ahead = max(8, pace // 16)
        self._at_once = count_at_once(per_second)
        self._settlements: list[Settlement] = []
        self._in_hand: set[Key] = set()
        self._waiting = 0
        self._tries: Counter[Key] = Counter()
        self._brake = Brake()
        self._refusals = Refusals()
        self._hold_refused = hold_refused
        self._tasks: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._stopping = False

    async def load(self) -> None:
        """Call those uncertain who were being sent to when the program ended."""
        now = self._clock()
        if uncertain := await self._database.write(lambda c: ledger.recover(c, now)):
            log.warning("recipients are uncertain after a crash", count=uncertain)

    async def run(self) -> None:
        """Send until `stop`; then settle what is in hand, as far as that is known soon."""
        supplying = asyncio.create_task(self._supply.keep_full(self._wake.set))
        try:
            while not self._stopping:
                if supplying.done():
                    supplying.result()
                await self._take_turn_safely()
                await self._wait(IDLE_SECONDS)
            await self._finish()
        finally:
            supplying.cancel()

    def stop(self) -> None:
        """Claim nobody any more; `run` returns when those in hand are settled."""
        self._stopping = True
        self._sender.give_back(Lane.BULK, STOPPED)
        self._wake.set()

    async def close(self) -> None:
        """Settle what the sender has heard since, once it has ended, however it did."""
        self.stop()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=IDLE_SECONDS)
        for task in self._tasks:
            task.cancel()
        await self._take_turn_safely()

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
            try:
                await self._take_turn()
            except FlushRefused as error:
                log.warning("ledger refused", reason=str(error))
                await self._settle_each()
                await asyncio.sleep(IDLE_SECONDS)
        except DatabaseUnavailable as error:
            log.warning("ledger not written yet", reason=str(error))
            await asyncio.sleep(IDLE_SECONDS)

    async def _settle_each(self) -> None:
        """Settle one by one, so that what the database refuses holds nobody else up."""
        self._supply.passed_over = {}  # who is queued is found, and passed over, again
        while self._settlements:
            await self._settle_alone(self._settlements[0])
            self._forget([self._settlements.pop(0)])

    async def _settle_alone(self, settlement: Settlement) -> None:
        lost = Settlement(settlement.key, Status.UNCERTAIN, INTERRUPTED)
        now = self._clock()
        for one in (self._follow(settlement), lost):
            try:
                await self._database.write(partial(ledger.settle, settlements=[one], now=now))
            except FlushRefused as error:
                log.error("outcome refused", notice=one.key.notice_id, reason=str(error))
            else:
                return

    async def _take_turn(self) -> None:
        found = len(self._refusals.found)
        chosen = self._choose()
        if chosen or self._settlements or self._supply.passed_over:
            claimed = await self._write(chosen)
            for row, call in claimed:
                self._begin(row, call)
            if len(claimed) < len(chosen):
                self._wake.set()
        await self._hold_found(found)

    async def _hold_found(self, count: int) -> None:
        """Hold so many notices that Telegram refuses, whose refusals have all been settled."""
        for _ in range(count):
            if self._hold_refused is not None:
                await self._hold_refused(self._refusals.found[0])
            self._refusals.found.pop(0)
        for notice_id in self._refusals.list_over(self._in_hand):
            self._refusals.forget(notice_id)
            self._supply.allow(notice_id)

    def _choose(self) -> list[Prepared]:
        """Choose whom to claim: no more than will begin soon."""
        if self._stopping or self._sender.count_rest(Lane.BULK):
            return []
        at_once = 1 if self._brake.is_on else self._at_once
        room = min(self._ahead - self._waiting, at_once - len(self._in_hand))
        return self._supply.take(room)

    async def _write(self, chosen: Sequence[Prepared]) -> list[Prepared]:
        """Store what became of some, and claim others, in one transaction."""
        now, rows = self._clock(), [row for row, _ in chosen]
        settlements, self._settlements = self._settlements, []
        passed_over, self._supply.passed_over = self._supply.passed_over, {}

        async def work(connection: Connection) -> list[ReadyRecipient]:
            await ledger.settle(connection, [self._follow(one) for one in settlements], now)
            await ledger.pass_over(connection, passed_over, now)
            return await ledger.claim(connection, rows, now, self._rules)

        try:
            claimed = {row.key: row for row in await self._database.write(work)}
        except (DatabaseUnavailable, FlushRefused, asyncio.CancelledError):
            # If it was stored after all, these were claimed, and their calls never begin.
            unclaimed = [Settlement(row.key, Status.QUEUED) for row in rows]
            self._settlements = settlements + unclaimed + self._settlements
            self._supply.passed_over = passed_over | self._supply.passed_over
            raise
        self._forget(settlements)
        self._supply.give_back([row.key for row in rows if row.key not in claimed], sent=False)
        return [(claimed[row.key], call) for row, call in chosen if row.key in claimed]

    def _follow(self, settlement: Settlement) -> Settlement:
        """Let a settlement find a row that a reply has moved to the new id of its chat."""
        moved_to = settlement.moved_to or self._sender.find_moved(settlement.key.chat_id)
        return replace(settlement, moved_to=moved_to)

    def _forget(self, settlements: Sequence[Settlement]) -> None:
        queued = [one.key for one in settlements if one.status is Status.QUEUED]
        ended = [one.key for one in settlements if one.status is not Status.QUEUED]
        self._in_hand.difference_update(queued, ended)
        self._supply.give_back(queued, sent=False)
        self._supply.give_back(ended, sent=True)
        for key in ended:
            self._tries.pop(key, None)

    def _begin(self, row: ReadyRecipient, call: Call) -> None:
        self._in_hand.add(row.key)
        if self._stopping:
            self._settlements.append(Settlement(row.key, Status.QUEUED))
            return
        self._waiting += 1
        task = asyncio.create_task(self._deliver(row.key, call, self._count_hold(row)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _count_hold(self, row: ReadyRecipient) -> float:
        """Count the seconds in which a call must have begun."""
        if row.ends_at is None:
            return HOLD_SECONDS
        return min(HOLD_SECONDS, (row.ends_at - self._clock()).total_seconds())

    async def _deliver(self, key: Key, call: Call, seconds: float) -> None:
        has_begun = False

        def begin() -> None:
            nonlocal has_begun
            has_begun = True
            self._waiting -= 1
            self._wake.set()

        outcome, answer = await self._sender.deliver(call, begin, seconds)
        self._waiting -= not has_begun
        if has_begun:
            self._note_answer(outcome)
        if outcome.kind in (Kind.NOT_DELIVERED, Kind.UNATTACHED):
            self._tries[key] += 1
        tries = self._tries.get(key, 1)
        settlement = read_settlement(key, outcome, answer, self._clock(), tries)
        if has_begun and self._is_notice_refused(key, outcome):
            settlement = Settlement(key, Status.QUEUED)
        self._settlements.append(settlement)
        self._wake.set()

    def _is_notice_refused(self, key: Key, outcome: Outcome) -> bool:
        """Tell whether it is not because of the recipient that a call was refused."""
        if self._hold_refused is None or not self._refusals.note(key, outcome):
            return False
        self._supply.withhold(key.notice_id)
        return True

    def _note_answer(self, outcome: Outcome) -> None:
        """Let notices rest while nobody knows whether they arrive."""
        if seconds := self._brake.note(outcome.kind, time.monotonic()):
            self._sender.rest(Lane.BULK, Outcome(Kind.LIMITED, "no certain answers", seconds))


def count_at_once(per_second: int) -> int:
    """Count how many recipients are in hand at most: those of the last four tenths of a second."""
    return max(32, (per_second or FREE_PACE) * 2 // 5)

"""One run: a notice to many, sent by a bot of its own process that may be killed on the way."""

import asyncio
import gc
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.notice_audience import (
    MARK,
    add_people,
    read_ledger,
    store_audience,
)
from benchmarks.population import Population
from benchmarks.processes import BotProcess
from benchmarks.recording import Recorder
from benchmarks.reply_times import ReplyTimes, Wait
from bot.broadcaster import count_at_once
from simulator.faults import CallRecord
from simulator.server import Simulator

LOOK_SECONDS = 0.1
MOST_SECONDS = 900.0
SENDS_PER_SECOND = 28
"""The default pace."""

AMBIGUOUS = ("500", "delivered_then_timeout", "cut_before", "cut_after")
AMBIGUOUS_SHARE = 0.002
LIMITED_SHARE = 0.0003
STORM_EACH_SECONDS = 30.0
"""How often the whole bot is told to wait for a second, so that replies must wait as well."""


@dataclass(frozen=True)
class Plan:
    """What a run does: how many get the notice, at what pace, and what happens meanwhile."""

    name: str
    recipients: int
    per_second: int
    people: int = 0
    kills: int = 0
    faulty: bool = False
    paid: bool = False
    latency_seconds: float = 0.0


@dataclass(frozen=True)
class Result:
    """What came of a run, by what the simulator itself saw, and by what the ledger says."""

    name: str
    recipients: int
    delivered: int
    delivered_twice: int
    lost: int
    uncertain: int
    uncertain_bound: int
    parts: dict[str, int]
    kills: int
    in_hand_at_kills: list[int]
    faults: dict[str, int]
    early_calls: int
    seconds: float
    rate: float
    worst_second: int
    replies: int
    reply_p95_ms: float
    reply_p95_ms_over_kills: float
    core_share: float
    cpu_ms_each: float

    @property
    def is_clean(self) -> bool:
        """Whether everybody got it at most once and nobody is missing from the ledger."""
        kept = self.uncertain <= self.uncertain_bound
        return kept and not (self.lost or self.delivered_twice) and self._sums_up

    @property
    def _sums_up(self) -> bool:
        return sum(self.parts.values()) == self.recipients


class NoticeRun:
    """A simulator, a bot of its own process, an audience, and people who register."""

    def __init__(self, plan: Plan, folder: Path, seed: int) -> None:
        self.plan = plan
        self._random = random.Random(seed)
        self._seed = seed
        self._simulator = Simulator(seed=seed)
        add_people(self._simulator.people, plan.recipients)
        telegram = self._simulator.telegram
        self._replies = ReplyTimes(telegram, plan.recipients + 1)
        self._folder = folder
        self._in_hand_at_kills: list[int] = []
        self._core_share = 0.0

    async def run(self, tell: Callable[[int], None] = lambda _: None) -> Result:
        """Send the notice to everybody whatever happens, then compare what all have got."""
        file = self._folder / "onboarding.db"
        notice_id = await store_audience(file, self.plan.recipients, self._seed)
        _spare_the_collector()
        async with self._simulator:
            bot = self._make_bot()
            try:
                await bot.start()
                await self._send(bot, tell)
                await bot.terminate()
            finally:
                await bot.kill()
        return self._examine(await read_ledger(file, notice_id))

    def _make_bot(self) -> BotProcess:
        plan, simulator = self.plan, self._simulator
        return BotProcess(
            simulator.url,
            simulator.telegram.token,
            self._folder,
            SENDS_PER_SECOND=str(SENDS_PER_SECOND if plan.paid else plan.per_second),
            PAID_BROADCAST=str(plan.paid),
            PAID_SENDS_PER_SECOND=str(plan.per_second),
        )

    async def _send(self, bot: BotProcess, tell: Callable[[int], None]) -> None:
        storm = asyncio.create_task(self._add_faults())
        people = self._make_population()
        try:
            async with people:
                await self._watch(bot, tell)
        finally:
            storm.cancel()
            self._simulator.faults.clear()

    async def _watch(self, bot: BotProcess, tell: Callable[[int], None]) -> None:
        """Look on until everybody is settled, and kill the bot where chance wants it."""
        most = self.plan.recipients
        kills = sorted(
            self._random.randint(most // 50, most * 49 // 50) for _ in range(self.plan.kills)
        )
        ends_at = time.monotonic() + MOST_SECONDS
        with closing(_open(bot.database)) as ledger:
            began, cpu = time.monotonic(), _count_cpu(bot)
            while (done := most - await _count_open(ledger)) < most:
                tell(done)
                if kills and done >= kills[0]:
                    kills.pop(0)
                    await self._kill(bot, ledger)
                await asyncio.sleep(LOOK_SECONDS)
                bot.check_alive()
                if time.monotonic() > ends_at:
                    raise TimeoutError(f"{done} of {most} are settled")
            if not self.plan.kills:
                self._core_share = (_count_cpu(bot) - cpu) / (time.monotonic() - began)
            tell(done)

    async def _kill(self, bot: BotProcess, ledger: sqlite3.Connection) -> None:
        began = time.monotonic()
        await bot.kill()
        self._in_hand_at_kills.append(_count(ledger, "sending"))
        await bot.start()
        self._replies.absences.append(Wait(began, time.monotonic()))

    async def _add_faults(self) -> None:
        """Let each kind of fault meet some calls, and now and then a limit all of them."""
        faults = self._simulator.faults
        if self.plan.faulty:
            for kind in AMBIGUOUS:
                faults.add(kind, method="sendMessage", probability=AMBIGUOUS_SHARE, seconds=0.5)
            faults.add("429", method="sendMessage", probability=LIMITED_SHARE, retry_after=1)
        if self.plan.latency_seconds:
            faults.add("slow", method="sendMessage", seconds=self.plan.latency_seconds)
        while self.plan.faulty:
            await asyncio.sleep(STORM_EACH_SECONDS)
            storm = {"method": "sendMessage", "count": 1, "retry_after": 1, "scope": "bot"}
            faults.rules.insert(0, faults.add("429", **storm))
            faults.rules.pop()

    def _make_population(self) -> Population:
        recorder = Recorder(self._simulator)
        return Population(self._simulator.people, recorder, self.plan.people, self._seed)

    def _examine(self, standing: Mapping[int, str]) -> Result:
        got = self._count_delivered()
        parts = Counter(standing.values())
        sends = [one.at for one in self._simulator.calls.calls if _is_notice(one)]
        seconds = sends[-1] - sends[0]
        return Result(
            name=self.plan.name,
            recipients=self.plan.recipients,
            delivered=sum(count > 0 for count in got.values()),
            delivered_twice=sum(count > 1 for count in got.values()),
            lost=sum(self._is_lost(chat, got[chat], standing) for chat in self._audience),
            uncertain=parts["uncertain"],
            uncertain_bound=self._count_ambiguous()
            + self.plan.kills * count_at_once(self.plan.per_second),
            parts=dict(parts),
            kills=len(self._in_hand_at_kills),
            in_hand_at_kills=self._in_hand_at_kills,
            faults=dict(self._simulator.faults.hits),
            early_calls=self._simulator.faults.violations,
            seconds=round(seconds, 1),
            rate=round((len(sends) - 1) / seconds, 2),
            worst_second=self._simulator.calls.worst_second,
            replies=len(self._replies.waits),
            reply_p95_ms=self._replies.p95_ms(),
            reply_p95_ms_over_kills=self._replies.p95_ms(while_serving=False),
            core_share=round(self._core_share, 2),
            cpu_ms_each=round(1000 * self._core_share * seconds / len(sends), 3),
        )

    @property
    def _audience(self) -> range:
        return range(1, self.plan.recipients + 1)

    def _count_delivered(self) -> Counter[int]:
        """Count the notices that really are in each chat."""
        chats = self._simulator.telegram.chats
        return Counter(
            chat
            for chat in self._audience
            for message in chats[chat].messages.values()
            if MARK in message["text"]
        )

    def _is_lost(self, chat: int, got: int, standing: Mapping[int, str]) -> bool:
        """Tell whether the ledger says of somebody what is not so, or nothing."""
        status = standing.get(chat)
        blocked = self._simulator.telegram.people[chat].blocked
        may_be = {"sent": got > 0, "uncertain": True, "failed": got == 0 and blocked}
        return not may_be.get(status or "", False)

    def _count_ambiguous(self) -> int:
        return sum(self._simulator.faults.hits[kind] for kind in AMBIGUOUS)


def _spare_the_collector() -> None:
    """Leave the people out of collections, which would stop the simulator now and then."""
    gc.collect()
    gc.freeze()


def _open(file: Path) -> sqlite3.Connection:
    """Open a database only to look at it."""
    return sqlite3.connect(f"file:{file}?mode=ro", uri=True, check_same_thread=False)


async def _count_open(ledger: sqlite3.Connection) -> int:
    """Count who is still to be sent to, beside the loop on which the simulator lives."""
    return await asyncio.to_thread(_count, ledger, "queued", "sending")


def _count(ledger: sqlite3.Connection, *statuses: str) -> int:
    marks = ", ".join("?" for _ in statuses)
    query = f"SELECT count(*) FROM recipients WHERE status IN ({marks})"
    return int(ledger.execute(query, statuses).fetchone()[0])


def _count_cpu(bot: BotProcess) -> float:
    times = bot.usage.cpu_times()
    return float(times.user + times.system)


def _is_notice(call: CallRecord) -> bool:
    return MARK in str(call.parameters.get("text", ""))

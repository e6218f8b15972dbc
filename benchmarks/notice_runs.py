"""One run: a notice to many, sent by a bot of its own process that may be killed on the way."""

import asyncio
import gc
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.notice_audience import (
    MARK,
    OTHER_MARK,
    Stored,
    add_people,
    list_late,
    read_ledger,
    store_audience,
)
from benchmarks.notice_ledger import Ledger
from benchmarks.notice_office import Office
from benchmarks.notice_results import HEARD_SECONDS, LIMIT_SECONDS, Result, list_early
from benchmarks.population import Population
from benchmarks.processes import BotProcess
from benchmarks.recording import Recorder
from benchmarks.reply_times import ReplyTimes, Wait
from simulator.faults import CALLS_KEPT, CallRecord
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

PAUSED_SECONDS = 2.0
PARTS_QUEUED = 10
JOINED_MOST_SECONDS = 20.0


@dataclass(frozen=True)
class Plan:
    """What a run does: how many get the notice, at what pace, and what happens meanwhile.

    In an eventful run some people fit only later, the notice is paused and goes on, another one is
    stopped, and the uncertain are sent to again; the first kill meets the queueing.
    """

    name: str
    recipients: int
    per_second: int
    people: int = 0
    kills: int = 0
    faulty: bool = False
    eventful: bool = False
    paid: bool = False
    latency_seconds: float = 0.0


@dataclass
class Memory:
    """What a run remembers of what it did."""

    in_hand_at_kills: list[int] = field(default_factory=list)
    queued_at_first_kill: int = 0
    resent: frozenset[int] = frozenset()
    paused: tuple[float, float] = (0.0, 0.0)
    stopped_at: float = float("inf")


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
        self._memory = Memory()
        self._core_share = 0.0

    async def run(self, tell: Callable[[int], None] = lambda _: None) -> Result:
        """Send the notice to everybody whatever happens, then compare what all have got."""
        file, plan = self._folder / "onboarding.db", self.plan
        stored = await store_audience(file, plan.recipients, self._seed, eventful=plan.eventful)
        office = Office(file, stored)
        _spare_the_collector()
        async with self._simulator:
            bot = self._make_bot()
            try:
                await bot.start()
                await self._send(bot, stored, office, tell)
                await bot.terminate()
            finally:
                await bot.kill()
                await office.close()
        other = await read_ledger(file, stored.other_id) if stored.other_id else {}
        return self._examine(await read_ledger(file, stored.notice_id), other)

    def _make_bot(self) -> BotProcess:
        plan, simulator = self.plan, self._simulator
        return BotProcess(
            simulator.url,
            simulator.telegram.token,
            self._folder,
            module="benchmarks.notice_bot",
            NOTICE_PART=str(max(1, min(2_000, plan.recipients // PARTS_QUEUED))),
            NOTICE_JOINED_SECONDS=str(min(JOINED_MOST_SECONDS, 2 + plan.recipients / 2_500)),
            SENDS_PER_SECOND=str(SENDS_PER_SECOND if plan.paid else plan.per_second),
            PAID_BROADCAST=str(plan.paid),
            PAID_SENDS_PER_SECOND=str(plan.per_second),
        )

    async def _send(
        self, bot: BotProcess, stored: Stored, office: Office, tell: Callable[[int], None]
    ) -> None:
        storm = asyncio.create_task(self._add_faults())
        people = self._make_population()
        try:
            async with people:
                with closing(Ledger(bot.database, stored.notice_id)) as ledger:
                    if self.plan.eventful:
                        await self._kill_in_queueing(bot, ledger)
                    await self._watch(bot, ledger, office, tell)
        finally:
            storm.cancel()
            self._simulator.faults.clear()

    async def _kill_in_queueing(self, bot: BotProcess, ledger: Ledger) -> None:
        while not ledger.count():
            bot.check_alive()
            await asyncio.sleep(0.01)
        await self._kill(bot, ledger)
        self._memory.queued_at_first_kill = ledger.count()

    async def _watch(
        self, bot: BotProcess, ledger: Ledger, office: Office, tell: Callable[[int], None]
    ) -> None:
        """Look on until everybody is settled; act and kill the bot where the plan wants it."""
        most, begin_seconds = self.plan.recipients, time.monotonic()
        events = self._list_events(bot, ledger, office)
        cpu = _count_cpu(bot)
        while (done := await ledger.count_settled()) < most or events:
            tell(done)
            if events and done >= events[0][0]:
                await events.pop(0)[1]()
            await asyncio.sleep(LOOK_SECONDS)
            bot.check_alive()
            if time.monotonic() - begin_seconds > MOST_SECONDS:
                raise TimeoutError(f"{done} of {most} are settled")
        if not self.plan.kills:
            self._core_share = (_count_cpu(bot) - cpu) / (time.monotonic() - begin_seconds)
        tell(done)

    def _list_events(
        self, bot: BotProcess, ledger: Ledger, office: Office
    ) -> list[tuple[int, Callable[[], Awaitable[None]]]]:
        """List what is done when so many are settled."""
        most, kills = self.plan.recipients, self.plan.kills - self.plan.eventful
        at = [self._random.randint(most // 50, most * 49 // 50) for _ in range(kills)]
        events: list[tuple[int, Callable[[], Awaitable[None]]]]
        events = [(done, partial(self._kill, bot, ledger)) for done in at]
        if self.plan.eventful:
            late = list_late(most)
            events += [
                (most // 4, partial(self._stop_other, office)),
                (most // 8, partial(office.let_join, late)),
                (most * 2 // 5, partial(self._pause, office)),
                (most * 7 // 10, partial(self._resend, office)),
            ]
        return sorted(events, key=_when)

    async def _kill(self, bot: BotProcess, ledger: Ledger) -> None:
        began = time.monotonic()
        await bot.kill()
        self._memory.in_hand_at_kills.append(ledger.count_in_hand())
        await bot.start()
        self._replies.absences.append(Wait(began, time.monotonic()))

    async def _stop_other(self, office: Office) -> None:
        await office.stop_other()
        self._memory.stopped_at = time.time() + HEARD_SECONDS

    async def _pause(self, office: Office) -> None:
        await office.pause()
        began = time.time() + HEARD_SECONDS
        await asyncio.sleep(PAUSED_SECONDS)
        self._memory.paused = began, time.time()
        await office.resume()

    async def _resend(self, office: Office) -> None:
        self._memory.resent = frozenset(await office.resend_uncertain())

    async def _add_faults(self) -> None:
        """Let each kind of fault meet some calls, and now and then a limit all of them."""
        faults = self._simulator.faults
        if self.plan.faulty:
            for kind in AMBIGUOUS:
                faults.add(kind, method="sendMessage", probability=AMBIGUOUS_SHARE, seconds=0.5)
            faults.add(
                "429",
                method="sendMessage",
                probability=LIMITED_SHARE,
                retry_after=int(LIMIT_SECONDS),
            )
        if self.plan.latency_seconds:
            faults.add("slow", method="sendMessage", seconds=self.plan.latency_seconds)
        while self.plan.faulty:
            await asyncio.sleep(STORM_EACH_SECONDS)
            storm = {
                "method": "sendMessage",
                "count": 1,
                "retry_after": int(LIMIT_SECONDS),
                "scope": "bot",
            }
            faults.rules.insert(0, faults.add("429", **storm))
            faults.rules.pop()

    def _make_population(self) -> Population:
        recorder = Recorder(self._simulator)
        return Population(self._simulator.people, recorder, self.plan.people, self._seed)

    def _examine(self, standing: Mapping[int, str], other: Mapping[int, str]) -> Result:
        if len(self._simulator.calls.calls) == CALLS_KEPT:
            raise RuntimeError("more calls were made than are remembered")
        memory, faults = self._memory, self._simulator.faults
        got, parts = self._count_delivered(MARK), Counter(standing.values())
        got_other, other_parts = self._count_delivered(OTHER_MARK), Counter(other.values())
        sends = self._list_sends(MARK)
        early = list_early([one for one in self._list_sends() if one.outcome == "429"])
        seconds, (paused, resumed) = sends[-1].at - sends[0].at, memory.paused
        return Result(
            name=self.plan.name,
            per_second=self.plan.per_second,
            recipients=self.plan.recipients,
            delivered=sum(count > 0 for count in got.values()),
            delivered_twice=sum(got[chat] > 1 + (chat in memory.resent) for chat in got),
            lost=sum(self._is_lost(chat, got[chat], standing) for chat in self._audience)
            + len(standing.keys() - set(self._audience)),
            uncertain=len(_list_uncertain(standing) | memory.resent) + other_parts["uncertain"],
            uncertain_bound=sum(memory.in_hand_at_kills)
            + sum(one.outcome in AMBIGUOUS for one in self._list_sends()),
            parts=dict(parts),
            late_joiners=sum(chat in standing for chat in list_late(self.plan.recipients))
            if self.plan.eventful
            else 0,
            resent=len(memory.resent),
            sent_while_paused=sum(paused < one.at < resumed for one in sends),
            other_parts=dict(other_parts),
            other_wrong=sum(self._is_lost(chat, got_other[chat], other) for chat in other)
            + sum(count > 1 for count in got_other.values())
            + sum(chat not in other for chat in got_other),
            sent_after_stop=sum(one.at > memory.stopped_at for one in self._list_sends(OTHER_MARK)),
            kills=len(memory.in_hand_at_kills),
            queued_at_first_kill=memory.queued_at_first_kill,
            in_hand_at_kills=memory.in_hand_at_kills,
            faults=dict(faults.hits),
            early_calls=len(early),
            early_latest_ms=round(1000 * max(early, default=0.0)),
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

    def _list_sends(self, *marks: str) -> list[CallRecord]:
        """List the calls that were a notice's, the oldest first."""
        wanted = marks or (MARK, OTHER_MARK)
        calls = self._simulator.calls.calls
        texts = ((one, str(one.parameters.get("text", ""))) for one in calls)
        return [one for one, text in texts if any(mark in text for mark in wanted)]

    def _count_delivered(self, mark: str) -> Counter[int]:
        """Count the notices that really are in each chat."""
        chats = self._simulator.telegram.chats
        return Counter(
            chat
            for chat in self._audience
            for message in chats[chat].messages.values()
            if mark in message["text"]
        )

    def _is_lost(self, chat: int, got: int, standing: Mapping[int, str]) -> bool:
        """Tell whether the ledger says of somebody what is not so, or nothing."""
        status = standing.get(chat)
        blocked = self._simulator.telegram.people[chat].blocked
        may_be = {
            "sent": got > 0,
            "uncertain": True,
            "failed": got == 0 and blocked,
            "cancelled": got == 0,
        }
        return not may_be.get(status or "", False)


def _list_uncertain(standing: Mapping[int, str]) -> set[int]:
    return {chat for chat, status in standing.items() if status == "uncertain"}


def _when(event: tuple[int, Callable[[], Awaitable[None]]]) -> int:
    return event[0]


def _spare_the_collector() -> None:
    """Leave the people out of collections, which would stop the simulator now and then."""
    gc.collect()
    gc.freeze()


def _count_cpu(bot: BotProcess) -> float:
    times = bot.usage.cpu_times()
    return float(times.user + times.system)

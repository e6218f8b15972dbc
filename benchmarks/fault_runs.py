"""One run: people register while the bot is ended and started, again and again."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.oracle import Findings, examine
from benchmarks.population import Population
from benchmarks.processes import BotProcess
from benchmarks.recording import Recorder
from benchmarks.stored import read_stored
from bot.desk import make_desk
from bot.settings import Settings
from simulator.faults import Faults
from simulator.server import Simulator

KILL_AFTER_SECONDS = (0.3, 3.0)
ANSWER_SECONDS = 60.0
SETTLE_SECONDS = 60.0
LAST_WORDS_SECONDS = 3.0
NETWORK_FAULTS = ("429", "502", "cut_before", "cut_after", "delivered_then_timeout")


@dataclass(frozen=True)
class Kind:
    """One kind of fault: what ends the bot, how it listens, what the network does."""

    name: str
    kills: int
    webhook: bool = False
    network: bool = False
    gently: bool = False
    seconds: float = 0.0


class Run:
    """One run of one kind: a simulator, a bot of its own process, and people."""

    def __init__(self, kind: Kind, folder: Path, people: int, seed: int) -> None:
        self.kind = kind
        self.kills = 0
        self.recoveries: list[float] = []
        self._random = random.Random(seed)
        self.simulator = Simulator(seed=seed)
        self._recorder = Recorder(self.simulator)
        self._population = Population(self.simulator.people, self._recorder, people, seed)
        token = self.simulator.telegram.token
        self._folder, self._token = folder, token

    async def run(self, tell: Callable[[int], None]) -> Findings:
        """Let people register while the bot is ended again and again, then examine the traces."""
        async with self.simulator:
            bot = BotProcess(
                self.simulator.url, self._token, self._folder, webhook=self.kind.webhook
            )
            if self.kind.network:
                add_network_faults(self.simulator.faults)
            try:
                await self._live_through(bot, tell)
            finally:
                await bot.kill()
            stored = await read_stored(bot.database)
            desk = make_desk(Settings(_env_file=None))
            return examine(desk, self._recorder, self._population.lives, stored)

    async def _live_through(self, bot: BotProcess, tell: Callable[[int], None]) -> None:
        async with self._population:
            await self._start(bot)
            while self.kills < self.kind.kills:
                await asyncio.sleep(self._random.uniform(*KILL_AFTER_SECONDS))
                await self._end(bot)
                self.kills += 1
                await self._start(bot)
                tell(self.kills)
            await asyncio.sleep(self.kind.seconds or LAST_WORDS_SECONDS)
            self.simulator.faults.clear()
        await self._settle(bot)
        await bot.terminate()

    async def _start(self, bot: BotProcess) -> None:
        """Start the bot and wait until it serves; its first answer marks the recovery."""
        began, answers = time.monotonic(), self._recorder.answers
        await bot.start(wait=False)
        while self._recorder.answers == answers:
            if time.monotonic() - began > ANSWER_SECONDS or bot.process.returncode is not None:
                raise RuntimeError(f"the bot does not answer: {bot.read_log()[-2000:]}")
            await asyncio.sleep(0.02)
        self.recoveries.append(time.monotonic() - began)

    async def _end(self, bot: BotProcess) -> None:
        if not self.kind.gently:
            await bot.kill()
        elif status := await bot.terminate():
            raise RuntimeError(f"the bot ended with status {status} at SIGTERM")

    async def _settle(self, bot: BotProcess) -> None:
        """Wait until the bot has taken and answered everything."""
        deadline = time.monotonic() + SETTLE_SECONDS
        quiet_since, answers = time.monotonic(), self._recorder.answers
        while time.monotonic() < deadline and time.monotonic() - quiet_since < 1.0:
            await asyncio.sleep(0.1)
            if self._recorder.list_waiting() or self._recorder.answers != answers:
                quiet_since, answers = time.monotonic(), self._recorder.answers


def add_network_faults(faults: Faults, probability: float = 0.02) -> None:
    """Let each kind of fault meet some calls, of those that fetch updates too."""
    for kind in NETWORK_FAULTS:
        faults.add(kind, probability=probability, retry_after=1, seconds=0.5)
    for kind in ("502", "cut_before", "cut_after"):
        faults.add(kind, method="getUpdates", probability=probability)

"""Simulated people who register all the time: whoever has finished makes room for another."""

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType

from benchmarks.recording import Recorder
from simulator.people import People
from simulator.robot import Robot

FAMILY_NAMES = ("Sok", "Chan", "Keo", "Lim", "Heng", "Chea", "Ros", "Meas")
GIVEN_NAMES = ("Dara", "Sophea", "Bopha", "Vanna", "Kosal", "Sreymom", "Rithy", "Channary")
PATIENCE_SECONDS = 60.0
IDLE_SECONDS = 5.0


@dataclass
class Life:
    """One person; `gave_up` when the bot left them waiting or with nothing to do."""

    robot: Robot
    gave_up: bool = False


class Population:
    """Keeps so many people busy while it is entered; nobody repeats an act."""

    def __init__(self, people: People, recorder: Recorder, count: int, seed: int) -> None:
        self.lives: list[Life] = []
        self._people = people
        self._recorder = recorder
        self._count = count
        self._random = random.Random(seed)
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Population":
        self._tasks = [asyncio.create_task(self._keep_busy()) for _ in range(self._count)]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task

    async def _keep_busy(self) -> None:
        while True:
            life = self._bear()
            number = await life.robot.run()
            life.gave_up = number is None

    def _bear(self) -> Life:
        person = self._people.add(
            self._random.choice(GIVEN_NAMES), last_name=self._random.choice(FAMILY_NAMES)
        )
        self._recorder.follow(person.id)
        robot = Robot(
            self._people,
            person.id,
            seed=self._random.getrandbits(32),
            quiet_seconds=self._random.uniform(0.05, 0.4),
            patience_seconds=PATIENCE_SECONDS,
            idle_seconds=IDLE_SECONDS,
        )
        life = Life(robot)
        self.lives.append(life)
        return life

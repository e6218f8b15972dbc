import asyncio
import random
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.stored import read_stored
from simulator.robot import Robot
from simulator.server import Simulator
from tests.process.serving import make_settings, serving, wait_until

pytestmark = pytest.mark.process

PEOPLE = 30
HOUR = 3600.0
PATIENCE_SECONDS = 60.0


async def test_after_an_hour_away_everybody_is_asked_again_once_and_finishes(
    tmp_path: Path,
) -> None:
    async with Simulator(seed=1) as simulator:
        settings = make_settings(simulator, tmp_path)

        def clock() -> datetime:
            return datetime.fromtimestamp(simulator.clock.now(), UTC)

        robots = [make_robot(simulator, seed) for seed in range(PEOPLE)]
        tasks = [asyncio.create_task(robot.run()) for robot in robots]
        async with serving(settings, clock):
            await wait_until(lambda: sum(robot.count() for robot in robots) > 10 * PEOPLE)
        stored = await read_stored(tmp_path / "onboarding.db")
        in_form = {chat_id for chat_id, person in stored.people.items() if person.draft}
        before = len(simulator.calls.calls)
        simulator.clock.advance(HOUR)
        async with serving(settings, clock):
            numbers = await asyncio.gather(*tasks)
        asked_again = Counter(
            call.parameters["chat_id"]
            for call in simulator.calls.list_since(before)
            if call.parameters.get("disable_notification")
        )
    assert len(in_form) == PEOPLE
    assert asked_again == Counter(dict.fromkeys(in_form, 1))
    assert None not in numbers


def make_robot(simulator: Simulator, seed: int) -> Robot:
    """Make somebody who takes their time and agrees to what must be agreed to."""
    person = simulator.people.add("Dara", last_name="Sok")
    quiet = random.Random(seed).uniform(0.05, 0.3)
    return Robot(
        simulator.people,
        person.id,
        prefers={"English", "I agree"},
        seed=seed,
        quiet_seconds=quiet,
        patience_seconds=PATIENCE_SECONDS,
    )

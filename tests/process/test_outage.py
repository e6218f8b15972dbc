import asyncio
import random
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.stored import read_stored
from bot import polling
from bot.clock import Clock
from simulator.robot import Robot
from simulator.server import Simulator
from tests.serving import eventually, make_settings, serving

# A bot that dies leaves tasks behind, which end with the loop of its test.
pytestmark = [pytest.mark.process, pytest.mark.asyncio(loop_scope="function")]

PEOPLE = 12
HOUR = 3600.0
PATIENCE_SECONDS = 60.0


@pytest.fixture(autouse=True)
def _ask_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bot learn soon that nothing waits for it at Telegram."""
    monkeypatch.setattr(polling, "WAIT_SECONDS", 1)


@pytest.mark.thorough
async def test_after_an_hour_away_everybody_is_asked_again_once_and_finishes(
    tmp_path: Path,
) -> None:
    async with Simulator(seed=1) as simulator:
        settings, clock = make_settings(simulator, tmp_path), share_clock(simulator)
        robots = [make_robot(simulator, seed) for seed in range(PEOPLE)]
        tasks = [asyncio.create_task(robot.run()) for robot in robots]
        async with serving(settings, clock):
            await eventually(lambda: sum(robot.count() for robot in robots) > 10 * PEOPLE)
        stored = await read_stored(tmp_path / "onboarding.db")
        in_form = {chat_id for chat_id, person in stored.people.items() if person.draft}
        before = len(simulator.calls.calls)
        simulator.clock.advance(HOUR)
        async with serving(settings, clock):
            numbers = await asyncio.gather(*tasks)
        asked_again = count_silent(simulator, before)
    assert len(in_form) == PEOPLE
    assert asked_again == Counter(dict.fromkeys(in_form, 1))
    assert None not in numbers


async def test_bot_that_dies_after_an_outage_asks_nobody_a_second_time(tmp_path: Path) -> None:
    async with Simulator(seed=1) as simulator:
        settings, clock = make_settings(simulator, tmp_path), share_clock(simulator)
        person_id = simulator.people.add("Dara", last_name="Sok").id
        async with serving(settings, clock):
            simulator.people.start(person_id)
            await eventually(lambda: simulator.calls.by_method["sendMessage"] == 1)
        simulator.clock.advance(HOUR)
        async with serving(settings, clock, dies=True):
            await eventually(lambda: count_silent(simulator))
            await hear_status(simulator, person_id)
        async with serving(settings, clock, dies=True):
            await hear_status(simulator, person_id)
            await hear_status(simulator, person_id)
        assert count_silent(simulator) == {person_id: 1}


async def hear_status(simulator: Simulator, person_id: int) -> None:
    """Ask for the status and wait for the answer: what came before has been dealt with then."""
    messages = simulator.telegram.chats[person_id].messages
    simulator.people.type_text(person_id, "/status")
    due = len(messages) + 1
    await eventually(lambda: len(messages) >= due)


def share_clock(simulator: Simulator) -> Clock:
    """Let the bot tell the time by the simulator's clock."""
    return lambda: datetime.fromtimestamp(simulator.clock.now(), UTC)


def count_silent(simulator: Simulator, since: int = 0) -> Counter[int]:
    """Count by chat the messages that came without a sound."""
    return Counter(
        call.parameters["chat_id"]
        for call in simulator.calls.list_since(since)
        if call.parameters.get("disable_notification")
    )


def make_robot(simulator: Simulator, seed: int) -> Robot:
    """Make somebody who takes their time and agrees to what must be agreed to."""
    person = simulator.people.add("Dara", last_name="Sok")
    quiet = random.Random(seed).uniform(0.02, 0.1)
    return Robot(
        simulator.people,
        person.id,
        prefers={"English", "I agree"},
        seed=seed,
        quiet_seconds=quiet,
        patience_seconds=PATIENCE_SECONDS,
    )

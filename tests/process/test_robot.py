import asyncio
from pathlib import Path

import pytest

from benchmarks.processes import BotProcess
from simulator.robot import Robot
from simulator.server import Simulator

pytestmark = [pytest.mark.process, pytest.mark.thorough]

LANGUAGES = {"ខ្មែរ": "យល់ព្រម", "English": "I agree"}


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_robot_that_knows_nothing_of_the_form_reaches_a_number_in_both_languages(
    tmp_path: Path, *, webhook: bool
) -> None:
    async with Simulator(seed=1) as simulator:
        bot = BotProcess(simulator.url, simulator.telegram.token, tmp_path, webhook=webhook)
        await bot.start()
        try:
            khmer, english = (make_robot(simulator, *words) for words in LANGUAGES.items())
            numbers = await asyncio.gather(khmer.run(), english.run())
        finally:
            await bot.kill()
        assert None not in numbers
        assert len(set(numbers)) == 2
        assert begins_in_khmer(khmer.seen[-1]["text"])
        assert not begins_in_khmer(english.seen[-1]["text"])
        assert "Traceback" not in bot.read_log()


def make_robot(simulator: Simulator, *prefers: str) -> Robot:
    """Make a robot that presses these labels when it first sees them."""
    person = simulator.people.add("Dara", last_name="Sok")
    return Robot(simulator.people, person.id, prefers=prefers, seed=2, patience_seconds=30.0)


def begins_in_khmer(text: str) -> bool:
    return "ក" <= text[0] <= "៿"

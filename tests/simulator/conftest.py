"""A running simulator, a bot and somebody who pressed start."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from simulator.server import Simulator
from simulator.telegram import Person
from tests.simulator.bot import Bot


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator() as running:
        yield running


@pytest.fixture
async def bot(simulator: Simulator) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession() as session:
        yield Bot(simulator, session)


@pytest.fixture
def sok(simulator: Simulator) -> Person:
    person = simulator.people.add("Sok", last_name="Dara", language_code="km")
    simulator.people.start(person.id)
    simulator.telegram.updates.clear()
    return simulator.telegram.people[person.id]

"""A simulator for each test of the process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sender import Sender
from bot.transport import Transport
from db.database import Database
from db.migrations import migrate
from simulator.server import Simulator


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator() as running:
        yield running


@pytest.fixture
async def file_database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'onboarding.db'}")
    await migrate(database)
    yield database
    await database.close()


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    opened = Transport()
    await opened.initialize()
    yield opened
    await opened.shutdown()


@pytest.fixture
def sender(simulator: Simulator, file_database: Database, transport: Transport) -> Sender:
    address = f"{simulator.url}/bot{simulator.telegram.token}/"
    return Sender(file_database, transport, address, per_second=0)

"""A simulator for each test of the process."""

from collections.abc import AsyncIterator

import pytest

from bot.sender import Sender
from bot.transport import Transport
from db.database import Database
from simulator.server import Simulator
from tests.bot.notice_office import Office
from tests.conftest import Clock


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator() as running:
        yield running


@pytest.fixture
async def file_database(sqlite_url: str) -> AsyncIterator[Database]:
    database = Database(sqlite_url)
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
    return Sender(file_database, transport, address, per_second=0, clock=Clock())


@pytest.fixture
def office(simulator: Simulator, file_database: Database, transport: Transport) -> Office:
    """A ledger that nothing empties yet."""
    return Office(simulator, file_database, transport)

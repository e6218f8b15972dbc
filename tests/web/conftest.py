"""The site over a database of its own, and browsers that visit it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from db.database import Database
from services.desk import Desk
from tests.conftest import Clock
from tests.web.visiting import HOST, House, make_house


@pytest.fixture
async def house(sqlite_url: str, desk: Desk, clock: Clock) -> AsyncIterator[House]:
    """The site, with nobody here yet."""
    database = Database(sqlite_url)
    yield make_house(database, replace(desk, web_url=f"http://{HOST}"), clock)
    await database.close()

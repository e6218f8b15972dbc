"""The site over a database of its own, and a notice that it has sent."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from db.database import Database
from domain.notices import Status
from domain.recipients import Status as RecipientStatus
from services.desk import Desk
from tests.conftest import Clock
from tests.web.notices import MANAGER, add_notice, add_people, queue_people, settle
from tests.web.visiting import HOST, House, make_house


@pytest.fixture
async def house(sqlite_url: str, desk: Desk, clock: Clock) -> AsyncIterator[House]:
    """The site, with nobody here yet."""
    database = Database(sqlite_url)
    yield make_house(database, replace(desk, web_url=f"http://{HOST}"), clock)
    await database.close()


@pytest.fixture
async def sent(house: House) -> int:
    """A notice that was sent to six, queued for two more."""
    await add_people(house, 8)
    author = await house.hire(MANAGER, name="Author")
    notice = await add_notice(house, author, Status.SENDING)
    await queue_people(house, notice)
    await settle(house, notice, RecipientStatus.SENT, 1, 2, 3)
    await settle(house, notice, RecipientStatus.FAILED, 4, reason="blocked")
    await settle(house, notice, RecipientStatus.UNCERTAIN, 5, 6, reason="interrupted")
    return notice

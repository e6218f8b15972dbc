"""A counter on each kind of database, an office, a newsroom, and those who meet there."""

import pytest

from db.database import Database
from domain.staff import Role
from services.desk import Actor, Desk
from tests.conftest import Clock
from tests.conversation import Conversation
from tests.services.counter import Counter
from tests.services.lookout import Lookout, watch
from tests.services.newsroom import APPROVER_CHAT, AUTHOR_CHAT, Newsroom
from tests.services.office import Bureau, make_case_file

DARA = 7
"""The chat of the worker whom most tests are about."""


@pytest.fixture
def counter(database: Database, desk: Desk, clock: Clock) -> Counter:
    """A counter with nobody at it yet."""
    return Counter(database, desk, clock)


@pytest.fixture
def bureau(counter: Counter) -> Bureau:
    """An office without staff yet, which can sign certificates."""
    return Bureau(counter)


@pytest.fixture
async def officer(bureau: Bureau) -> Actor:
    """An officer who has taken the application of the worker, who reads English."""
    officer = await bureau.hire()
    await bureau.receive(make_case_file(DARA), locale="en")
    await bureau.take(officer)
    return officer


@pytest.fixture
def worker(counter: Counter) -> Conversation:
    """The worker in the chat."""
    return Conversation(counter, DARA)


@pytest.fixture
def newsroom(counter: Counter) -> Newsroom:
    """A newsroom without staff yet."""
    return Newsroom(counter)


@pytest.fixture
async def author(newsroom: Newsroom) -> Actor:
    """Somebody who may write to the whole country."""
    return await newsroom.hire(chat_id=AUTHOR_CHAT)


@pytest.fixture
async def approver(newsroom: Newsroom) -> Actor:
    """Somebody who may approve everywhere."""
    return await newsroom.hire(Role.ADMINISTRATOR, chat_id=APPROVER_CHAT)


@pytest.fixture
def lookout(newsroom: Newsroom, author: Actor, approver: Actor) -> Lookout:
    """Somebody who watches notices of an author whom a colleague approves."""
    return Lookout(newsroom, author, approver, watch(newsroom.counter))

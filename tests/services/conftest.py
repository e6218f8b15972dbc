"""A counter on each kind of database."""

import pytest

from db.database import Database
from services.desk import Desk
from tests.conftest import Clock
from tests.services.counter import Counter
from tests.services.office import Bureau


@pytest.fixture
def counter(database: Database, desk: Desk, clock: Clock) -> Counter:
    """A counter with nobody at it yet."""
    return Counter(database, desk, clock)


@pytest.fixture
def bureau(counter: Counter) -> Bureau:
    """An office without staff yet, which can sign certificates."""
    return Bureau(counter)

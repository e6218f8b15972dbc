"""Times are moments, whatever the database."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

from db import heartbeats
from db.database import Database
from db.errors import FlushRefused
from db.types import Json, UtcTime
from tests.samples import NOON

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=ZONES)  # noqa: DTZ001 - bounds are naive
SQLITE = make_url("sqlite://").get_dialect()()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "moment",
    [
        NOON,
        datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=7))),
        datetime(1970, 1, 1, tzinfo=UTC),
    ],
)
async def test_a_moment_comes_back_as_the_same_moment_in_utc(
    database: Database, moment: datetime
) -> None:
    await database.write(lambda connection: heartbeats.beat(connection, "clock", moment))

    async with database.read() as connection:
        found = await heartbeats.find_last(connection, "clock")
    assert found == moment
    assert found is not None
    assert found.utcoffset() == timedelta()


async def test_a_time_that_does_not_say_its_zone_is_refused(database: Database) -> None:
    naive = NOON.replace(tzinfo=None)

    with pytest.raises(FlushRefused):
        await database.write(lambda connection: heartbeats.beat(connection, "clock", naive))


@given(MOMENTS)
def test_sqlite_keeps_the_moment_and_its_order(moment: datetime) -> None:
    kept = UtcTime().process_bind_param(moment, SQLITE)

    assert UtcTime().process_result_value(kept, SQLITE) == moment
    assert kept == moment.astimezone(UTC).replace(tzinfo=None)


@given(JSON)
def test_a_json_value_comes_back_as_it_was(value: Any) -> None:
    kept = Json().process_bind_param(value, SQLITE)

    assert Json().process_result_value(kept, SQLITE) == value

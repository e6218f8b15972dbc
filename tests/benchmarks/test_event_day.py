"""A small event day is lived through: the table is right, and nobody waits long at the desks."""

from benchmarks.event_crowd import SMALL
from benchmarks.event_day import describe, live

MEASURED = 8
LONGEST_MS = 2_000
"""A bound for a busy machine; `make event-day` prints how long it really takes."""


async def test_the_table_after_an_event_day_is_right_and_its_desks_keep_up() -> None:
    tally, counted, waits = await live(SMALL, seed=2, measured=MEASURED)
    figures = describe(tally, counted, waits, 0.0)
    assert figures["product"] == figures["own_count"]
    assert figures["agrees"], figures["reminders"]
    assert counted["figures"]["invited"] == SMALL.invited
    assert counted["figures"]["coming"] == SMALL.places
    assert counted["figures"]["waiting"] > 0
    assert counted["figures"]["came"] == SMALL.checked_in
    assert 0 < counted["figures"]["approved"] < counted["figures"]["registered"]
    desks = figures["desks"]
    assert desks["registered_a_minute"] > SMALL.a_minute
    for kind in ("registration", "check_in"):
        assert desks[kind]["count"] == MEASURED
        assert desks[kind]["p95_ms"] < LONGEST_MS

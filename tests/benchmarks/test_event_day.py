"""A small event day is lived through, and the table afterwards is right."""

from benchmarks.event_crowd import SMALL
from benchmarks.event_day import describe, live


async def test_the_table_after_an_event_day_is_right() -> None:
    tally, counted = await live(SMALL, seed=2)
    figures = describe(tally, counted, 0.0)
    assert figures["product"] == figures["own_count"]
    assert figures["agrees"], figures["reminders"]
    assert counted["figures"]["invited"] == SMALL.invited
    assert counted["figures"]["came"] == SMALL.checked_in
    assert 0 < counted["figures"]["approved"] < counted["figures"]["registered"]


async def test_the_desks_keep_up_with_fifteen_a_minute() -> None:
    tally, counted = await live(SMALL, seed=3)
    desk = describe(tally, counted, 0.0)["desk"]
    assert desk["registered"] == SMALL.at_desk
    assert desk["most_a_minute"] > SMALL.a_minute

"""A notice to some hundreds, with faults, kills and people who act on it: a small fault run."""

import pytest

from benchmarks.notice_audience import list_late
from benchmarks.notice_pace import measure_apart
from benchmarks.notice_runs import Plan
from benchmarks.notices import FAST, list_broken_pace, run_plan

pytestmark = pytest.mark.process

SMALL = Plan("small", 400, FAST, people=3, kills=3, faulty=True, eventful=True)


async def test_everybody_is_accounted_for_and_nobody_gets_a_notice_twice() -> None:
    result = await run_plan(SMALL, seed=2)
    assert (result.lost, result.delivered_twice, result.other_wrong) == (0, 0, 0)
    assert sum(result.parts.values()) == result.recipients == SMALL.recipients
    assert result.uncertain <= result.uncertain_bound
    assert result.is_clean
    assert (result.sent_while_paused, result.sent_after_stop) == (0, 0)
    assert result.late_joiners == len(list_late(SMALL.recipients))
    assert result.kills == SMALL.kills
    assert result.delivered >= SMALL.recipients - SMALL.recipients // 50 - result.uncertain
    assert result.replies > 0


async def test_at_the_default_pace_no_second_on_a_virtual_clock_holds_too_many() -> None:
    paced = await measure_apart(recipients=500, seed=1)
    assert list_broken_pace(paced) == []
    assert paced.sent == 500
    assert 27 < paced.rate <= 28.1

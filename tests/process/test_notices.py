"""A notice to some hundreds, with faults and kills: a small `make faults-notices`."""

import pytest

from benchmarks.notice_runs import Plan
from benchmarks.notices import FAST, list_broken, run_plan

pytestmark = pytest.mark.process


async def test_everybody_is_accounted_for_and_nobody_gets_a_notice_twice() -> None:
    result = await run_plan(Plan("small", 500, FAST, people=3, kills=3, faulty=True), seed=2)
    assert list_broken([result]) == []
    assert sum(result.parts.values()) == result.recipients == 500
    assert (result.lost, result.delivered_twice) == (0, 0)
    assert result.kills > 0
    assert result.delivered >= 500 - 10 - result.uncertain
    assert result.replies > 0

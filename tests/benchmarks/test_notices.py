"""The report on notices: each figure from the run it names, and broken promises are seen."""

from dataclasses import replace
from typing import Any

import pytest

from benchmarks.notice_pace import PaceResult
from benchmarks.notice_results import Result, list_early
from benchmarks.notices import (
    EVERYBODY,
    FAULTS,
    PACE,
    PACE_KILLED,
    PAID,
    PAID_FULL,
    list_broken,
    list_broken_pace,
    make_report,
)
from simulator.faults import CallRecord

GOOD = Result(
    name=FAULTS.name,
    per_second=250,
    recipients=10,
    delivered=8,
    delivered_twice=0,
    lost=0,
    uncertain=2,
    uncertain_bound=2,
    parts={"sent": 8, "uncertain": 2},
    late_joiners=1,
    resent=0,
    sent_while_paused=0,
    other_parts={},
    other_wrong=0,
    sent_after_stop=0,
    kills=2,
    queued_at_first_kill=5,
    in_hand_at_kills=[1, 1],
    faults={},
    early_calls=3,
    early_latest_ms=20,
    seconds=1.0,
    rate=240.0,
    worst_second=260,
    replies=4,
    reply_p95_ms=80.0,
    reply_p95_ms_over_kills=3000.0,
    core_share=0.0,
    cpu_ms_each=0.0,
)
VIRTUAL = PaceResult("everybody", EVERYBODY, EVERYBODY, 1833.0, 30.55, 28.0, 30)


def as_paced(name: str, worst: int) -> Result:
    return replace(GOOD, name=name, per_second=28, rate=28.0, worst_second=worst, recipients=10)


def test_a_run_that_kept_everything_breaks_nothing() -> None:
    assert list_broken([GOOD, as_paced(PACE.name, 30)]) == []
    assert list_broken_pace(VIRTUAL) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"lost": 1}, "missing"),
        ({"delivered_twice": 1}, "twice"),
        ({"uncertain": 3}, "uncertain without need"),
        ({"other_wrong": 1}, "missing"),
        ({"parts": {"sent": 8}}, "missing"),
        ({"sent_while_paused": 1}, "after a pause"),
        ({"sent_after_stop": 1}, "a stop"),
        ({"early_latest_ms": 501}, "a limit"),
        ({"reply_p95_ms": 1001.0}, "replies took 1001 ms"),
        ({"worst_second": 269}, "269 messages within one second, where 268 may be"),
        ({"name": PACE.name, "per_second": 28, "worst_second": 31}, "where 30 may be"),
        ({"name": PAID.name, "per_second": 900, "rate": 900.0, "worst_second": 1001}, "1000 may"),
        ({"name": PAID_FULL.name, "per_second": 1000, "rate": 900.0}, "900 a second"),
    ],
)
def test_every_broken_promise_is_told(changed: dict[str, Any], words: str) -> None:
    [told] = list_broken([replace(GOOD, **changed)])
    assert words in told


def test_too_slow_too_many_or_too_few_on_the_virtual_clock_is_told() -> None:
    broken = replace(VIRTUAL, sent=EVERYBODY - 1, seconds=1861.0, worst_second=31)
    assert len(list_broken_pace(broken)) == 3


def test_each_figure_at_the_top_is_that_of_the_run_it_names() -> None:
    killed = as_paced(PACE_KILLED.name, 29)
    report = make_report([GOOD, as_paced(PACE.name, 28), killed], VIRTUAL)
    runs, sources = report["runs"], report["from"]
    assert sources["recipients"] == FAULTS.name
    assert (report["worst_second"], sources["worst_second"]) == (30, "everybody")
    assert (report["rate"], sources["rate"]) == (28.0, PACE.name)
    assert (report["faults_worst_second"], report["minutes_for_51324"]) == (260, 30.55)
    assert "paid_rate" not in report
    same = [name for name in sources if name in runs[sources[name]]]
    assert all(report[name] == runs[sources[name]][name] for name in same)
    assert len(same) > 8


def test_calls_within_the_second_after_a_refusal_are_early_and_the_next_refusal_is_not() -> None:
    times = [10.0, 10.1, 10.25, 11.2, 11.3, 20.0]
    refused = [CallRecord(1, at, "sendMessage", {}, "429") for at in times]
    assert [round(late, 2) for late in list_early(refused)] == [0.1, 0.25, 0.1]

import pytest

from benchmarks.fault_runs import Kind
from benchmarks.faults import run_kind

pytestmark = [pytest.mark.process, pytest.mark.thorough]

PEOPLE = 12


@pytest.mark.parametrize(
    "kind",
    [
        Kind("kill -9 polling", kills=2),
        Kind("kill -9 webhook", kills=2, webhook=True),
        Kind("SIGTERM with network faults", kills=1, network=True, gently=True),
    ],
    ids=lambda kind: kind.name,
)
async def test_no_answer_is_lost_or_counted_twice_and_nobody_is_left_waiting(kind: Kind) -> None:
    row, findings = await run_kind(kind, PEOPLE, seed=kind.kills)
    assert findings.notes == []
    assert (row.answers_lost, row.counted_twice, row.stuck) == (0, 0, 0)
    assert row.kills == kind.kills
    assert row.answers_sent > PEOPLE

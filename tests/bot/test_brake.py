"""When notices rest, because nobody knows whether they arrive."""

import pytest
from structlog.testing import capture_logs

from bot.brake import FIRST_REST_SECONDS, LONGEST_REST_SECONDS, MOST_IN_A_ROW, Brake
from bot.outcomes import Kind


def fail(brake: Brake, times: int, now: float = 0.0) -> list[float]:
    return [brake.note(Kind.AMBIGUOUS, now) for _ in range(times)]


def test_a_few_ambiguous_answers_in_a_row_stop_notices() -> None:
    brake = Brake()
    assert fail(brake, MOST_IN_A_ROW - 1) == [0.0] * (MOST_IN_A_ROW - 1)
    assert not brake.is_on
    assert fail(brake, 1) == [FIRST_REST_SECONDS]
    assert brake.is_on


def test_now_and_then_an_ambiguous_answer_stops_nothing() -> None:
    brake = Brake()
    for _ in range(20):
        assert not any(fail(brake, MOST_IN_A_ROW - 1))
        assert brake.note(Kind.DELIVERED, 0.0) == 0.0
    assert not brake.is_on


def test_each_try_that_fails_is_followed_by_a_longer_rest() -> None:
    brake, now, rests = Brake(), 0.0, []
    fail(brake, MOST_IN_A_ROW - 1)
    for _ in range(7):
        rests.append(brake.note(Kind.AMBIGUOUS, now))
        now += rests[-1]
    assert rests == [5, 10, 20, 40, 60, 60, LONGEST_REST_SECONDS]


def test_calls_that_were_under_way_when_the_rest_began_make_it_no_longer() -> None:
    brake = Brake()
    fail(brake, MOST_IN_A_ROW)
    assert not any(fail(brake, 30, now=FIRST_REST_SECONDS - 1))
    assert fail(brake, 1, now=FIRST_REST_SECONDS) == [2 * FIRST_REST_SECONDS]


@pytest.mark.parametrize("kind", [Kind.DELIVERED, Kind.LIMITED, Kind.UNREACHABLE, Kind.REJECTED])
def test_one_certain_answer_ends_it(kind: Kind) -> None:
    brake = Brake()
    fail(brake, MOST_IN_A_ROW)
    assert brake.note(kind, 5.0) == 0.0
    assert not brake.is_on
    assert fail(brake, MOST_IN_A_ROW, now=60.0)[-1] == FIRST_REST_SECONDS


def test_a_file_that_cannot_be_made_stops_nothing_but_ends_no_rest_either() -> None:
    brake = Brake()
    assert not any(brake.note(Kind.UNATTACHED, 0.0) for _ in range(20))
    fail(brake, MOST_IN_A_ROW)
    assert brake.note(Kind.UNATTACHED, 5.0) == 2 * FIRST_REST_SECONDS
    assert brake.is_on


def test_a_rest_is_told_once() -> None:
    brake = Brake()
    with capture_logs() as told:
        fail(brake, MOST_IN_A_ROW)
        fail(brake, 3, now=100.0)
        brake.note(Kind.DELIVERED, 200.0)
    assert [one["log_level"] for one in told] == ["warning", "info"]

"""No second at Telegram holds more messages than it allows."""

import heapq
from random import Random

import pytest

from bot.schedule import Pace
from bot.window import Window

MOST, PACE = 30, 28


def drive(
    random: Random, seconds: float, *, there: float, back: float, stall: float
) -> list[float]:
    """Send at the usual pace over a line that holds everything back now and then.

    Give when each message arrived.
    """
    window, pace = Window(MOST), Pace(PACE)
    now, held_until = 0.0, 0.0
    answers: list[tuple[float, float]] = []
    arrived = []
    while now < seconds:
        while answers and answers[0][0] <= now:
            answered_at, began_at = heapq.heappop(answers)
            window.end(began_at, answered_at)
        if random.random() < 0.02:
            held_until = max(held_until, now + random.uniform(0, stall))
        wait = max(pace.wait(now), window.wait(now))
        if wait > 0:
            until_answer = answers[0][0] - now if answers else wait
            now += max(min(wait, until_answer), 1e-6)
            continue
        pace.take(now)
        window.begin()
        arrives_at = max(now + there, held_until)
        arrived.append(arrives_at)
        heapq.heappush(answers, (arrives_at + back, now))
    return sorted(arrived)


def find_worst_second(arrived: list[float]) -> int:
    worst, first = 0, 0
    for last, at in enumerate(arrived):
        while arrived[first] <= at - 1:
            first += 1
        worst = max(worst, last - first + 1)
    return worst


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("there", "back"), [(0.0, 0.0), (0.002, 0.002), (0.05, 0.05), (0.2, 0.1)])
def test_no_second_holds_too_many_however_the_line_stalls(
    seed: int, there: float, back: float
) -> None:
    arrived = drive(Random(seed), 120, there=there, back=back, stall=0.8)
    assert find_worst_second(arrived) <= MOST


@pytest.mark.parametrize(("there", "back"), [(0.0, 0.0), (0.05, 0.05), (0.5, 0.5)])
def test_a_line_that_is_even_keeps_the_whole_pace(there: float, back: float) -> None:
    arrived = drive(Random(1), 120, there=there, back=back, stall=0)
    assert len(arrived) >= 120 * PACE - 1


def test_a_line_that_hangs_lets_no_more_begin_until_one_is_answered() -> None:
    window = Window(2)
    window.begin()
    window.begin()
    assert window.wait(5.0) > 0
    window.end(4.9, 5.0)
    assert window.wait(5.0) == pytest.approx(0.9)
    assert window.wait(5.95) == 0


def test_while_nobody_asks_to_begin_only_the_latest_second_is_kept() -> None:
    window = Window(MOST)
    for number in range(10_000):
        window.begin()
        window.end(number / 100, number / 100 + 0.05)
    assert len(vars(window)["_answered_at"]) <= 101

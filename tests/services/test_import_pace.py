"""An import stores as much as fits into a short moment, and rests where the bot is busy."""

from hypothesis import given
from hypothesis import strategies as st

from services.import_pace import (
    AT_LEAST,
    AT_MOST,
    BESIDE_THE_BOT,
    LONGEST_REST,
    RESTS,
    Pace,
    pace_alone,
)

SECONDS = st.floats(0, 100)


def test_the_next_transaction_lasts_as_long_as_it_should() -> None:
    pace = Pace(size=40)
    pace.note(2 * BESIDE_THE_BOT, 0)
    assert pace.size == 20
    pace.note(BESIDE_THE_BOT / 2, 0)
    assert pace.size == 40


def test_it_rests_for_several_times_as_long_as_it_wrote() -> None:
    assert Pace().note(BESIDE_THE_BOT, 0) == RESTS * BESIDE_THE_BOT


def test_it_rests_longer_while_the_bot_is_busy() -> None:
    quiet, busy = (Pace().note(0.01, waited) for waited in (0, 0.05))
    assert busy > 2 * quiet


def test_alone_it_never_rests() -> None:
    assert pace_alone().note(3, 3) == 0


@given(st.lists(st.tuples(SECONDS, SECONDS), max_size=20))
def test_whatever_comes_it_goes_on(moments: list[tuple[float, float]]) -> None:
    pace = Pace()
    for lasted, waited in moments:
        assert 0 <= pace.note(lasted, waited) <= LONGEST_REST
        assert AT_LEAST <= pace.size <= AT_MOST

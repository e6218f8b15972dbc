"""How often a stored call is tried, and when again."""

from datetime import timedelta

import pytest

from bot.attempts import (
    KEPT_TRYING,
    LONGEST_BACKOFF_SECONDS,
    MOST_AMBIGUOUS_TRIES,
    MOST_ATTACHMENT_TRIES,
    Attempts,
)
from bot.outcomes import Kind, Outcome
from domain.outbox import Call, OutgoingCall
from tests.conftest import Clock

CALL = OutgoingCall(7, Call(42, "sendMessage", "{}"), Clock().now)
OTHER = OutgoingCall(8, Call(42, "sendMessage", "{}"), Clock().now)
TRIED_AGAIN = (Kind.NOT_DELIVERED, Kind.AMBIGUOUS, Kind.UNATTACHED)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def attempts(clock: Clock) -> Attempts:
    return Attempts(clock)


def note_all(attempts: Attempts, kind: Kind, times: int) -> list[float | None]:
    return [attempts.note(CALL, Outcome(kind)) for _ in range(times)]


def test_a_call_rests_ever_longer_up_to_a_minute_and_holds_no_other_up(attempts: Attempts) -> None:
    rests = note_all(attempts, Kind.NOT_DELIVERED, 30)
    assert rests[:4] == [0.5, 1, 2, 4]
    assert set(rests[8:]) == {LONGEST_BACKOFF_SECONDS}
    assert attempts.note(OTHER, Outcome(Kind.NOT_DELIVERED)) == 0.5


def test_what_has_not_arrived_within_a_day_is_given_up(attempts: Attempts, clock: Clock) -> None:
    clock.now += KEPT_TRYING
    assert attempts.note(CALL, Outcome(Kind.NOT_DELIVERED)) is not None
    clock.now += timedelta(seconds=1)
    assert attempts.note(CALL, Outcome(Kind.NOT_DELIVERED)) is None


@pytest.mark.parametrize(
    ("kind", "tries"),
    [
        (Kind.AMBIGUOUS, MOST_AMBIGUOUS_TRIES + 1),
        (Kind.UNATTACHED, MOST_ATTACHMENT_TRIES),
    ],
)
def test_what_may_have_arrived_and_a_file_that_cannot_be_made_are_given_up_after_some_tries(
    attempts: Attempts, kind: Kind, tries: int
) -> None:
    note_all(attempts, Kind.NOT_DELIVERED, 50)
    *rests, last = note_all(attempts, kind, tries)
    assert None not in rests
    assert last is None


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in TRIED_AGAIN])
def test_any_other_outcome_is_no_reason_to_try_again(attempts: Attempts, kind: Kind) -> None:
    assert attempts.note(CALL, Outcome(kind)) is None


def test_a_call_that_is_forgotten_begins_anew(attempts: Attempts) -> None:
    note_all(attempts, Kind.AMBIGUOUS, MOST_AMBIGUOUS_TRIES)
    attempts.forget(CALL)
    assert attempts.note(CALL, Outcome(Kind.AMBIGUOUS)) == 0.5

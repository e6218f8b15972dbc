"""What each outcome of a call means for a recipient."""

from datetime import timedelta

import pytest

from bot.outcomes import Kind, Outcome
from bot.settlements import MOST_TRIES, read_settlement
from domain.recipients import BLOCKED, Key, Settlement, Status
from tests.samples import NOON

KEY = Key(1, 42)
ANSWER = b'{"ok":true,"result":{"message_id":7}}'


def read(outcome: Outcome, tries: int = 1) -> Settlement:
    return read_settlement(KEY, outcome, ANSWER, NOON, tries)


@pytest.mark.parametrize("kind", Kind)
def test_only_a_call_that_was_certainly_not_carried_out_is_made_again(kind: Kind) -> None:
    again = read(Outcome(kind, "reason", moved_to=9 if kind is Kind.MOVED else None))
    certainly_not = {
        Kind.LIMITED,
        Kind.NOT_DELIVERED,
        Kind.UNATTACHED,
        Kind.UNAUTHORIZED,
        Kind.MOVED,
        Kind.WITHDRAWN,
    }
    assert (again.status is Status.QUEUED) == (kind in certainly_not)


def test_each_outcome_says_what_the_pages_show() -> None:
    assert read(Outcome(Kind.DELIVERED)) == Settlement(KEY, Status.SENT, message_id=7)
    cut = read(Outcome(Kind.AMBIGUOUS, "ServerDisconnectedError"))
    assert (cut.status, cut.reason) == (Status.UNCERTAIN, "ServerDisconnectedError")
    assert read(Outcome(Kind.UNREACHABLE, "Forbidden")).reason == BLOCKED
    assert read(Outcome(Kind.REJECTED, "Bad Request")).reason == "Bad Request"
    assert read(Outcome(Kind.MOVED, moved_to=9)).moved_to == 9


def test_a_limit_is_obeyed_and_a_broken_line_is_tried_ever_more_seldom() -> None:
    limited = read(Outcome(Kind.LIMITED, retry_after_seconds=30))
    assert limited.not_before == NOON + timedelta(seconds=30)
    rests = [read(Outcome(Kind.NOT_DELIVERED), tries).not_before for tries in range(1, 20)]
    assert rests == sorted(rests, key=lambda one: one or NOON)
    assert rests[0] == NOON + timedelta(seconds=0.5)
    assert rests[-1] == NOON + timedelta(seconds=60)


def test_a_file_that_cannot_be_made_is_given_up_in_the_end() -> None:
    broken = Outcome(Kind.UNATTACHED, "attachment not made: ValueError")
    assert read(broken, MOST_TRIES - 1).status is Status.QUEUED
    assert read(broken, MOST_TRIES).status is Status.FAILED

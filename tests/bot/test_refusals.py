"""Refusals in a row tell that a notice is at fault, and not its recipients."""

import pytest

from bot.outcomes import Kind, Outcome
from bot.refusals import MOST_IN_A_ROW, Refusal, Refusals
from domain.recipients import Key

WRONG = Outcome(Kind.REJECTED, "Bad Request: can't find end of the entity at byte offset 40")
KEYS = [Key(1, chat_id) for chat_id in range(100, 100 + MOST_IN_A_ROW)]


def refuse(refusals: Refusals, outcome: Outcome = WRONG) -> list[bool]:
    return [refusals.note(key, outcome) for key in KEYS[:-1]]


def test_a_notice_is_at_fault_once_so_many_were_refused_alike() -> None:
    refusals = Refusals()
    assert not any(refuse(refusals))
    elsewhere = Outcome(Kind.REJECTED, WRONG.reason.replace("40", "57"))
    assert refusals.note(KEYS[-1], elsewhere)
    assert refusals.found == [Refusal(1, elsewhere.reason, tuple(KEYS))]
    assert refusals.note(Key(1, 7), Outcome(Kind.REJECTED, "something else"))
    assert not refusals.note(Key(2, 7), WRONG)
    assert len(refusals.found) == 1


@pytest.mark.parametrize(
    "between", [Outcome(Kind.DELIVERED), Outcome(Kind.REJECTED, "Bad Request: another")]
)
def test_a_delivery_and_another_reason_end_a_row(between: Outcome) -> None:
    refusals = Refusals()
    refuse(refusals)
    refusals.note(Key(1, 7), between)
    assert not refusals.note(KEYS[-1], WRONG)
    assert refusals.found == []


@pytest.mark.parametrize("kind", [Kind.UNREACHABLE, Kind.AMBIGUOUS, Kind.LIMITED])
def test_what_says_nothing_of_the_notice_ends_no_row(kind: Kind) -> None:
    refusals = Refusals()
    refuse(refusals)
    assert not refusals.note(Key(1, 7), Outcome(kind))
    assert refusals.note(KEYS[-1], WRONG)


def test_a_row_is_over_once_it_was_acted_upon_and_nobody_is_in_hand() -> None:
    refusals = Refusals()
    refuse(refusals)
    refusals.note(KEYS[-1], WRONG)
    assert refusals.list_over([]) == set()
    refusals.found.clear()
    assert refusals.list_over([Key(1, 7)]) == set()
    assert refusals.list_over([Key(2, 7)]) == {1}
    refusals.forget(1)
    assert not refusals.note(KEYS[-1], WRONG)


@pytest.mark.parametrize(
    ("reason", "is_of_file"),
    [
        ("Bad Request: wrong file identifier/HTTP URL specified", True),
        ("Bad Request: wrong remote file identifier specified: wrong padding", True),
        ("Bad Request: message text is empty", False),
    ],
)
def test_a_file_that_telegram_does_not_know_is_told_apart(reason: str, is_of_file: bool) -> None:
    assert Refusal(1, reason, ()).is_of_file is is_of_file

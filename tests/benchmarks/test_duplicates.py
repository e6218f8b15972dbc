"""The matcher reaches its goals, and the count of them is right."""

import json
from pathlib import Path

import pytest

from benchmarks.duplicates import (
    CONTROL_SEED,
    PAIRS,
    SEED,
    Counts,
    Judged,
    judge,
    make_table,
    write_report,
)
from benchmarks.labelled_pairs import DAMAGES, LOOKALIKES, Pair, make_pairs


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    return make_pairs(PAIRS, SEED)


@pytest.mark.parametrize("seed", [SEED, CONTROL_SEED])
def test_duplicates_are_found_and_others_are_not(seed: int) -> None:
    counts = Counts.of(judge(make_pairs(PAIRS, seed)))
    assert counts.pairs >= 1000
    assert counts.precision >= 0.95
    assert counts.recall >= 0.90


def test_those_who_share_no_number_are_found_too(pairs: list[Pair]) -> None:
    hard = [pair for pair in pairs if pair.is_same and not pair.shares_id]
    assert len(hard) >= 400
    assert Counts.of(judge(hard)).recall >= 0.90


def test_half_of_the_pairs_are_one_person_and_every_kind_is_there(pairs: list[Pair]) -> None:
    assert sum(pair.is_same for pair in pairs) == PAIRS / 2
    assert {pair.kind for pair in pairs if pair.is_same} == set(DAMAGES)
    assert {pair.kind for pair in pairs if not pair.is_same} == set(LOOKALIKES)


def test_no_second_entry_is_equal_to_the_first(pairs: list[Pair]) -> None:
    assert all(pair.one != pair.other for pair in pairs)


def test_two_people_never_share_a_number(pairs: list[Pair]) -> None:
    assert not any(pair.shares_id for pair in pairs if not pair.is_same)


def test_a_seed_always_makes_the_same_pairs() -> None:
    assert make_pairs(100, 7) == make_pairs(100, 7) != make_pairs(100, 8)


def test_what_shares_no_key_is_not_found(pairs: list[Pair]) -> None:
    same = next(pair for pair in pairs if pair.is_same)
    unlike = next(pair for pair in pairs if not pair.is_same)
    judged = [
        Judged(same, meets=True, is_possible=True),
        Judged(same, meets=False, is_possible=True),
        Judged(unlike, meets=True, is_possible=True),
        Judged(unlike, meets=True, is_possible=False),
    ]
    counts = Counts.of(judged)
    assert counts == Counts(pairs=4, same=2, meeting=1, found=2, found_same=1)
    assert (counts.precision, counts.recall, counts.blocking_recall) == (0.5, 0.5, 0.5)
    assert make_table(judged).row_count == 2


def test_the_figures_are_written(tmp_path: Path) -> None:
    counts = Counts(pairs=1000, same=500, meeting=490, found=480, found_same=470)
    write_report(counts, tmp_path / "build" / "duplicates.json")
    assert json.loads((tmp_path / "build" / "duplicates.json").read_text()) == {
        "pairs": 1000,
        "precision": 0.9792,
        "recall": 0.94,
        "blocking_recall": 0.98,
    }

"""Anybody can type any word behind /start; only what a link may hold is kept."""

import pytest

from domain.sources import IMPORT, NOTICE, read_source


@pytest.mark.parametrize("word", ["facebook", "BTB-2026", "btb-2026_market", " x ", "_", "a" * 64])
def test_the_word_of_a_link_is_kept(word: str) -> None:
    assert read_source(word) == word.strip()


@pytest.mark.parametrize(
    "word",
    ["", " ", f"{IMPORT}cie2025", f"{NOTICE}77", NOTICE, "btb 2026", "ទីផ្សារ", "a" * 65, "a\nb"],
)
def test_what_no_link_of_ours_holds_is_no_source(word: str) -> None:
    assert read_source(word) is None

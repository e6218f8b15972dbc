"""How buttons lie under a message: side by side as far as a small phone has room."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from unicodedata import category

from domain.answers.types import Rows
from domain.replies import Button

ROOM = {1: 38, 2: 17, 3: 11, 4: 8}
"""Latin letters that fit on each of so many buttons in a row, on a screen 360 points wide."""

_KHMER_SIGNS = range(0x1780, 0x1800)
_KHMER_WIDTH = 1.35
_SUBSCRIPT = "្"


def measure_label(label: str) -> float:
    """Measure a label in Latin letters; signs above or below a Khmer letter take no room."""
    return sum(
        _KHMER_WIDTH if ord(sign) in _KHMER_SIGNS else 1
        for before, sign in pairwise(f" {label}")
        if category(sign) != "Mn" and before != _SUBSCRIPT
    )


def in_fitting_rows(buttons: Sequence[tuple[Button, str]], most: int) -> Rows:
    """Lay buttons out by their labels, as many in a row as fit, at most so many."""
    return tuple(_cut_rows(buttons, most))


def _cut_rows(buttons: Sequence[tuple[Button, str]], most: int) -> Iterator[tuple[Button, ...]]:
    rest = buttons
    while rest:
        columns = next(n for n in range(most, 0, -1) if n == 1 or _fits(rest[:n]))
        yield tuple(button for button, _ in rest[:columns])
        rest = rest[columns:]


def _fits(row: Sequence[tuple[Button, str]]) -> bool:
    return all(measure_label(label) <= ROOM[len(row)] for _, label in row)

"""Count how many duplicates are found, and how many of the found are duplicates.

`python -m benchmarks.duplicates` prints a table by kind of pair and writes build/duplicates.json.
A pair counts as found if it shares a match key and the comparison says that it is possible.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from benchmarks.labelled_pairs import Pair, make_pairs
from benchmarks.processes import ROOT
from domain.duplicates import compare, list_match_keys

OUTPUT = ROOT / "build" / "duplicates.json"
PAIRS = 2000
SEED = 1
CONTROL_SEED = 20_250_211
"""No weight was chosen by looking at the pairs of this seed."""

console = Console()


@dataclass(frozen=True)
class Judged:
    """A pair, and what the product says of it."""

    pair: Pair
    meets: bool
    is_possible: bool

    @property
    def is_found(self) -> bool:
        """Whether an officer would be shown the two."""
        return self.meets and self.is_possible


@dataclass(frozen=True)
class Counts:
    """What came of some pairs."""

    pairs: int
    same: int
    meeting: int
    found: int
    found_same: int

    @classmethod
    def of(cls, judged: Sequence[Judged]) -> "Counts":
        """Count pairs; `meeting` are those of one person that share a key."""
        same = [one for one in judged if one.pair.is_same]
        return cls(
            pairs=len(judged),
            same=len(same),
            meeting=sum(one.meets for one in same),
            found=sum(one.is_found for one in judged),
            found_same=sum(one.is_found for one in same),
        )

    @property
    def precision(self) -> float:
        """The share of duplicates among what is found."""
        return self.found_same / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of the duplicates that is found."""
        return self.found_same / self.same

    @property
    def blocking_recall(self) -> float:
        """The share of the duplicates that share a key."""
        return self.meeting / self.same


def judge(pairs: Sequence[Pair]) -> list[Judged]:
    """Ask the product about every pair."""
    return [
        Judged(
            pair,
            meets=not list_match_keys(pair.one).isdisjoint(list_match_keys(pair.other)),
            is_possible=compare(pair.one, pair.other).is_possible,
        )
        for pair in pairs
    ]


def main(
    pairs: Annotated[int, typer.Option(min=1000)] = PAIRS,
    seed: Annotated[int, typer.Option(help="Start of all that is random.")] = SEED,
    output: Path = OUTPUT,
) -> None:
    """Judge the pairs of two seeds, print both and write the first as JSON."""
    judged = judge(make_pairs(pairs, seed))
    console.print(make_table(judged))
    _print_counts("these pairs", judged)
    _print_counts("  without an ID in common", [one for one in judged if not one.pair.shares_id])
    _print_counts("pairs of the control seed", judge(make_pairs(pairs, CONTROL_SEED)))
    console.print(f"{measure_microseconds(judged):.0f} µs a comparison")
    write_report(Counts.of(judged), output)
    console.print(f"written to {output}")


def _print_counts(title: str, judged: Sequence[Judged]) -> None:
    counts = Counts.of(judged)
    console.print(
        f"{title}: {counts.pairs:,}, precision {counts.precision:.3f}, "
        f"recall {counts.recall:.3f} (by keys alone {counts.blocking_recall:.3f})"
    )


def make_table(judged: Sequence[Judged]) -> Table:
    """Make the table that is printed, a line for each kind of pair."""
    table = Table(title="Pairs by kind", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in ("kind", "one person", "pairs", "share a key", "shown", "wrong"):
        table.add_column(heading, justify="left" if heading == "kind" else "right", no_wrap=True)
    for is_same in (True, False):
        kinds = dict.fromkeys(one.pair.kind for one in judged if one.pair.is_same is is_same)
        for kind in kinds:
            some = [one for one in judged if one.pair.kind == kind]
            shown = sum(one.is_found for one in some)
            table.add_row(
                kind,
                "yes" if is_same else "no",
                str(len(some)),
                str(sum(one.meets for one in some)),
                str(shown),
                str(len(some) - shown if is_same else shown),
            )
    return table


def measure_microseconds(judged: Sequence[Judged]) -> float:
    """Measure one comparison, names read already."""
    began = time.perf_counter()
    for one in judged:
        compare(one.pair.one, one.pair.other)
    return (time.perf_counter() - began) / len(judged) * 1e6


def write_report(counts: Counts, output: Path) -> None:
    """Write the figures as JSON."""
    figures = {
        "pairs": counts.pairs,
        "precision": round(counts.precision, 4),
        "recall": round(counts.recall, 4),
        "blocking_recall": round(counts.blocking_recall, 4),
    }
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)

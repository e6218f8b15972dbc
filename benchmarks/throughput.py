"""`make bench`: our bot beside the usual build, on the same work, against the simulator.

Two processes share the machine's two cores: the bot, and this one, which is the simulator and the
people in it, so that no third process takes time from either and no HTTP stands between people and
Telegram. People act again as soon as every call of an answer has arrived (a closed loop); an
update counts when it is answered. Each round is a new process, a new folder and a new simulator,
and ends in SIGKILL under load. The rows of the simulator are its own ceiling: a client without a
bot makes the same calls, and CPU and memory are those of this process. Medians of all rounds; the
answers lost are those of all rounds together, the memory is the highest.
"""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
import uvloop
from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.contestants import CONTESTANTS, Contestant
from benchmarks.dialogue import count_calls
from benchmarks.measuring import Plan, Row, measure
from benchmarks.processes import ROOT
from benchmarks.walk import record_script

OUTPUT = ROOT / "build" / "bench.json"
USUAL = "ptb usual"

NOTES = """\
x usual: updates/s as a multiple of the usual build's. alone: the median wait of one person alone.
calls: calls of the Bot API per update, the same for all. lost: of the answers that people had seen
acknowledged; the usual build saves every 60 seconds, so a shorter round loses all of them."""

console = Console()
if not console.is_terminal:
    console = Console(width=120)


def main(
    rounds: Annotated[int, typer.Option(min=1)] = 3,
    seconds: Annotated[float, typer.Option(min=0.1)] = 10.0,
    people: Annotated[int, typer.Option(min=1)] = 64,
    only: Annotated[str, typer.Option(help="Only names that begin so.")] = "",
    output: Path = OUTPUT,
) -> None:
    """Measure everybody in turn, print a table and write it as JSON."""
    rows = uvloop.run(_run(rounds, seconds, people, only))
    console.print(make_table(rows))
    console.print(NOTES)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")
    console.print(f"written to {output}")


async def _run(rounds: int, seconds: float, people: int, only: str) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        script = await record_script(_make_folder(Path(folder), "script"))
        for calls, steps in count_calls(script):
            console.print(f"{steps:>3} steps answered by {calls}")
        taking_part = [one for one in CONTESTANTS if one.name.startswith(only)]
        return await compare(taking_part, Plan(script, people, seconds), rounds, Path(folder))


async def compare(
    contestants: Sequence[Contestant], plan: Plan, rounds: int, folder: Path
) -> list[Row]:
    """Run all rounds, everybody in each, and give everybody's row."""
    found: dict[str, list[Row]] = {contestant.name: [] for contestant in contestants}
    for number in range(1, rounds + 1):
        for contestant in contestants:
            title = f"round {number} of {rounds}: {contestant.name}"
            with console.status(title):
                own = _make_folder(folder, f"{number} {contestant.name}")
                row = await measure(contestant, plan, own)
            found[row.name].append(row)
            console.print(f"{title}, {row.updates_per_second:,.0f} updates/s")
    return [summarise(rows) for rows in found.values()]


def _make_folder(folder: Path, name: str) -> Path:
    own = folder / name.replace(" ", "-")
    own.mkdir()
    return own


def summarise(rows: Sequence[Row]) -> Row:
    """Make one row of several rounds: medians, the highest memory, everything that was lost."""
    lost = [row.lost_at_kill for row in rows if row.lost_at_kill is not None]
    return Row(
        name=rows[0].name,
        updates_per_second=round(median(row.updates_per_second for row in rows), 1),
        p50_ms=round(median(row.p50_ms for row in rows), 2),
        p99_ms=round(median(row.p99_ms for row in rows), 2),
        cpu_s_per_1000=round(median(row.cpu_s_per_1000 for row in rows), 3),
        rss_mb=round(max(row.rss_mb for row in rows), 1),
        lost_at_kill=sum(lost) if lost else None,
        answered_before_kill=sum(row.answered_before_kill for row in rows),
        alone_p50_ms=round(median(row.alone_p50_ms for row in rows), 2),
        calls_per_update=round(median(row.calls_per_update for row in rows), 2),
    )


def make_table(rows: Sequence[Row]) -> Table:
    """Make the table that is printed, with everybody's speed as a multiple of the usual build's."""
    usual = next((row.updates_per_second for row in rows if row.name == USUAL), None)
    table = Table(
        title="The same 20 steps for everybody", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    table.add_column(no_wrap=True)
    for title in (
        *("updates/s", "x usual", "p50 ms", "p99 ms", "alone ms"),
        *("CPU s/1,000", "peak MB", "calls", "lost at kill -9"),
    ):
        table.add_column(title, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(
            row.name,
            f"{row.updates_per_second:,.0f}",
            f"{row.updates_per_second / usual:.1f}" if usual else "",
            *(f"{value:,.1f}" for value in (row.p50_ms, row.p99_ms, row.alone_p50_ms)),
            f"{row.cpu_s_per_1000:.2f}",
            f"{row.rss_mb:,.0f}",
            f"{row.calls_per_update:.2f}",
            _describe_loss(row),
        )
    return table


def _describe_loss(row: Row) -> str:
    if row.lost_at_kill is None:
        return ""
    return f"{row.lost_at_kill:,} of {row.answered_before_kill:,}"


if __name__ == "__main__":
    typer.run(main)

"""Kill the bot at random moments while people register, and look for a lost or doubled answer.

`make faults` runs every kind of fault, prints a table and writes build/faults.json.
"""

import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from benchmarks.fault_runs import Kind, Run
from benchmarks.oracle import Findings
from benchmarks.processes import ROOT

REPORT = ROOT / "build" / "faults.json"
KINDS = (
    Kind("kill -9 polling", kills=100),
    Kind("kill -9 webhook", kills=20, webhook=True),
    Kind("kill -9 with network faults", kills=20, network=True),
    Kind("network faults only", kills=0, network=True, seconds=45.0),
    Kind("SIGTERM", kills=10, gently=True),
)

COLUMNS = {
    "fault": "fault",
    "kills": "kills",
    "answers_sent": "sent",
    "answers_lost": "lost",
    "counted_twice": "twice",
    "stuck": "stuck",
    "duplicate_replies": "doubles",
    "recovery_seconds": "back s",
}

console = Console()
app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@dataclass(frozen=True)
class Row:
    """A line of the report."""

    fault: str
    kills: int
    answers_sent: int
    answers_lost: int
    counted_twice: int
    stuck: int
    duplicate_replies: int
    recovery_seconds: float
    finished: int

    @property
    def is_clean(self) -> bool:
        """Whether no answer was lost or doubled and nobody left waiting."""
        return not (self.answers_lost or self.counted_twice or self.stuck)


async def run_kind(
    kind: Kind, people: int, seed: int, tell: Callable[[int], None] = lambda _: None
) -> tuple[Row, Findings]:
    """Run one kind of fault in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        run = Run(kind, Path(folder), people, seed)
        findings = await run.run(tell)
    row = Row(
        fault=kind.name,
        kills=run.kills,
        answers_sent=findings.answers_sent,
        answers_lost=findings.answers_lost,
        counted_twice=findings.counted_twice,
        stuck=findings.stuck,
        duplicate_replies=findings.duplicate_replies,
        recovery_seconds=round(statistics.median(run.recoveries), 2),
        finished=findings.finished,
    )
    return row, findings


@app.command()
def main(
    kind: Annotated[list[str] | None, typer.Option(help="Only kinds with these words.")] = None,
    kills: Annotated[int | None, typer.Option(help="Ends of the bot in each such kind.")] = None,
    people: Annotated[int, typer.Option(help="People at the same time.")] = 30,
    seed: Annotated[int, typer.Option(help="Start of all that is random.")] = 1,
) -> None:
    """Run the kinds of faults, print the table, write it; status 1 if anything was lost."""
    kinds = [one for one in KINDS if kind is None or any(words in one.name for words in kind)]
    if kills is not None:
        kinds = [replace(one, kills=kills) if one.kills else one for one in kinds]
    rows = uvloop.run(_run_all(kinds, people, seed))
    console.print(make_table(rows))
    sys.exit(0 if all(row.is_clean for row in rows) else 1)


async def _run_all(kinds: Sequence[Kind], people: int, seed: int) -> list[Row]:
    rows = []
    columns = (TextColumn("{task.description:28}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        for kind in kinds:
            task = progress.add_task(kind.name, total=max(kind.kills, 1))
            show = partial(_show, progress, task)
            row, findings = await run_kind(kind, people, seed, show)
            show(max(kind.kills, 1))
            for note in findings.notes:
                progress.console.print(f"{kind.name}: {note}", highlight=False)
            rows.append(row)
            _write_report(rows)
    return rows


def _show(progress: Progress, task: TaskID, kills: int) -> None:
    progress.update(task, completed=kills)


def _write_report(rows: Sequence[Row]) -> None:
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")


def make_table(rows: Sequence[Row]) -> Table:
    """Make the table that is printed."""
    table = Table(title="Faults while people register", box=SIMPLE_HEAD, padding=0)
    for name, heading in COLUMNS.items():
        table.add_column(heading, justify="left" if name == "fault" else "right", no_wrap=True)
    for row in rows:
        table.add_row(*(str(getattr(row, name)) for name in COLUMNS))
    return table


if __name__ == "__main__":
    app()

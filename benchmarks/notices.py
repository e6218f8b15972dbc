"""Send a notice to many while everything fails, and look for whoever got it twice or not at all.

`make faults-notices` makes four runs and writes build/faults-notices.json:

- faults: the network fails, the bot is killed, people register meanwhile. To end in minutes it
  sends 400 messages a second, which the simulated Telegram does not forbid.
- pace: the default pace, undisturbed; how long 51,324 recipients take follows from its rate.
- pace, killed: the default pace with people and kills; its worst second counts as well.
- paid: 1,000 a second at 100 ms of latency, and what share of a core the bot's process needs.

Seconds are real ones. What was delivered is what lies in the chats of the simulator, whatever the
bot's own ledger says.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

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

from benchmarks.notice_runs import SENDS_PER_SECOND, NoticeRun, Plan, Result
from benchmarks.processes import ROOT

REPORT = ROOT / "build" / "faults-notices.json"
EVERYBODY = 51_324
MOST_MINUTES = 31.0
MOST_IN_A_SECOND = 30
MOST_REPLY_MS = 1000.0
FAST = 400

FAULTS = Plan("faults", 50_000, FAST, people=10, kills=20, faulty=True)
PACE = Plan("pace", 3_000, SENDS_PER_SECOND)
PACE_KILLED = Plan("pace, killed", 900, SENDS_PER_SECOND, people=3, kills=3)
PAID = Plan("paid", 20_000, 1_000, paid=True, latency_seconds=0.1)
PLANS = (FAULTS, PACE, PACE_KILLED, PAID)

COLUMNS = {
    "name": "run",
    "recipients": "people",
    "delivered": "got it",
    "delivered_twice": "twice",
    "lost": "lost",
    "uncertain": "uncertain",
    "kills": "kills",
    "rate": "a second",
    "worst_second": "worst",
    "reply_p95_ms": "reply ms",
    "core_share": "core",
}

console = Console()
app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
Tell = Callable[[int], None]


async def run_plan(plan: Plan, seed: int, tell: Tell = lambda _: None) -> Result:
    """Run one plan in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="notices-") as folder:
        return await NoticeRun(plan, Path(folder), seed).run(tell)


@app.command()
def main(
    only: Annotated[list[str] | None, typer.Option(help="Only the runs of these names.")] = None,
    recipients: Annotated[int | None, typer.Option(help="Recipients of each run.")] = None,
    seed: Annotated[int, typer.Option(help="Start of all that is random.")] = 1,
) -> None:
    """Make the runs, print the table, write it; status 1 if a promise was broken."""
    plans = [plan for plan in PLANS if only is None or plan.name in only]
    if recipients is not None:
        plans = [replace(plan, recipients=recipients) for plan in plans]
    results = uvloop.run(_run_all(plans, seed))
    console.print(make_table(results))
    report = make_report(results)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    broken = list_broken(results)
    for line in [*_list_remarks(report), *broken]:
        console.print(line, highlight=False)
    sys.exit(1 if broken else 0)


async def _run_all(plans: Sequence[Plan], seed: int) -> list[Result]:
    results = []
    columns = (TextColumn("{task.description:14}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        for plan in plans:
            task = progress.add_task(plan.name, total=plan.recipients)
            results.append(await run_plan(plan, seed, partial(_show, progress, task)))
    return results


def _show(progress: Progress, task: TaskID, done: int) -> None:
    progress.update(task, completed=done)


def list_broken(results: Sequence[Result]) -> list[str]:
    """List the promises that were not kept, in words."""
    broken = []
    for one in results:
        if not one.is_clean:
            broken.append(
                f"{one.name}: somebody got it twice, is missing or uncertain without need"
            )
        if one.reply_p95_ms > MOST_REPLY_MS:
            broken.append(f"{one.name}: replies took {one.reply_p95_ms:.0f} ms at p95")
        if one.name.startswith(PACE.name) and one.worst_second > MOST_IN_A_SECOND:
            broken.append(f"{one.name}: {one.worst_second} messages within one second")
        if one.name == PACE.name and count_minutes(one) > MOST_MINUTES:
            broken.append(f"{one.name}: {EVERYBODY:,} would take {count_minutes(one):.1f} minutes")
        if one.name == PAID.name and one.rate < 0.97 * PAID.per_second:
            broken.append(f"{one.name}: {one.rate:.0f} a second")
    return broken


def count_minutes(pace: Result) -> float:
    """Count the minutes in which everybody is sent to at a measured rate."""
    return EVERYBODY / pace.rate / 60


def make_report(results: Sequence[Result]) -> dict[str, Any]:
    """Sum the runs up: the faults of the first, the pace of those at the default pace."""
    named = {one.name: one for one in results}
    report: dict[str, Any] = {}
    if faults := named.get(FAULTS.name):
        report |= asdict(faults) | {"rate_of_faults": faults.rate}
    paced = [one for one in results if one.name.startswith(PACE.name)]
    if paced:
        report["worst_second"] = max(one.worst_second for one in paced)
    if pace := named.get(PACE.name):
        report |= {"rate": pace.rate, "minutes_for_51324": round(count_minutes(pace), 2)}
    if paid := named.get(PAID.name):
        report |= {"paid_rate": paid.rate, "paid_core_share": paid.core_share}
    return report | {"runs": [asdict(one) for one in results]}


def _list_remarks(report: dict[str, Any]) -> list[str]:
    remarks = [f"faults ran at {FAST} messages a second, the pace runs at {SENDS_PER_SECOND}"]
    if "minutes_for_51324" in report:
        remarks.append(f"{EVERYBODY:,} recipients: {report['minutes_for_51324']} minutes, by rate")
    if "uncertain_bound" in report:
        at_kills = report["in_hand_at_kills"]
        remarks.append(f"in hand at the kills: {at_kills}; bound {report['uncertain_bound']}")
        remarks.append(f"replies over a kill: p95 {report['reply_p95_ms_over_kills']} ms")
    return remarks


def make_table(results: Sequence[Result]) -> Table:
    """Make the table that is printed."""
    table = Table(title="Notices to many", box=SIMPLE_HEAD, padding=0)
    for name, heading in COLUMNS.items():
        table.add_column(heading, justify="left" if name == "name" else "right", no_wrap=True)
    for one in results:
        table.add_row(*(_format(getattr(one, name)) for name in COLUMNS))
    return table


def _format(value: object) -> str:
    return f"{value:,}" if isinstance(value, int | float) else str(value)


if __name__ == "__main__":
    app()

"""Send a notice to many while everything fails, and look for whoever got it twice or not at all.

`make faults-notices` makes these runs and writes build/faults-notices.json:

- faults: the network fails, the bot is killed, people register meanwhile; some fit only later, the
  notice is paused, another one is stopped, and the uncertain are sent to again. To end in minutes
  it sends 250 messages a second, which the simulated Telegram does not forbid.
- pace: the default pace, undisturbed, on a real clock.
- pace, killed: the default pace with people and kills.
- paid: a little below the 1,000 a second that Telegram allows, at 100 ms of latency.
- paid, full: 1,000 a second, and what share of a core the bot's process needs for it.
- everybody: 51,324 recipients at the default pace on a virtual clock (see `notice_pace`).

What was delivered is what lies in the chats of the simulator, whatever the bot's own ledger says.
Of every figure at the top of the report, `from` names the run.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
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

from benchmarks.notice_pace import PaceResult, measure_apart
from benchmarks.notice_results import HEARD_SECONDS, Result
from benchmarks.notice_runs import SENDS_PER_SECOND, NoticeRun, Plan
from benchmarks.processes import ROOT

REPORT = ROOT / "build" / "faults-notices.json"
EVERYBODY = 51_324
MOST_MINUTES = 31.0
MOST_IN_A_SECOND = 30
MOST_PAID_IN_A_SECOND = 1_000
PAID_PACE = 900
MOST_REPLY_MS = 1000.0
FAST = 250

FAULTS = Plan("faults", 50_000, FAST, people=10, kills=20, faulty=True, eventful=True)
PACE = Plan("pace", 3_000, SENDS_PER_SECOND)
PACE_KILLED = Plan("pace, killed", 900, SENDS_PER_SECOND, people=3, kills=3)
PAID = Plan("paid", 20_000, PAID_PACE, paid=True, latency_seconds=0.1)
PAID_FULL = Plan("paid, full", 20_000, 1_000, paid=True, latency_seconds=0.1)
PLANS = (FAULTS, PACE, PACE_KILLED, PAID, PAID_FULL)
VIRTUAL = "everybody"

COLUMNS = {
    "name": "run",
    "per_second": "asked",
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
    paced = None
    if only is None or VIRTUAL in only:
        paced = asyncio.run(measure_apart(recipients or EVERYBODY, seed))
    report = make_report(results, paced)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    broken = [*list_broken(results), *(list_broken_pace(paced) if paced else [])]
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


def most_in_a_second(name: str, per_second: int) -> int | None:
    """Give how many a second may hold in a run: Telegram's limit, or as far above the pace asked.

    At its full 1,000 a second a paid run shows what one process can do, and nothing else.
    """
    match name:
        case PAID_FULL.name:
            return None
        case PAID.name:
            return MOST_PAID_IN_A_SECOND
    return -(-per_second * MOST_IN_A_SECOND // SENDS_PER_SECOND)


def list_broken(results: Sequence[Result]) -> list[str]:
    """List the promises that were not kept, in words."""
    return [f"{one.name}: {words}" for one in results for words in _find_broken(one)]


def _find_broken(one: Result) -> Iterator[str]:
    if not one.is_clean:
        yield "somebody got it twice, is missing or uncertain without need"
    if not one.is_obedient:
        yield f"something came {HEARD_SECONDS} s after a pause, a stop or a limit, or later"
    if one.reply_p95_ms > MOST_REPLY_MS:
        yield f"replies took {one.reply_p95_ms:.0f} ms at p95"
    most = most_in_a_second(one.name, one.per_second)
    if most is not None and one.worst_second > most:
        yield f"{one.worst_second} messages within one second, where {most} may be"
    if one.name in (PAID.name, PAID_FULL.name) and one.rate < 0.97 * one.per_second:
        yield f"{one.rate:.0f} a second"


def list_broken_pace(paced: PaceResult) -> list[str]:
    """List what the run on a virtual clock did not keep."""
    most_seconds = 60 * MOST_MINUTES * paced.recipients / EVERYBODY
    broken = []
    if paced.sent != paced.recipients:
        broken.append(f"{paced.name}: {paced.sent} of {paced.recipients} were sent to")
    if paced.seconds > most_seconds:
        broken.append(f"{paced.name}: {paced.seconds:.0f} seconds instead of {most_seconds:.0f}")
    if paced.worst_second > MOST_IN_A_SECOND:
        broken.append(f"{paced.name}: {paced.worst_second} messages within one second")
    return broken


FIGURES = (
    "recipients",
    "delivered",
    "delivered_twice",
    "lost",
    "uncertain",
    "uncertain_bound",
    "kills",
    "reply_p95_ms",
)
"""What the run with faults is asked for; seconds and rates come from runs at the default pace."""


def make_report(results: Sequence[Result], paced: PaceResult | None = None) -> dict[str, Any]:
    """Sum the runs up, and say of each figure from which of them it is."""
    named: dict[str, dict[str, Any]] = {one.name: asdict(one) for one in results}
    if paced:
        named[VIRTUAL] = asdict(paced)
    sources = dict.fromkeys(FIGURES, (FAULTS.name, None)) | {
        "worst_second": (_find_worst(named), "worst_second"),
        "rate": (PACE.name, "rate"),
        "minutes_for_51324": (VIRTUAL, "minutes"),
        "paid_rate": (PAID_FULL.name, "rate"),
        "paid_core_share": (PAID_FULL.name, "core_share"),
        "paid_worst_second": (PAID.name, "worst_second"),
        "faults_rate": (FAULTS.name, "rate"),
        "faults_worst_second": (FAULTS.name, "worst_second"),
    }
    known = {figure: of for figure, of in sources.items() if of[0] in named}
    figures = {figure: named[run][name or figure] for figure, (run, name) in known.items()}
    return figures | {"from": {figure: run for figure, (run, _) in known.items()}, "runs": named}


def _find_worst(named: Mapping[str, Mapping[str, Any]]) -> str:
    """Find which run at the default pace had the worst second."""
    paced = [name for name in (PACE.name, PACE_KILLED.name, VIRTUAL) if name in named]
    return max(paced, key=lambda name: int(named[name]["worst_second"]), default=PACE.name)


def _list_remarks(report: dict[str, Any]) -> list[str]:
    runs = report["runs"]
    remarks = []
    if faults := runs.get(FAULTS.name):
        remarks += [
            f"faults: in hand at the kills {faults['in_hand_at_kills']}",
            f"faults: replies over a kill, p95 {faults['reply_p95_ms_over_kills']} ms",
            f"faults: {faults['early_calls']} calls were on their way when told to wait",
            f"faults: the latest of them came {faults['early_latest_ms']} ms after that",
        ]
    if paced := runs.get(VIRTUAL):
        remarks.append(
            f"{paced['recipients']:,} recipients: {paced['minutes']} minutes on a virtual clock,"
            f" worst second {paced['worst_second']}"
        )
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

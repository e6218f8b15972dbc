"""Live through an invented event day and compare the product's table with an own count.

`python -m benchmarks.event_day` prints the table and writes build/event-day.json; it ends with
status 1 if any figure differs. Time is virtual, the services and SQLite are the real ones.
Afterwards two officers send the desk's forms over real HTTP, and how long they wait is measured.
"""

import asyncio
import json
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from benchmarks.event_crowd import ZONE, Crowd, Numbers
from benchmarks.event_desks import Waits
from benchmarks.event_run import EventDay, Tally
from benchmarks.processes import ROOT
from db.campaign_results import FIGURES
from db.database import Database
from db.migrations import migrate
from db.reference import load_gazetteer, load_occupations
from documents.signatures import SigningKey
from domain.registration_form import REGISTRATION_FORM
from services.desk import Desk

MEASURED = 60
"""How many registrations and check-ins are measured."""

OUTPUT = ROOT / "build" / "event-day.json"

console = Console()


def main(
    seed: Annotated[int, typer.Option(help="Draws who does what.")] = 1, output: Path = OUTPUT
) -> None:
    """Live through the day, print the table and write the figures as JSON."""
    began = time.perf_counter()
    tally, counted, waits = asyncio.run(live(Numbers(), seed, MEASURED))
    figures = describe(tally, counted, waits, time.perf_counter() - began)
    console.print(make_table(figures))
    registration, check_in = figures["desks"]["registration"], figures["desks"]["check_in"]
    console.print(
        f"reminders (said coming, sent): {figures['reminders']}; "
        f"{figures['desks']['officers']} officers over HTTP: a registration until its slip "
        f"{registration['p50_ms']} ms (p95 {registration['p95_ms']} ms), a check-in "
        f"{check_in['p50_ms']} ms (p95 {check_in['p95_ms']} ms), "
        f"{figures['desks']['registered_a_minute']} registered a minute; "
        f"{figures['wall_seconds']} s in all"
    )
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n")
    if not figures["agrees"]:
        raise typer.Exit(1)


async def live(numbers: Numbers, seed: int, measured: int) -> tuple[Tally, dict[str, Any], Waits]:
    """Live through an event day on a database of its own.

    Give the own count, the product's, and how long so many forms took at the desks.
    """
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite+aiosqlite:///{folder}/event.db")
        database.own()
        try:
            await migrate(database)
            desk = make_desk()
            day = EventDay(database, desk, Crowd(desk, numbers, seed))
            counted = await day.live()
            return day.tally, counted, await day.measure_desks(measured)
        finally:
            await database.close()


def make_desk() -> Desk:
    """Make a desk that can sign."""
    key = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))
    gazetteer, occupations = load_gazetteer(), load_occupations()
    return Desk(REGISTRATION_FORM, gazetteer, occupations, ZONE, signing_key=key)


def describe(
    tally: Tally, counted: dict[str, Any], waits: Waits, wall_seconds: float
) -> dict[str, Any]:
    """Put both counts beside each other."""
    own = {
        "figures": tally.count(),
        "sources": dict(tally.by_source),
        "checked_in_by": {str(one): count for one, count in tally.by_officer.items()},
        "registered_by": {str(one): count for one, count in tally.desk_of.items() if count},
    }
    product = {
        "figures": counted["figures"],
        "sources": {one.source: one.registered for one in counted["sources"]},
        "checked_in_by": {str(one.staff_id): one.checked_in for one in counted["officers"]},
        "registered_by": {
            str(one.staff_id): one.registered for one in counted["officers"] if one.registered
        },
    }
    all_reminded = all(said == sent for said, sent in tally.reminded)
    return {
        "agrees": own == product and all_reminded,
        "product": product,
        "own_count": own,
        "by_source": [asdict(one) for one in counted["sources"]],
        "by_officer": [asdict(one) for one in counted["officers"]],
        "reminders": tally.reminded,
        "desks": waits.describe(),
        "wall_seconds": round(wall_seconds, 1),
    }


def make_table(figures: dict[str, Any]) -> Table:
    """Write both counts as a table."""
    table = Table("", "the page", "own count", box=SIMPLE_HEAD)
    for name in FIGURES:
        pair = (figures[side]["figures"][name] for side in ("product", "own_count"))
        table.add_row(name, *(f"{count:,}" for count in pair))
    for name, count in sorted(figures["product"]["sources"].items()):
        own = figures["own_count"]["sources"].get(name, 0)
        table.add_row(f"registered by {name}", f"{count:,}", f"{own:,}")
    for name, count in sorted(figures["product"]["checked_in_by"].items()):
        own = figures["own_count"]["checked_in_by"].get(name, 0)
        table.add_row(f"checked in by officer {name}", f"{count:,}", f"{own:,}")
    return table


if __name__ == "__main__":
    typer.run(main)

"""Time an import of many rows, and watch that its memory stays flat.

`python -m benchmarks.importing` prints the figures and writes build/bench-import.json; it ends with
status 1 if memory grows between a fifth and the end of the run, if a transaction is too long, or if
a second import changes anything.
"""

import csv
import json
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

import psutil
import typer
import uvloop
from rich.console import Console

from benchmarks.processes import ROOT
from db.database import Database
from db.imports import Counts
from db.migrations import migrate
from db.reference import load_gazetteer, load_occupations
from db.staff import Connection
from domain.demo.names import FAMILY_NAMES, MENS_NAMES, WOMENS_NAMES
from domain.import_columns import OPTIONAL, REQUIRED
from domain.registration_form import REGISTRATION_FORM
from services.desk import Desk
from services.importing import ALONE, BESIDE_THE_BOT, Order, begin_import, open_list, run_import

T = TypeVar("T")

OUTPUT = ROOT / "build" / "bench-import.json"
ROWS = 100_000
LARGEST_GROWTH_MB = 32.0
NOW = datetime(2026, 3, 4, 5, 0, tzinfo=UTC)
COLUMNS = (*REQUIRED, *OPTIONAL)

console = Console()


@dataclass
class Figures:
    """What an import took: seconds, rows a second, and resident memory on the way."""

    rows: int
    seconds: float = 0.0
    rows_per_second: float = 0.0
    memory_mb_at_20_percent: float = 0.0
    memory_mb_at_end: float = 0.0
    peak_memory_mb: float = 0.0
    growth_mb: float = 0.0
    longest_write_ms: float = 0.0
    p95_write_ms: float = 0.0
    second_seconds: float = 0.0
    first: dict[str, int] = field(default_factory=dict)
    second: dict[str, int] = field(default_factory=dict)


class TimedDatabase(Database):
    """A database that notes how long each of its write transactions takes."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.taken: list[float] = []

    async def write(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Write, and note how long it took."""
        began = time.perf_counter()
        try:
            return await super().write(work)
        finally:
            self.taken.append((time.perf_counter() - began) * 1000)


def main(
    rows: Annotated[int, typer.Option(min=100)] = ROWS,
    beside: Annotated[bool, typer.Option(help="At the pace beside a serving bot.")] = False,
    output: Path = OUTPUT,
) -> None:
    """Import a list twice, print the figures and write them as JSON."""
    figures = uvloop.run(measure(rows, BESIDE_THE_BOT if beside else ALONE))
    for name, value in asdict(figures).items():
        console.print(f"{name}: {value}", highlight=False)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(asdict(figures), indent=2) + "\n", encoding="utf-8")
    console.print(f"written to {output}")
    if not is_good(figures):
        raise typer.Exit(1)


def is_good(figures: Figures) -> bool:
    """Tell whether the figures keep what is promised."""
    nothing_new = figures.second["added"] == figures.second["changed"] == 0
    return nothing_new and figures.growth_mb <= LARGEST_GROWTH_MB


async def measure(rows: int, pace: float) -> Figures:
    """Import a list into a database of its own, and then once more."""
    zone = ZoneInfo("Asia/Phnom_Penh")
    desk = Desk(REGISTRATION_FORM, load_gazetteer(), load_occupations(), zone)
    with tempfile.TemporaryDirectory(prefix="bench-import-") as folder:
        file = Path(folder) / "register.csv"
        write_list(file, rows)
        database = TimedDatabase(f"sqlite+aiosqlite:///{Path(folder) / 'office.db'}")
        database.own()
        try:
            await migrate(database)
            figures = Figures(rows)
            began = time.perf_counter()
            figures.first = await _import(database, desk, file, figures, pace)
            figures.seconds = round(time.perf_counter() - began, 2)
            figures.rows_per_second = round(rows / figures.seconds, 1)
            taken = sorted(database.taken[1:])
            figures.longest_write_ms = round(taken[-1], 1)
            figures.p95_write_ms = round(taken[int(len(taken) * 0.95)], 1)
            began = time.perf_counter()
            figures.second = await _import(database, desk, file, Figures(rows), pace)
            figures.second_seconds = round(time.perf_counter() - began, 2)
            return figures
        finally:
            await database.close()


async def _import(
    database: Database, desk: Desk, file: Path, figures: Figures, pace: float
) -> dict[str, int]:
    process = psutil.Process()

    def note(counts: Counts) -> None:
        memory = round(process.memory_info().rss / 1e6, 1)
        figures.peak_memory_mb = max(memory, figures.peak_memory_mb)
        if counts.rows >= figures.rows / 5 and not figures.memory_mb_at_20_percent:
            figures.memory_mb_at_20_percent = memory
        figures.memory_mb_at_end = memory
        figures.growth_mb = round(memory - (figures.memory_mb_at_20_percent or memory), 1)

    order = Order(file.name, "bench", pace=pace)
    import_id = await begin_import(database, order, NOW)
    with file.open("rb") as opened:
        found = open_list(opened, file.name)
        result = await run_import(database, desk, found, order, import_id, lambda: NOW, note)
    return vars(result.counts)


def write_list(file: Path, rows: int, seed: int = 1) -> None:
    """Write a list of invented people, whose phone numbers and cards nobody can have."""
    random = Random(seed)
    villages = [
        (province, district, commune, village)
        for province in load_gazetteer().children(None)
        for district in load_gazetteer().children(province.code)
        for commune in load_gazetteer().children(district.code)
        for village in load_gazetteer().children(commune.code)
    ]
    occupations = load_occupations()
    jobs = [one for group in occupations.groups() for one in occupations.of_group(group)]
    categories = ("self_employed", "micro_enterprise", "micro_employee", "casual_worker")
    with file.open("w", encoding="utf-8-sig", newline="") as written:
        writer = csv.writer(written)
        writer.writerow(COLUMNS)
        for number in range(rows):
            is_woman = random.random() < 0.55
            family = random.choice(FAMILY_NAMES)
            given = random.choice(WOMENS_NAMES if is_woman else MENS_NAMES)
            place = random.choice(villages)
            line = {
                "family_km": family.khmer,
                "given_km": given.khmer,
                "family_latin": family.latin[0],
                "given_latin": given.latin[0],
                "sex": "ស្រី" if is_woman else "ប្រុស",
                "birth_date": _draw_day(random, 1955, 2007),
                "province": place[0].name_km,
                "district": place[1].code,
                "commune": place[2].code,
                "village": place[3].code,
                "occupation": random.choice(jobs).name_km,
                "category": random.choice(categories),
                "register_number": f"R{number:07}",
                "phone": f"012{number % 1_000_000:06}",
                "id_number": f"999{number % 1_000_000:06}",
                "registered_on": _draw_day(random, 2024, 2024),
                "status": "approved",
            }
            writer.writerow([line[column] for column in COLUMNS])


def _draw_day(random: Random, first: int, last: int) -> str:
    day = date(random.randint(first, last), random.randint(1, 12), random.randint(1, 28))
    return day.isoformat()


if __name__ == "__main__":
    typer.run(main)

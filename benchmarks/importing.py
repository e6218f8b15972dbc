"""Time an import of many rows, and one beside a bot that stores what people write.

`python -m benchmarks.importing` prints the figures and writes build/bench-import.json; it ends with
status 1 if memory grows between a fifth and the end of a run, if what people write waits too long
to be stored, or if a second import changes anything of what is stored about people.
"""

import asyncio
import csv
import json
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Annotated, TypeVar

import psutil
import typer
import uvloop
from openpyxl import Workbook
from rich.console import Console
from sqlalchemy import select

from benchmarks.measuring import find_percentile
from benchmarks.processes import ROOT
from bot.desk import make_desk
from bot.settings import Settings
from db.database import Database
from db.imports import Counts
from db.migrations import migrate
from db.reference import load_gazetteer, load_occupations
from db.staff import Connection
from db.tables import (
    activities,
    applications,
    duplicate_pairs,
    imported_rows,
    worker_keys,
    workers,
)
from db.unit_of_work import UnitOfWork, run_unit
from domain.contacts import Contact
from domain.demo.names import FAMILY_NAMES, MENS_NAMES, WOMENS_NAMES
from domain.import_columns import OPTIONAL, REQUIRED
from domain.outbox import Call
from services.desk import Desk
from services.import_lists import open_list
from services.import_pace import Pace, pace_alone
from services.importing import Order, begin_import, run_import

T = TypeVar("T")

OUTPUT = ROOT / "build" / "bench-import.json"
ROWS = 100_000
BESIDE = 5_000
BOOK_ROWS = 10_000
LARGEST_GROWTH_MB = 32.0
LONGEST_WAIT_MS = 50.0
LARGEST_RATIO = 3.0
"""95 of 100 batches of what people write are stored in so long, or, on a machine that has much else
to do, in so many times as long as without the import."""

ALONE_SECONDS = 10.0

BATCHES_A_SECOND = 20
LETTERS_IN_A_BATCH = 3
NOW = datetime(2026, 3, 4, 5, 0, tzinfo=UTC)
COLUMNS = (*REQUIRED, *OPTIONAL)
ABOUT_PEOPLE = (
    workers,
    worker_keys,
    applications,
    activities,
    duplicate_pairs,
    imported_rows,
)
"""What is stored about the people of a list; the import itself and its log are not."""

console = Console()
importing: ContextVar[bool] = ContextVar("importing", default=False)


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
    import_write_p95_ms: float = 0.0
    import_write_longest_ms: float = 0.0
    bot_alone_p95_ms: float = 0.0
    bot_writes: int = 0
    bot_write_p50_ms: float = 0.0
    bot_write_p95_ms: float = 0.0
    bot_write_p99_ms: float = 0.0
    bot_write_longest_ms: float = 0.0
    second_seconds: float = 0.0
    first: dict[str, int] = field(default_factory=dict)
    second: dict[str, int] = field(default_factory=dict)
    people: int = 0
    stored: str = ""
    stored_after_second: str = ""


class TimedDatabase(Database):
    """A database that notes for how long each write of an import keeps the others waiting."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.held: list[float] = []

    async def write(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Write, and note how long it took once its turn had come."""
        began = 0.0

        async def timed(connection: Connection) -> T:
            nonlocal began
            began = time.perf_counter()
            return await work(connection)

        try:
            return await super().write(timed)
        finally:
            if importing.get():
                self.held.append((time.perf_counter() - began) * 1000)


@dataclass
class BusyBot:
    """Stores what people write, batch after batch, and notes how long each takes to be stored."""

    database: Database
    taken: list[float] = field(default_factory=list)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Work while the block runs; people do not wait for each other's answers."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()

    async def _run(self) -> None:
        update_id = 0
        async with asyncio.TaskGroup() as group:
            while True:
                update_id += LETTERS_IN_A_BATCH
                group.create_task(self._take(range(update_id, update_id + LETTERS_IN_A_BATCH)))
                await asyncio.sleep(1 / BATCHES_A_SECOND)

    async def _take(self, letters: Sequence[int]) -> None:
        async def work(uow: UnitOfWork) -> None:
            chats = [1 + letter % 997 for letter in letters]
            await uow.load(chats)
            for chat_id, letter in zip(chats, letters, strict=True):
                uow.save_contact(Contact(chat_id, NOW, NOW, "km"))
                uow.send(Call(chat_id, "sendMessage", '{"text": "a question"}'))
                uow.receive(letter)

        began = time.perf_counter()
        await run_unit(self.database, NOW, work)
        self.taken.append((time.perf_counter() - began) * 1000)


def main(
    rows: Annotated[int, typer.Option(min=100, help="Imported as at the command line.")] = ROWS,
    beside: Annotated[int, typer.Option(min=100, help="Imported beside the bot.")] = BESIDE,
    book: Annotated[int, typer.Option(min=100, help="Imported from a workbook.")] = BOOK_ROWS,
    output: Path = OUTPUT,
) -> None:
    """Import three lists, each twice, print the figures and write them as JSON."""
    figures = {
        "alone": uvloop.run(measure(rows, is_alone=True)),
        "workbook": uvloop.run(measure(book, is_alone=True, suffix=".xlsx")),
        "beside_the_bot": uvloop.run(measure(beside)),
    }
    for name, found in figures.items():
        console.print(f"[bold]{name}")
        for what, value in asdict(found).items():
            console.print(f"{what}: {value}", highlight=False)
    written = {name: asdict(found) for name, found in figures.items()}
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    console.print(f"written to {output}")
    if not all(map(is_good, figures.values())):
        raise typer.Exit(1)


def is_good(figures: Figures) -> bool:
    """Tell whether the figures keep what is promised."""
    everybody = figures.people == figures.first["added"] == figures.rows
    nothing_new = (
        figures.second["unchanged"] == figures.rows
        and figures.stored == figures.stored_after_second
    )
    is_flat = figures.growth_mb <= LARGEST_GROWTH_MB
    longest = max(LONGEST_WAIT_MS, LARGEST_RATIO * figures.bot_alone_p95_ms)
    return everybody and nothing_new and is_flat and figures.bot_write_p95_ms <= longest


async def measure(rows: int, *, is_alone: bool = False, suffix: str = ".csv") -> Figures:
    """Import a list into a database of its own, and then once more."""
    desk = make_desk(Settings(_env_file=None))
    with tempfile.TemporaryDirectory(prefix="bench-import-") as folder:
        file = Path(folder) / f"register{suffix}"
        write_list(file, rows)
        database = TimedDatabase(f"sqlite+aiosqlite:///{Path(folder) / 'office.db'}")
        database.own()
        try:
            await migrate(database)
            figures, bot = Figures(rows), BusyBot(database)
            if not is_alone:
                figures.bot_alone_p95_ms = await _watch_bot_alone(database)
            began = time.perf_counter()
            async with nullcontext() if is_alone else bot.at_work():
                figures.first = await _import(database, desk, file, figures, is_alone)
            figures.seconds = round(time.perf_counter() - began, 2)
            figures.rows_per_second = round(rows / figures.seconds, 1)
            _note_writes(figures, database.held, bot.taken)
            figures.people, figures.stored = await count_people(database)
            began = time.perf_counter()
            figures.second = await _import(database, desk, file, Figures(rows), is_alone)
            figures.second_seconds = round(time.perf_counter() - began, 2)
            _, figures.stored_after_second = await count_people(database)
            return figures
        finally:
            await database.close()


async def count_people(database: Database) -> tuple[int, str]:
    """Count the people who are stored, and hash all that is stored about them."""
    digest, people = sha256(), 0
    async with database.read() as connection:
        for table in ABOUT_PEOPLE:
            rows = await connection.stream(select(table).order_by(*table.primary_key))
            async for row in rows:
                digest.update(repr(tuple(row)).encode())
                people += table is workers
    return people, digest.hexdigest()[:32]


async def _watch_bot_alone(database: Database) -> float:
    bot = BusyBot(database)
    async with bot.at_work():
        await asyncio.sleep(ALONE_SECONDS)
        while not bot.taken:  # noqa: ASYNC110 - a slow machine has not stored anything yet
            await asyncio.sleep(ALONE_SECONDS)
    return round(find_percentile(sorted(bot.taken), 0.95), 1)


def _note_writes(figures: Figures, held: Sequence[float], taken: Sequence[float]) -> None:
    held, taken = sorted(held), sorted(taken) or [0.0]
    figures.import_write_p95_ms = round(find_percentile(held, 0.95), 1)
    figures.import_write_longest_ms = round(held[-1], 1)
    figures.bot_writes = len(taken)
    figures.bot_write_p50_ms = round(find_percentile(taken, 0.5), 1)
    figures.bot_write_p95_ms = round(find_percentile(taken, 0.95), 1)
    figures.bot_write_p99_ms = round(find_percentile(taken, 0.99), 1)
    figures.bot_write_longest_ms = round(taken[-1], 1)


async def _import(
    database: Database, desk: Desk, file: Path, figures: Figures, is_alone: bool
) -> dict[str, int]:
    process = psutil.Process()

    def note(counts: Counts) -> None:
        memory = round(process.memory_info().rss / 1e6, 1)
        figures.peak_memory_mb = max(memory, figures.peak_memory_mb)
        if counts.rows >= figures.rows / 5 and not figures.memory_mb_at_20_percent:
            figures.memory_mb_at_20_percent = memory
        figures.memory_mb_at_end = memory
        figures.growth_mb = round(memory - (figures.memory_mb_at_20_percent or memory), 1)

    order = Order(file.name, "bench")
    pace = pace_alone() if is_alone else Pace()
    import_id = await begin_import(database, order, NOW)
    importing.set(True)
    with file.open("rb") as opened:
        found = open_list(opened, file.name)
        result = await run_import(database, desk, found, order, import_id, lambda: NOW, note, pace)
    return vars(result.counts)


def write_list(file: Path, rows: int, seed: int = 1) -> None:
    """Write a list of invented people, whose phone numbers and cards nobody can have.

    A file of another kind than CSV becomes a workbook.
    """
    if file.suffix == ".csv":
        with file.open("w", encoding="utf-8-sig", newline="") as written:
            csv.writer(written).writerows(_draw_lines(rows, seed))
        return
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in _draw_lines(rows, seed):
        sheet.append(line)
    book.save(file)


def _draw_lines(rows: int, seed: int) -> Iterator[Sequence[str]]:
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
    yield COLUMNS
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
        yield [line[column] for column in COLUMNS]


def _draw_day(random: Random, first: int, last: int) -> str:
    day = date(random.randint(first, last), random.randint(1, 12), random.randint(1, 28))
    return day.isoformat()


if __name__ == "__main__":
    typer.run(main)

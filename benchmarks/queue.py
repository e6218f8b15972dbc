"""Time the queue and the search over many applications, whole answers over HTTP, on SQLite.

`python -m benchmarks.queue` prints a table and writes build/bench-queue.json; it ends with status 1
if the median of any kind of page is over the limit.
"""

import json
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Annotated, Any

import aiohttp
import typer
import uvloop
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from benchmarks.filled_office import COMMON, NOW, fill
from benchmarks.office_site import serving_site
from benchmarks.processes import ROOT
from db.database import Database
from db.migrations import migrate
from domain.registrations import Worker

OUTPUT = ROOT / "build" / "bench-queue.json"
APPLICATIONS = 200_000
WAITING = 2_000
REQUESTS = 200
LIMIT_MS = 100.0
_WARM_UP = 3

console = Console()


@dataclass(frozen=True)
class Kind:
    """A kind of request: what it is called, and the addresses that are asked for in turn."""

    name: str
    addresses: Sequence[str]

    @property
    def is_search(self) -> bool:
        """Whether it looks for somebody."""
        return self.addresses[0].startswith("/search")


@dataclass(frozen=True)
class Timed:
    """How long the answers of a kind took, in milliseconds."""

    kind: Kind
    taken: Sequence[float]

    @property
    def p50(self) -> float:
        """The median."""
        return median(self.taken)

    @property
    def p95(self) -> float:
        """The time that one of twenty exceeds."""
        return quantiles(self.taken, n=20)[-1]


def main(
    applications: Annotated[int, typer.Option(min=1000)] = APPLICATIONS,
    waiting: Annotated[int, typer.Option(help="How many wait for the office.")] = WAITING,
    requests: Annotated[int, typer.Option(min=2, help="Of each kind.")] = REQUESTS,
    output: Path = OUTPUT,
) -> None:
    """Fill an office, time its pages, print a table and write the figures as JSON."""
    timed = uvloop.run(measure(applications, min(waiting, applications), requests))
    console.print(make_table(timed, applications))
    figures = describe(timed, applications, waiting)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    console.print(f"written to {output}")
    if max(one.p50 for one in timed) > LIMIT_MS:
        raise typer.Exit(1)


async def measure(applications: int, waiting: int, requests: int) -> list[Timed]:
    """Fill a database in a folder of its own, and time each kind of request on it."""
    with tempfile.TemporaryDirectory(prefix="bench-queue-") as folder:
        database = Database(f"sqlite+aiosqlite:///{Path(folder) / 'office.db'}")
        database.own()
        try:
            await migrate(database)
            began = time.perf_counter()
            known = await fill(database, applications, waiting)
            console.print(f"filled in {time.perf_counter() - began:.0f} s")
            return await _time_pages(database, known, requests)
        finally:
            await database.close()


async def _time_pages(database: Database, known: Sequence[Worker], requests: int) -> list[Timed]:
    async with (
        serving_site(database, lambda: NOW) as site,
        aiohttp.ClientSession(site.url, cookies=site.cookies) as browser,
    ):
        second_page = await _find_next(browser, "/queue")
        kinds = list_kinds(known, second_page)
        return [await _time(browser, kind, requests) for kind in kinds]


def list_kinds(known: Sequence[Worker], second_page: str) -> list[Kind]:
    """List what is asked for."""
    numbers = [f"/search?q={1000 + 37 * at % 9000}" for at in range(50)]
    filtered = [
        "/queue?place=12&flag=no_card",
        "/queue?work=transport&source=market",
        "/queue?assigned=nobody&flag=minor",
        "/queue?age=close",
    ]
    return [
        Kind("queue", ["/queue"]),
        Kind("queue, second page", [second_page]),
        Kind("queue, filtered", filtered),
        Kind("all applications", ["/applications", "/applications?status=rejected&flag=minor"]),
        Kind("search: common name, Latin", [f"/search?q={COMMON.latin[0]}"]),
        Kind("search: common name, Khmer", [f"/search?q={COMMON.khmer}"]),
        Kind("search: full name, Latin", [_ask(w.family_latin, w.given_latin) for w in known]),
        Kind("search: full name, Khmer", [_ask(w.family_km, w.given_km) for w in known]),
        Kind("search: nobody's name", ["/search?q=Zzyzx", "/search?q=ឰឰឰ"]),
        Kind("search: beginning of a number", numbers),
        Kind("search: phone", [f"/search?q=0{w.phone.removeprefix('+855')}" for w in known]),
    ]


def _ask(*words: str) -> str:
    return f"/search?q={'+'.join(words)}"


async def _find_next(browser: aiohttp.ClientSession, address: str) -> str:
    page = await _read(browser, address)
    _, found, rest = page.partition(f'href="{address}?after=')
    return f"{address}?after={rest.partition(chr(34))[0]}" if found else address


async def _time(browser: aiohttp.ClientSession, kind: Kind, requests: int) -> Timed:
    taken = []
    for turn in range(_WARM_UP + requests):
        address = kind.addresses[turn % len(kind.addresses)]
        began = time.perf_counter()
        await _read(browser, address)
        taken.append((time.perf_counter() - began) * 1000)
    return Timed(kind, taken[_WARM_UP:])


async def _read(browser: aiohttp.ClientSession, address: str) -> str:
    async with browser.get(address, allow_redirects=False) as answer:
        if answer.status != 200:
            raise RuntimeError(f"{address} answered {answer.status}")
        return await answer.text()


def make_table(timed: Sequence[Timed], applications: int) -> Table:
    """Make the table that is printed."""
    table = Table(title=f"Whole answers over {applications:,} applications", box=SIMPLE_HEAD)
    table.add_column("page")
    for heading in ("p50 ms", "p95 ms"):
        table.add_column(heading, justify="right")
    for one in timed:
        table.add_row(one.kind.name, f"{one.p50:.1f}", f"{one.p95:.1f}")
    return table


def describe(timed: Sequence[Timed], applications: int, waiting: int) -> Mapping[str, Any]:
    """Say the figures in short: of each kind, and of all queue pages and all searches together."""
    queues = [ms for one in timed if not one.kind.is_search for ms in one.taken]
    searches = [ms for one in timed if one.kind.is_search for ms in one.taken]
    return {
        "applications": applications,
        "waiting": waiting,
        "queue_p50_ms": round(median(queues), 1),
        "queue_p95_ms": round(quantiles(queues, n=20)[-1], 1),
        "search_p50_ms": round(median(searches), 1),
        "search_p95_ms": round(quantiles(searches, n=20)[-1], 1),
        "kinds": {one.kind.name: [round(one.p50, 1), round(one.p95, 1)] for one in timed},
        "cores": os.cpu_count(),
    }


if __name__ == "__main__":
    typer.run(main)

"""Measure how long officers wait at a desk: real forms over HTTP, several officers at once."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median, quantiles
from typing import Any

import httpx

from benchmarks.event_crowd import PLAN, Crowd
from benchmarks.office_site import serving_site, sign_in
from db import attendances
from db.database import Database
from domain.desk_form import Entry
from services.desk_registration import draw_tag
from web.security import make_csrf_token

OFFICERS = 2
PATIENCE_SECONDS = 30.0


@dataclass
class Waits:
    """How long each form took until the next page was there, in seconds."""

    registered: list[float] = field(default_factory=list)
    checked_in: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def describe(self) -> dict[str, Any]:
        """Put it into figures."""
        registered, checked_in = _describe(self.registered), _describe(self.checked_in)
        rate = round(60 * len(self.registered) / self.seconds)
        return {
            "officers": OFFICERS,
            "registration": registered,
            "check_in": checked_in,
            "registered_a_minute": rate,
        }


async def measure_desks(
    database: Database, crowd: Crowd, campaign_id: int, numbers: list[str], each: int
) -> Waits:
    """Have so many registered, and as many of these numbers checked in, without a pause.

    Raises:
        ValueError: a form was not taken, or somebody was not counted.
    """
    waits, pages = Waits(), [_write_page(crowd) for _ in range(each)]
    before = await _count(database, campaign_id)

    def clock() -> datetime:
        return PLAN.starts_at

    async with serving_site(database, clock) as site:
        sessions = [
            await database.write(lambda connection: sign_in(connection, None, clock()))
            for _ in range(OFFICERS)
        ]
        entries, began = iter(zip(pages, numbers[:each], strict=True)), time.monotonic()
        url = f"{site.url}/campaigns/{campaign_id}/desk"
        await asyncio.gather(*(_serve(url, one, entries, waits) for one in sessions))
        waits.seconds = time.monotonic() - began
    if await _count(database, campaign_id) != before + 2 * each:
        raise ValueError("somebody was not counted")
    return waits


async def _serve(
    url: str, session: str, entries: Iterator[tuple[dict[str, Any], str]], waits: Waits
) -> None:
    """Let one officer take who comes next, until nobody waits."""
    csrf = {"csrf": make_csrf_token(session)}
    async with httpx.AsyncClient(
        cookies={"session": session},
        headers={"sec-fetch-site": "same-origin"},
        follow_redirects=True,
        timeout=PATIENCE_SECONDS,
    ) as client:
        for page, number in entries:
            waits.registered.append(await _send(client, f"{url}/register", page | csrf))
            waits.checked_in.append(await _send(client, url, {"number": number} | csrf))


async def _send(client: httpx.AsyncClient, url: str, form: dict[str, Any]) -> float:
    began = time.perf_counter()
    answer = await client.post(url, data=form)
    if answer.status_code != httpx.codes.OK:
        raise ValueError(f"a form was not taken: {answer.status_code}")
    return time.perf_counter() - began


def _write_page(crowd: Crowd) -> dict[str, Any]:
    """Write the page of somebody new as a browser sends it."""
    form: dict[str, Any] = {"tag": draw_tag()}
    for name, entry in crowd.invent_entries().items():
        form |= _write_entry(name, entry)
    return form


def _write_entry(name: str, entry: Entry) -> dict[str, Any]:
    written = {name: entry.typed, f"{name}.choice": list(entry.chosen)}
    return written | {f"{name}.for": entry.offered_for} if entry.offered_for else written


async def _count(database: Database, campaign_id: int) -> int:
    async with database.read() as connection:
        return await attendances.count_came(connection, campaign_id)


def _describe(seconds: list[float]) -> dict[str, Any]:
    milliseconds = [1000 * one for one in seconds]
    return {
        "count": len(milliseconds),
        "p50_ms": round(median(milliseconds), 1),
        "p95_ms": round(quantiles(milliseconds, n=20, method="inclusive")[-1], 1),
        "worst_ms": round(max(milliseconds), 1),
    }

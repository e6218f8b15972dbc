"""Fills a database with invented applications in bulk, so that the pages can be timed on many."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.invented_people import Inventor
from db.database import Database
from db.likeness import list_keys
from db.reference import load_occupations
from db.statements import run_many
from db.tables import applications, contacts, worker_keys, workers
from domain.demo.names import FAMILY_NAMES
from domain.numbers import draw_number
from domain.registrations import Worker

COMMON, COMMON_SHARE = FAMILY_NAMES[0], 0.06
"""The family name (Sok) that every seventeenth person gets on top of chance."""

CAPITAL, CAPITAL_SHARE = "12", 0.4
NOW = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)
CHUNK = 5000
_APART = timedelta(seconds=40)
_SOURCES = (None, None, None, "market", "radio", "association")
_DECIDED = {"approved": 90, "rejected": 5, "needs_correction": 3, "withdrawn": 2}

Rows = dict[Table, list[dict[str, Any]]]


async def fill(database: Database, count: int, waiting: int, seed: int = 1) -> list[Worker]:
    """Store so many applications, of which the newest wait, and give some of their people."""
    filler, known = _Filler(count, waiting, seed), list[Worker]()
    numbers = iter(range(1, count + 1))
    while chunk := list(islice(numbers, CHUNK)):
        rows = filler.make_rows(chunk)
        await database.write(lambda connection, rows=rows: _store(connection, rows))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        known += filler.made[:: CHUNK // 20]
    return known


async def _store(connection: AsyncConnection, rows: Rows) -> None:
    for table, some in rows.items():
        await run_many(connection, insert(table), some)


class _Filler:
    def __init__(self, count: int, waiting: int, seed: int) -> None:
        self._count, self._waiting = count, waiting
        self._random = Random(seed)
        self._inventor = Inventor(seed)
        self._capital = self._inventor.list_inside(CAPITAL, 8)
        self._lots = self._random.sample(range(10**8), count)
        groups = load_occupations()
        self._occupations = [one.key for key in groups.groups() for one in groups.of_group(key)]
        self.made: list[Worker] = []

    def make_rows(self, ids: list[int]) -> Rows:
        self.made = [self._invent() for _ in ids]
        people = list(zip(ids, self.made, strict=True))
        return {
            contacts: [_make_contact(one) for one in ids],
            workers: [{**asdict(w), "id": one, "created_at": NOW} for one, w in people],
            applications: [self._make_application(one, worker) for one, worker in people],
            worker_keys: list(_make_keys(people)),
        }

    def _invent(self) -> Worker:
        worker = self._inventor.invent()
        if self._random.random() < CAPITAL_SHARE:
            worker = replace(worker, home=self._random.choice(self._capital))
        if self._random.random() < COMMON_SHARE:
            return replace(worker, family_km=COMMON.khmer, family_latin=COMMON.latin[0])
        return worker

    def _make_application(self, one: int, worker: Worker) -> dict[str, Any]:
        submitted_at = NOW - _APART * (self._count - one)
        return {
            **_CONTENT,
            **self._make_standing(one, submitted_at),
            "id": one,
            "number": draw_number(self._lots[one - 1]),
            "worker_id": one,
            "chat_id": one,
            "flags": self._draw_flags(worker),
            "source": self._random.choice(_SOURCES),
            "answers": {**_ANSWERS, "home": worker.home},
            "submitted_at": submitted_at,
            "answer_due_on": (submitted_at + timedelta(days=1)).date(),
            "office": worker.home[:4],
            "place": worker.home,
            "occupation": self._random.choice(self._occupations),
        }

    def _make_standing(self, one: int, submitted_at: datetime) -> dict[str, Any]:
        if one > self._count - self._waiting:
            due_at = submitted_at + timedelta(days=1)
            return {"status": "submitted", "waiting": "decision", "due_at": due_at}
        [status] = self._random.choices(tuple(_DECIDED), tuple(_DECIDED.values()))
        return {"status": status, "waiting": None, "due_at": None}

    def _draw_flags(self, worker: Worker) -> list[str]:
        chances = {"eight_digits": 0.02, "minor": 0.01, "possible_duplicate": 0.02}
        drawn = [flag for flag, chance in chances.items() if self._random.random() < chance]
        return sorted([*drawn, *(["no_card"] if worker.id_number is None else [])])


def _make_contact(one: int) -> dict[str, Any]:
    return {
        "chat_id": one,
        "locale": "km",
        "reachable": True,
        "wants_notices": True,
        "created_at": NOW,
        "active_at": NOW,
    }


def _make_keys(people: list[tuple[int, Worker]]) -> Iterator[dict[str, Any]]:
    for one, worker in people:
        for kind, key in list_keys(worker):
            yield {"kind": kind, "key": key, "worker_id": one}


_CONTENT = {
    "draft_tag": "tag",
    "form_version": 1,
    "for_whom": "self",
    "workplace": {"kind": "same_village"},
    "support": ["finance"],
    "background": {"schooling": "primary"},
    "appealed": False,
    "answer_due_on": date(2026, 3, 5),
}
_ANSWERS = {
    "language": "km",
    "work": [{"occupation": {"key": "other", "words": "លក់ផ្កានៅមុខផ្សារ"}, "income": "400k_800k"}],
    "notes": "x" * 900,
}

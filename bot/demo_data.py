"""Invented people for a demonstration: by command, and at the first start without a token."""

import gc
from datetime import date

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.clock import Clock, now_utc
from bot.commands import CannotDo
from bot.settings import Instance, Settings
from bot.verifying import KEY_FILE
from db.database import Database
from db.migrations import migrate
from db.reference import load_gazetteer
from documents.keys import load_or_create_key
from locales.formats import PHNOM_PENH
from services.demo_people import fill, has_demo_people, is_empty

MOST_PEOPLE = 900_000
"""Identity numbers that nobody has, 999 and six digits, last for a million."""

console = Console(stderr=True)


async def add_demo_people(
    settings: Settings,
    people: int,
    seed: int = 1,
    until: date | None = None,
    *,
    more: bool = False,
    clock: Clock = now_utc,
) -> str:
    """Fill the database while the bot rests, and say what was done.

    Raises:
        CannotDo: this is the ministry's own installation, or the day is to come.
        AlreadyOwned: the bot runs.
    """
    if settings.instance is Instance.OFFICIAL:
        raise CannotDo("INSTANCE is official: invented people have no place among real ones")
    today = clock().astimezone(PHNOM_PENH).date()
    if until is not None and until > today:
        raise CannotDo(f"--until {until} is still to come")
    database = Database(settings.database_url)
    try:
        database.own()
        await migrate(database)
        if not more and await has_demo_people(database):
            return "there are invented people already; --more adds others"
        await _fill(settings, database, people, seed, until or today, clock)
    finally:
        await database.close()
    return f"{people:,} invented people have registered up to {until or today}"


async def greet(settings: Settings, clock: Clock = now_utc) -> None:
    """Put a few invented people into an empty database, so that there is something to see."""
    if settings.instance is Instance.OFFICIAL or not settings.demo_people:
        return
    database = Database(settings.database_url)
    try:
        database.own()
        await migrate(database)
        if await is_empty(database):
            today = clock().astimezone(PHNOM_PENH).date()
            await _fill(settings, database, settings.demo_people, 1, today, clock)
    finally:
        await database.close()


async def _fill(
    settings: Settings, database: Database, people: int, seed: int, until: date, clock: Clock
) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    _look_less_for_garbage()
    with _show_progress() as bar:
        task = bar.add_task("inventing people", total=people)
        await fill(
            database,
            people,
            seed,
            until,
            PHNOM_PENH,
            lambda made: bar.update(task, completed=made),
            now=clock().replace(microsecond=0),
            key=load_or_create_key(settings.data_dir / KEY_FILE),
            promised_days=settings.answer_within_working_days,
        )


def _look_less_for_garbage() -> None:
    """Spare the collector what stays: it would take a quarter of the time."""
    load_gazetteer()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def _show_progress() -> Progress:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    return Progress(*columns, TimeRemainingColumn(), console=console, transient=True)

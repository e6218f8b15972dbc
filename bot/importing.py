"""An import at the command line, while the bot rests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.commands import CannotDo
from bot.run import make_desk
from bot.settings import Settings
from bot.units import Clock, now_utc
from db.database import Database
from db.imports import Counts
from db.migrations import migrate
from locales.catalogue import render_plain
from services.desk import Desk
from services.import_words import REASONS, write_error, write_errors_heading, write_stored_errors
from services.importing import (
    ALONE,
    SOURCE,
    CannotImport,
    OpenedList,
    Order,
    Result,
    begin_import,
    open_list,
    run_import,
)

console = Console(stderr=True)
LOCALE = "en"


@dataclass(frozen=True)
class Report:
    """What an import came to, in lines; `is_whole` if the file was read to its end."""

    lines: tuple[str, ...]
    is_whole: bool


async def import_file(
    settings: Settings,
    path: Path,
    source: str,
    errors: Path | None = None,
    *,
    dry_run: bool = False,
    clock: Clock = now_utc,
) -> Report:
    """Take a list of another register over, or only look whether it can be.

    Raises:
        CannotDo: the file is no list, or lacks columns.
        AlreadyOwned: the bot runs.
    """
    if not SOURCE.fullmatch(source):
        raise CannotDo("--source is a short name in small Latin letters, such as cie2025")
    desk = make_desk(settings)
    database = Database(settings.database_url)
    try:
        database.own()
        await migrate(database)
        with _open_file(path) as file:
            order = Order(path.name, source, dry_run=dry_run, pace=ALONE)
            opened = _open(desk, file, path.name)
            import_id = 0 if dry_run else await begin_import(database, order, clock())
            with _show_progress(path, opened) as note:
                result = await run_import(database, desk, opened, order, import_id, clock, note)
        told = await _write_errors(
            database, desk, import_id, result, errors or path.with_name(f"{path.name}.errors.csv")
        )
    finally:
        await database.close()
    return Report((*_describe(desk, opened, result, dry_run=dry_run), *told), not result.reason)


def _open_file(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise CannotDo(f"cannot read {path} ({error.strerror})") from None


def _open(desk: Desk, file: BinaryIO, filename: str) -> OpenedList:
    try:
        return open_list(file, filename)
    except CannotImport as error:
        raise CannotDo(render_plain(error.words, LOCALE, desk.names)) from None


@contextmanager
def _show_progress(path: Path, opened: OpenedList) -> Iterator[Callable[[Counts], None]]:
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("importing", total=path.stat().st_size)

        def note(counts: Counts) -> None:
            done = f"{counts.rows:,} rows, {counts.added:,} added, {counts.refused:,} with errors"
            bar.update(task, completed=opened.file.tell(), description=done)

        yield note


async def _write_errors(
    database: Database, desk: Desk, import_id: int, result: Result, target: Path
) -> list[str]:
    """Write the error file, if there is anything to say, and tell where it is."""
    if not result.counts.refused + result.counts.changed:
        return []
    with target.open("w", encoding="utf-8", newline="") as file:
        if import_id:
            async for line in write_stored_errors(database, desk, import_id, LOCALE):
                file.write(line)
        else:
            file.write(write_errors_heading(desk, LOCALE))
            file.writelines(write_error(error, desk, LOCALE) for error in result.errors)
    return [f"what was wrong, line by line: {target}"]


def _describe(desk: Desk, opened: OpenedList, result: Result, *, dry_run: bool) -> list[str]:
    counts = result.counts
    done = "would be added" if dry_run else "added"
    taken = f"{counts.added:,} {done}, {counts.unchanged:,} known already"
    left = f"{counts.changed:,} known with other details, {counts.refused:,} with errors"
    lines = [f"{counts.rows:,} rows: {taken}, {left}"]
    if opened.heading.unknown:
        lines.append(f"columns left out: {', '.join(opened.heading.unknown)}")
    if result.reason:
        lines.append(render_plain(REASONS[result.reason], LOCALE, desk.names))
    return lines

"""An import at the command line, while the bot rests; a trial of one also while it serves."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.clock import Clock, now_utc
from bot.commands import CannotDo
from bot.desk import make_desk
from bot.settings import Settings
from db.database import Database
from db.imports import Counts
from db.migrations import get_revision, migrate, newest_revision
from domain.texts import Text
from locales.catalogue import render_plain
from services.desk import Desk
from services.import_lists import CannotImport, OpenedList, open_list
from services.import_pace import pace_alone
from services.import_samples import describe_columns, list_lacking
from services.import_trials import Trial, find_same_register, try_list
from services.import_words import REASONS, write_errors, write_stored_errors
from services.importing import SOURCE, Order, begin_import, run_import

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
    clock: Clock = now_utc,
    *,
    is_another: bool = False,
) -> Report:
    """Take a list of another register over; `is_another` from those whose people it has.

    Raises:
        CannotDo: the file is no list, or lacks columns, or its people are known from elsewhere.
        AlreadyOwned: the bot runs.
    """
    check_source(source)
    desk = make_desk(settings)
    database = Database(settings.database_url)
    try:
        database.own()
        await migrate(database)
        if not is_another:
            await _check_new(database, desk, path, source, clock)
        with _open_file(path) as file:
            order, opened = Order(path.name, source), _open(desk, file, path.name)
            import_id = await begin_import(database, order, clock())
            with _show_progress(path, opened) as note:
                result = await run_import(
                    database, desk, opened, order, import_id, clock, note, pace_alone()
                )
        told = []
        if result.counts.refused + result.counts.changed + result.counts.warned:
            stored = write_stored_errors(database, desk, import_id, LOCALE)
            told = await _write_errors(stored, _name_errors(path, errors))
    finally:
        await database.close()
    lines = _describe(desk, opened, result.counts, result.reason, "added")
    return Report((*lines, *told), not result.reason)


async def try_file(
    settings: Settings,
    path: Path,
    source: str,
    errors: Path | None = None,
    clock: Clock = now_utc,
) -> Report:
    """Look what an import would do, and how each column was understood; nothing is stored.

    Raises:
        CannotDo: the file is no list, lacks columns, or the database has another schema.
    """
    check_source(source)
    desk = make_desk(settings)
    database = Database(settings.database_url)
    try:
        await _check_schema(database)
        with _open_file(path) as file:
            opened = _open(desk, file, path.name)
            with _show_progress(path, opened) as note:
                trial = await try_list(database, desk, opened, source, clock, note=note)
    finally:
        await database.close()
    told = []
    if trial.errors:
        told = await _write_errors(
            write_errors(trial.errors, desk, LOCALE), _name_errors(path, errors)
        )
    counted = _describe(desk, opened, trial.counts, trial.reason, "would be added")
    if trial.undecided:
        counted.append(f"{trial.undecided:,} without a decision, taken as approved")
    if trial.sharing:
        counted.append(
            f"{trial.sharing:,} with the phone number or identity card of another row, "
            "or of somebody registered: perhaps one person twice"
        )
    counted += [
        f"{count:,} of them are known from {known_as} and would come in twice"
        for known_as, count in trial.elsewhere.most_common()
    ]
    return Report((*counted, *_show_columns(desk, opened, trial), *told), not trial.reason)


def check_source(source: str) -> None:
    """Refuse what is no short name of a register."""
    if not SOURCE.fullmatch(source):
        raise CannotDo("--source is a short name in small Latin letters, such as cie2025")


async def _check_new(database: Database, desk: Desk, path: Path, source: str, clock: Clock) -> None:
    """Refuse to take a list over once more under another name."""
    with _open_file(path) as file:
        opened = _open(desk, file, path.name)
        known_as = await find_same_register(database, desk, opened, source, clock)
    if known_as:
        raise CannotDo(
            f"most of these people are known from {known_as} and would come in twice: "
            f"give --source {known_as}, or --another if it is another register"
        )


async def _check_schema(database: Database) -> None:
    if database.file is None or database.file.exists():
        async with database.read() as connection:
            if await get_revision(connection) == newest_revision():
                return
    raise CannotDo("the database has not the schema of this version; run `python -m bot migrate`")


def _open_file(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise CannotDo(f"cannot read {path} ({error.strerror})") from None


def _open(desk: Desk, file: BinaryIO, filename: str) -> OpenedList:
    try:
        return open_list(file, filename)
    except CannotImport as error:
        raise CannotDo(_say(desk, error.words)) from None


@contextmanager
def _show_progress(path: Path, opened: OpenedList) -> Iterator[Callable[[Counts], None]]:
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("importing", total=path.stat().st_size)

        def note(counts: Counts) -> None:
            done = f"{counts.rows:,} rows, {counts.added:,} added, {counts.refused:,} with errors"
            bar.update(task, completed=opened.file.tell(), description=done)

        yield note


def _name_errors(path: Path, errors: Path | None) -> Path:
    return errors or path.with_name(f"{path.name}.errors.csv")


async def _write_errors(lines: AsyncIterator[str], target: Path) -> list[str]:
    """Write the error file, and tell where it is."""
    with target.open("w", encoding="utf-8", newline="") as file:
        async for line in lines:
            file.write(line)
    return [f"what was wrong, line by line: {target}"]


def _describe(
    desk: Desk, opened: OpenedList, counts: Counts, reason: str | None, done: str
) -> list[str]:
    taken = f"{counts.added:,} {done}, {counts.unchanged:,} known already"
    left = f"{counts.changed:,} known with other details, {counts.refused:,} with errors"
    lines = [f"{counts.rows:,} rows: {taken}, {left}"]
    if counts.warned:
        lines.append(f"{counts.warned:,} of those {done} have no phone number that can be used")
    if opened.heading.unknown:
        lines.append(f"columns left out: {', '.join(opened.heading.unknown)}")
    if reason:
        lines.append(_say(desk, REASONS[reason]))
    return lines


def _show_columns(desk: Desk, opened: OpenedList, trial: Trial) -> list[str]:
    """Show how each column was understood, with what the first people have there."""
    columns = describe_columns(desk.form, opened.file.heading, opened.heading, trial.new)
    shown = [
        f"  {column.heading} = {_say(desk, column.words)}: "
        + " | ".join(_say(desk, sample) for sample in column.samples)
        for column in columns
    ]
    lacking = [_say(desk, words) for words in list_lacking(opened.heading)]
    left = [f"not in the list: {', '.join(lacking)}"] if lacking else []
    wrong = [f"  {column}: {count:,} errors" for column, count in trial.wrong_in.most_common()]
    return ["columns, and the first people in them:", *shown, *left, *wrong]


def _say(desk: Desk, words: Text) -> str:
    return render_plain(words, LOCALE, desk.names)

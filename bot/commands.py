"""What the operator can do besides running the bot: migrate, check, back up, restore."""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import structlog
from rich.console import Console
from rich.progress import Progress
from telegram.error import TelegramError

from bot.application import build_bot
from bot.settings import Settings
from bot.transport import Transport
from db.database import Database
from db.migrations import get_revision, migrate, newest_revision

log = structlog.get_logger(__name__)
console = Console(stderr=True)

PAGES_AT_ONCE = 1000


class CannotDo(Exception):
    """A command that cannot be carried out; the message says what to do instead."""


async def migrate_database(settings: Settings) -> str:
    """Bring the database to the newest schema; give its name."""
    database = Database(settings.database_url)
    try:
        database.own()
        await migrate(database)
    finally:
        await database.close()
    return newest_revision()


async def check(settings: Settings) -> list[str]:
    """Check the settings, the database and Telegram; give one line for each.

    Raises:
        CannotDo: something would keep the bot from serving.
    """
    return [
        f"settings: {settings.instance.value} instance",
        f"database: {await _check_database(settings)}",
        f"telegram: {await _check_telegram(settings)}",
    ]


async def _check_database(settings: Settings) -> str:
    database = Database(settings.database_url)
    if database.file is not None and not database.file.exists():
        return "not there yet; the first start makes it"
    try:
        async with database.read() as connection:
            revision = await get_revision(connection)
    finally:
        await database.close()
    if revision != newest_revision():
        return f"schema {revision}; the next start brings it to {newest_revision()}"
    return f"schema {revision}, the newest"


async def _check_telegram(settings: Settings) -> str:
    if settings.telegram_token is None:
        return "no TELEGRAM_TOKEN; the bot would run on the simulator"
    transport = Transport()
    await transport.initialize()
    try:
        token = settings.telegram_token.get_secret_value()
        bot = build_bot(token, settings.telegram_api_url, transport)
        me = await bot.get_me()
    except TelegramError as error:
        raise CannotDo(f"Telegram does not answer to TELEGRAM_TOKEN: {error.message}") from None
    finally:
        await transport.shutdown()
    return f"answers as @{me.username}"


def back_up(settings: Settings, target: Path | None) -> Path:
    """Copy the SQLite database, while the bot runs or not, and check the copy.

    The copy is whole and as of one moment; it appears under its name only when it is finished.
    """
    source = _get_file(settings)
    if not source.exists():
        raise CannotDo(f"there is no database at {source} yet")
    target = target or _name_backup(settings)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    with console.status("copying") if not console.is_terminal else Progress(console=console) as bar:
        task = bar.add_task("copying", total=None) if isinstance(bar, Progress) else None

        def show(_status: int, remaining: int, total: int) -> None:
            if isinstance(bar, Progress) and task is not None:
                bar.update(task, total=total, completed=total - remaining)

        _copy(source, unfinished, show)
    _check_copy(unfinished)
    unfinished.chmod(0o600)
    unfinished.replace(target)
    return target


def restore(settings: Settings, backup: Path) -> Path:
    """Put a backup in the place of the database, while the bot rests; keep what was there.

    Returns where the database that was there is now.
    """
    target = _get_file(settings)
    if not backup.exists():
        raise CannotDo(f"there is no backup at {backup}")
    _check_copy(backup)
    database = Database(settings.database_url)
    database.own()
    try:
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        aside = target.with_name(f"{target.name}.before-{stamp}")
        arriving = target.with_name(target.name + ".arriving")
        _copy(backup, arriving, lambda *_: None)
        arriving.chmod(0o600)
        if target.exists():
            _fold_wal(target)
            target.replace(aside)
        arriving.replace(target)
        _sync_directory(target.parent)
    finally:
        asyncio.run(database.close())
    return aside


def _get_file(settings: Settings) -> Path:
    file = Database(settings.database_url).file
    if file is None:
        raise CannotDo("this is for SQLite; for PostgreSQL use pg_dump and pg_restore")
    return file


def _name_backup(settings: Settings) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    return settings.data_dir / "backups" / f"onboarding-{stamp}.db"


def _copy(source: Path, target: Path, progress: Callable[[int, int, int], object]) -> None:
    reader = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)
    writer = sqlite3.connect(target)
    try:
        reader.backup(writer, pages=PAGES_AT_ONCE, progress=progress)
    finally:
        writer.close()
        reader.close()
    with target.open("rb") as copied:
        os.fsync(copied.fileno())


def _check_copy(copy: Path) -> None:
    reader = sqlite3.connect(f"{copy.resolve().as_uri()}?immutable=1", uri=True)
    try:
        found = reader.execute("PRAGMA integrity_check").fetchone()[0]
        revision = reader.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise CannotDo(f"{copy} is not a sound backup: {error}") from None
    finally:
        reader.close()
    if found != "ok" or revision is None:
        raise CannotDo(f"{copy} is not a sound backup: {found}")


def _fold_wal(file: Path) -> None:
    """Bring what is in the write-ahead log into the file, so that it stands alone."""
    connection = sqlite3.connect(file)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")
    finally:
        connection.close()


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

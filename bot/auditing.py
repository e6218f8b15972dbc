"""Whether anybody has changed the audit log: the chain is walked from its first event."""

from dataclasses import dataclass

from rich.console import Console
from rich.progress import Progress

from bot.commands import CannotDo
from bot.settings import Settings
from db import audit
from db.audit import StoredEvent
from db.database import Database
from domain.audit import FIRST_LINK

console = Console(stderr=True)


@dataclass
class Walk:
    """How far the chain was walked, and where it is broken, if it is."""

    count: int = 0
    head: str = FIRST_LINK
    broken_at: int | None = None

    def note(self, stored: StoredEvent) -> None:
        """Note an event that follows from the one before it."""
        self.count += 1
        self.head = stored.link


async def verify_audit(settings: Settings) -> Walk:
    """Walk the chain, also while the bot runs.

    Raises:
        CannotDo: there is no database yet.
    """
    database = Database(settings.database_url)
    if database.file is not None and not database.file.exists():
        raise CannotDo(f"there is no database at {database.file}")
    walk = Walk()
    try:
        async with database.read() as connection:
            with Progress(console=console, transient=True) as bar:
                task = bar.add_task("walking the chain", total=await audit.count(connection))

                def step(stored: StoredEvent) -> None:
                    walk.note(stored)
                    bar.advance(task)

                walk.broken_at = await audit.find_break(connection, step)
    finally:
        await database.close()
    return walk


def tell(walk: Walk) -> str:
    """Say in one line what was found."""
    if walk.broken_at is not None:
        return f"broken at event {walk.broken_at}: it, or what was before it, was changed"
    return f"{walk.count} events, the chain holds; head {walk.head}"

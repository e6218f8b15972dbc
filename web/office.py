"""What the pages work with: everything that a request needs and does not bring along."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from db.database import Database
from db.unit_of_work import UnitOfWork
from documents.signatures import PublicKey
from services.desk import Desk
from services.notice_tallies import Tallies
from services.reminders import RunUnit
from web.turns import Turns

T = TypeVar("T")


@dataclass(frozen=True)
class Photo:
    """A picture that a worker sent, as the browser gets it."""

    content: bytes
    media_type: str


@dataclass(frozen=True)
class Office:
    """The office behind the pages.

    `photos` fetches a picture by its file id through the bot; `data_dir` is the folder of what the
    house keeps beside its database; `bot_name` is the bot's username, empty while it is not known.
    `paid_per_second` is how many messages a second are paid for, 0 if notices go at the free pace;
    `turns` are those of staff to ask much at once, `tallies` the figures of notices.
    """

    database: Database
    desk: Desk
    run: RunUnit
    clock: Callable[[], datetime]
    photos: Callable[[str], Awaitable[Photo | None]]
    data_dir: Path
    bot_name: Callable[[], str] = str
    paid_per_second: int = 0
    turns: Turns = field(default_factory=Turns)
    tallies: Tallies = field(default_factory=Tallies)

    @property
    def web_url(self) -> str:
        """Where browsers find us, without a slash at its end."""
        return self.desk.web_url

    @property
    def public_keys(self) -> list[PublicKey]:
        """The keys that check what this house has signed."""
        key = self.desk.signing_key
        return [key.public] if key else []

    @property
    def is_encrypted(self) -> bool:
        """Whether browsers come by https."""
        return self.web_url.startswith("https://")

    async def act(self, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        """Do some work in one unit of work, have its messages sent, and give its result."""
        results: list[T] = []

        async def note(uow: UnitOfWork) -> None:
            results.append(await work(uow))

        await self.run(note)
        return results[-1]

"""How notices stand at a moment: their figures, what is to come, and whether they must go on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from db import notice_progress
from db.notices import StoredNotice
from db.staff import Connection
from domain.campaigns import MADE_BY_PROGRAM
from domain.elapsed import has_passed
from domain.notice_outlook import Outlook, find_night, look_ahead
from domain.notices import Status
from domain.recipients import Status as RecipientStatus
from domain.recipients import Wait
from services.notice_titles import Title, name_notice
from services.progress_words import Counts

MANY = 20_000
"""To count what so many wait for takes a moment, which nobody needs to wait for."""

COUNTED_EVERY = timedelta(minutes=1)
JOINED_WITHIN = timedelta(minutes=10)
"""Those who fit later should be looked for again after a shorter time."""


@dataclass(frozen=True)
class Sight:
    """A notice as it was seen: its name and figures, what is to come, and whether it must go on."""

    stored: StoredNotice
    title: Title
    counts: Counts
    outlook: Outlook
    must_move: bool

    @property
    def settled(self) -> tuple[int, int]:
        """What grows as a notice goes on: who was found at its start, then who was sent to.

        Uncertain ones are no progress, nor are latecomers.
        """
        total = sum(self.counts.values())
        found = total if self.stored.joined_at is None else 0
        return found, total - self.outlook.waiting - self.uncertain

    @property
    def uncertain(self) -> int:
        """How many are uncertain."""
        return self.counts[RecipientStatus.UNCERTAIN]

    @property
    def is_idle(self) -> bool:
        """Whether the program made it for those of a moment when there was nobody."""
        return self.stored.occasion in MADE_BY_PROGRAM and not sum(self.counts.values())


@dataclass(frozen=True)
class Waits:
    """What those waited for who waited at a moment."""

    waits: list[Wait]
    at: datetime

    @property
    def is_few(self) -> bool:
        """Whether they are counted in no time."""
        return sum(wait.count for wait in self.waits) < MANY


async def read_outlook(
    connection: Connection, stored: StoredNotice, now: datetime, zone: tzinfo
) -> tuple[Counts, Outlook]:
    """Read the figures of a notice, and what they let expect."""
    counts = await notice_progress.count_by_status(connection, stored.id)
    return counts, await find_outlook(connection, stored, counts, now, zone)


async def find_outlook(
    connection: Connection, stored: StoredNotice, counts: Counts, now: datetime, zone: tzinfo
) -> Outlook:
    """Find what is to come of a notice; what somebody waits for is counted only if anybody may."""
    night = find_night(stored.notice, now, zone)
    waits: list[Wait] = []
    if counts.get(RecipientStatus.QUEUED):
        waits = await notice_progress.list_waits(connection, stored.id, night or now)
    return look_ahead(stored.notice, counts, waits, night)


class Sights:
    """Sees notices again and again, and counts many only when it must."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._seen: dict[int, Sight] = {}
        self._waits: dict[int, Waits] = {}

    async def see(
        self, connection: Connection, stored: StoredNotice, now: datetime, *, is_limited: bool
    ) -> Sight:
        """See how a notice stands; while Telegram limits us nothing must go on."""
        before = self._seen.get(stored.id)
        is_done = before and before.stored == stored and not before.outlook.waiting
        if before and is_done and not await notice_progress.has_open(connection, stored.id):
            return before  # nothing can have changed, and counting many takes its time
        night = find_night(stored.notice, now, self._zone)
        counts = await notice_progress.count_by_status(connection, stored.id)
        waits = await self._list_waits(connection, stored.id, night, now)
        outlook = look_ahead(stored.notice, counts, waits, night)
        is_due = outlook.must_move and not is_limited
        must_move = night is None and (is_due or _joins_late(stored, now))
        title = await name_notice(connection, stored)
        self._seen[stored.id] = Sight(stored, title, counts, outlook, must_move)
        return self._seen[stored.id]

    def keep_only(self, notice_ids: Collection[int]) -> None:
        """Forget all other notices."""
        for kept in (self._seen, self._waits):
            for gone in kept.keys() - notice_ids:
                del kept[gone]

    async def _list_waits(
        self, connection: Connection, notice_id: int, night: datetime | None, now: datetime
    ) -> list[Wait]:
        """Count who waits and what for; if they are many, it takes its time and is done less."""
        known = self._waits.get(notice_id)
        if known is None or known.is_few or has_passed(COUNTED_EVERY, known.at, now):
            waits = await notice_progress.list_waits(connection, notice_id, night or now)
            known = self._waits[notice_id] = Waits(waits, now)
        return known.waits


def _joins_late(stored: StoredNotice, now: datetime) -> bool:
    """Tell whether those who fit should have been looked for by now, and were not."""
    if stored.notice.status is not Status.SENDING:
        return False
    if stored.joined_at is None:
        return True
    return stored.notice.send_by is not None and now - stored.joined_at >= JOINED_WITHIN

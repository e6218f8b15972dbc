"""How far notices are: one message in the author's chat, kept new; an alert if one stalls."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import Any

from db import heartbeats, lane_rests, notice_progress, notices, staff
from db.database import Database
from db.notices import StoredNotice
from db.staff import Connection
from db.unit_of_work import UnitOfWork
from domain.campaigns import MADE_BY_PROGRAM
from domain.elapsed import has_passed
from domain.notice_outlook import Outlook, Phase, find_night, look_ahead
from domain.notices import Status
from domain.outbox import Lane
from domain.recipients import Status as RecipientStatus
from domain.recipients import Wait
from domain.replies import Rewrite, Say
from domain.texts import Text, message
from services.chats import get_contact, get_locale
from services.desk import Desk
from services.messages import write_call
from services.notice_letters import tell_administrators
from services.progress_words import Counts, word_progress
from services.reminders import RunUnit

NAME = "watch"
AWAY_AFTER = timedelta(minutes=5)
"""A shorter pause in watching counts as if somebody had watched."""

TOLD_EVERY = timedelta(seconds=10)
STALLED_AFTER = timedelta(minutes=10)
MOST_UNCERTAIN = 50
"""So many uncertain ones in a row, and something is wrong."""

MANY = 20_000
"""To count what so many wait for takes a moment, which nobody needs to wait for."""

LOST_AFTER = timedelta(minutes=10)
"""A message that waits no longer, and of which Telegram has told no id, is sent anew after this."""

NEWS_FOR = timedelta(days=7)
"""How long after its end the first word on a notice is still of use to its author."""

_UNDER_WAY = (Status.SENDING, Status.PAUSED)
_OVER = (Phase.COMPLETED, Phase.CANCELLED)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Sight:
    """A notice as it was seen: its figures, what is to come, and whether it must go on."""

    stored: StoredNotice
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


@dataclass(frozen=True)
class Told:
    """What was told of a notice, and when."""

    words: tuple[Text, ...]
    sight: Sight
    at: datetime


async def read_outlook(
    connection: Connection, stored: StoredNotice, now: datetime, zone: tzinfo
) -> tuple[Counts, Outlook]:
    """Read the figures of a notice, and what they let expect."""
    night = find_night(stored.notice, now, zone)
    counts = await notice_progress.count_by_status(connection, stored.id)
    waits = await notice_progress.list_waits(connection, stored.id, night or now)
    return counts, look_ahead(stored.notice, counts, waits, night)


class Watch:
    """Keeps an eye on notices, reading beside the writer.

    When one was last seen to move is kept with it: a restart neither hides a stall nor makes one.
    Words on one are stored only once the last ones are made: a chat that must wait gets no heap.
    """

    def __init__(self, run: RunUnit, database: Database, desk: Desk) -> None:
        self._run, self._database, self._desk = run, database, desk
        self._seen: dict[int, Sight] = {}
        self._told: dict[int, Told] = {}
        self._waits: dict[int, Waits] = {}
        self._certain: dict[int, int] = {}
        """How many were uncertain when a notice last moved."""
        self._beaten_at: datetime | None = None

    async def look(self, now: datetime) -> None:
        """Tell authors how far their notices are, and somebody if one does not move."""
        async with self._database.read() as connection:
            away = await self._count_away(connection, now)
            is_limited = await _is_limited(connection, now)
            being_told = await notice_progress.list_being_told(connection)
            watched = await _list_watched(connection, now)
            seen = [await self._see(connection, one, now, is_limited) for one in watched]
        for sight in seen:
            await self._watch(sight, now, away)
            if sight.stored.id not in being_told:
                await self._keep_told(sight, now)
        self._seen = {sight.stored.id: sight for sight in seen}
        for kept in (self._told, self._waits, self._certain):
            for gone in kept.keys() - self._seen.keys():
                del kept[gone]
        await self._beat(now)

    async def _count_away(self, connection: Connection, now: datetime) -> timedelta:
        """Count for how long nobody watched before this start; a moment is as if somebody had."""
        if self._beaten_at is not None:
            return timedelta(0)
        last = await heartbeats.find_last(connection, NAME) or now
        return now - last if now - last > AWAY_AFTER else timedelta(0)

    async def _beat(self, now: datetime) -> None:
        """Remember for the next start that somebody watches."""
        if self._beaten_at is None or has_passed(_MINUTE, self._beaten_at, now):
            await self._run(partial(_beat, at=now))
            self._beaten_at = now

    async def _see(
        self, connection: Connection, stored: StoredNotice, now: datetime, is_limited: bool
    ) -> Sight:
        before = self._seen.get(stored.id)
        is_done = before and before.stored == stored and not before.outlook.waiting
        if before and is_done and not await notice_progress.has_open(connection, stored.id):
            return before  # nothing can have changed, and counting many takes its time
        night = find_night(stored.notice, now, self._desk.time_zone)
        counts = await notice_progress.count_by_status(connection, stored.id)
        waits = await self._list_waits(connection, stored.id, night, now)
        outlook = look_ahead(stored.notice, counts, waits, night)
        is_due = outlook.must_move and not is_limited
        must_move = night is None and (is_due or _joins_late(stored, now))
        return Sight(stored, counts, outlook, must_move)

    async def _list_waits(
        self, connection: Connection, notice_id: int, night: datetime | None, now: datetime
    ) -> list[Wait]:
        """Count who waits and what for; if they are many, it takes its time and is done less."""
        known = self._waits.get(notice_id)
        if known is None or known.is_few or has_passed(_MINUTE, known.at, now):
            waits = await notice_progress.list_waits(connection, notice_id, night or now)
            known = self._waits[notice_id] = Waits(waits, now)
        return known.waits

    async def _watch(self, sight: Sight, now: datetime, away: timedelta) -> None:
        """Note that a notice goes on, or tell somebody once that it does not.

        While nobody watched, nothing could go on either: that time does not count.
        """
        stored, before = sight.stored, self._seen.get(sight.stored.id)
        since = stored.moved_at or stored.started_at or now
        is_new = before is None and self._beaten_at is not None
        has_moved = is_new or (before is not None and before.settled != sight.settled)
        if not sight.must_move or has_moved or since + away > now:
            self._certain[stored.id] = sight.uncertain
            await self._note_moving(stored, now)
            return
        if away:
            since += away
            await self._run(partial(_note, notice_id=stored.id, moved_at=since))
        streak = sight.uncertain - self._certain.setdefault(stored.id, sight.uncertain)
        if stored.stalled_at is None and (streak >= MOST_UNCERTAIN or now - since >= STALLED_AFTER):
            await self._run(partial(_alert, desk=self._desk, sight=sight, streak=streak))

    async def _note_moving(self, stored: StoredNotice, now: datetime) -> None:
        is_old = stored.moved_at is None or has_passed(_MINUTE, stored.moved_at, now)
        if is_old or stored.stalled_at is not None:
            await self._run(partial(_note, notice_id=stored.id, moved_at=now, stalled_at=None))

    async def _keep_told(self, sight: Sight, now: datetime) -> None:
        told = self._told.get(sight.stored.id)
        words = word_progress(sight.stored.title, sight.counts, sight.outlook)
        if not _is_worth_telling(sight, words, told, now):
            return
        whole = (*words, *word_rate(sight, told, now))
        sent: list[bool] = []

        async def tell(uow: UnitOfWork) -> None:
            sent.append(await _tell(uow, self._desk, sight, whole))

        await self._run(tell)
        if sent[-1]:
            self._told[sight.stored.id] = Told(words, sight, now)


async def _list_watched(connection: Connection, now: datetime) -> list[StoredNotice]:
    """List what is under way or sent again, and what ended since its author was told last."""
    return [
        *await notices.list_by_status(connection, *_UNDER_WAY),
        *await notices.list_ended_untold(connection, now - NEWS_FOR),
    ]


async def _is_limited(connection: Connection, now: datetime) -> bool:
    """Tell whether notices rest because Telegram said so.

    Short rests are also our own, while Telegram answers nothing certain: that may be a stall.
    """
    rest = await lane_rests.find(connection, Lane.BULK)
    return rest is not None and rest.length > _MINUTE and rest.is_on(now)


def _joins_late(stored: StoredNotice, now: datetime) -> bool:
    """Tell whether those who fit should have been looked for by now, and were not."""
    if stored.notice.status is not Status.SENDING:
        return False
    if stored.joined_at is None:
        return True
    return stored.notice.send_by is not None and now - stored.joined_at >= STALLED_AFTER


def _is_worth_telling(
    sight: Sight, words: tuple[Text, ...], told: Told | None, now: datetime
) -> bool:
    if told is None:
        return not sight.is_idle
    if told.words == words:
        return False
    return sight.outlook.phase in _OVER or has_passed(TOLD_EVERY, told.at, now)


async def _tell(uow: UnitOfWork, desk: Desk, sight: Sight, words: tuple[Text, ...]) -> bool:
    """Show the author how far a notice is, and tell whether that was possible."""
    stored = sight.stored
    author = await staff.find(uow.connection, stored.notice.author)
    if author is None or author.chat_id is None or not author.active:
        return False
    await uow.load([author.chat_id])
    if not get_contact(uow, author.chat_id).reachable:
        return False
    if _is_just_lost(stored, uow.now):
        return False
    shown = stored.progress_message_id
    reply = Say(words, silent=True) if shown is None else Rewrite(shown, words)
    locale = get_locale(uow, desk, author.chat_id)
    call = write_call(reply, author.chat_id, locale, desk.names, lane=Lane.NOTICE)
    uow.send(replace(call, progress_of=stored.id))
    # Somebody is sent to again: how that ends is to be told as well, also after a restart.
    at = None if sight.outlook.phase is Phase.AGAIN and shown is not None else uow.now
    uow.write(partial(notices.note, notice_id=stored.id, progress_told_at=at))
    return True


def _is_just_lost(stored: StoredNotice, now: datetime) -> bool:
    """Tell whether the first message was made a while ago, and Telegram has not told its id."""
    told_at = stored.progress_told_at
    if stored.progress_message_id is not None or told_at is None or stored.ended_at is not None:
        return False
    return not has_passed(LOST_AFTER, told_at, now)


def word_rate(sight: Sight, told: Told | None, now: datetime) -> list[Text]:
    """Say how many a minute were settled since it was told last, and how long the rest takes."""
    if told is None or now <= told.at or not sight.outlook.due:
        return []
    settled = _count_settled(sight) - _count_settled(told.sight)
    rate = round(settled * (_MINUTE / (now - told.at)))
    if rate <= 0:
        return []
    left = -(-sight.outlook.due // rate)
    return [message("progress.rate", rate=rate, minutes=left)]


def _count_settled(sight: Sight) -> int:
    return sum(sight.counts.values()) - sight.outlook.waiting


async def _beat(uow: UnitOfWork, at: datetime) -> None:
    uow.write(partial(heartbeats.beat, name=NAME, at=at))


async def _note(uow: UnitOfWork, notice_id: int, **beside: Any) -> None:
    uow.write(partial(notices.note, notice_id=notice_id, **beside))


async def _alert(uow: UnitOfWork, desk: Desk, sight: Sight, streak: int) -> None:
    """Tell administrators and the author that a notice does not go on."""
    await tell_administrators(uow, desk, sight.stored, _word_stall(sight, streak))
    await _note(uow, sight.stored.id, stalled_at=uow.now)


def _word_stall(sight: Sight, streak: int) -> Text:
    title, minutes = sight.stored.title, STALLED_AFTER // _MINUTE
    if streak >= MOST_UNCERTAIN:
        return message("notice.all_uncertain", title=title, count=streak)
    if not sight.outlook.waiting:
        return message("notice.not_joined", title=title, minutes=minutes)
    return message("notice.stalled", title=title, waiting=sight.outlook.waiting, minutes=minutes)

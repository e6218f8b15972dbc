"""How far notices are: one message in the author's chat, kept new; an alert if one stalls."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from db import ledger, notices, staff
from db.errors import told_apart
from db.notices import StoredNotice
from db.unit_of_work import UnitOfWork
from domain.notices import Status
from domain.outbox import Lane
from domain.quiet_hours import is_quiet
from domain.recipients import Status as RecipientStatus
from domain.replies import Rewrite, Say
from domain.texts import Text, message
from services.chats import get_contact, get_locale
from services.desk import Desk
from services.messages import write_call
from services.notice_letters import tell_administrators
from services.reminders import RunUnit

TOLD_EVERY = timedelta(seconds=10)
STALLED_AFTER = timedelta(minutes=10)
RECENT = 20
"""How many of the latest notices are looked at for an end that was not told yet."""

Counts = Mapping[RecipientStatus, int]
_UNDER_WAY = (Status.SENDING, Status.PAUSED)
_ENDED = (Status.COMPLETED, Status.CANCELLED)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Sight:
    """What was seen of a notice: its figures, since when they are so, and what was told of it."""

    counts: Counts
    moved_at: datetime
    told: tuple[Status, Counts] | None = None
    told_at: datetime | None = None
    is_alerted: bool = False


class Watch:
    """Keeps an eye on notices; what it has seen before a restart it need not know."""

    def __init__(self) -> None:
        self._sights: dict[int, Sight] = {}

    async def look(self, run: RunUnit, desk: Desk) -> None:
        """Tell authors how far their notices are, and somebody if one does not move."""
        await run(partial(self._look, desk=desk))

    async def _look(self, uow: UnitOfWork, desk: Desk) -> None:
        with told_apart():
            watched = await _list_watched(uow)
            for stored in watched:
                counts = await ledger.count_by_status(uow.connection, stored.id)
                await self._look_at(uow, desk, stored, counts)
        known = {stored.id for stored in watched}
        self._sights = {key: sight for key, sight in self._sights.items() if key in known}

    async def _look_at(
        self, uow: UnitOfWork, desk: Desk, stored: StoredNotice, counts: Counts
    ) -> None:
        before = self._sights.get(stored.id, Sight(counts, uow.now))
        sight = before if before.counts == counts else replace(before, moved_at=uow.now)
        sight = replace(sight, counts=counts)
        sight = await _alert(uow, desk, stored, sight)
        if _is_worth_telling(stored, sight, uow.now):
            await _tell(uow, desk, stored, sight)
            sight = replace(sight, told=(stored.notice.status, counts), told_at=uow.now)
        self._sights[stored.id] = sight


async def _list_watched(uow: UnitOfWork) -> list[StoredNotice]:
    """List what is under way, and what has ended since its author was told last."""
    recent = await notices.list_recent(uow.connection, RECENT)
    ended = [
        one
        for one in recent
        if one.notice.status in _ENDED and one.started_at and not _is_end_told(one)
    ]
    return [*await notices.list_by_status(uow.connection, *_UNDER_WAY), *ended]


def _is_end_told(stored: StoredNotice) -> bool:
    told_at, ended_at = stored.progress_told_at, stored.ended_at
    return told_at is not None and ended_at is not None and told_at > ended_at


def _is_worth_telling(stored: StoredNotice, sight: Sight, now: datetime) -> bool:
    if sight.told == (stored.notice.status, sight.counts):
        return False
    if stored.notice.status in _ENDED or sight.told_at is None:
        return True
    return sight.told_at + TOLD_EVERY <= now


async def _tell(uow: UnitOfWork, desk: Desk, stored: StoredNotice, sight: Sight) -> None:
    uow.write(partial(notices.note, notice_id=stored.id, progress_told_at=uow.now))
    author = await staff.find(uow.connection, stored.notice.author)
    if author is None or author.chat_id is None or not author.active:
        return
    await uow.load([author.chat_id])
    if not get_contact(uow, author.chat_id).reachable:
        return
    words = word_progress(stored, sight, uow.now)
    shown = stored.progress_message_id
    if shown is None and stored.progress_told_at is not None and stored.ended_at is None:
        return  # on its way: Telegram has not told its id yet
    reply = Say(words, silent=True) if shown is None else Rewrite(shown, words)
    locale = get_locale(uow, desk, author.chat_id)
    call = write_call(reply, author.chat_id, locale, desk.names, lane=Lane.NOTICE)
    uow.send(replace(call, progress_of=stored.id if shown is None else None))


def word_progress(stored: StoredNotice, sight: Sight, now: datetime) -> tuple[Text, ...]:
    """Say how far a notice is, how fast it goes on, and what is uncertain about it."""
    counts = sight.counts
    words = [_word_heading(stored), _word_counts(counts)]
    if stored.notice.status is Status.SENDING:
        words += _word_rate(sight, now)
    if counts[RecipientStatus.UNCERTAIN]:
        words.append(message("progress.uncertain"))
    return tuple(words)


def _word_heading(stored: StoredNotice) -> Text:
    title = stored.title
    match stored.notice.status:
        case Status.PAUSED:
            return message("progress.paused", title=title)
        case Status.COMPLETED:
            return message("progress.completed", title=title)
        case Status.CANCELLED:
            return message("progress.cancelled", title=title)
        case _:
            return message("progress.sending", title=title)


def _word_counts(counts: Counts) -> Text:
    return message(
        "progress.counts",
        sent=counts[RecipientStatus.SENT],
        total=sum(counts.values()),
        waiting=_count_waiting(counts),
        failed=counts[RecipientStatus.FAILED],
        uncertain=counts[RecipientStatus.UNCERTAIN],
        opted_out=counts[RecipientStatus.OPTED_OUT],
        expired=counts[RecipientStatus.EXPIRED],
        cancelled=counts[RecipientStatus.CANCELLED],
    )


def _word_rate(sight: Sight, now: datetime) -> list[Text]:
    """Say how many a minute were settled since it was told last, and how long the rest takes."""
    if sight.told is None or sight.told_at is None or now <= sight.told_at:
        return []
    settled = _count_waiting(sight.told[1]) - _count_waiting(sight.counts)
    settled += sum(sight.counts.values()) - sum(sight.told[1].values())
    rate = round(settled * (_MINUTE / (now - sight.told_at)))
    if rate <= 0:
        return []
    left = -(-_count_waiting(sight.counts) // rate)
    return [message("progress.rate", rate=rate, minutes=left)]


def _count_waiting(counts: Counts) -> int:
    return counts[RecipientStatus.QUEUED] + counts[RecipientStatus.SENDING]


async def _alert(uow: UnitOfWork, desk: Desk, stored: StoredNotice, sight: Sight) -> Sight:
    """Tell somebody once that a notice does not move although people wait whose turn has come."""
    if sight.moved_at == uow.now:
        return replace(sight, is_alerted=False)
    if uow.now - sight.moved_at < STALLED_AFTER or sight.is_alerted:
        return sight
    if not await _is_due(uow, desk, stored):
        return replace(sight, moved_at=uow.now)
    words = message(
        "notice.stalled",
        title=stored.title,
        waiting=_count_waiting(sight.counts),
        minutes=STALLED_AFTER // _MINUTE,
    )
    await tell_administrators(uow, desk, stored, words)
    return replace(sight, is_alerted=True)


async def _is_due(uow: UnitOfWork, desk: Desk, stored: StoredNotice) -> bool:
    if stored.notice.status is not Status.SENDING:
        return False
    if is_quiet(uow.now.astimezone(desk.time_zone)) and not stored.notice.emergency:
        return False
    return await ledger.has_due(uow.connection, stored.id, uow.now)

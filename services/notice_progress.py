"""How far notices are: one message in the author's chat, kept new."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from db import notices, staff
from db.notices import StoredNotice
from db.unit_of_work import UnitOfWork
from domain.elapsed import has_passed
from domain.notice_outlook import Phase
from domain.outbox import Lane
from domain.replies import Rewrite, Say
from domain.texts import Text, message
from services.chats import get_contact, get_locale
from services.desk import Desk
from services.messages import write_call
from services.notice_sights import Sight
from services.progress_words import word_progress
from services.reminders import RunUnit

TOLD_EVERY = timedelta(seconds=10)
LOST_AFTER = timedelta(minutes=10)
"""A message that waits no longer, and of which Telegram has told no id, is sent anew after this."""

_OVER = (Phase.COMPLETED, Phase.CANCELLED)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Told:
    """What was told of a notice, and when."""

    words: tuple[Text, ...]
    sight: Sight
    at: datetime


class Telling:
    """Tells authors how far their notices are."""

    def __init__(self, run: RunUnit, desk: Desk) -> None:
        self._run, self._desk = run, desk
        self._told: dict[int, Told] = {}

    async def keep_told(self, sight: Sight, now: datetime) -> None:
        """Tell an author what is new about a notice."""
        told = self._told.get(sight.stored.id)
        words = word_progress(sight.title, sight.counts, sight.outlook)
        if not _is_worth_telling(sight, words, told, now):
            return
        whole = (*words, *word_rate(sight, told, now))
        sent: list[bool] = []

        async def tell(uow: UnitOfWork) -> None:
            sent.append(await _tell(uow, self._desk, sight, whole))

        await self._run(tell)
        if sent[-1]:
            self._told[sight.stored.id] = Told(words, sight, now)

    def keep_only(self, notice_ids: Collection[int]) -> None:
        """Forget all other notices."""
        for gone in self._told.keys() - notice_ids:
            del self._told[gone]


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
    call = write_call(reply, author.chat_id, locale, desk.names, lane=Lane.STAFF)
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

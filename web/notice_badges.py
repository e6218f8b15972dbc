"""How notices stand, said the same wherever one is named: by status, or by what says more."""

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import TypeAlias

from db import notice_progress
from db.notices import StoredNotice
from db.staff import Connection
from domain.notice_outlook import Outlook, Phase, find_night, look_ahead
from domain.notices import Notice
from domain.recipients import Status as Recipient
from domain.recipients import Wait
from domain.texts import Text, message
from web.notice_words import STATUSES

PHASES: Mapping[Phase, Text] = {
    Phase.WAITING: message("notices.phase.waiting"),
    Phase.OPEN: message("notices.phase.open"),
    Phase.AGAIN: message("notices.phase.again"),
}
"""What stands over a notice in place of its status, where that would say too little."""

Counts: TypeAlias = Mapping[Recipient, int]


def word_badge(notice: Notice, outlook: Outlook) -> Text:
    """Say in a word or two how a notice stands."""
    return PHASES.get(outlook.phase, STATUSES[notice.status])


async def look_at_all(
    connection: Connection,
    listed: Iterable[StoredNotice],
    counts: Mapping[int, Counts],
    now: datetime,
    zone: tzinfo,
) -> dict[int, Outlook]:
    """Tell by their ids what is to come of notices."""
    return {
        one.id: await _look(connection, one, counts.get(one.id, {}), now, zone) for one in listed
    }


async def _look(
    connection: Connection, stored: StoredNotice, counts: Counts, now: datetime, zone: tzinfo
) -> Outlook:
    """Count who waits only where anybody can: most notices of a list are over."""
    night = find_night(stored.notice, now, zone)
    waits: list[Wait] = []
    if counts.get(Recipient.QUEUED):
        waits = await notice_progress.list_waits(connection, stored.id, night or now)
    return look_ahead(stored.notice, counts, waits, night)

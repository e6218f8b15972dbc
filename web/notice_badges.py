"""How notices stand, said the same wherever one is named: by status, or by what says more."""

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import TypeAlias

from db.notices import StoredNotice
from db.staff import Connection
from domain.notice_outlook import Outlook, Phase
from domain.notices import Notice
from domain.recipients import Status as Recipient
from domain.texts import Text, message
from services.notice_sights import find_outlook
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
        one.id: await find_outlook(connection, one, counts.get(one.id, {}), now, zone)
        for one in listed
    }

"""The figures of a notice as its page shows them, and how they go on asking for themselves."""

from collections.abc import Mapping
from typing import Any

from db import notice_progress
from domain.notices import Status
from services.notice_sights import read_outlook
from services.notice_titles import name_notice
from web.notice_page import FoundNotice
from web.notice_progress import Mark, Progress, measure, move_mark
from web.office import Office

MOST_POLLS = 600
"""For so long a page that nobody looks at goes on asking: half an hour."""

LIVE = frozenset({Status.SENDING, Status.PAUSED})


async def read_progress(office: Office, found: FoundNotice, mark: Mark | None) -> Progress:
    """Read how far a notice is."""
    stored, now = found.stored, office.clock()
    async with office.database.read() as connection:
        counts, outlook = await read_outlook(connection, stored, now, office.desk.time_zone)
        reasons = await notice_progress.count_reasons(connection, stored.id)
        title = await name_notice(connection, stored)
    if mark is None and stored.started_at is not None:
        mark = Mark(0, stored.started_at)
    return measure(title, counts, outlook, reasons, mark, now)


def describe_progress(
    found: FoundNotice, progress: Progress, mark: Mark | None, polls: int
) -> Mapping[str, Any]:
    """Gather what the figures of a notice show, and how they go on asking for themselves."""
    is_live = found.stored.notice.status in LIVE or progress.is_open
    return {
        "id": found.stored.id,
        "notice": found.stored.notice,
        "progress": progress,
        "is_live": is_live,
        "polls": polls if is_live and polls <= MOST_POLLS else 0,
        "mark": move_mark(mark, progress.settled, progress.at),
    }

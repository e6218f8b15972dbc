"""Notices that were sent before, by which an audience can be chosen: who got or answered them."""

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from db import notices, staff
from db.notices import StoredNotice
from db.staff import Connection
from domain.audiences import Audience, Field
from domain.notice_content import read_content
from domain.staff import Staff
from domain.texts import Text, message
from locales.catalogue import Names
from services.notice_audiences import list_notices
from web.audience_words import Choices
from web.notice_page import is_seen
from web.recipient_words import label_answers

MOST_OFFERED = 100


async def list_earlier(connection: Connection, visitor: Staff) -> list[StoredNotice]:
    """List the latest notices that somebody may see and that were sent."""
    people = {one.id: one for one in await staff.list_all(connection)}
    found = await notices.list_recent(connection, MOST_OFFERED)
    return [
        one
        for one in found
        if one.started_at is not None
        and one.notice.author in people
        and is_seen(one, people[one.notice.author], visitor)
    ]


async def list_named(
    connection: Connection, audience: Audience, visitor: Staff
) -> list[StoredNotice]:
    """List the notices that an audience names and that somebody may see."""
    listed = []
    for notice_id in sorted({notice_id for _, notice_id in list_notices(audience)}):
        stored = await notices.find(connection, notice_id)
        author = await staff.find(connection, stored.notice.author) if stored else None
        if stored is not None and author is not None and is_seen(stored, author, visitor):
            listed.append(stored)
    return listed


def name_earlier(
    earlier: Iterable[StoredNotice], locale: str, names: Names, zone: ZoneInfo
) -> Choices:
    """Name notices by their ids, and each answer that can be given to one."""
    received: dict[str, Text] = {}
    answered: dict[str, Text] = {}
    for one in earlier:
        on = (one.started_at or one.created_at).astimezone(zone).date()
        received[str(one.id)] = message("notices.named", name=one.title, on=on)
        labels: Mapping[str, str] = label_answers(read_content(one.notice.content), locale, names)
        for answer, label in labels.items():
            answered[f"{one.id}:{answer}"] = message(
                "notices.answer_to", name=one.title, on=on, answer=label
            )
    return {Field.RECEIVED: received, Field.ANSWERED: answered}

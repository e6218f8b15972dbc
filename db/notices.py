"""Messages to many, and where each stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import Select, and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import contacts, notices, recipients, staff
from domain.campaigns import Occasion
from domain.notices import Notice, Status, Topic
from domain.recipients import OPEN


@dataclass(frozen=True)
class StoredNotice:
    """A notice with its clock.

    `campaign_id` is the event day that it is about, and `occasion` what it is there for.
    `asked_at` is when approvers were last told that it waits for them, `joined_at` when late
    joiners were last looked for; `progress_message_id` is the message in
    its author's chat that tells how far it is. `moved_at` is when it was last seen to go on, and
    `stalled_at` when somebody was told that it does not.
    """

    notice: Notice
    title: str
    created_at: datetime
    campaign_id: int | None = None
    occasion: Occasion | None = None
    asked_at: datetime | None = None
    approved_at: datetime | None = None
    started_at: datetime | None = None
    joined_at: datetime | None = None
    ended_at: datetime | None = None
    progress_message_id: int | None = None
    progress_told_at: datetime | None = None
    moved_at: datetime | None = None
    stalled_at: datetime | None = None

    @property
    def id(self) -> int:
        """The notice's id."""
        return self.notice.id

    @property
    def is_thrown_away(self) -> bool:
        """Whether it was a draft that came to nothing: stopped, with nothing in it."""
        return self.notice.status is Status.CANCELLED and not self.notice.content


class Beside(TypedDict, total=False):
    """Columns beside the standing of a notice."""

    title: str
    occasion: str | None
    campaign_id: int | None
    asked_at: datetime
    approved_at: datetime | None
    started_at: datetime
    joined_at: datetime
    ended_at: datetime
    progress_message_id: int | None
    progress_told_at: datetime | None
    moved_at: datetime
    stalled_at: datetime | None


async def add(
    connection: AsyncConnection,
    notice: Notice,
    title: str,
    created_at: datetime,
    campaign_id: int | None = None,
    occasion: Occasion | None = None,
) -> int:
    """Store a new notice, whatever its `id` says, and give its id."""
    beside = {"title": title, "created_at": created_at}
    of_day = {"campaign_id": campaign_id, "occasion": occasion.value if occasion else None}
    result = await connection.execute(
        insert(notices).values(**_write(notice), **beside, **of_day).returning(notices.c.id)
    )
    return int(result.scalar_one())


async def find(
    connection: AsyncConnection,
    notice_id: int,
    lock: bool = False,
) -> StoredNotice | None:
    """Find a notice; with `lock` nobody else changes it until the transaction ends."""
    statement = select(notices).where(notices.c.id == notice_id)
    found = await _list(connection, statement.with_for_update() if lock else statement)
    return found[0] if found else None


async def save(connection: AsyncConnection, notice: Notice, **beside: Unpack[Beside]) -> None:
    """Store the standing of a notice, and what is beside it."""
    await connection.execute(
        update(notices).where(notices.c.id == notice.id).values(**_write(notice), **beside)
    )


async def note(connection: AsyncConnection, notice_id: int, **beside: Unpack[Beside]) -> None:
    """Store what is beside the standing of a notice."""
    await connection.execute(update(notices).where(notices.c.id == notice_id).values(**beside))


async def list_by_status(connection: AsyncConnection, *statuses: Status) -> list[StoredNotice]:
    """List the notices in some statuses, the oldest first."""
    wanted = [status.value for status in statuses]
    statement = select(notices).where(notices.c.status.in_(wanted)).order_by(notices.c.id)
    return await _list(connection, statement)


async def list_ended_untold(connection: AsyncConnection, since: datetime) -> list[StoredNotice]:
    """List the notices that somebody is sent again, or whose author does not know of their end.

    Of an author without a chat, or who has blocked it, nothing waits; nor does what ended before
    `since` and has no message in the chat.
    """
    author = (
        select(staff.c.id)
        .join(contacts, contacts.c.chat_id == staff.c.chat_id)
        .where(staff.c.id == notices.c.author_id, staff.c.active, contacts.c.reachable)
    )
    told_at, ended_at = notices.c.progress_told_at, notices.c.ended_at
    is_untold = and_(
        notices.c.started_at.is_not(None),
        or_(told_at.is_(None), told_at <= ended_at),
        or_(notices.c.progress_message_id.is_not(None), ended_at >= since),
        author.exists(),
    )
    unsettled = select(recipients.c.chat_id).where(
        recipients.c.notice_id == notices.c.id, recipients.c.status.in_(OPEN)
    )
    statement = select(notices).where(
        notices.c.status.in_([Status.COMPLETED.value, Status.CANCELLED.value]),
        or_(is_untold, unsettled.exists()),
    )
    return await _list(connection, statement.order_by(notices.c.id))


async def list_recent(connection: AsyncConnection, limit: int) -> list[StoredNotice]:
    """List the latest notices, the newest first."""
    return await _list(connection, select(notices).order_by(notices.c.id.desc()).limit(limit))


async def list_started_since(connection: AsyncConnection, moment: datetime) -> list[StoredNotice]:
    """List the notices of which sending began since a moment, the newest first."""
    statement = select(notices).where(notices.c.started_at >= moment)
    return await _list(connection, statement.order_by(notices.c.id.desc()))


async def _list(connection: AsyncConnection, statement: Select[Any]) -> list[StoredNotice]:
    rows = await connection.execute(statement)
    return [_read(dict(row)) for row in rows.mappings()]


_STANDING = (
    *("id", "emergency", "version", "paused_by", "starts_at", "send_by", "content", "audience"),
)


def _read(row: dict[str, Any]) -> StoredNotice:
    places = row.pop("places")
    notice = Notice(
        author=row.pop("author_id"),
        topic=Topic(row.pop("topic")),
        status=Status(row.pop("status")),
        approvals=tuple(row.pop("approvals")),
        writers=tuple(row.pop("writers")),
        places=None if places is None else frozenset(places),
        **_pop(row, _STANDING),
    )
    occasion = row.pop("occasion")
    return StoredNotice(notice=notice, occasion=Occasion(occasion) if occasion else None, **row)


def _pop(row: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: row.pop(name) for name in names}


def _write(notice: Notice) -> dict[str, Any]:
    return {
        "author_id": notice.author,
        "topic": notice.topic.value,
        "status": notice.status.value,
        "emergency": notice.emergency,
        "approvals": list(notice.approvals),
        "writers": list(notice.writers),
        "version": notice.version,
        "places": None if notice.places is None else sorted(notice.places),
        "paused_by": notice.paused_by,
        "content": dict(notice.content),
        "audience": dict(notice.audience),
        "starts_at": notice.starts_at,
        "send_by": notice.send_by,
    }

"""The recipients of a notice as the pages show them: one by one, and by province."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import applications, contacts, notice_answers, recipients
from domain.recipients import Status


@dataclass(frozen=True)
class Recipient:
    """A row of the ledger."""

    chat_id: int
    application_id: int | None
    status: Status
    reason: str | None
    queued_at: datetime
    not_before: datetime | None
    claimed_at: datetime | None
    settled_at: datetime | None
    message_id: int | None


@dataclass(frozen=True)
class NumberedRecipient:
    """A recipient by the number of the application for which the notice came.

    `application_id` is 0 for none; `place` is the code of their home.
    """

    chat_id: int
    application_id: int
    number: str | None
    status: Status
    reason: str | None
    queued_at: datetime
    claimed_at: datetime | None
    settled_at: datetime | None
    locale: str | None = None
    place: str | None = None


FIRST = -1
"""Before the ids of all applications, and before 0, which stands for none."""

_application_id = func.coalesce(recipients.c.application_id, 0)
_COLUMNS = (
    recipients.c.chat_id,
    _application_id.label("application_id"),
    applications.c.number,
    recipients.c.status,
    recipients.c.reason,
    recipients.c.queued_at,
    recipients.c.claimed_at,
    recipients.c.settled_at,
    contacts.c.locale,
    applications.c.place,
)
_PROVINCE_DIGITS = 2


async def list_recipients(
    connection: AsyncConnection, notice_id: int, status: Status, after: int = 0, limit: int = 100
) -> list[Recipient]:
    """List recipients in a status by chat id, beginning after one."""
    shown = [column for column in recipients.c if column.name != "notice_id"]
    rows = await connection.execute(
        select(*shown)
        .where(
            recipients.c.notice_id == notice_id,
            recipients.c.status == status.value,
            recipients.c.chat_id > after,
        )
        .order_by(recipients.c.chat_id)
        .limit(limit)
    )
    return [Recipient(**{**row, "status": Status(row["status"])}) for row in rows.mappings()]


async def list_chats(
    connection: AsyncConnection,
    notice_id: int,
    status: Status | None,
    after: int = FIRST,
    limit: int | None = None,
) -> list[int]:
    """List the chats of recipients by their applications, beginning after the id of one.

    Without a status, all of them. Pages tell that id, never a chat's: who could ask what comes
    after a chat would find out whose it is.
    """
    statement = select(recipients.c.chat_id).where(
        recipients.c.notice_id == notice_id, _application_id > after
    )
    if status is not None:
        statement = statement.where(recipients.c.status == status.value)
    return list(await connection.scalars(statement.order_by(_application_id).limit(limit)))


async def list_numbered(
    connection: AsyncConnection, notice_id: int, chat_ids: Collection[int]
) -> list[NumberedRecipient]:
    """List some recipients by their applications."""
    statement = (
        select(*_COLUMNS)
        .join(contacts, contacts.c.chat_id == recipients.c.chat_id)
        .outerjoin(applications, applications.c.id == recipients.c.application_id)
        .where(recipients.c.notice_id == notice_id, recipients.c.chat_id.in_(chat_ids))
        .order_by(_application_id)
    )
    rows = (await connection.execute(statement)).mappings()
    return [NumberedRecipient(**{**row, "status": Status(row["status"])}) for row in rows]


async def find_newest(
    connection: AsyncConnection, notice_id: int, status: Status
) -> datetime | None:
    """Find when the newest of the recipients in a status came into it."""
    newest: datetime | None = await connection.scalar(
        select(func.max(recipients.c.settled_at)).where(
            recipients.c.notice_id == notice_id, recipients.c.status == status.value
        )
    )
    return newest


async def list_answers(
    connection: AsyncConnection, notice_id: int, chat_ids: Collection[int]
) -> Mapping[int, frozenset[str]]:
    """List what some recipients answered; who answered nothing is left out."""
    statement = select(notice_answers.c.chat_id, notice_answers.c.answer).where(
        notice_answers.c.notice_id == notice_id, notice_answers.c.chat_id.in_(chat_ids)
    )
    given: dict[int, set[str]] = defaultdict(set)
    for chat_id, answer in await connection.execute(statement):
        given[chat_id].add(answer)
    return {chat_id: frozenset(answers) for chat_id, answers in given.items()}


async def find_chat(connection: AsyncConnection, notice_id: int, number: str) -> int | None:
    """Find the chat to which a notice went for an application."""
    statement = (
        select(recipients.c.chat_id)
        .join(applications, applications.c.id == recipients.c.application_id)
        .where(recipients.c.notice_id == notice_id, applications.c.number == number)
    )
    chat_id: int | None = await connection.scalar(statement)
    return chat_id


async def count_of(
    connection: AsyncConnection,
    notice_ids: Collection[int],
    among: Collection[Status] = tuple(Status),
) -> Mapping[int, Mapping[Status, int]]:
    """Count the recipients of some notices in each status, or in some."""
    statement = (
        select(recipients.c.notice_id, recipients.c.status, func.count())
        .where(recipients.c.notice_id.in_(notice_ids), recipients.c.status.in_(among))
        .group_by(recipients.c.notice_id, recipients.c.status)
    )
    counted: dict[int, dict[Status, int]] = defaultdict(dict)
    for notice_id, status, count in await connection.execute(statement):
        counted[notice_id][Status(status)] = count
    return counted


async def count_answers(
    connection: AsyncConnection, notice_id: int
) -> Mapping[tuple[str, str], int]:
    """Count the answers to a notice by province and answer; without one, by an empty province."""
    province = func.coalesce(func.substr(applications.c.place, 1, _PROVINCE_DIGITS), "")
    statement = (
        select(province, notice_answers.c.answer, func.count())
        .join(
            recipients,
            (recipients.c.notice_id == notice_answers.c.notice_id)
            & (recipients.c.chat_id == notice_answers.c.chat_id),
        )
        .outerjoin(applications, applications.c.id == recipients.c.application_id)
        .where(notice_answers.c.notice_id == notice_id)
        .group_by(province, notice_answers.c.answer)
    )
    return {(place, answer): count for place, answer, count in await connection.execute(statement)}

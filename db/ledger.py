"""The ledger of notices: one row a recipient, claimed before the call and settled after it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    Select,
    and_,
    bindparam,
    false,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from db import contacts
from db.standings import load_standings
from db.statements import Row, run_many
from db.tables import contacts as people
from db.tables import notices, recipients
from db.types import UtcTime
from domain.recipients import (
    BLOCKED,
    INTERRUPTED,
    MOVED,
    RULED,
    Key,
    ReadyRecipient,
    Rules,
    Settlement,
    Status,
    Verdict,
    Wait,
    judge,
    order_by_turn,
    share_out,
)

MOST_ENDED = 1_000
"""Ended in one transaction, so that no reply waits long behind it."""

_QUEUED = recipients.c.status == literal_column("'queued'")
_SENDING = recipients.c.status == literal_column("'sending'")
"""Written out, not as parameters: so the indexes of only these rows are used."""


@dataclass(frozen=True)
class Recipient:
    """A row of the ledger, as the pages show it."""

    chat_id: int
    application_id: int | None
    status: Status
    reason: str | None
    queued_at: datetime
    not_before: datetime | None
    claimed_at: datetime | None
    settled_at: datetime | None
    message_id: int | None


async def enlist(
    connection: AsyncConnection, notice_id: int, audience: Select[Any], now: datetime
) -> int:
    """Queue everybody of an audience who is not in the ledger yet; tell how many those are.

    The audience selects `chat_id` and `application_id`, once for each chat.
    """
    chosen = audience.subquery()
    rows = select(
        literal(notice_id),
        chosen.c.chat_id,
        chosen.c.application_id,
        literal("queued"),
        literal(now, UtcTime()),
    ).where(true())  # without it SQLite takes ON CONFLICT for a part of the select
    insert_into = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    columns = ["notice_id", "chat_id", "application_id", "status", "queued_at"]
    statement = insert_into(recipients).from_select(columns, rows).on_conflict_do_nothing()
    return (await connection.execute(statement)).rowcount


async def list_ready(
    connection: AsyncConnection,
    now: datetime,
    limit: int,
    rules: Rules,
    *,
    apart_from: Collection[int] = (),
    without: Collection[int] = (),
    served: Mapping[int, int] = MappingProxyType({}),
) -> list[ReadyRecipient]:
    """List queued recipients whose turn has come: the oldest notice gets half, the rest share.

    Each is of another chat and of none in `apart_from`, nor of the notices in `without`. Of the
    rest those notices go first that were served longest ago: `served` says when, as a number. A
    completed notice has none queued but those whom a person has asked to be sent to again.
    """
    waiting = select(recipients.c.chat_id).where(recipients.c.notice_id == notices.c.id, _QUEUED)
    statement = (
        select(notices.c.id)
        .where(
            notices.c.status.in_(["sending", "completed"]),
            notices.c.id.not_in(without),
            waiting.exists(),
        )
        .order_by(notices.c.id)
    )
    if rules.is_quiet(now):
        statement = statement.where(notices.c.emergency.is_(true()))
    ordered = order_by_turn(list(await connection.scalars(statement)), served)
    begin = _QUEUE.where(recipients.c.chat_id.not_in(apart_from))
    queues = [await _list_queued(connection, begin, one, now, limit) for one in ordered]
    return share_out(queues, limit)


async def _list_queued(
    connection: AsyncConnection, begin: Select[Any], notice_id: int, now: datetime, limit: int
) -> list[ReadyRecipient]:
    """List the queued of a notice: first those who never waited, then those who waited enough."""
    queued = begin.where(recipients.c.notice_id == notice_id)
    fresh = queued.where(recipients.c.not_before.is_(None)).order_by(recipients.c.chat_id)
    waited = queued.where(recipients.c.not_before <= now).order_by(recipients.c.not_before)
    rows = list(await connection.execute(fresh.limit(limit)))
    if len(rows) < limit:
        rows += list(await connection.execute(waited.limit(limit - len(rows))))
    return [ReadyRecipient(*row) for row in rows]


_QUEUE = select(recipients.c.notice_id, recipients.c.chat_id, recipients.c.application_id).where(
    _QUEUED
)


async def claim(
    connection: AsyncConnection, rows: Sequence[ReadyRecipient], now: datetime, rules: Rules
) -> list[ReadyRecipient]:
    """Mark queued recipients as being sent to, and give them back: their calls may begin.

    The others must not be sent to any more, or not yet; that is noted.
    """
    found = await load_standings(connection, {row.chat_id for row in rows}, rules.weekly_cap)
    verdicts = {row.key: judge(found[row.key], rules, now) for row in rows if row.key in found}
    claimed = [row for row in rows if _is_free(verdicts.get(row.key))]
    await run_many(connection, _CLAIM, [_name(row.key) | {"at": now} for row in claimed])
    await pass_over(connection, verdicts, now)
    return claimed


def _is_free(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.status is Status.SENDING


async def pass_over(
    connection: AsyncConnection, verdicts: Mapping[Key, Verdict], now: datetime
) -> None:
    """Note why queued recipients are not sent to: they wait, or it is over for them."""
    await run_many(connection, _HOLD, _list_held(verdicts.items()))
    await run_many(connection, _END, _list_ended(verdicts.items(), now))


def _name(key: Key) -> Row:
    return {"notice": key.notice_id, "chat": key.chat_id}


def _list_held(verdicts: Iterable[tuple[Key, Verdict]]) -> list[Row]:
    return [
        _name(key) | {"until": verdict.not_before, "because": verdict.reason}
        for key, verdict in verdicts
        if verdict.status is Status.QUEUED and verdict.not_before is not None
    ]


def _list_ended(verdicts: Iterable[tuple[Key, Verdict]], now: datetime) -> list[Row]:
    return [
        _name(key) | {"to": verdict.status.value, "because": verdict.reason, "at": now}
        for key, verdict in verdicts
        if verdict.status not in (Status.SENDING, Status.QUEUED)
    ]


def _of(notice: str = "notice", chat: str = "chat") -> Any:
    return and_(
        recipients.c.notice_id == bindparam(notice), recipients.c.chat_id == bindparam(chat)
    )


_AT = bindparam("at", type_=UtcTime())
_UNTIL = bindparam("until", type_=UtcTime())
_CLAIM = (
    update(recipients)
    .where(_of(), _QUEUED)
    .values(status=literal_column("'sending'"), claimed_at=_AT, reason=null(), not_before=null())
)
_HOLD = (
    update(recipients).where(_of(), _QUEUED).values(reason=bindparam("because"), not_before=_UNTIL)
)
_END = (
    update(recipients)
    .where(_of(), _QUEUED)
    .values(status=bindparam("to"), reason=bindparam("because"), settled_at=_AT)
)
_SETTLE = (
    update(recipients)
    .where(_of(), _SENDING)
    .values(
        status=bindparam("to"),
        reason=bindparam("because"),
        not_before=_UNTIL,
        settled_at=_AT,
        message_id=bindparam("message"),
    )
)
_STOPPED = select(notices.c.id).where(notices.c.status == literal_column("'cancelled'"))
_CANCEL = (
    update(recipients)
    .where(_of(), _QUEUED, recipients.c.notice_id.in_(_STOPPED))
    .values(status=literal_column("'cancelled'"), reason=null(), not_before=null(), settled_at=_AT)
)
_OVER = select(notices.c.id).where(notices.c.send_by <= _AT)
_EXPIRE = (
    update(recipients)
    .where(_of(), _QUEUED, recipients.c.notice_id.in_(_OVER))
    .values(status=literal_column("'expired'"), reason=null(), not_before=null(), settled_at=_AT)
)
_CLAIMED_AT = select(recipients.c.claimed_at).where(_of()).scalar_subquery()
_UNREACHABLE = (
    update(people)
    .where(people.c.chat_id == bindparam("chat"), people.c.active_at <= _CLAIMED_AT)
    .values(reachable=false())
)


async def settle(
    connection: AsyncConnection, settlements: Sequence[Settlement], now: datetime
) -> None:
    """Note what became of recipients who were being sent to.

    A contact that could not be reached is marked so; one that has moved is moved. Who would wait
    again for a notice that was stopped meanwhile, or whose time is over, waits no more.
    """
    settled = [await _follow(connection, one) for one in settlements]
    blocked = [_name(one.key) for one in settled if one.reason == BLOCKED]
    again = [_name(one.key) | {"at": now} for one in settled if one.status is Status.QUEUED]
    await run_many(connection, _UNREACHABLE, blocked)
    await run_many(connection, _SETTLE, [_describe(one, now) for one in settled])
    await run_many(connection, _CANCEL, again)
    await run_many(connection, _EXPIRE, again)


async def _follow(connection: AsyncConnection, settlement: Settlement) -> Settlement:
    """Move a contact to the new id of its chat; if that one is known, it gets the notice itself."""
    notice_id, chat_id = settlement.key
    if settlement.moved_to is None:
        return settlement
    if await contacts.move(connection, chat_id, settlement.moved_to):
        return replace(settlement, key=Key(notice_id, settlement.moved_to))
    return replace(settlement, status=Status.FAILED, reason=MOVED, not_before=None)


def _describe(settlement: Settlement, now: datetime) -> Row:
    return _name(settlement.key) | {
        "to": settlement.status.value,
        "because": settlement.reason,
        "until": settlement.not_before,
        "at": None if settlement.status is Status.QUEUED else now,
        "message": settlement.message_id,
    }


async def recover(connection: AsyncConnection, now: datetime) -> int:
    """At a start: whoever was being sent to when the program ended may have got it, or not."""
    ended = (
        update(recipients)
        .where(_SENDING)
        .values(status=Status.UNCERTAIN.value, reason=INTERRUPTED, settled_at=now)
    )
    return (await connection.execute(ended)).rowcount


async def end_queued(
    connection: AsyncConnection,
    notice_id: int,
    status: Status,
    now: datetime,
    limit: int = MOST_ENDED,
) -> int:
    """Let so many who are still queued not be sent to: cancelled or expired; tell how many.

    The clock ends what is left. Until then, nobody of them is claimed either.
    """
    queued = recipients.c.notice_id == notice_id, _QUEUED
    some = select(recipients.c.chat_id).where(*queued).limit(limit)
    ended = (
        update(recipients)
        .where(*queued, recipients.c.chat_id.in_(some))
        .values(status=status.value, reason=None, settled_at=now)
    )
    return (await connection.execute(ended)).rowcount


async def list_stopped(connection: AsyncConnection) -> list[int]:
    """List the notices that were stopped while somebody is still queued for them."""
    queued = select(recipients.c.chat_id).where(recipients.c.notice_id == notices.c.id, _QUEUED)
    stopped = select(notices.c.id).where(notices.c.status == "cancelled", queued.exists())
    return list(await connection.scalars(stopped.order_by(notices.c.id)))


async def has_open(connection: AsyncConnection, notice_id: int) -> bool:
    """Tell whether somebody is queued, or being sent to."""
    is_open = recipients.c.status.in_([Status.QUEUED.value, Status.SENDING.value])
    found = select(recipients.c.chat_id).where(recipients.c.notice_id == notice_id, is_open)
    return await connection.scalar(found.limit(1)) is not None


async def has_new(connection: AsyncConnection, notice_id: int, audience: Select[Any]) -> bool:
    """Tell whether somebody of an audience is not in the ledger yet."""
    chosen = audience.subquery()
    listed = select(recipients.c.chat_id).where(
        recipients.c.notice_id == notice_id, recipients.c.chat_id == chosen.c.chat_id
    )
    new = select(chosen.c.chat_id).where(~listed.exists()).limit(1)
    return await connection.scalar(new) is not None


async def resend_uncertain(connection: AsyncConnection, notice_id: int, chat_id: int) -> bool:
    """Queue an uncertain recipient again, which only a person may decide; tell whether it was."""
    live = select(notices.c.id).where(notices.c.status.in_(["sending", "paused", "completed"]))
    again = (
        update(recipients)
        .where(
            recipients.c.notice_id == notice_id,
            recipients.c.chat_id == chat_id,
            recipients.c.status == Status.UNCERTAIN.value,
            recipients.c.notice_id.in_(live),
        )
        .values(status=Status.QUEUED.value, reason=None, settled_at=None, not_before=None)
    )
    return (await connection.execute(again)).rowcount == 1


async def count_by_status(connection: AsyncConnection, notice_id: int) -> dict[Status, int]:
    """Count the recipients of a notice in every status; together they are the audience."""
    rows = await connection.execute(
        select(recipients.c.status, func.count())
        .where(recipients.c.notice_id == notice_id)
        .group_by(recipients.c.status)
    )
    found = {Status(status): count for status, count in rows}
    return {status: found.get(status, 0) for status in Status}


async def has_due(connection: AsyncConnection, notice_id: int, now: datetime) -> bool:
    """Tell whether somebody is queued whom no rule lets wait, be it that nothing came of a try."""
    is_free = or_(recipients.c.reason.is_(None), recipients.c.reason.not_in(RULED))
    is_due = or_(recipients.c.not_before.is_(None), recipients.c.not_before <= now, is_free)
    due = select(recipients.c.chat_id).where(recipients.c.notice_id == notice_id, _QUEUED, is_due)
    return await connection.scalar(due.limit(1)) is not None


async def list_waits(connection: AsyncConnection, notice_id: int, after: datetime) -> list[Wait]:
    """Count who is queued and waits beyond a moment, by what for; and until when the first does."""
    first, count = func.min(recipients.c.not_before), func.count()
    rows = await connection.execute(
        select(recipients.c.reason, count, first)
        .where(recipients.c.notice_id == notice_id, _QUEUED, recipients.c.not_before > after)
        .group_by(recipients.c.reason)
        .order_by(first)
    )
    return [Wait(reason, count, until) for reason, count, until in rows]


async def count_reasons(
    connection: AsyncConnection, notice_id: int, status: Status = Status.FAILED
) -> dict[str, int]:
    """Count the recipients in a status by reason, the most frequent reason first."""
    count = func.count()
    rows = await connection.execute(
        select(recipients.c.reason, count)
        .where(recipients.c.notice_id == notice_id, recipients.c.status == status.value)
        .group_by(recipients.c.reason)
        .order_by(count.desc(), recipients.c.reason)
    )
    return {reason or "": number for reason, number in rows}


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

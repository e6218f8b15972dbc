"""The ledger of notices: one row a recipient, claimed before the call and settled after it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Text,
    and_,
    bindparam,
    case,
    false,
    func,
    literal_column,
    null,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from db import contacts
from db.delivery import was_settled
from db.standings import load_standings
from db.statements import Row, run_many
from db.tables import contacts as people
from db.tables import notices, recipients
from db.types import UtcTime
from domain.recipients import (
    BLOCKED,
    INTERRUPTED,
    MOVED,
    Key,
    ReadyRecipient,
    Rules,
    Settlement,
    Status,
    Verdict,
    find_end,
    judge,
)

QUEUED = recipients.c.status == literal_column("'queued'")
_SENDING = recipients.c.status == literal_column("'sending'")
"""Written out, not as parameters: so the indexes of only these rows are used."""


def end_as(status: Any) -> Any:
    """Let who is queued end so; who may have got it before is uncertain again."""
    return case((was_settled(), literal_column("'uncertain'")), else_=status)


def end_at(now: Any) -> Any:
    """Give when it was settled; of who is not sent to again, when it was settled before."""
    return func.coalesce(recipients.c.settled_at, now)


async def claim(
    connection: AsyncConnection, rows: Sequence[ReadyRecipient], now: datetime, rules: Rules
) -> list[ReadyRecipient]:
    """Mark queued recipients as being sent to, and give them back: their calls may begin.

    Until when they may is known only of the night and of the time to send by. The others must not
    be sent to any more, or not yet; that is noted.
    """
    found = await load_standings(connection, {row.chat_id for row in rows}, rules.weekly_cap)
    verdicts = {row.key: judge(found[row.key], rules, now) for row in rows if row.key in found}
    claimed = [row for row in rows if _is_free(verdicts.get(row.key))]
    await run_many(connection, _CLAIM, [_name(row.key) | {"at": now} for row in claimed])
    await pass_over(connection, verdicts, now)
    return [replace(row, ends_at=find_end(found[row.key], rules, now)) for row in claimed]


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
_TO = bindparam("to", type_=Text())
_CLAIM = (
    update(recipients)
    .where(_of(), QUEUED)
    .values(status=literal_column("'sending'"), claimed_at=_AT, reason=null(), not_before=null())
)
_HOLD = (
    update(recipients).where(_of(), QUEUED).values(reason=bindparam("because"), not_before=_UNTIL)
)
_END = (
    update(recipients)
    .where(_of(), QUEUED)
    .values(status=end_as(_TO), reason=bindparam("because"), settled_at=end_at(_AT))
)
_AS_IT_IS: list[Any] = [literal_column("'queued'"), literal_column("'sent'")]
_SETTLE = (
    update(recipients)
    .where(_of(), _SENDING)
    .values(
        status=case((_TO.in_(_AS_IT_IS), _TO), else_=end_as(_TO)),
        reason=bindparam("because"),
        not_before=_UNTIL,
        settled_at=func.coalesce(_AT, recipients.c.settled_at),
        message_id=bindparam("message"),
    )
)
_STOPPED = select(notices.c.id).where(notices.c.status == literal_column("'cancelled'"))
_ENDED: Row = {"reason": null(), "not_before": null(), "settled_at": end_at(_AT)}
_CANCEL = (
    update(recipients)
    .where(_of(), QUEUED, recipients.c.notice_id.in_(_STOPPED))
    .values(status=end_as(literal_column("'cancelled'")), **_ENDED)
)
_OVER = select(notices.c.id).where(notices.c.send_by <= _AT)
_EXPIRE = (
    update(recipients)
    .where(_of(), QUEUED, recipients.c.notice_id.in_(_OVER))
    .values(status=end_as(literal_column("'expired'")), **_ENDED)
)
_REQUEUE = (
    update(recipients)
    .where(_of(), recipients.c.status == literal_column("'failed'"))
    .values(status=literal_column("'queued'"), reason=null(), settled_at=null())
)
_CLAIMED_AT = select(recipients.c.claimed_at).where(_of()).scalar_subquery()
_UNREACHABLE = (
    update(people)
    .where(
        people.c.chat_id == bindparam("chat"),
        contacts.wrote_before(_CLAIMED_AT, bindparam("ahead", type_=UtcTime())),
    )
    .values(reachable=false())
)


async def settle(
    connection: AsyncConnection, settlements: Sequence[Settlement], now: datetime
) -> None:
    """Note what became of recipients who were being sent to.

    A contact that could not be reached is marked so; one that has moved is moved. Who would wait
    again for a notice that was stopped meanwhile, or whose time is over, waits no more. Who may
    have got it before is never said not to have got it, whatever becomes of this time.
    """
    settled = [await _follow(connection, one) for one in settlements]
    ahead = {"ahead": now + contacts.AHEAD}
    blocked = [_name(one.key) | ahead for one in settled if one.reason == BLOCKED]
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
    if settlement.status is not Status.QUEUED:
        return settlement
    return replace(settlement, status=Status.FAILED, reason=MOVED, not_before=None)


def _describe(settlement: Settlement, now: datetime) -> Row:
    return _name(settlement.key) | {
        "to": settlement.status.value,
        "because": settlement.reason,
        "until": settlement.not_before,
        "at": None if settlement.status is Status.QUEUED else now,
        "message": settlement.message_id,
    }


async def requeue_refused(connection: AsyncConnection, keys: Collection[Key]) -> None:
    """Let recipients wait again who have failed, since it was not because of them."""
    await run_many(connection, _REQUEUE, [_name(key) for key in keys])


async def recover(connection: AsyncConnection, now: datetime) -> int:
    """At a start: whoever was being sent to when the program ended may have got it, or not."""
    ended = (
        update(recipients)
        .where(_SENDING)
        .values(status=Status.UNCERTAIN.value, reason=INTERRUPTED, settled_at=now)
    )
    return (await connection.execute(ended)).rowcount

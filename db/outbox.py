"""Calls that wait to be made, and the ones that could not be."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db import contacts, lane_rests, notice_files, notices
from db.drafts import Shown, note_shown
from db.lane_rests import Rest
from db.notice_files import Uploaded
from db.statements import insert_in_order, run_many
from db.tables import outgoing_calls
from domain.outbox import Call, Lane, OutgoingCall


async def add(
    connection: AsyncConnection, calls: Sequence[Call], now: datetime
) -> list[OutgoingCall]:
    """Store calls in their order and give them back with their ids."""
    if not calls:
        return []
    rows = [
        {
            "lane": call.lane.value,
            "chat_id": call.chat_id,
            "method": call.method,
            "parameters": call.parameters,
            "question": call.question,
            "attachment": call.attachment,
            "progress_of": call.progress_of,
            "status": "queued",
            "created_at": now,
        }
        for call in calls
    ]
    ids = await insert_in_order(connection, outgoing_calls, rows)
    return [
        OutgoingCall(id=call_id, call=call, created_at=now)
        for call_id, call in zip(ids, calls, strict=True)
    ]


async def list_queued(
    connection: AsyncConnection, after: int = 0, limit: int = 10_000
) -> list[OutgoingCall]:
    """List the calls still to be made, in order, beginning after an id."""
    rows = await connection.execute(
        select(outgoing_calls)
        .where(outgoing_calls.c.status == "queued", outgoing_calls.c.id > after)
        .order_by(outgoing_calls.c.id)
        .limit(limit)
    )
    return [_read_call(row) for row in rows]


def _read_call(row: Row[Any]) -> OutgoingCall:
    lane = Lane(row.lane)
    call = Call(
        row.chat_id,
        row.method,
        row.parameters,
        lane,
        row.question,
        row.attachment,
        row.progress_of,
    )
    return OutgoingCall(id=row.id, call=call, created_at=row.created_at)


@dataclass(frozen=True)
class Unreached:
    """A call that could not reach its chat, when it was stored, and when that was heard."""

    call_id: int
    stored_at: datetime
    heard_at: datetime


@dataclass
class Marks:
    """What became of calls, still to be written down in this order.

    `unreachable` has for a chat the call that could not reach it; `progress` the messages that tell
    how far notices are; `uploaded` what Telegram calls the files of notices; `rests` how long lanes
    rest; `moved` the new ids of chats.
    """

    made: list[int] = field(default_factory=list)
    moved: dict[int, int] = field(default_factory=dict)
    shown: list[Shown] = field(default_factory=list)
    progress: dict[int, int] = field(default_factory=dict)
    uploaded: list[Uploaded] = field(default_factory=list)
    rests: dict[Lane, Rest] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    unreachable: dict[int, Unreached] = field(default_factory=dict)

    def __bool__(self) -> bool:
        settled = self.made or self.failed or self.unreachable
        return bool(settled or self.uploaded or self.rests or self.moved)

    def joined(self, later: "Marks") -> "Marks":
        """Join the marks with later ones."""
        return Marks(
            self.made + later.made,
            self.moved | later.moved,
            self.shown + later.shown,
            self.progress | later.progress,
            self.uploaded + later.uploaded,
            self.rests | later.rests,
            self.failed | later.failed,
            self.unreachable | later.unreachable,
        )

    def apart(self) -> Iterator["Marks"]:
        """Give each mark by itself."""
        for name, marks in vars(self).items():
            each: list[Any] = (
                [{of: mark} for of, mark in marks.items()]
                if isinstance(marks, dict)
                else [[mark] for mark in marks]
            )
            yield from (Marks(**{name: one}) for one in each)


async def write_marks(connection: AsyncConnection, marks: Marks) -> None:
    """Drop the calls that were made, keep the reasons of those that never will be."""
    await _forget_made(connection, marks.made)
    for chat_id, moved_to in marks.moved.items():
        await contacts.move(connection, chat_id, moved_to)
        await _readdress(connection, chat_id, moved_to)
    await note_shown(connection, marks.shown)
    for notice_id, message_id in marks.progress.items():
        await notices.note(connection, notice_id, progress_message_id=message_id)
    for one in marks.uploaded:
        await notice_files.note_uploaded(connection, one)
    await lane_rests.save(connection, marks.rests)
    for call_id, reason in marks.failed.items():
        await _mark_failed(connection, call_id, reason)
    for chat_id, missed in marks.unreachable.items():
        await cancel_to(connection, chat_id, up_to=missed.call_id)
        await contacts.mark_unreachable(connection, chat_id, missed.stored_at, missed.heard_at)


_FORGET = delete(outgoing_calls).where(outgoing_calls.c.id == bindparam("call"))


async def _forget_made(connection: AsyncConnection, ids: Collection[int]) -> None:
    """Drop calls that Telegram has accepted, and the words in them."""
    await run_many(connection, _FORGET, [{"call": call_id} for call_id in ids])


async def _readdress(connection: AsyncConnection, chat_id: int, moved_to: int) -> None:
    """Let the calls that wait for a chat wait for its new id."""
    waiting = select(outgoing_calls).where(
        outgoing_calls.c.chat_id == chat_id, outgoing_calls.c.status == "queued"
    )
    for row in list(await connection.execute(waiting)):
        call = _read_call(row).call.readdressed(moved_to)
        await connection.execute(
            update(outgoing_calls)
            .where(outgoing_calls.c.id == row.id)
            .values(chat_id=call.chat_id, parameters=call.parameters)
        )


async def _mark_failed(connection: AsyncConnection, call_id: int, error: str) -> None:
    """Keep a call that will never be made, with the reason."""
    await connection.execute(
        update(outgoing_calls)
        .where(outgoing_calls.c.id == call_id)
        .values(status="failed", error=error, parameters="", attachment=None)
    )


async def cancel_to(connection: AsyncConnection, chat_id: int, up_to: int | None = None) -> None:
    """Drop what waits for a chat that has blocked the bot, perhaps only up to some call."""
    waiting = delete(outgoing_calls).where(
        outgoing_calls.c.chat_id == chat_id, outgoing_calls.c.status == "queued"
    )
    if up_to is not None:
        waiting = waiting.where(outgoing_calls.c.id <= up_to)
    await connection.execute(waiting)


async def forget_failed_before(connection: AsyncConnection, moment: datetime) -> None:
    """Drop calls that failed long ago."""
    await connection.execute(
        delete(outgoing_calls).where(
            outgoing_calls.c.status == "failed", outgoing_calls.c.created_at < moment
        )
    )

"""How many a notice would reach, and some of them as they would see it: each look is recorded."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from db import audiences
from db.audiences import Reach, RecipientFacts
from db.notices import StoredNotice
from db.staff import Connection
from db.unit_of_work import UnitOfWork
from domain.audiences import Audience, read_audience
from domain.notices import Topic
from domain.staff import Right, Scope, Staff
from services.audit import note_staff
from services.desk import Actor, Desk
from services.notice_access import find_scope, get_reach, get_scope, subject_of

FEWEST = 5
"""Fewer than these could be told apart by what they were chosen by."""

MOST = 5

_Asked: TypeAlias = tuple[Audience, Scope, Topic, datetime]
"""Whom a notice is for: its audience, in which places, of which topic and at which time."""


@dataclass(frozen=True)
class Sampled:
    """How many would get a notice, and some of them; how few it is may be hidden."""

    reach: Reach
    facts: tuple[RecipientFacts, ...] = ()
    is_hidden: bool = False

    @property
    def count(self) -> int:
        """How many would get it."""
        return self.reach.reached


async def count_reach(
    connection: Connection,
    desk: Desk,
    stored: StoredNotice,
    author: Staff,
    reader: Staff,
    now: datetime,
) -> Sampled:
    """Count who would get a notice now, and who would not, for somebody who reads it."""
    asked = await _ask(connection, desk, stored, now)
    return await _count(connection, asked, stored, author, reader)


async def draw_samples(
    connection: Connection,
    desk: Desk,
    stored: StoredNotice,
    author: Staff,
    reader: Staff,
    now: datetime,
) -> Sampled:
    """Count who would get a notice now, and draw some: the same at every look, if they still fit.

    Whoever shows them calls `note_samples` before.
    """
    asked = await _ask(connection, desk, stored, now)
    sampled = await _count(connection, asked, stored, author, reader)
    if sampled.is_hidden:
        return sampled
    drawn = await audiences.draw_samples(connection, *asked, MOST, seed=stored.id)
    return replace(sampled, facts=tuple(drawn))


async def note_samples(
    uow: UnitOfWork, actor: Actor, stored: StoredNotice, sampled: Sampled
) -> None:
    """Write down what was asked of the register, and, for each person shown, that they were."""
    numbers = [one.number for one in sampled.facts]
    details = {
        "audience": dict(stored.notice.audience),
        "topic": stored.notice.topic.value,
        "count": sampled.count,
        "shown": numbers,
    }
    uow.record(note_staff("check_notice", subject_of(stored.id), actor, details))
    for number in numbers:
        uow.record(note_staff("see_sample", number, actor, {"notice": stored.id}))


async def _ask(connection: Connection, desk: Desk, stored: StoredNotice, now: datetime) -> _Asked:
    notice, scope = stored.notice, await find_scope(connection, stored)
    return read_audience(notice.audience), scope, notice.topic, now.astimezone(desk.time_zone)


async def _count(
    connection: Connection, asked: _Asked, stored: StoredNotice, author: Staff, reader: Staff
) -> Sampled:
    reach = await audiences.count_reach(connection, *asked)
    sees_cases = get_scope(reader, Right.SEE_CASES).covers_all(get_reach(stored, author))
    return Sampled(reach, is_hidden=reach.reached < FEWEST and not sees_cases)

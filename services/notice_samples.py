"""How many a notice would reach, and some of them as they would see it: each look is recorded."""

from dataclasses import dataclass
from datetime import datetime

from db import audiences
from db.audiences import Reach, RecipientFacts
from db.notices import StoredNotice
from db.staff import Connection
from db.unit_of_work import UnitOfWork
from domain.audiences import read_audience
from domain.staff import Right, Staff
from services.audit import note_staff
from services.desk import Actor, Desk
from services.notice_access import find_scope, get_reach, get_scope, subject_of

FEWEST = 5
"""Fewer than these could be told apart by what they were chosen by."""

MOST = 5


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
    notice = stored.notice
    reach = await audiences.count_reach(
        connection,
        read_audience(notice.audience),
        await find_scope(connection, stored),
        notice.topic,
        now.astimezone(desk.time_zone),
    )
    sees_cases = get_scope(reader, Right.SEE_CASES).covers_all(get_reach(stored, author))
    return Sampled(reach, is_hidden=reach.reached < FEWEST and not sees_cases)


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
    sampled = await count_reach(connection, desk, stored, author, reader, now)
    if sampled.is_hidden:
        return sampled
    notice = stored.notice
    drawn = await audiences.draw_samples(
        connection,
        read_audience(notice.audience),
        await find_scope(connection, stored),
        notice.topic,
        now.astimezone(desk.time_zone),
        MOST,
        seed=stored.id,
    )
    return Sampled(sampled.reach, tuple(drawn))


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

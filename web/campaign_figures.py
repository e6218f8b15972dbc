"""What notices and event days came to this month, within somebody's places."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from db import attendances, campaigns, notices, staff
from db.staff import Connection
from domain.campaigns import Status
from domain.staff import Right, Staff, scope_of
from web.notice_page import is_read


@dataclass(frozen=True)
class MonthFigures:
    """Counts since the first of a month."""

    notices: int
    days: int
    came: int


async def count_month(
    connection: Connection, visitor: Staff, now: datetime, zone: ZoneInfo
) -> MonthFigures | None:
    """Count for somebody who sees results; None for anybody else."""
    scope = scope_of(visitor, Right.SEE_RESULTS)
    if scope is None:
        return None
    local = now.astimezone(zone)
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    people = {one.id: one for one in await staff.list_all(connection)}
    sent = [
        one
        for one in await notices.list_started_since(connection, first)
        if one.notice.author in people and is_read(one, people[one.notice.author], visitor)
    ]
    days = [
        one
        for one in await campaigns.list_within(connection, scope)
        if first.date() <= one.plan.held_on < (local + timedelta(days=1)).date()
        and one.status is not Status.CANCELLED
    ]
    came = [await attendances.count_came(connection, one.id) for one in days]
    return MonthFigures(len(sent), len(days), sum(came))

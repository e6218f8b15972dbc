"""By when the office promises an answer."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.working_days import answer_due_on
from domain.working_hours import end_of_day
from services.desk import Desk


@dataclass(frozen=True)
class Promise:
    """The last day for an answer, and the moment at which the office closes on it."""

    on: date
    due_at: datetime


def make_promise(desk: Desk, now: datetime) -> Promise:
    """Promise an answer to somebody who begins to wait for one now."""
    today = now.astimezone(desk.time_zone).date()
    on = answer_due_on(today, desk.answer_within_working_days)
    return Promise(on, end_of_day(on, desk.time_zone))

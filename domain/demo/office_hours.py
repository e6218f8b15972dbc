"""The working hours of an office laid end to end, so that moments can be drawn on them."""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from domain.working_days import answer_due_on, is_working_day
from domain.working_hours import AFTERNOON, CLOSES, NOON, OPENS, end_of_day


class OfficeHours:
    """The hours from one day to another: seconds of work against moments (POSIX seconds)."""

    def __init__(self, first: date, last: date, zone: ZoneInfo, promised_days: int) -> None:
        self._zone = zone
        self._promised_days = promised_days
        self._promises: dict[date, tuple[date, datetime]] = {}
        days = (first + timedelta(days=at) for at in range((last - first).days + 1))
        parts = [part for day in days if is_working_day(day) for part in self._parts(day)]
        self._opens = [opens for opens, _ in parts]
        self._closes = [closes for _, closes in parts]
        self._worked = [0.0, *accumulate(closes - opens for opens, closes in parts)]

    def position(self, moment: float) -> float:
        """Count the seconds of work before a moment."""
        at = bisect_right(self._opens, moment) - 1
        if at < 0:
            return 0.0
        return self._worked[at] + min(moment, self._closes[at]) - self._opens[at]

    def moment(self, position: float) -> float:
        """Return the moment after so many seconds of work."""
        at = min(bisect_right(self._worked, position), len(self._opens)) - 1
        return self._opens[at] + position - self._worked[at]

    def promise(self, moment: float) -> tuple[date, datetime]:
        """Return the day and the moment by which somebody who asks now is answered."""
        today = datetime.fromtimestamp(moment, self._zone).date()
        if today not in self._promises:
            promised_on = answer_due_on(today, self._promised_days)
            due_at = end_of_day(promised_on, self._zone).astimezone(UTC)
            self._promises[today] = promised_on, due_at
        return self._promises[today]

    def _parts(self, day: date) -> tuple[tuple[float, float], ...]:
        def at(hour: time) -> float:
            return datetime.combine(day, hour, self._zone).timestamp()

        return (at(OPENS), at(NOON)), (at(AFTERNOON), at(CLOSES))

"""The clock of a promise: when the office's last working day ends, and when to warn before."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.working_days import is_working_day

OPENS, NOON, AFTERNOON, CLOSES = time(7, 30), time(11, 30), time(14), time(17, 30)
"""Hours of Cambodia's administration: 7:30 to 11:30 and 14:00 to 17:30."""

WARN_BEFORE = timedelta(hours=2)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment at which the office closes on a working day."""
    return datetime.combine(day, CLOSES, zone)


def working_time_between(start: datetime, end: datetime, zone: ZoneInfo) -> timedelta:
    """Sum up the office's hours between two moments; nothing if the end is not later."""
    start, end = start.astimezone(zone), end.astimezone(zone)
    total, day = timedelta(), start.date()
    while day <= end.date():
        if is_working_day(day):
            total += sum((_overlap(start, end, *part) for part in _parts(day, zone)), timedelta())
        day += timedelta(days=1)
    return total


def is_close(now: datetime, due_at: datetime, zone: ZoneInfo) -> bool:
    """Tell whether a promise that still holds breaks within two working hours."""
    return now < due_at and working_time_between(now, due_at, zone) <= WARN_BEFORE


def close_until(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment up to which promises are close to breaking: two working hours on."""
    left, day = WARN_BEFORE, now.astimezone(zone).date()
    while True:
        if is_working_day(day):
            for opens, closes in _parts(day, zone):
                begin = max(opens, now)
                if begin + left <= closes:
                    return begin + left
                left -= max(timedelta(), closes - begin)
        day += timedelta(days=1)


def _parts(day: date, zone: ZoneInfo) -> tuple[tuple[datetime, datetime], ...]:
    def at(hour: time) -> datetime:
        return datetime.combine(day, hour, zone)

    return (at(OPENS), at(NOON)), (at(AFTERNOON), at(CLOSES))


def _overlap(start: datetime, end: datetime, opens: datetime, closes: datetime) -> timedelta:
    return max(timedelta(), min(end, closes) - max(start, opens))

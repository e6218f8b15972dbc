"""Quiet hours: at night nobody gets a message they did not ask for."""

from datetime import datetime, time, timedelta

EVENING = time(20)
MORNING = time(7)


def is_quiet(moment: datetime, start: time = EVENING, end: time = MORNING) -> bool:
    """Tell whether a local time lies in the quiet hours, the start included and the end not.

    The hours may span midnight; with start and end equal there are none.
    """
    now = moment.time()
    return start <= now < end if start <= end else now >= start or now < end


def next_allowed(moment: datetime, start: time = EVENING, end: time = MORNING) -> datetime:
    """Return the local time itself, or the end of the quiet hours it lies in."""
    return end_of_quiet(moment, end) if is_quiet(moment, start, end) else moment


def end_of_quiet(moment: datetime, end: time = MORNING) -> datetime:
    """Return the end of the quiet hours in which a local time lies, or else of the next ones."""
    ending = datetime.combine(moment.date(), end, tzinfo=moment.tzinfo)
    return ending if ending > moment else ending + timedelta(days=1)

"""Working days of Cambodia's administration: not Saturdays, Sundays and public holidays.

Holidays come from the library `holidays`. Those that follow the moon are calculated there and
become certain with the yearly sub-decree. Outside the years that it knows (1993 to 2100) only
weekends are days off, so that an answer may be promised too early but is always promised.
"""

from datetime import date, timedelta

from holidays import country_holidays

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)
_HOLIDAYS = country_holidays("KH")


def is_working_day(day: date) -> bool:
    """Tell whether offices are open on a day."""
    return day.weekday() < _SATURDAY and day not in _HOLIDAYS


def add_working_days(moment_local_date: date, days: int) -> date:
    """Return the working day that comes so many working days after a local date.

    With no days to add it is the date itself, or the next working day if that is a day off.
    """
    day = moment_local_date
    for _ in range(days):
        day = _next_working_day(day + _ONE_DAY)
    return _next_working_day(day)


def answer_due_on(submitted_on: date, days: int) -> date:
    """Return the last day on which an answer keeps the promise of so many working days."""
    return add_working_days(submitted_on, days)


def _next_working_day(day: date) -> date:
    while not is_working_day(day):
        day += _ONE_DAY
    return day

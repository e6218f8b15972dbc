"""The days of the week, by which people keep an event day in mind."""

from datetime import date

from domain.texts import Text, message

_WEEKDAYS = (
    message("weekday.monday"),
    message("weekday.tuesday"),
    message("weekday.wednesday"),
    message("weekday.thursday"),
    message("weekday.friday"),
    message("weekday.saturday"),
    message("weekday.sunday"),
)


def word_weekday(day: date) -> Text:
    """Name the day of the week."""
    return _WEEKDAYS[day.weekday()]

"""What has passed by a clock that may be set back."""

from datetime import datetime, timedelta


def has_passed(period: timedelta, since: datetime, now: datetime) -> bool:
    """Tell whether so much time has passed.

    What lies ahead was noted before the clock was set back: nobody knows when, so it counts as long
    ago, or all would wait until the clock is there again.
    """
    return not since <= now < since + period

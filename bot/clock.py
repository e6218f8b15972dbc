"""The time by which the process lives; tests bring their own."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now_utc() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)

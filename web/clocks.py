"""The clock of a promise as a page shows it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.texts import Text, message
from domain.working_hours import is_close


class Urgency(StrEnum):
    """How a promise stands; also the name of its badge."""

    LATE = "late"
    DUE = "due"
    INFO = "info"


@dataclass(frozen=True)
class Clock:
    """By when an answer is promised, and how that stands."""

    at: datetime
    urgency: Urgency

    @property
    def words(self) -> Text:
        """Say it in words."""
        match self.urgency:
            case Urgency.LATE:
                return message("clock.late", at=self.at)
            case Urgency.DUE:
                return message("clock.due", at=self.at)
            case Urgency.INFO:
                return message("clock.by", at=self.at)


def read_clock(due_at: datetime, now: datetime, zone: ZoneInfo) -> Clock:
    """Tell how a promise stands now."""
    if due_at < now:
        return Clock(due_at, Urgency.LATE)
    return Clock(due_at, Urgency.DUE if is_close(now, due_at, zone) else Urgency.INFO)

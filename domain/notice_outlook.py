"""What is still to come of a notice: whose turn it is, who waits and what for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from domain.notices import Notice
from domain.notices import Status as NoticeStatus
from domain.quiet_hours import end_of_quiet, is_quiet
from domain.recipients import NIGHT, RULED, Status, Wait


class Phase(StrEnum):
    """What is to be said of a notice on its way, or after it."""

    NOT_BEGUN = "not_begun"
    SENDING = "sending"
    WAITING = "waiting"
    """Nobody's turn has come."""
    OPEN = "open"
    """Everybody was sent to who fits; who will fit in time still gets it."""
    PAUSED = "paused"
    COMPLETED = "completed"
    AGAIN = "again"
    """Completed, but somebody has asked to send to some again."""
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Outlook:
    """How many are not settled, how many of them can be sent to now, and what the others wait for.

    `open_until` is how long newcomers get it too, once everybody else was sent to.
    """

    phase: Phase
    waiting: int = 0
    due: int = 0
    waits: tuple[Wait, ...] = ()
    open_until: datetime | None = None

    @property
    def must_move(self) -> bool:
        """Whether somebody waits whom no rule lets wait, be it that nothing came of a try."""
        return self.due > 0 or any(wait.reason not in RULED for wait in self.waits)


_STANDING = {NoticeStatus.PAUSED: Phase.PAUSED, NoticeStatus.CANCELLED: Phase.CANCELLED}


def find_night(notice: Notice, now: datetime, zone: tzinfo) -> datetime | None:
    """Find the end of the night, if it is one; an emergency knows none."""
    local = now.astimezone(zone)
    return end_of_quiet(local) if is_quiet(local) and not notice.emergency else None


def look_ahead(
    notice: Notice, counts: Mapping[Status, int], waits: Sequence[Wait], night: datetime | None
) -> Outlook:
    """Tell what is to come; `waits` are of those who wait beyond this moment, or beyond a night."""
    queued, in_hand = counts.get(Status.QUEUED, 0), counts.get(Status.SENDING, 0)
    if notice.status not in (NoticeStatus.SENDING, NoticeStatus.COMPLETED):
        phase = _STANDING.get(notice.status, Phase.NOT_BEGUN)
        return Outlook(phase, queued + in_hand)
    free = max(0, queued - sum(wait.count for wait in waits))
    due = in_hand if night else free + in_hand
    at_night = [Wait(NIGHT, free, night)] if night and free else []
    phase = _find_phase(notice, queued + in_hand, due, is_empty=not sum(counts.values()))
    open_until = notice.send_by if phase is Phase.OPEN else None
    return Outlook(phase, queued + in_hand, due, (*at_night, *waits), open_until)


def _find_phase(notice: Notice, waiting: int, due: int, *, is_empty: bool) -> Phase:
    if notice.status is NoticeStatus.COMPLETED:
        return Phase.AGAIN if waiting else Phase.COMPLETED
    if waiting and not due:
        return Phase.WAITING
    is_open = notice.send_by is not None and not waiting and not is_empty
    return Phase.OPEN if is_open else Phase.SENDING

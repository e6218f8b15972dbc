"""When a notice is really sent: after the window in which it can be withdrawn, and not at night."""

from datetime import datetime

from domain.notices import Act, Notice, Refusal, Refused, ends_at_night, find_beginning
from domain.texts import Text, message
from services.desk import Desk
from services.notice_titles import Title


def find_start(desk: Desk, notice: Notice, now: datetime) -> datetime:
    """Find when a notice would be started if it were approved now."""
    soonest = now + desk.notice_cancel_window
    return max(notice.starts_at or soonest, soonest)


def check_night(desk: Desk, act: Act, notice: Notice, starts_at: datetime) -> None:
    """Ask that a notice may be sent to somebody before its time is over.

    Raises:
        Refused: the whole time lies in one night (NIGHT).
    """
    zone, emergency = desk.time_zone, notice.emergency
    if ends_at_night(starts_at, notice.send_by, zone, emergency=emergency):
        raise Refused(act, Refusal.NIGHT)


def find_delayed(desk: Desk, notice: Notice, starts_at: datetime) -> datetime | None:
    """Find when sending begins if a night delays it."""
    begins_at = find_beginning(starts_at, desk.time_zone, emergency=notice.emergency)
    return begins_at if begins_at > starts_at else None


def word_approved(desk: Desk, notice: Notice, title: Title, starts_at: datetime) -> Text:
    """Say to its author that a notice is approved, and when sending begins."""
    delayed = find_delayed(desk, notice, starts_at)
    if delayed is not None:
        return message("notice.approved_at_night", title=title, starts_at=delayed)
    local = starts_at.astimezone(desk.time_zone)
    return message("notice.approved", title=title, starts_at=local)

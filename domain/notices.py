"""A message to many, and its way from a draft to the last recipient."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Any

from domain.quiet_hours import next_allowed
from domain.staff import Places


class Status(StrEnum):
    """Where a notice stands (words of GOV.UK Notify)."""

    DRAFT = "draft"
    PENDING_APPROVAL = "pending_approval"
    APPROVED = "approved"
    SENDING = "sending"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Act(StrEnum):
    """What can be done with a notice."""

    EDIT = "edit"
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    RESEND = "resend"
    COMPLETE = "complete"
    ISSUE = "issue"


class Topic(StrEnum):
    """What a notice is about; each can be switched off in the chat."""

    CAMPAIGNS = "campaigns"
    BENEFITS = "benefits"
    MY_APPLICATION = "my_application"


UNCAPPED = frozenset({Topic.MY_APPLICATION})
"""What does not count toward the cap of a week, and does not wait for it."""

UNASKED = frozenset({Topic.MY_APPLICATION})
"""What also those are told who want no notices, unless they switched it off."""


TRANSITIONS: Mapping[tuple[Status, Act], Status] = {
    (Status.DRAFT, Act.EDIT): Status.DRAFT,
    (Status.DRAFT, Act.SUBMIT): Status.PENDING_APPROVAL,
    (Status.DRAFT, Act.STOP): Status.CANCELLED,
    (Status.DRAFT, Act.ISSUE): Status.SENDING,
    (Status.PENDING_APPROVAL, Act.RETURN): Status.DRAFT,
    (Status.PENDING_APPROVAL, Act.APPROVE): Status.APPROVED,
    (Status.PENDING_APPROVAL, Act.STOP): Status.CANCELLED,
    (Status.APPROVED, Act.RETURN): Status.DRAFT,
    (Status.APPROVED, Act.STOP): Status.CANCELLED,
    (Status.APPROVED, Act.START): Status.SENDING,
    (Status.SENDING, Act.PAUSE): Status.PAUSED,
    (Status.SENDING, Act.STOP): Status.CANCELLED,
    (Status.SENDING, Act.RESEND): Status.SENDING,
    (Status.SENDING, Act.COMPLETE): Status.COMPLETED,
    (Status.PAUSED, Act.RESUME): Status.SENDING,
    (Status.PAUSED, Act.STOP): Status.CANCELLED,
    (Status.PAUSED, Act.RESEND): Status.PAUSED,
    (Status.PAUSED, Act.COMPLETE): Status.COMPLETED,
    (Status.COMPLETED, Act.RESEND): Status.COMPLETED,
    (Status.COMPLETED, Act.PAUSE): Status.PAUSED,
    (Status.COMPLETED, Act.STOP): Status.CANCELLED,
}
"""Every act that is possible, and where it leads.

A completed notice is held or stopped only while somebody is sent to again.
"""

NORMAL_APPROVALS = 1
STRICT_APPROVALS = 2
"""For what reaches people past what they chose: at night, beyond the weekly cap, or unasked."""

PARTS = frozenset({Act.EDIT, Act.SUBMIT})
"""Whoever does one of these has a part in a notice, and so never approves it."""


class Refusal(StrEnum):
    """Why an act on a notice is refused."""

    WRONG_STATUS = "wrong_status"
    OWN_NOTICE = "own_notice"
    HELD_BY_COLLEAGUE = "held_by_colleague"
    ISSUED_BY_PROGRAM = "issued_by_program"
    APPROVED_BEFORE = "approved_before"
    CHANGED = "changed"
    INCOMPLETE = "incomplete"
    BEYOND_PLACES = "beyond_places"
    TOO_LATE = "too_late"
    NIGHT = "night"
    CANCEL_WINDOW = "cancel_window"


class Refused(Exception):
    """An act that a notice's standing does not allow."""

    def __init__(self, act: Act, refusal: Refusal) -> None:
        super().__init__(f"{act}: {refusal}")
        self.act = act
        self.refusal = refusal


@dataclass(frozen=True)
class Notice:
    """The standing of a notice; `author`, `writers` and `approvals` are ids of staff.

    `writers` are all who ever changed or submitted it, and `version` counts the changes. Sending
    begins at `starts_at` at the soonest; what is not sent by `send_by` never is. `places` are those
    to which it was confined when it was submitted; of a draft they say nothing yet. `paused_by` is
    who holds it, if that is not the program.
    """

    id: int
    author: int
    topic: Topic
    status: Status = Status.DRAFT
    emergency: bool = False
    approvals: tuple[int, ...] = ()
    writers: tuple[int, ...] = ()
    version: int = 0
    places: Places = None
    paused_by: int | None = None
    starts_at: datetime | None = None
    send_by: datetime | None = None
    content: Mapping[str, Any] = field(default_factory=dict)
    audience: Mapping[str, Any] = field(default_factory=dict)

    @property
    def needed_approvals(self) -> int:
        """How many others must agree before it is sent.

        An emergency is sent at night and beyond the weekly cap; what is said to be of somebody's
        own application is too, and to those who want no notices.
        """
        is_strict = self.emergency or self.topic in UNCAPPED | UNASKED
        return STRICT_APPROVALS if is_strict else NORMAL_APPROVALS

    def is_written_by(self, staff_id: int) -> bool:
        """Tell whether somebody began, changed or submitted it."""
        return staff_id == self.author or staff_id in self.writers


def find_beginning(starts_at: datetime, zone: tzinfo, *, emergency: bool) -> datetime:
    """Find when sending really begins: at night only an emergency is sent."""
    local = starts_at.astimezone(zone)
    return local if emergency else next_allowed(local)


def ends_at_night(
    starts_at: datetime, send_by: datetime | None, zone: tzinfo, *, emergency: bool
) -> bool:
    """Tell whether the time to send by comes before the end of a night in which it would begin."""
    begins_at = find_beginning(starts_at, zone, emergency=emergency)
    return send_by is not None and starts_at < begins_at and send_by <= begins_at


def is_late(notice: Notice, now: datetime) -> bool:
    """Tell whether the time to send by has come."""
    return notice.send_by is not None and notice.send_by <= now


def take_act(
    notice: Notice, act: Act, actor: int | None, now: datetime, read_version: int | None = None
) -> Notice:
    """Give a notice's standing after an act; `actor` is an id of staff, None for the program.

    Only the program issues, and only what it has just made: reminders and news, whose words are
    approved with the invitation to an event day. Who agrees to what a notice says gives the version
    they read: nothing happens to another one. An approval that is not the last one needed leaves
    the notice pending. What one person holds, nobody who had a part in it lets go again but them.

    Raises:
        Refused: the standing does not allow it.
    """
    leads_to = TRANSITIONS.get((notice.status, act))
    if leads_to is None:
        raise Refused(act, Refusal.WRONG_STATUS)
    if read_version is not None and read_version != notice.version:
        raise Refused(act, Refusal.CHANGED)
    if refusal := _find_refusal(notice, act, actor, now):
        raise Refused(act, refusal)
    if act in PARTS and actor is not None:
        notice = replace(notice, writers=tuple(sorted({*notice.writers, actor})))
    return _move(notice, act, actor, leads_to)


def _find_refusal(notice: Notice, act: Act, actor: int | None, now: datetime) -> Refusal | None:
    match act:
        case Act.ISSUE if actor is not None or notice.id:
            return Refusal.ISSUED_BY_PROGRAM
        case Act.APPROVE if actor is None or notice.is_written_by(actor):
            return Refusal.OWN_NOTICE
        case Act.APPROVE if actor in notice.approvals:
            return Refusal.APPROVED_BEFORE
        case Act.RESUME if _is_held_from(notice, actor):
            return Refusal.HELD_BY_COLLEAGUE
        case Act.SUBMIT | Act.APPROVE | Act.ISSUE | Act.RESEND if is_late(notice, now):
            return Refusal.TOO_LATE
        case Act.START if notice.starts_at is not None and now < notice.starts_at:
            return Refusal.CANCEL_WINDOW
    return None


def _is_held_from(notice: Notice, actor: int | None) -> bool:
    is_held_by_other = notice.paused_by not in (None, actor)
    return is_held_by_other and actor is not None and notice.is_written_by(actor)


def _move(notice: Notice, act: Act, actor: int | None, leads_to: Status) -> Notice:
    match act:
        case Act.APPROVE if actor is not None:
            return _approve(notice, actor, leads_to)
        case Act.RETURN:
            return replace(notice, status=leads_to, approvals=(), places=None)
        case Act.EDIT:
            return replace(notice, status=leads_to, approvals=(), version=notice.version + 1)
        case Act.PAUSE:
            return replace(notice, status=leads_to, paused_by=actor)
        case Act.RESUME:
            return replace(notice, status=leads_to, paused_by=None)
    return replace(notice, status=leads_to)


def _approve(notice: Notice, actor: int, leads_to: Status) -> Notice:
    approvals = (*notice.approvals, actor)
    enough = len(approvals) >= notice.needed_approvals
    return replace(notice, approvals=approvals, status=leads_to if enough else notice.status)

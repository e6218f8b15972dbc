"""One recipient of a notice: where it stands, and what forbids or delays the sending."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import chain, islice
from typing import NamedTuple, TypeAlias, TypeVar

from domain import notices
from domain.notices import UNASKED, UNCAPPED, Topic
from domain.quiet_hours import EVENING, end_of_quiet, is_quiet, next_allowed

T = TypeVar("T")

WEEK = timedelta(days=7)
FORM_REST = timedelta(minutes=15)
"""How long after the last answer a form that is being filled is left in peace."""

BLOCKED = "blocked"
INTERRUPTED = "interrupted"
MOVED = "moved"

NIGHT = "night"
FORM = "form"
FULL = "full"
LIMITED = "limited"
"""Why somebody waits: by the rules, or because Telegram says so."""

RULED = (NIGHT, FORM, FULL)
"""Waits that are as they should be, however long."""


class Status(StrEnum):
    """Where a recipient stands; the parts always sum to the audience."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    OPTED_OUT = "opted_out"


OPEN = frozenset({Status.QUEUED, Status.SENDING})
"""Of whom nobody knows yet whether they will get it."""

UNSETTLED = OPEN | {Status.UNCERTAIN}
"""Who is sent to, or may be again."""


class Key(NamedTuple):
    """What names a recipient."""

    notice_id: int
    chat_id: int


@dataclass(frozen=True)
class ReadyRecipient:
    """A recipient whose turn has come; `application_id` is what the notice speaks of.

    The call of a claimed one must have begun before `ends_at`.
    """

    notice_id: int
    chat_id: int
    application_id: int | None = None
    ends_at: datetime | None = None

    @property
    def key(self) -> Key:
        """What names the recipient."""
        return Key(self.notice_id, self.chat_id)


@dataclass(frozen=True)
class Settlement:
    """What became of a recipient that was being sent to.

    A queued one waits again, perhaps until `not_before`; `moved_to` is the chat's new id.
    """

    key: Key
    status: Status
    reason: str | None = None
    not_before: datetime | None = None
    message_id: int | None = None
    moved_to: int | None = None


@dataclass(frozen=True)
class Wait:
    """How many wait for the same reason, and until when the first of them does."""

    reason: str | None
    count: int
    until: datetime


@dataclass(frozen=True)
class Rules:
    """What everybody may rely on: quiet nights, and so many notices a week."""

    zone: tzinfo
    weekly_cap: int = 3

    def is_quiet(self, now: datetime) -> bool:
        """Tell whether only emergencies may be sent now."""
        return is_quiet(now.astimezone(self.zone))

    def find_evening(self, now: datetime) -> datetime:
        """Find when next only emergencies may be sent."""
        return end_of_quiet(now.astimezone(self.zone), EVENING)


@dataclass(frozen=True)
class Standing:
    """All that decides whether a recipient may be sent to now.

    `full_since` is when the oldest of as many notices as a week allows was sent, if there were so
    many.
    """

    notice: notices.Status
    topic: Topic
    emergency: bool
    send_by: datetime | None
    reachable: bool
    wants_notices: bool
    opted_out: bool
    form_active_at: datetime | None
    full_since: datetime | None


@dataclass(frozen=True)
class Verdict:
    """Where a recipient stands after it was looked at: sending, ended, or queued and until when.

    `reason` says why it has ended or why it waits.
    """

    status: Status
    reason: str | None = None
    not_before: datetime | None = None


def judge(standing: Standing, rules: Rules, now: datetime) -> Verdict:
    """Tell whether a queued recipient may be sent to now."""
    if standing.notice not in (notices.Status.SENDING, notices.Status.COMPLETED):
        return Verdict(Status.QUEUED)
    if standing.send_by is not None and standing.send_by <= now:
        return Verdict(Status.EXPIRED)
    if not standing.reachable:
        return Verdict(Status.FAILED, BLOCKED)
    if not wants(standing):
        return Verdict(Status.OPTED_OUT)
    allowed_at, reason = max(_list_waits(standing, rules, now), default=(now, None))
    if allowed_at > now:
        return Verdict(Status.QUEUED, reason, allowed_at)
    return Verdict(Status.SENDING)


def find_end(standing: Standing, rules: Rules, now: datetime) -> datetime | None:
    """Find until when whoever may be sent to now may be, as far as that is known."""
    evening = None if standing.emergency else rules.find_evening(now)
    return min(filter(None, (evening, standing.send_by)), default=None)


def wants(standing: Standing) -> bool:
    """Tell whether a person agreed to such notices; of their own application all are told."""
    agreed = standing.wants_notices or standing.topic in UNASKED
    return agreed and not standing.opted_out


def _list_waits(standing: Standing, rules: Rules, now: datetime) -> list[tuple[datetime, str]]:
    waits = []
    if standing.form_active_at is not None:
        waits.append((standing.form_active_at + FORM_REST, FORM))
    if not standing.emergency:
        waits.append((next_allowed(now.astimezone(rules.zone)), NIGHT))
    if standing.full_since is not None and is_capped(standing.topic, standing.emergency):
        waits.append((standing.full_since + WEEK, FULL))
    return waits


def is_capped(topic: Topic, emergency: bool) -> bool:
    """Tell whether a notice counts toward the cap of a week."""
    return not emergency and topic not in UNCAPPED


def order_by_turn(ids: Sequence[int], served: Mapping[int, int]) -> list[int]:
    """Order notices for their shares: the oldest, then whichever has not been served for longest.

    `served` has the number of the round in which each was served last.
    """
    oldest, others = list(ids[:1]), ids[1:]
    return oldest + sorted(others, key=lambda notice_id: served.get(notice_id, 0))


Queues: TypeAlias = Sequence[Iterable[ReadyRecipient]]


def share_out(queues: Queues, limit: int, urgent: Queues = ()) -> list[ReadyRecipient]:
    """Take so many from some queues: half from the first, the rest shared by the others.

    What one cannot use goes to the others, and their turns alternate. Whoever is in an urgent queue
    goes before everybody else, and these share alike. No chat is taken twice.
    """
    seen: set[int] = set()
    return list(islice(chain(_alternate(urgent, seen), _alternate(queues, seen)), limit))


def _alternate(queues: Queues, seen: set[int]) -> Iterator[ReadyRecipient]:
    new = [_list_new(queue, seen) for queue in queues]
    return _take_turns([*new[:1], _take_turns(new[1:])])


def _list_new(queue: Iterable[ReadyRecipient], seen: set[int]) -> Iterator[ReadyRecipient]:
    """Give those whose chats nobody else has had."""
    for one in queue:
        if one.chat_id not in seen:
            seen.add(one.chat_id)
            yield one


def _take_turns(queues: Iterable[Iterator[T]]) -> Iterator[T]:
    waiting = deque(queues)
    while waiting:
        queue = waiting.popleft()
        for one in islice(queue, 1):
            yield one
            waiting.append(queue)

"""An event day: its plan, when its guests are reminded, and when it is over."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.map_points import is_apart, is_in_cambodia
from domain.notice_content import PlaceOfMap
from domain.quiet_hours import end_of_quiet
from domain.staff import Right, Staff, scope_of
from domain.texts import Appointment

CODE = re.compile(r"[a-z0-9-]{3,20}")
RESERVED = frozenset({"notice", "staff", "import", "desk", "in", "v"})
"""Words with which other links of ours begin, and other sources of applications."""

SUFFIX = re.compile(r"[a-z0-9-]{1,20}")
JOINT = "_"
"""What stands between a campaign's code and who handed its poster out."""

COUNTED_DAYS = 14
"""How long after the day a registration still counts as its fruit."""

TRAVEL = timedelta(hours=3)
"""How long before an event day begins people may set out for it."""

FURTHEST = timedelta(days=2 * 366)
"""How far ahead an event day is planned."""

WORDS = ("name_km", "name_en", "venue_km", "venue_en")
"""What of a plan somebody words freely."""

_CONTACT = re.compile(
    r"://|@|\bwww\.|[a-z0-9]\.[a-z]{2,}|(?:[0-9\u17e0-\u17e9][\s().+/-]*){9,}", re.IGNORECASE
)
"""A link, a user name or a phone number."""

_NINE, _SEVEN = time(9), time(7)


class Status(StrEnum):
    """Where an event day stands."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class Occasion(StrEnum):
    """What a notice about an event day is there for; of somebody's own words about it, nothing.

    Reminders and news are made by the program: news tell guests what has changed.
    """

    INVITATION = "invitation"
    REMINDER = "reminder"
    NEWS = "news"


MADE_BY_PROGRAM = frozenset({Occasion.REMINDER, Occasion.NEWS})


class ReminderKind(StrEnum):
    """When those who said that they come are reminded."""

    THREE_DAYS = "three_days"
    DAY_BEFORE = "day_before"
    MORNING = "morning"


@dataclass(frozen=True)
class Plan:
    """What is planned; `place` is the code of a province or district.

    `code` is the source of the links that lead to the registration; `starts_at` and `ends_at` are
    in UTC, and `held_on` their day in the house's time zone. Latitude and longitude, in degrees,
    are both there or none.
    """

    code: str
    name_km: str
    name_en: str
    place: str
    venue_km: str
    venue_en: str
    held_on: date
    starts_at: datetime
    capacity: int | None = None
    target: int | None = None
    partner: str | None = None
    ends_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None

    @property
    def names(self) -> Mapping[str, str]:
        """The name in each language."""
        return {"km": self.name_km, "en": self.name_en}

    @property
    def venues(self) -> Mapping[str, str]:
        """Where it is, in each language."""
        return {"km": self.venue_km, "en": self.venue_en}

    @property
    def hours(self) -> Appointment:
        """When to come, and until when there is something to come to."""
        return Appointment(self.starts_at, self.ends_at)

    @property
    def point(self) -> PlaceOfMap | None:
        """Where it is on the map, if that is known."""
        if self.latitude is None or self.longitude is None:
            return None
        return PlaceOfMap(self.latitude, self.longitude)


@dataclass(frozen=True)
class Campaign:
    """An event day as it is stored.

    `told_km` and `told_en` are the venue that guests know, while nobody has approved its new words.
    """

    id: int
    plan: Plan
    status: Status
    created_by: int
    created_at: datetime
    told_km: str | None = None
    told_en: str | None = None

    @property
    def known(self) -> Plan:
        """The plan in words that were approved; its point goes with the venue."""
        if self.told_km is None or self.told_en is None:
            return self.plan
        venued = replace(self.plan, venue_km=self.told_km, venue_en=self.told_en)
        return replace(venued, latitude=None, longitude=None)


@dataclass(frozen=True)
class Reminder:
    """When a reminder is due, and when it would come too late."""

    kind: ReminderKind
    due_at: datetime
    expires_at: datetime


def plan_reminders(plan: Plan, zone: ZoneInfo) -> tuple[Reminder, ...]:
    """Say when guests are reminded: each reminder gives way to the next, the last to the start.

    One that is late still goes out, unless the next has come: nobody gets two at once.
    """
    moments = (
        (ReminderKind.THREE_DAYS, _moment(plan.held_on - timedelta(days=3), _NINE, zone)),
        (ReminderKind.DAY_BEFORE, _moment(plan.held_on - timedelta(days=1), _NINE, zone)),
        (ReminderKind.MORNING, _moment(plan.held_on, _SEVEN, zone)),
    )
    useful = [(kind, due_at) for kind, due_at in moments if due_at < plan.starts_at]
    ends = [*(due_at for _, due_at in useful[1:]), plan.starts_at]
    return tuple(
        Reminder(kind, due_at, end) for (kind, due_at), end in zip(useful, ends, strict=True)
    )


def start_of_event(plan: Plan, zone: ZoneInfo) -> datetime:
    """Return the midnight at which the day begins."""
    return _moment(plan.held_on, time(), zone)


def end_of_event(plan: Plan, zone: ZoneInfo) -> datetime:
    """Return the midnight at which the day is over."""
    return _moment(plan.held_on + timedelta(days=1), time(), zone)


def end_of_counting(plan: Plan, zone: ZoneInfo) -> datetime:
    """Return the midnight after which registrations no longer count as the day's fruit."""
    return end_of_event(plan, zone) + timedelta(days=COUNTED_DAYS)


def takes_answers(campaign: Campaign, now: datetime, zone: ZoneInfo) -> bool:
    """Tell whether somebody may still say that they come, or not."""
    return campaign.status is Status.PLANNED and now < end_of_event(campaign.plan, zone)


def count_places(plan: Plan, coming: int) -> int:
    """Count how many of those who come have a place; the others wait in the order of asking."""
    return coming if plan.capacity is None else min(plan.capacity, coming)


def takes_guests(campaign: Campaign, now: datetime) -> bool:
    """Tell whether people may still be invited."""
    return campaign.status is Status.PLANNED and now < campaign.plan.starts_at


def is_today(campaign: Campaign, now: datetime, zone: ZoneInfo) -> bool:
    """Tell whether people are checked in now: on the day itself, unless it was called off."""
    is_on = campaign.status is not Status.CANCELLED
    return is_on and now.astimezone(zone).date() == campaign.plan.held_on


def plan_anew(campaign: Campaign, plan: Plan, *, is_told: bool) -> Campaign:
    """Put a plan in the place of a day's; of one that guests were told of, its venue is kept."""
    changed = replace(campaign, plan=plan, told_km=None, told_en=None)
    known = campaign.known
    if not is_told or known.venues == plan.venues:
        return changed
    return replace(changed, told_km=known.venue_km, told_en=known.venue_en)


def is_moved(former: Plan, plan: Plan) -> bool:
    """Tell whether guests would come to the wrong place, or at the wrong time."""
    is_worded_otherwise = _where_and_when(former) != _where_and_when(plan)
    return is_worded_otherwise or is_apart(former.point, plan.point)


def is_moved_on_map_alone(former: Plan, plan: Plan) -> bool:
    """Tell whether only the map led to the wrong place: the words stay as they were."""
    is_worded_the_same = _where_and_when(former) == _where_and_when(plan)
    return is_worded_the_same and is_apart(former.point, plan.point)


def is_pressing(starts_at: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """Tell whether guests may set out before the next quiet hours end and they would be told."""
    return starts_at < end_of_quiet(now.astimezone(zone)) + TRAVEL


def may_serve(staff: Staff, right: Right, place: str) -> bool:
    """Tell whether somebody may do something at an event day planned for a place.

    Whoever has a part of the place checks people in there, wherever those live; all else is for
    those who have the whole of it.
    """
    scope = scope_of(staff, right)
    if scope is None:
        return False
    return scope.touches(place) if right is Right.CHECK_IN else scope.covers(place)


def make_source(code: str, suffix: str = "") -> str:
    """Write the source of a link, with the association or officer who hands it out."""
    return f"{code}{JOINT}{suffix}" if suffix else code


def list_flaws(plan: Plan, today: date, zone: ZoneInfo) -> list[str]:
    """List the fields of a plan that cannot stay so.

    Names and venues go to many who trust them: they lead nowhere, and to nobody else.
    """
    is_soon = today <= plan.held_on <= today + FURTHEST
    is_sound = {
        "name_km": bool(re.search("[\u1780-\u17b3]", plan.name_km)),
        "name_en": bool(re.search("[A-Za-z]", plan.name_en)),
        "place": bool(plan.place),
        "venue_km": bool(re.search("[\u1780-\u17b3]", plan.venue_km)),
        "venue_en": bool(re.search("[A-Za-z]", plan.venue_en)),
        "held_on": is_soon,
        "ends": not is_soon or _ends_in_time(plan, zone),
        "point_outside": plan.point is None or is_in_cambodia(plan.point),
        "code": CODE.fullmatch(plan.code) is not None and plan.code not in RESERVED,
        "capacity": plan.capacity is None or plan.capacity > 0,
        "target": plan.target is None or plan.target > 0,
        **{f"{name}_contact": _CONTACT.search(getattr(plan, name)) is None for name in WORDS},
    }
    return [name for name, is_fine in is_sound.items() if not is_fine]


def _ends_in_time(plan: Plan, zone: ZoneInfo) -> bool:
    return plan.ends_at is None or plan.starts_at < plan.ends_at < end_of_event(plan, zone)


def _where_and_when(plan: Plan) -> tuple[object, ...]:
    return plan.place, plan.venue_km, plan.venue_en, plan.starts_at, plan.ends_at


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone)

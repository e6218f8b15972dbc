"""The rows of a list of applications, as its page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from db.queue import QueueRow
from domain.cases import Waiting
from domain.filters import Age, Assigned, Filters
from domain.occupations import Occupations
from domain.places import Gazetteer, Place
from domain.staff import Scope
from domain.texts import GroupName, OccupationName, PlaceName, Text, Value, message
from domain.working_hours import working_time_between
from web.case_words import FLAGS
from web.clocks import Clock, Urgency, read_clock
from web.words import STATUSES

_FAR = timedelta(days=7)
"""A promise so far off has no minutes worth counting."""

WAITINGS: Mapping[Waiting, Text] = {
    Waiting.DECISION: message("queue.waiting.decision"),
    Waiting.APPEAL: message("case.waiting_appeal"),
    Waiting.CHANGE: message("case.waiting_change"),
}
TAKERS: Mapping[Assigned, Text] = {
    Assigned.NOBODY: message("queue.taker.nobody"),
    Assigned.ME: message("queue.taker.me"),
}
AGES: Mapping[Age, Text] = {
    Age.OVERDUE: message("queue.age.overdue"),
    Age.CLOSE: message("queue.age.close"),
}


@dataclass(frozen=True)
class ShownRow:
    """A row with its clock, if the office owes an answer."""

    row: QueueRow
    clock: Clock | None
    words: Text | None


@dataclass(frozen=True)
class Chosen:
    """A filter that is set, in words, and the query without it."""

    words: Text
    without: str


def show_row(row: QueueRow, now: datetime, zone: ZoneInfo) -> ShownRow:
    """Give a row its clock."""
    if row.due_at is None:
        return ShownRow(row, None, None)
    clock = read_clock(row.due_at, now, zone)
    return ShownRow(row, clock, word_clock(clock, now, zone))


def word_clock(clock: Clock, now: datetime, zone: ZoneInfo) -> Text:
    """Say how much working time a promise has left, or since when it is broken."""
    if clock.urgency is Urgency.LATE:
        return message("queue.late_since", at=clock.at)
    if clock.at - now > _FAR:
        return clock.words
    left = working_time_between(now, clock.at, zone) // timedelta(minutes=1)
    hours, minutes = divmod(left, 60)
    if hours == 0:
        return message("queue.minutes_left", minutes=minutes)
    return message("queue.time_left", hours=hours, minutes=minutes)


def list_chosen(filters: Filters, occupations: Occupations) -> list[Chosen]:
    """List the filters that are set."""
    words: dict[str, Value | None] = {
        "place": filters.place and PlaceName(filters.place),
        "status": filters.status and STATUSES[filters.status],
        "waiting": filters.waiting and WAITINGS[filters.waiting],
        "work": filters.work and _name_work(filters.work, occupations),
        "source": filters.source,
        "flag": filters.flag and FLAGS[filters.flag][0],
        "assigned": filters.assigned and TAKERS[filters.assigned],
        "age": filters.age and AGES[filters.age],
    }
    return [
        Chosen(message("queue.chosen", words=one), filters.without(name).write())
        for name, one in words.items()
        if one
    ]


def _name_work(work: str, occupations: Occupations) -> GroupName | OccupationName:
    return GroupName(work) if work in occupations.groups() else OccupationName(work)


def list_places(gazetteer: Gazetteer, scope: Scope, chosen: str | None) -> list[tuple[Place, int]]:
    """List the places to choose from, each with its depth.

    These are the provinces in which the visitor sees something, and of the chosen province, or the
    only one, the districts; of a chosen district the communes.
    """
    provinces = [one for one in gazetteer.children(None) if _touches(scope, one.code)]
    opened = {chosen[:end] for end in (2, 4)} if chosen else set()
    if len(provinces) == 1:
        opened.add(provinces[0].code)
    listed: list[tuple[Place, int]] = []
    for province in provinces:
        listed.append((province, 0))
        for district in gazetteer.children(province.code) if province.code in opened else ():
            listed.append((district, 1))
            if district.code in opened:
                listed += [(one, 2) for one in gazetteer.children(district.code)]
    return listed


def _touches(scope: Scope, province: str) -> bool:
    return scope.places is None or any(code.startswith(province) for code in scope.places)

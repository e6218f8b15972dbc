"""Filters on people, as conditions on the rows of their applications."""

import json
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    Text,
    and_,
    exists,
    func,
    not_,
    or_,
    select,
    true,
    type_coerce,
)

from db.delivery import may_have_it
from db.reference import load_occupations
from db.rsvp import select_placed
from db.tables import (
    activities,
    applications,
    attendances,
    campaigns,
    contacts,
    notice_answers,
    notices,
    recipients,
    workers,
)
from domain.audiences import Audience, Field, Filter, Kept, read_ages, read_days
from domain.campaigns import Occasion
from domain.filters import list_keys

Condition = ColumnElement[bool]

_PLACE_DIGITS = 8

_COLUMNS: Mapping[str, ColumnElement[Any]] = {
    # Joined with nothing, so that no index of statuses lures SQLite into reading row by row.
    Field.STATUS: applications.c.status.concat(""),
    Field.SOURCE: applications.c.source,
    Field.FOR_WHOM: applications.c.for_whom,
    Field.SEX: workers.c.sex,
    Field.LANGUAGE: contacts.c.locale,
}
_OF_ACTIVITIES: Mapping[str, Column[str]] = {
    Field.CATEGORY: activities.c.category,
    Field.OCCUPATION: activities.c.occupation,
    Field.INCOME: activities.c.income,
    Field.SINCE: activities.c.since,
}
_LISTS: Mapping[str, Column[Any]] = {
    Field.SUPPORT: applications.c.support,
    Field.FLAG: applications.c.flags,
}
_OF_WORKERS = (Field.SEX, Field.AGE)
_OF_BACKGROUND = (Field.ASSOCIATION, Field.SCHOOLING, Field.HOUSEHOLD)
_ATTENDANCE: Mapping[str, Condition] = {
    Field.NOT_COMING: attendances.c.coming.is_(False),
    Field.ATTENDED: attendances.c.checked_in_at.is_not(None),
}


def list_conditions(audience: Audience, now: datetime, kept: Kept) -> list[Condition]:
    """List what must be true of an application, joined with its contact and perhaps its worker.

    `now` is in the time zone whose days are meant, `kept` are the audiences that this one combines.
    No condition is ever null: what is not known does not hold, and so does not exclude either.
    """
    wanted = [_write(one, now, kept) for one in audience.all_of]
    return [*wanted, *(not_(_write(one, now, kept)) for one in audience.none_of)]


def asks_workers(audience: Audience, kept: Kept) -> bool:
    """Tell whether a filter asks for something of the worker, whose row must then be joined."""
    asked = (audience, *(kept[one] for one in audience.combines))
    return any(one.field in _OF_WORKERS for each in asked for one in (*each.all_of, *each.none_of))


def _write(one: Filter, now: datetime, kept: Kept) -> Condition:
    name, values = one.field, one.values
    if name == Field.AUDIENCE:
        return _any(and_(true(), *list_conditions(kept[value], now, {})) for value in values)
    if name in _COLUMNS:
        return and_(_COLUMNS[name].is_not(None), _COLUMNS[name].in_(values))
    if name in _OF_ACTIVITIES:
        return _has_activity(_OF_ACTIVITIES[name], values)
    if name in _LISTS:
        return _any(_contains(_LISTS[name], json.dumps(value)) for value in values)
    if name in _OF_BACKGROUND:
        pairs = (f"{json.dumps(name)}: {json.dumps(value)}" for value in values)
        return _any(_contains(applications.c.background, pair) for pair in pairs)
    if name == Field.COMING:
        return applications.c.id.in_(select_placed(values))
    if name in _ATTENDANCE:
        return _has_attendance(_ATTENDANCE[name], values)
    return _OTHERS[Field(name)](values, now)


def _write_places(values: tuple[str, ...], _now: datetime) -> Condition:
    def lies_in(code: str) -> Condition:
        first, last = (code.ljust(_PLACE_DIGITS, digit) for digit in "09")
        return applications.c.place.between(first, last)

    return _any(map(lies_in, values))


def _write_groups(values: tuple[str, ...], _now: datetime) -> Condition:
    occupations = load_occupations()
    groups = [group for group in values if group in occupations.groups()]
    keys = [list_keys(group, occupations) for group in groups]
    return _has_activity(activities.c.occupation, chain.from_iterable(keys))


def _has_activity(column: Column[str], values: Iterable[str]) -> Condition:
    """Ask each application for its own, so that a part of all people costs just its share."""
    of_application = activities.c.application_id == applications.c.id
    return exists().where(of_application, column.in_(list(values))).correlate(applications)


def _contains(column: Column[Any], words: str) -> Condition:
    return type_coerce(column, Text).contains(words, autoescape=True)


def _has_attendance(condition: Condition, codes: Iterable[str]) -> Condition:
    meant = select(campaigns.c.id).where(campaigns.c.code.in_(list(codes)))
    return (
        exists()
        .where(
            attendances.c.application_id == applications.c.id,
            attendances.c.campaign_id.in_(meant),
            condition,
        )
        .correlate(applications)
    )


def _write_guests(values: tuple[str, ...], _now: datetime) -> Condition:
    return _any(map(_is_guest, values))


def _is_guest(code: str) -> Condition:
    """Hold of whoever comes, and of chats that were invited and have not answered.

    Who has answered is asked once for all; each chat in turn would read all answers of the day.
    """
    of_day = select(campaigns.c.id).where(campaigns.c.code == code).scalar_subquery()
    answered = (
        select(applications.c.chat_id)
        .join(attendances, attendances.c.application_id == applications.c.id)
        .where(attendances.c.campaign_id == of_day, applications.c.chat_id.is_not(None))
    )
    comes = _is_of(answered.where(attendances.c.coming.is_(True)))
    has_answered = _is_of(answered.where(attendances.c.coming.is_not(None)))
    return or_(comes, and_(_was_invited(of_day), not_(has_answered)))


def _write_expected(values: tuple[str, ...], _now: datetime) -> Condition:
    """Hold of all that is registered from a chat that comes, with a place or without."""
    of_days = select(campaigns.c.id).where(campaigns.c.code.in_(list(values)))
    coming = (
        select(applications.c.chat_id)
        .join(attendances, attendances.c.application_id == applications.c.id)
        .where(
            attendances.c.campaign_id.in_(of_days),
            attendances.c.coming.is_(True),
            applications.c.chat_id.is_not(None),
        )
    )
    return and_(applications.c.chat_id.is_not(None), _is_of(coming))


def _is_of(chats: Select[Any]) -> Condition:
    return applications.c.chat_id.in_(chats.correlate(None))


def _was_invited(of_day: Any) -> Condition:
    invitations = select(notices.c.id).where(
        notices.c.campaign_id == of_day, notices.c.occasion == Occasion.INVITATION.value
    )
    return (
        exists()
        .where(
            recipients.c.chat_id == applications.c.chat_id,
            recipients.c.notice_id.in_(invitations),
            may_have_it(),
        )
        .correlate(applications)
    )


def _write_received(values: tuple[str, ...], _now: datetime) -> Condition:
    return (
        exists()
        .where(
            recipients.c.chat_id == applications.c.chat_id,
            recipients.c.notice_id.in_(map(int, values)),
            may_have_it(),
        )
        .correlate(applications)
    )


def _write_answered(values: tuple[str, ...], _now: datetime) -> Condition:
    given = [value.split(":") for value in values]
    wanted = (
        and_(notice_answers.c.notice_id == int(notice_id), notice_answers.c.answer == answer)
        for notice_id, answer in given
    )
    of_chat = notice_answers.c.chat_id == applications.c.chat_id
    return exists().where(of_chat, _any(wanted)).correlate(applications)


def _write_days(values: tuple[str, ...], now: datetime) -> Condition:
    def lies_in(first: date | None, last: date | None) -> Condition:
        at = applications.c.submitted_at
        after = at >= datetime.combine(first, time(), now.tzinfo) if first else true()
        end = last + timedelta(days=1) if last and last < date.max else None
        return and_(after, at < datetime.combine(end, time(), now.tzinfo) if end else true())

    return _any(lies_in(*read_days(value)) for value in values)


def _write_ages(values: tuple[str, ...], now: datetime) -> Condition:
    def lies_in(youngest: int | None, oldest: int | None) -> Condition:
        today = now.date()
        old_enough = _is_aged(youngest, today) if youngest else true()
        return and_(old_enough, true() if oldest is None else not_(_is_aged(oldest + 1, today)))

    return _any(lies_in(*read_ages(value)) for value in values)


def _is_aged(years: int, today: date) -> Condition:
    """Compare what is known of a birth date, by its length; what is not makes nobody older."""
    born, year = workers.c.born, max(1, today.year - years)
    is_end_of_month = today.day >= monthrange(year, today.month)[1]
    month = today.month if is_end_of_month else today.month - 1
    whole_year = year if (today.month, today.day) == (12, 31) else year - 1
    latest = (f"{whole_year:04}", f"{year:04}-{month:02}", f"{year:04}-{today:%m-%d}")
    return _any(and_(func.length(born) == len(one), born <= one) for one in latest)


def _any(conditions: Iterable[Condition]) -> Condition:
    return or_(*conditions)


_OTHERS: Mapping[Field, Callable[[tuple[str, ...], datetime], Condition]] = {
    Field.PLACE: _write_places,
    Field.GROUP: _write_groups,
    Field.AGE: _write_ages,
    Field.REGISTERED: _write_days,
    Field.GUEST: _write_guests,
    Field.EXPECTED: _write_expected,
    Field.RECEIVED: _write_received,
    Field.ANSWERED: _write_answered,
}

"""At set hours of working days officers are told in the chat what waits for them."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from db import heartbeats, staff
from db.unit_of_work import UnitOfWork
from db.waiting import Backlog, add_up, count_by_office
from domain.outbox import Lane
from domain.staff import Right, Staff, scope_of
from domain.texts import message
from domain.working_days import is_working_day
from domain.working_hours import end_of_day
from services.chats import get_contact, get_locale
from services.desk import Desk
from services.messages import write_call
from services.office_words import offer_page
from services.reminders import RunUnit

NAME = "digest"
LATEST = timedelta(hours=2)
"""How late a digest may be; a later one would tell of a day that has passed."""


async def send_digest(run: RunUnit, desk: Desk, hours: Collection[int], now: datetime) -> None:
    """Tell every officer what waits, once for each of the hours, if it is time."""
    moment = find_moment(now, hours, desk.time_zone)
    if moment is not None:
        await run(partial(_send_once, desk=desk, moment=moment))


def find_moment(now: datetime, hours: Collection[int], zone: ZoneInfo) -> datetime | None:
    """Find the hour of a working day that has come and is not long past."""
    local = now.astimezone(zone)
    if not is_working_day(local.date()):
        return None
    moments = [datetime.combine(local.date(), time(hour), zone) for hour in hours]
    return max((one for one in moments if one <= local < one + LATEST), default=None)


async def _send_once(uow: UnitOfWork, desk: Desk, moment: datetime) -> None:
    last = await heartbeats.find_last(uow.connection, NAME)
    if last is not None and last >= moment:
        return
    uow.write(partial(heartbeats.beat, name=NAME, at=moment))
    officers = await _list_officers(uow)
    await uow.load([chat_id for chat_id, _ in officers])
    end_of_today = end_of_day(moment.date(), desk.time_zone)
    counts = await count_by_office(uow.connection, uow.now, end_of_today)
    for chat_id, officer in officers:
        scope = scope_of(officer, Right.DECIDE)
        found = add_up(counts, scope) if scope else Backlog()
        if found and get_contact(uow, chat_id).reachable:
            _tell(uow, desk, chat_id, officer, found)


async def _list_officers(uow: UnitOfWork) -> list[tuple[int, Staff]]:
    everybody = await staff.list_all(uow.connection)
    return [
        (one.chat_id, one)
        for one in everybody
        if one.chat_id is not None and scope_of(one, Right.DECIDE) is not None
    ]


def _tell(uow: UnitOfWork, desk: Desk, chat_id: int, officer: Staff, found: Backlog) -> None:
    counts = message(
        "digest.counts",
        name=officer.name,
        waiting=found.waiting,
        today=found.due,
        overdue=found.overdue,
        questions=found.questions,
    )
    label, address = message("button.open_queue"), f"{desk.web_url}/queue"
    say = offer_page(label, address, counts, message("digest.next"))
    locale = get_locale(uow, desk, chat_id)
    uow.send(write_call(say, chat_id, locale, desk.names, lane=Lane.STAFF))

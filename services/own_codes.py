"""Registered people are shown the QR codes by which they are checked in, one for each day."""

from db import attendances
from db.errors import told_apart
from db.unit_of_work import UnitOfWork
from domain.applications import ApplicationSummary, Status
from domain.numbers import format_number
from domain.replies import Say
from domain.texts import Code, message
from services.audit import note_worker
from services.chats import get_locale, say, say_with_menu
from services.desk import Desk, Person
from services.messages import write_file

ENTRY = "entry"
"""What a reference to somebody's own QR code begins with."""

MOST_SHOWN = 3
_OVER = frozenset({Status.REJECTED, Status.WITHDRAWN})


async def show_own_codes(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Show somebody the codes for the event days to which they may come."""
    made = [one for one in await uow.list_applications(person.chat_id) if one.status not in _OVER]
    if not made:
        say_with_menu(uow, desk, person.chat_id, message("check_in.not_registered"))
        return
    shown = 0
    for summary in reversed(made):
        shown += await _show(uow, desk, person, summary, MOST_SHOWN - shown)
    if not shown:
        number = Code(format_number(made[-1].number))
        has_key = desk.signing_key is not None
        words = message("check_in.no_day") if has_key else message("check_in.no_codes")
        told = message("check_in.say_number", number=number)
        say(uow, desk, person.chat_id, Say((words, told)))
    uow.record(note_worker("show_own_code", made[-1].number))


async def _show(
    uow: UnitOfWork, desk: Desk, person: Person, summary: ApplicationSummary, most: int
) -> int:
    """Show the codes of one application, and say how many there were."""
    if desk.signing_key is None or not most:
        return 0
    today, number = uow.now.astimezone(desk.time_zone).date(), summary.number
    with told_apart():
        days = await attendances.list_days_ahead(uow.connection, number, today, most)
    locale = get_locale(uow, desk, person.chat_id)
    name = f"{summary.family_km} {summary.given_km}".strip()
    for campaign_id, names, held_on in days:
        shown = Code(format_number(number))
        words = message(
            "check_in.own_code", name=name, number=shown, event=names[locale], on=held_on
        )
        reference = f"{ENTRY}:{campaign_id}:{number}:png"
        uow.send(write_file("sendPhoto", reference, (words,), person.chat_id, locale, desk.names))
    return len(days)

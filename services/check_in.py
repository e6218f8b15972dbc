"""Registered people are checked in at an event day: by their own QR code, or by number."""

from dataclasses import dataclass

from db import attendances, campaigns, staff
from db.attendances import Guest
from db.errors import told_apart
from db.unit_of_work import UnitOfWork
from documents.check_in import LINK, read_link
from domain.applications import Status
from domain.campaigns import Campaign, is_today, may_serve
from domain.numbers import format_number, parse_number
from domain.replies import Button, Buttons, Say, Tap
from domain.staff import Right, scope_of
from domain.texts import Code, Text, message
from services.audit import note_staff, note_worker
from services.chats import get_locale, say, say_with_menu, toast
from services.desk import Actor, Desk, Person
from services.messages import write_file
from services.rsvp import CAMPAIGN, find_tapped

ENTRY = "entry"
"""What a reference to somebody's own QR code begins with."""

ADMIT = "in"
MOST_SHOWN = 3
_OVER = frozenset({Status.REJECTED, Status.WITHDRAWN})


class NotToday(Exception):
    """An event day that is not held on this day, or was called off."""


@dataclass(frozen=True)
class Admission:
    """Somebody was checked in, now or before; `came` counts everybody so far."""

    campaign: Campaign
    guest: Guest
    is_first: bool
    came: int

    @property
    def initials(self) -> str:
        """The least by which officer and guest know that it is the right person."""
        return _take_initials(self.guest)


async def admit(
    uow: UnitOfWork, desk: Desk, actor: Actor, campaign: Campaign, number: str
) -> Admission | None:
    """Check somebody in by number; None if nobody has it.

    Raises:
        NotToday: the event day is not today.
    """
    if not is_today(campaign, uow.now, desk.time_zone):
        raise NotToday
    with told_apart():
        async with uow.connection.begin_nested():
            guest = await attendances.find_guest(uow.connection, campaign.id, number)
            if guest is None:
                return None
            is_first = await attendances.check_in(
                uow.connection, campaign.id, guest.application_id, actor.staff.id, uow.now
            )
            came = await attendances.count_came(uow.connection, campaign.id)
    if is_first:
        uow.record(note_staff("check_in", number, actor, {"campaign": campaign.id}))
    return Admission(campaign, guest, is_first, came)


async def take_link(uow: UnitOfWork, desk: Desk, person: Person, code: str) -> None:
    """Check in whom a scanned code belongs to; from somebody who is not staff nothing follows."""
    number = read_link(desk.signing_key, code) if desk.signing_key else None
    actor = await _find_actor(uow, person)
    if actor is None or scope_of(actor.staff, Right.CHECK_IN) is None:
        say_with_menu(uow, desk, person.chat_id, message("check_in.somebodys"))
        return
    if number is None:
        say_with_menu(uow, desk, person.chat_id, message("check_in.not_ours"))
        return
    with told_apart():
        today = uow.now.astimezone(desk.time_zone).date()
        listed = await campaigns.list_on(uow.connection, today)
    held = [one for one in listed if may_serve(actor.staff, Right.CHECK_IN, one.plan.place)]
    match held:
        case []:
            say_with_menu(uow, desk, person.chat_id, message("check_in.none_today"))
        case [campaign]:
            await _admit_and_tell(uow, desk, actor, person, campaign, number)
        case _:
            _ask_which(uow, desk, person, held, number)


async def take_choice(
    uow: UnitOfWork, desk: Desk, person: Person, tap_id: str | None, choice: str
) -> None:
    """Check somebody in at the event day that an officer chose of several."""
    chosen, _, number = choice.partition(".")
    actor = await _find_actor(uow, person)
    with told_apart():
        campaign = await find_tapped(uow, chosen)
    is_theirs = campaign and actor and may_serve(actor.staff, Right.CHECK_IN, campaign.plan.place)
    if campaign is None or actor is None or not is_theirs:
        toast(uow, desk, person.chat_id, tap_id, message("rsvp.over"))
        return
    await _admit_and_tell(uow, desk, actor, person, campaign, number)


async def show_own_codes(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Show somebody the QR code by which they are checked in, one for each application."""
    made = [one for one in await uow.list_applications(person.chat_id) if one.status not in _OVER]
    if not made:
        say_with_menu(uow, desk, person.chat_id, message("check_in.not_registered"))
        return
    locale = get_locale(uow, desk, person.chat_id)
    for summary in made[-MOST_SHOWN:]:
        number = Code(format_number(summary.number))
        if desk.signing_key is None:
            words = message("check_in.say_number", number=number)
            say(uow, desk, person.chat_id, Say((words,)))
            continue
        name = f"{summary.family_km} {summary.given_km}".strip()
        caption = (message("check_in.own_code", name=name, number=number),)
        reference = f"{ENTRY}:{summary.number}:png"
        uow.send(write_file("sendPhoto", reference, caption, person.chat_id, locale, desk.names))
    uow.record(note_worker("show_own_code", made[-1].number))


def read_entry(desk: Desk, text: str) -> str | None:
    """Read a number that was typed at the door, or the link that a scanner typed."""
    _, found, code = text.strip().rpartition(LINK)
    if found and desk.signing_key is not None:
        return read_link(desk.signing_key, LINK + code)
    number = parse_number(text)
    return number if isinstance(number, str) else None


async def _admit_and_tell(
    uow: UnitOfWork, desk: Desk, actor: Actor, person: Person, campaign: Campaign, number: str
) -> None:
    try:
        admission = await admit(uow, desk, actor, campaign, number)
    except NotToday:
        say_with_menu(uow, desk, person.chat_id, message("check_in.none_today"))
        return
    locale = get_locale(uow, desk, person.chat_id)
    say_with_menu(uow, desk, person.chat_id, _word_admission(desk, admission, locale))


def _word_admission(desk: Desk, admission: Admission | None, locale: str) -> Text:
    if admission is None:
        return message("check_in.not_ours")
    number = Code(format_number(admission.guest.number))
    if admission.is_first or admission.guest.checked_in_at is None:
        return message(
            "check_in.done",
            initials=Code(admission.initials),
            number=number,
            event=admission.campaign.plan.names[locale],
            count=admission.came,
        )
    at = admission.guest.checked_in_at.astimezone(desk.time_zone)
    return message("check_in.before", initials=Code(admission.initials), number=number, at=at)


def _ask_which(
    uow: UnitOfWork, desk: Desk, person: Person, held: list[Campaign], number: str
) -> None:
    locale = get_locale(uow, desk, person.chat_id)
    rows = tuple(
        (Button(one.plan.names[locale], Tap(CAMPAIGN, ADMIT, f"{one.id}.{number}")),)
        for one in held
    )
    say(uow, desk, person.chat_id, Say((message("check_in.which"),), Buttons(rows)))


async def _find_actor(uow: UnitOfWork, person: Person) -> Actor | None:
    with told_apart():
        known = await staff.find_by_chat(uow.connection, person.chat_id)
    return Actor(known, "chat") if known and known.active else None


def _take_initials(guest: Guest) -> str:
    letters = (next(iter(part.upper()), "") for part in (guest.family_latin, guest.given_latin))
    return "".join(letters)

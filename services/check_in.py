"""Registered people are checked in at an event day: by their own QR code, or by number.

Officers see as little as lets them match a person and a number. Whoever shows their code shows
their name too, so it is said. A number can be typed by anybody who guesses: of somebody whom the
officer could not look up anyway, only initials are said, and no occupation either. Whoever types
many numbers that are nobody's is asked for codes only, for a while.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from db import attendances, audit, campaigns, staff
from db.attendances import Guest
from db.errors import told_apart
from db.unit_of_work import UnitOfWork
from documents.check_in import LINK, read_link
from domain.applications import Status
from domain.campaigns import Campaign, is_today, may_serve
from domain.numbers import format_number, parse_number
from domain.problems import Problem
from domain.replies import Button, Buttons, Rewrite, Say, Tap
from domain.staff import Right, may, scope_of
from domain.texts import Code, Text, message
from services.audit import note_staff
from services.campaigns import subject_of
from services.chats import get_locale, say, say_with_menu, toast
from services.desk import Actor, Desk, Person
from services.rsvp import find_tapped
from services.rsvp_buttons import CAMPAIGN

UNDO = "undo"
UNDO_WITHIN = timedelta(minutes=10)
"""How long an officer can take back that somebody has come."""


MISS = "miss_check_in"
MOST_MISSES, MISSED_WITHIN = 20, timedelta(minutes=10)
"""How many numbers that are nobody's an officer may type before only codes are taken."""


class NotToday(Exception):
    """An event day that is not held on this day, or was called off."""


class Reason(StrEnum):
    """Why somebody is not checked in, as far as the officer may know."""

    UNKNOWN = "unknown"
    CODE_ONLY = "code_only"
    OTHER_DAY = "other_day"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    NOT_VALID = "not_valid"


REASONS: dict[Reason, Text] = {
    Reason.UNKNOWN: message("check_in.unknown"),
    Reason.CODE_ONLY: message("check_in.code_only"),
    Reason.OTHER_DAY: message("check_in.other_day"),
    Reason.WITHDRAWN: message("check_in.withdrawn"),
    Reason.REJECTED: message("check_in.rejected"),
    Reason.DUPLICATE: message("check_in.duplicate"),
    Reason.NOT_VALID: message("check_in.not_valid"),
}


@dataclass(frozen=True)
class Entry:
    """What was shown at the door: a number, and the event day if it was in a scanned code."""

    number: str
    campaign_id: int | None = None


@dataclass(frozen=True)
class Admission:
    """Somebody was checked in, now or before; `came` counts everybody so far.

    `given_name` is empty if the officer has not seen it and may not.
    """

    campaign: Campaign
    guest: Guest
    is_first: bool
    came: int
    given_name: str = ""

    @property
    def who(self) -> str:
        """The least by which officer and guest know that it is the right person."""
        return f"{self.given_name} ({self._initials})" if self.given_name else self._initials

    @property
    def _initials(self) -> str:
        names = self.guest.family_latin, self.guest.given_latin
        return "".join(next(iter(name.upper()), "") for name in names)


async def admit(
    uow: UnitOfWork, desk: Desk, actor: Actor, campaign: Campaign, entry: Entry
) -> Admission | Reason:
    """Check somebody in, or give the reason why not.

    Raises:
        NotToday: the event day is not today.
    """
    if not is_today(campaign, uow.now, desk.time_zone):
        raise NotToday
    if entry.campaign_id not in (None, campaign.id):
        return Reason.OTHER_DAY
    details, is_typed = {"campaign": campaign.id}, entry.campaign_id is None
    with told_apart():
        if is_typed and await _has_missed_often(uow, actor, campaign):
            return Reason.CODE_ONLY
        async with uow.connection.begin_nested():
            guest = await attendances.find_guest(uow.connection, campaign.id, entry.number)
            if guest is None:
                uow.record(note_staff(MISS, subject_of(campaign.id), actor))
                return Reason.UNKNOWN
            reason = _find_reason(guest, actor)
            if reason is not None:
                uow.record(note_staff("refuse_check_in", guest.number, actor, details))
                return reason
            is_first = await attendances.check_in(
                uow.connection, campaign.id, guest.application_id, actor.staff.id, uow.now
            )
            came = await attendances.count_came(uow.connection, campaign.id)
    act = "check_in" if is_first else "check_in_again"
    uow.record(note_staff(act, guest.number, actor, details))
    is_known = not is_typed or may(actor.staff, Right.SEE_CASES, guest.office)
    return Admission(campaign, guest, is_first, came, guest.given_km if is_known else "")


async def undo(uow: UnitOfWork, actor: Actor, campaign: Campaign, number: str) -> bool:
    """Take back what the officer did some minutes ago; False if there is nothing to take back."""
    with told_apart():
        is_undone = await attendances.undo_check_in(
            uow.connection, campaign.id, number, actor.staff.id, uow.now - UNDO_WITHIN
        )
    if is_undone:
        uow.record(note_staff("undo_check_in", number, actor, {"campaign": campaign.id}))
    return is_undone


async def take_link(uow: UnitOfWork, desk: Desk, person: Person, code: str) -> None:
    """Check in whom a scanned code belongs to; from somebody who is not staff nothing follows."""
    actor = await _find_actor(uow, person)
    if actor is None or scope_of(actor.staff, Right.CHECK_IN) is None:
        say_with_menu(uow, desk, person.chat_id, message("check_in.somebodys"))
        return
    ticket = read_link(desk.signing_key, code) if desk.signing_key else None
    if ticket is None:
        say_with_menu(uow, desk, person.chat_id, message("check_in.not_ours"))
        return
    with told_apart():
        campaign = await campaigns.find(uow.connection, ticket.campaign_id)
    if campaign is None or not may_serve(actor.staff, Right.CHECK_IN, campaign.plan.place):
        say_with_menu(uow, desk, person.chat_id, message("check_in.elsewhere"))
        return
    try:
        admission = await admit(uow, desk, actor, campaign, Entry(ticket.number, campaign.id))
    except NotToday:
        say_with_menu(uow, desk, person.chat_id, _word_other_day(uow, desk, person, campaign))
        return
    _tell(uow, desk, person, admission)


async def take_undo(
    uow: UnitOfWork,
    desk: Desk,
    person: Person,
    tap_id: str | None,
    choice: str,
    shown: int | None = None,
) -> None:
    """Take back a check-in by the button below it."""
    chosen, _, number = choice.partition(".")
    actor = await _find_actor(uow, person)
    with told_apart():
        campaign = await find_tapped(uow, chosen)
    if campaign is None or actor is None or not await undo(uow, actor, campaign, number):
        toast(uow, desk, person.chat_id, tap_id, message("check_in.too_late"))
        return
    words = message("check_in.undone", number=Code(format_number(number)))
    reply = Say((words,)) if shown is None else Rewrite(shown, (words,))
    say(uow, desk, person.chat_id, reply)


def read_entry(desk: Desk, text: str) -> Entry | Text:
    """Read a number that was typed at the door, or the link that a scanner typed.

    What cannot be read gives the words that say why.
    """
    _, found, code = text.strip().rpartition(LINK)
    if found and desk.signing_key is not None:
        ticket = read_link(desk.signing_key, LINK + code)
        return Entry(ticket.number, ticket.campaign_id) if ticket else message("desk.not_ours")
    number = parse_number(text)
    return _word_unread(number) if isinstance(number, Problem) else Entry(number)


def _word_unread(problem: Problem) -> Text:
    match problem.code:
        case "number.check":
            return message("desk.wrong_digit")
        case "number.length":
            return message("desk.wrong_length", digits=int(problem.params["digits"]))
        case _:
            return message("desk.no_number")


async def _has_missed_often(uow: UnitOfWork, actor: Actor, campaign: Campaign) -> bool:
    since, subject = uow.now - MISSED_WITHIN, subject_of(campaign.id)
    missed = await audit.count_acts(uow.connection, MISS, subject, actor.staff.id, since)
    return missed >= MOST_MISSES


def _find_reason(guest: Guest, actor: Actor) -> Reason | None:
    """Find why somebody cannot come in; how others' applications stand is not said elsewhere."""
    reason = {Status.WITHDRAWN: Reason.WITHDRAWN, Status.REJECTED: Reason.REJECTED}.get(
        guest.status
    )
    reason = Reason.DUPLICATE if guest.is_duplicate else reason
    if reason is None or may(actor.staff, Right.SEE_CASES, guest.office):
        return reason
    return Reason.NOT_VALID


def _tell(uow: UnitOfWork, desk: Desk, person: Person, admission: Admission | Reason) -> None:
    if isinstance(admission, Reason):
        say_with_menu(uow, desk, person.chat_id, REASONS[admission])
        return
    locale = get_locale(uow, desk, person.chat_id)
    words = _word_admission(desk, admission, locale)
    if not admission.is_first:
        say_with_menu(uow, desk, person.chat_id, words)
        return
    taken_back = Tap(CAMPAIGN, UNDO, f"{admission.campaign.id}.{admission.guest.number}")
    buttons = Buttons(((Button(message("check_in.undo"), taken_back),),))
    say(uow, desk, person.chat_id, Say((words,), buttons))


def _word_admission(desk: Desk, admission: Admission, locale: str) -> Text:
    number = Code(format_number(admission.guest.number))
    if admission.is_first or admission.guest.checked_in_at is None:
        return message(
            "check_in.done",
            who=admission.who,
            number=number,
            event=admission.campaign.plan.names[locale],
            count=admission.came,
        )
    at = admission.guest.checked_in_at.astimezone(desk.time_zone)
    return message("check_in.before", who=admission.who, number=number, at=at)


def _word_other_day(uow: UnitOfWork, desk: Desk, person: Person, campaign: Campaign) -> Text:
    plan, locale = campaign.plan, get_locale(uow, desk, person.chat_id)
    return message("check_in.not_today", event=plan.names[locale], on=plan.held_on)


async def _find_actor(uow: UnitOfWork, person: Person) -> Actor | None:
    with told_apart():
        known = await staff.find_by_chat(uow.connection, person.chat_id)
    return Actor(known, "chat") if known and known.active else None

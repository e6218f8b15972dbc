"""A person of another register comes to the chat, proves the phone number, and has it as theirs.

A number may have changed hands, so the year of birth is asked as well, three times at most a day.
"""

from dataclasses import replace
from datetime import timedelta

from db import claims
from db.claims import Claim, Claimed
from db.errors import told_apart
from db.unit_of_work import UnitOfWork
from domain.claiming import MOST_TRIES, list_years, write_initials
from domain.events import ContactShared
from domain.numbers import format_number
from domain.phones import parse_contact_phone
from domain.problems import Problem
from domain.replies import Button, Buttons, Key, Keys, Say, Tap
from domain.texts import Code, Text, message
from services.audit import note_worker
from services.chats import get_contact, get_menu, say, say_with_menu, toast
from services.desk import Desk, Person
from services.menu import STATUS
from services.taps import CHAT

CLAIM, CLAIM_STOP, CLAIM_NOTICES = "claim", "claim_stop", "claim_notices"
SEND_PHONE = message("claim.send_phone")
TIME_TO_ANSWER = timedelta(minutes=15)
CLOSED_FOR = timedelta(days=1)


async def tell_none(uow: UnitOfWork, desk: Desk, person: Person, words: Text) -> None:
    """Tell somebody that there is no application, and where else it may be."""
    with told_apart():
        of_use = await claims.is_of_use(uow.connection)
    if of_use:
        offer_search(uow, desk, person, words)
    else:
        say_with_menu(uow, desk, person.chat_id, words)


def offer_search(uow: UnitOfWork, desk: Desk, person: Person, *words: Text) -> None:
    """Offer somebody without an application to look for one from elsewhere, by their number."""
    asked = message("claim.elsewhere", button=SEND_PHONE)
    keys = Keys(((Key(SEND_PHONE, asks_contact=True),), *get_menu(uow, person.chat_id).rows))
    say(uow, desk, person.chat_id, Say((*words, asked), keys))


async def search(uow: UnitOfWork, desk: Desk, person: Person, shared: ContactShared) -> None:
    """Look for the application of somebody who shared a contact outside a form."""
    if not shared.own:
        offer_search(uow, desk, person, message("claim.not_own"))
    elif _is_closed(uow, person):
        say_with_menu(uow, desk, person.chat_id, message("claim.closed"))
    else:
        found = await _list_of_phone(uow, shared)
        if len(found) == 1:
            _ask_year(uow, desk, person, found[0], _find(uow, person))
        else:
            words = message("claim.several") if found else message("claim.nothing")
            say_with_menu(uow, desk, person.chat_id, words)


async def offer_found(uow: UnitOfWork, desk: Desk, person: Person, shared: ContactShared) -> None:
    """Tell somebody in the middle of the form that they are registered already, if they are."""
    if not shared.own or uow.is_registered(person.chat_id) or _is_closed(uow, person):
        return
    found = await _list_of_phone(uow, shared)
    if len(found) != 1:
        return
    known = _find(uow, person)
    tries = known.tries if known else 0
    uow.save_claim(Claim(person.chat_id, found[0].id, uow.now, tries=tries))
    button = Button(message("claim.show_me"), Tap(CHAT, CLAIM, ""))
    say(uow, desk, person.chat_id, Say((message("claim.found"),), Buttons(((button,),))))


async def begin(uow: UnitOfWork, desk: Desk, person: Person, tap_id: str) -> None:
    """Ask the year of birth of somebody who wants to see the application that was found."""
    claim = _find(uow, person)
    found = await _find_unclaimed(uow, claim)
    if claim is None or found is None or _is_closed(uow, person):
        toast(uow, desk, person.chat_id, tap_id, message("stale.no_draft"))
    else:
        _ask_year(uow, desk, person, found, claim)


def stop(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Leave an application to whom it belongs; tries are remembered."""
    claim = _find(uow, person)
    if claim is not None:
        uow.save_claim(replace(claim, asked_at=None))
    say_with_menu(uow, desk, person.chat_id, message("claim.stopped"))


async def answer(uow: UnitOfWork, desk: Desk, person: Person, text: str) -> bool:
    """Take a typed year of birth; False if none was asked for."""
    claim = _find(uow, person)
    if claim is None or claim.asked_at is None or uow.now - claim.asked_at > TIME_TO_ANSWER:
        return False
    found = await _find_unclaimed(uow, claim)
    if found is None:
        return False
    years = list_years(text, uow.now.astimezone(desk.time_zone).date())
    if not years:
        say(uow, desk, person.chat_id, Say((message("claim.year_needed"),), _offer_to_stop()))
    elif int(found.born[:4]) in years:
        _give(uow, desk, person, found, claim)
    else:
        _count_try(uow, desk, person, found, claim)
    return True


def _ask_year(
    uow: UnitOfWork, desk: Desk, person: Person, found: Claimed, known: Claim | None
) -> None:
    tries = known.tries if known else 0
    uow.save_claim(Claim(person.chat_id, found.id, uow.now, uow.now, tries))
    asked = message(
        "claim.ask",
        initials=write_initials(found.family_km, found.given_km),
        number=Code(f"{found.number[:4]}-••••-•"),
    )
    say(uow, desk, person.chat_id, Say((asked,), _offer_to_stop()))


def _count_try(uow: UnitOfWork, desk: Desk, person: Person, found: Claimed, claim: Claim) -> None:
    tries = claim.tries + 1
    is_last = tries >= MOST_TRIES
    uow.record(note_worker("claim_failed", found.number, {"tries": tries}))
    asked_at = None if is_last else uow.now
    uow.save_claim(replace(claim, tries=tries, asked_at=asked_at, offered_at=uow.now))
    if is_last:
        say_with_menu(uow, desk, person.chat_id, message("claim.closed"))
    else:
        wrong = message("claim.wrong", left=MOST_TRIES - tries)
        say(uow, desk, person.chat_id, Say((wrong,), _offer_to_stop()))


def _give(uow: UnitOfWork, desk: Desk, person: Person, found: Claimed, claim: Claim) -> None:
    uow.save_contact(get_contact(uow, person.chat_id))
    uow.give_claimed(person.chat_id, found.id)
    uow.record(note_worker("claim", found.number, {"tries": claim.tries + 1}))
    done = message(
        "claim.done",
        name=f"{found.family_km} {found.given_km}".strip(),
        number=Code(format_number(found.number)),
        status=STATUS,
    )
    say_with_menu(uow, desk, person.chat_id, done)
    if not get_contact(uow, person.chat_id).wants_notices:
        yes = Button(message("claim.notices_yes"), Tap(CHAT, CLAIM_NOTICES, ""))
        say(uow, desk, person.chat_id, Say((message("claim.notices"),), Buttons(((yes,),))))


def _offer_to_stop() -> Buttons:
    return Buttons(((Button(message("claim.not_me"), Tap(CHAT, CLAIM_STOP, "")),),))


def _is_closed(uow: UnitOfWork, person: Person) -> bool:
    claim = _find(uow, person)
    return (
        claim is not None and claim.tries >= MOST_TRIES and uow.now - claim.offered_at < CLOSED_FOR
    )


async def _list_of_phone(uow: UnitOfWork, shared: ContactShared) -> list[Claimed]:
    phone = parse_contact_phone(shared.phone)
    if isinstance(phone, Problem):
        return []
    with told_apart():
        return await claims.list_by_phone(uow.connection, phone.e164)


def _find(uow: UnitOfWork, person: Person) -> Claim | None:
    """Find what this chat claims; after a day its tries count no more."""
    claim = uow.find_claim(person.chat_id)
    is_over = claim is not None and uow.now - claim.offered_at >= CLOSED_FOR
    return None if is_over else claim


async def _find_unclaimed(uow: UnitOfWork, claim: Claim | None) -> Claimed | None:
    if claim is None:
        return None
    with told_apart():
        return await claims.find_unclaimed(uow.connection, claim.application_id)

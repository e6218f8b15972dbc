"""A person of another register comes to the chat, and proves by phone number and birth who it is.

A number may have changed hands, so the year of birth is asked as well; of some who share a number
it tells whose application is meant, and else the given name does. Wrong answers are counted in
the chat, and for each application, which an officer unlocks.
"""

from collections.abc import Sequence
from dataclasses import replace

from db.claims import Claim
from db.unit_of_work import UnitOfWork
from domain.claiming import (
    FAILED,
    MOST_BY_YEAR,
    MOST_TRIES,
    Claimed,
    choose,
    fits_name,
    is_only_year,
    read_year,
    waits_for_text,
    write_initials,
)
from domain.events import ContactShared
from domain.phones import parse_contact_phone
from domain.problems import Problem
from domain.reasons import where_to_ask
from domain.replies import Button, Buttons, Say, Tap
from domain.texts import Code, Text, message
from services.audit import note_worker
from services.awaiting import NAME, YEAR, find_awaited, find_claim, renew_claim, stop_awaiting
from services.chats import say, say_with_menu, toast
from services.claim_giving import CLAIM_STOP, ask_to_agree
from services.claim_lookup import Found, is_closed, look, tell_locked
from services.claim_offers import offer_search
from services.desk import Desk, Person
from services.taps import CHAT


async def search(uow: UnitOfWork, desk: Desk, person: Person, shared: ContactShared) -> None:
    """Look for the application of somebody who shared a contact outside a form."""
    phone = parse_contact_phone(shared.phone)
    if not shared.own:
        offer_search(uow, desk, person, message("claim.not_own"))
    elif is_closed(uow, person):
        say_with_menu(uow, desk, person.chat_id, message("claim.closed"))
    else:
        number = None if isinstance(phone, Problem) else phone.e164
        await _ask(uow, desk, person, renew_claim(uow, person.chat_id, number))


async def begin(uow: UnitOfWork, desk: Desk, person: Person, tap_id: str) -> None:
    """Find out whose the application is that somebody wants to see; a form may tell already."""
    claim = find_claim(uow, person.chat_id)
    found = await look(uow, claim.phone if claim else None)
    if claim is None or not found.open or is_closed(uow, person):
        toast(uow, desk, person.chat_id, tap_id, message("stale.no_draft"))
        return
    stored = uow.find_draft(person.chat_id)
    answers = stored.draft.answers if stored else {}
    if "born" in answers and answers.get("for_whom", "self") == "self":
        name = " ".join(answers.get("name_km", {}).values())
        await _compare(uow, desk, person, claim, found, int(answers["born"][:4]), name)
    else:
        await _ask(uow, desk, person, claim)


def stop(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Leave an application to whom it belongs; tries are remembered."""
    stop_awaiting(uow, person.chat_id)
    say_with_menu(uow, desk, person.chat_id, message("claim.stopped"))


async def answer(uow: UnitOfWork, desk: Desk, person: Person, text: str) -> bool:
    """Take a typed year of birth or name; False if none was asked for, or it is for the form."""
    claim, awaited = find_claim(uow, person.chat_id), find_awaited(uow, person.chat_id)
    if claim is None or awaited not in (YEAR, NAME) or _is_for_form(uow, desk, person, text):
        return False
    found = await look(uow, claim.phone)
    if not found.open:
        return False
    if awaited == NAME:
        await _take_name(uow, desk, person, claim, found, text)
        return True
    year = read_year(text, uow.now.astimezone(desk.time_zone).date())
    if year is None:
        say(uow, desk, person.chat_id, Say((message("claim.year_needed"),), _offer_to_stop()))
    else:
        await _take_year(uow, desk, person, claim, found, year)
    return True


def _is_for_form(uow: UnitOfWork, desk: Desk, person: Person, text: str) -> bool:
    """Tell whether a text in an open form is an answer of the form."""
    stored = uow.find_draft(person.chat_id)
    if stored is None:
        return False
    awaits_year = find_awaited(uow, person.chat_id) == YEAR
    return waits_for_text(desk.form, stored.draft) or (awaits_year and not is_only_year(text))


async def _ask(uow: UnitOfWork, desk: Desk, person: Person, claim: Claim) -> None:
    """Ask for the year of birth, if there is an application whose person may be asked."""
    found = await look(uow, claim.phone)
    if not found.open:
        uow.save_claim(replace(claim, awaits=None, asked_at=None))
        if found.locked:
            tell_locked(uow, desk, person, found)
        else:
            say_with_menu(uow, desk, person.chat_id, message("claim.nothing"))
        return
    uow.save_claim(replace(claim, awaits=YEAR, asked_at=uow.now, year=None))
    first, *others = found.open
    number = Code(f"{first.number[:4]}-••••-•")
    asked = (
        message("claim.ask_several", count=len(found.open))
        if others and choose(found.open) is None
        else message("claim.ask", initials=write_initials(first), number=number)
    )
    say(uow, desk, person.chat_id, Say((asked,), _offer_to_stop()))


async def _take_year(
    uow: UnitOfWork, desk: Desk, person: Person, claim: Claim, found: Found, year: int
) -> None:
    fitting = [one for one in found.open if one.year == year]
    is_shared_by_many = len(found.open) > MOST_BY_YEAR
    one = choose(fitting)
    if not fitting:
        suspects = [] if is_shared_by_many else found.open
        await _count_try(uow, desk, person, claim, suspects, message("claim.wrong"))
    elif one is None or is_shared_by_many:
        uow.save_claim(replace(claim, awaits=NAME, asked_at=uow.now, year=year))
        say(uow, desk, person.chat_id, Say((message("claim.ask_name"),), _offer_to_stop()))
    else:
        await ask_to_agree(uow, desk, person, claim, one)


async def _take_name(
    uow: UnitOfWork, desk: Desk, person: Person, claim: Claim, found: Found, text: str
) -> None:
    of_year = [one for one in found.open if one.year == claim.year]
    fitting = [one for one in of_year if fits_name(text, one)]
    one = choose(fitting)
    if one is not None:
        await ask_to_agree(uow, desk, person, claim, one)
    elif fitting:
        stop_awaiting(uow, person.chat_id)
        where = where_to_ask(fitting[0].office)
        say_with_menu(uow, desk, person.chat_id, message("claim.several"), where)
    else:
        await _count_try(uow, desk, person, claim, of_year, message("claim.wrong_name"))


async def _compare(
    uow: UnitOfWork,
    desk: Desk,
    person: Person,
    claim: Claim,
    found: Found,
    year: int,
    name: str,
) -> None:
    """Take year and name as answered in the form: to type them would be to answer the form."""
    of_year = [one for one in found.open if one.year == year]
    is_plain = len(found.open) <= MOST_BY_YEAR and choose(of_year) is not None
    one = choose(of_year if is_plain else [one for one in of_year if fits_name(name, one)])
    if one is not None:
        await ask_to_agree(uow, desk, person, claim, one)
    else:
        suspects = [] if len(found.open) > MOST_BY_YEAR else found.open
        _note_failures(uow, suspects)
        uow.save_claim(replace(claim, tries=claim.tries + 1, offered_at=uow.now))
        where = where_to_ask(found.open[0].office)
        say_with_menu(uow, desk, person.chat_id, message("claim.form_differs"), where)


async def _count_try(
    uow: UnitOfWork,
    desk: Desk,
    person: Person,
    claim: Claim,
    suspects: Sequence[Claimed],
    words: Text,
) -> None:
    """Count a wrong answer, in the chat and for those whose application it may have been."""
    _note_failures(uow, suspects)
    left = MOST_TRIES - claim.tries - 1
    tried = replace(claim, tries=claim.tries + 1, offered_at=uow.now, asked_at=uow.now)
    found = await look(uow, claim.phone)
    if left > 0 and found.open:
        uow.save_claim(tried)
        more = message("claim.left", left=left)
        say(uow, desk, person.chat_id, Say((words, more), _offer_to_stop()))
        return
    uow.save_claim(replace(tried, awaits=None, asked_at=None))
    if found.open:
        say_with_menu(uow, desk, person.chat_id, message("claim.closed"))
    else:
        tell_locked(uow, desk, person, found)


def _note_failures(uow: UnitOfWork, suspects: Sequence[Claimed]) -> None:
    for one in suspects:
        uow.record(note_worker(FAILED, one.number))


def _offer_to_stop() -> Buttons:
    return Buttons(((Button(message("claim.not_me"), Tap(CHAT, CLAIM_STOP, "")),),))

"""Somebody who has proven who they are agrees, and has what another register knows of them."""

from dataclasses import replace
from functools import partial

from db import claims
from db.claims import Claim, Giving
from db.errors import told_apart
from db.unit_of_work import UnitOfWork
from domain.claiming import Claimed, has_hardly_begun
from domain.drafts import Consent
from domain.events import AskedAgain
from domain.form import Form, Purpose
from domain.khmer import search_key
from domain.numbers import format_number
from domain.replies import Button, Buttons, Rewrite, Say, Tap, Unbutton
from domain.texts import Code, Text, message
from services.audit import note_worker
from services.awaiting import AGREEMENT, find_claim
from services.chats import get_contact, say, say_with_menu, toast
from services.desk import Desk, Person
from services.menu import STATUS
from services.taps import CHAT

CLAIM, CLAIM_STOP = "claim", "claim_stop"
CLAIM_AGREE, CLAIM_NOTICES, CLAIM_FORM = "claim_agree", "claim_notices", "claim_form"
_FITS, _YES = message("claim.fits"), message("consent.yes")
_ASK_OWN, _ASK_OTHER = message("ask.consent"), message("ask.consent_other")
_END = "end"


async def ask_to_agree(
    uow: UnitOfWork, desk: Desk, person: Person, claim: Claim, found: Claimed
) -> None:
    """Ask for the consent of somebody to whom an application will be given."""
    known = replace(claim, awaits=AGREEMENT, asked_at=uow.now, application_id=found.id)
    uow.save_claim(known)
    yes = Button(_YES, Tap(CHAT, CLAIM_AGREE, str(found.id)))
    no = Button(message("consent.no"), Tap(CHAT, CLAIM_STOP, ""))
    words = _FITS, _ASK_OWN if await _is_own(uow, person, found) else _ASK_OTHER
    say(uow, desk, person.chat_id, Say(words, Buttons(((yes,), (no,)))))


async def agree(
    uow: UnitOfWork,
    desk: Desk,
    person: Person,
    tap_id: str,
    choice: str,
    message_id: int | None,
) -> None:
    """Give the application to somebody who agrees, and offer what follows from it."""
    claim = find_claim(uow, person.chat_id)
    found = await _find_agreed(uow, claim, choice)
    if claim is None or found is None:
        toast(uow, desk, person.chat_id, tap_id, message("stale.no_draft"))
        return
    is_own = await _is_own(uow, person, found)
    if message_id is not None:
        chosen = message("answer.chosen", answer=_YES)
        asked = _ASK_OWN if is_own else _ASK_OTHER
        say(uow, desk, person.chat_id, Rewrite(message_id, (_FITS, asked, chosen)))
    is_known = await _is_known(uow, person, found)
    given_by = "self" if is_own else "present"
    consent = make_consent(uow, desk.form, "registration", given_by)
    uow.save_contact(get_contact(uow, person.chat_id))
    uow.give_claimed(Giving(found.id, person.chat_id, consent))
    uow.record(note_worker("claim", found.number, {"tries": claim.tries + 1}))
    _tell_given(uow, desk, person, found, message("claim.double") if is_known else None)
    if is_own:
        _offer_notices(uow, desk, person)
    await _offer_others(uow, desk, person, claim, found)


def agree_to_notices(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Keep that somebody agreed to notices, where no form asked them."""
    consent = make_consent(uow, desk.form, "notices", "self")
    uow.write(partial(claims.agree_to_notices, chat_id=person.chat_id, consent=consent))


def make_consent(uow: UnitOfWork, form: Form, purpose: str, given_by: str) -> Consent:
    """Make the consent that a yes of now is, in the wording of the form."""
    asked = _get_purpose(form, purpose)
    return Consent(asked.name, asked.version, uow.now.isoformat(), given_by)


async def settle_form(
    uow: UnitOfWork, desk: Desk, person: Person, tap_id: str, choice: str
) -> AskedAgain | None:
    """End the form that was open at a claim, or give what asks its question again."""
    wish, _, tag = choice.partition(".")
    stored = uow.find_draft(person.chat_id)
    if stored is None or stored.draft.tag != tag:
        toast(uow, desk, person.chat_id, tap_id, message("stale.no_draft"))
        return None
    if wish != _END:
        return AskedAgain("returned")
    _end_form(uow, desk, person)
    say_with_menu(uow, desk, person.chat_id, message("claim.see", status=STATUS))
    return None


def _tell_given(
    uow: UnitOfWork, desk: Desk, person: Person, found: Claimed, more: Text | None
) -> None:
    number = Code(format_number(found.number))
    words = [message("claim.done", name=found.name, number=number), *([more] if more else [])]
    stored = uow.find_draft(person.chat_id)
    if stored is not None and has_hardly_begun(desk.form, stored.draft):
        _end_form(uow, desk, person)
        stored = None
    if stored is None:
        words.append(message("claim.see", status=STATUS))
    say_with_menu(uow, desk, person.chat_id, *words)
    if stored is not None and stored.draft.revises is None:
        tag = stored.draft.tag
        end = Button(message("claim.end_form"), Tap(CHAT, CLAIM_FORM, f"{_END}.{tag}"))
        keep = Button(message("claim.keep_form"), Tap(CHAT, CLAIM_FORM, f"keep.{tag}"))
        asked = message("claim.form_open")
        say(uow, desk, person.chat_id, Say((asked,), Buttons(((end,), (keep,)))))


def _end_form(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    stored = uow.find_draft(person.chat_id)
    if stored is not None and stored.question_message_id is not None:
        say(uow, desk, person.chat_id, Unbutton(stored.question_message_id))
    uow.erase_draft(person.chat_id)


def _offer_notices(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    if not get_contact(uow, person.chat_id).wants_notices:
        yes = Button(message("claim.notices_yes"), Tap(CHAT, CLAIM_NOTICES, ""))
        say(uow, desk, person.chat_id, Say((message("claim.notices"),), Buttons(((yes,),))))


async def _offer_others(
    uow: UnitOfWork, desk: Desk, person: Person, claim: Claim, found: Claimed
) -> None:
    """Tell of others who share the phone, and so the chat."""
    with told_apart():
        listed = await claims.list_by_phone(uow.connection, claim.phone or "")
    if any(not _is_same(one, found) for one in listed):
        uow.save_claim(Claim(person.chat_id, uow.now, claim.phone))
        show = Button(message("claim.show_other"), Tap(CHAT, CLAIM, ""))
        say(uow, desk, person.chat_id, Say((message("claim.others"),), Buttons(((show,),))))


async def _find_agreed(uow: UnitOfWork, claim: Claim | None, choice: str) -> Claimed | None:
    if claim is None or claim.awaits != AGREEMENT or str(claim.application_id) != choice:
        return None
    with told_apart():
        return await claims.find_unclaimed(uow.connection, claim.application_id or 0)


async def _is_own(uow: UnitOfWork, person: Person, found: Claimed) -> bool:
    """Tell whether an application is of the chat's owner, who has none of another name."""
    known = await uow.find_own_phone(person.chat_id)
    return known is None or await _is_known(uow, person, found)


async def _is_known(uow: UnitOfWork, person: Person, found: Claimed) -> bool:
    """Tell whether somebody of this name has an application in this chat."""
    made = await uow.list_applications(person.chat_id)
    name = search_key(found.name)
    return any(search_key(f"{one.family_km} {one.given_km}") == name for one in made)


def _is_same(one: Claimed, other: Claimed) -> bool:
    return search_key(one.name) == search_key(other.name) and one.born == other.born


def _get_purpose(form: Form, name: str) -> Purpose:
    questions = (question for part in form.parts for question in part.questions)
    return next(one.purpose for one in questions if one.purpose and one.purpose.name == name)

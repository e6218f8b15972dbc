"""Where people hear that they may be registered already: at the start, at /status, in the form."""

from db.unit_of_work import UnitOfWork
from domain.claiming import has_hardly_begun
from domain.events import ContactShared
from domain.phones import parse_contact_phone
from domain.problems import Problem
from domain.replies import Button, Buttons, Key, Keys, Say, Tap
from domain.texts import Text, message
from services.awaiting import find_claim, renew_claim
from services.chats import get_menu, say, say_with_menu
from services.claim_giving import CLAIM
from services.claim_lookup import is_closed, is_of_use, look, tell_locked
from services.desk import Desk, Person
from services.taps import CHAT

CLAIM_OFFER = "claim_offer"
SEND_PHONE, REGISTERED = message("claim.send_phone"), message("claim.registered")


async def tell_none(uow: UnitOfWork, desk: Desk, person: Person, words: Text) -> None:
    """Tell somebody that there is no application, and where else it may be."""
    known = find_claim(uow, person.chat_id)
    found = await look(uow, known.phone if known else None)
    if found.locked and not found.open:
        tell_locked(uow, desk, person, found)
    elif await is_of_use(uow):
        offer_search(uow, desk, person, words)
    else:
        say_with_menu(uow, desk, person.chat_id, words)


def offer_search(uow: UnitOfWork, desk: Desk, person: Person, *words: Text) -> None:
    """Offer somebody without an application to look for one from elsewhere, by their number."""
    asked = message("claim.elsewhere", button=SEND_PHONE)
    key = Key(SEND_PHONE, asks_contact=True)
    is_free = uow.find_draft(person.chat_id) is None
    rows = get_menu(uow, person.chat_id).rows if is_free else ()
    say(uow, desk, person.chat_id, Say((*words, asked), Keys(((key,), *rows), once=not is_free)))


async def offer_at_start(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Offer somebody who has just begun the form to look for what they have elsewhere."""
    stored = uow.find_draft(person.chat_id)
    if stored and has_hardly_begun(desk.form, stored.draft) and await is_of_use(uow):
        button = Button(REGISTERED, Tap(CHAT, CLAIM_OFFER, ""))
        say(uow, desk, person.chat_id, Say((message("claim.before"),), Buttons(((button,),))))


async def takes_contact(uow: UnitOfWork, desk: Desk, person: Person) -> bool:
    """Tell whether a contact is sent to look for an application, though a form has begun."""
    stored = uow.find_draft(person.chat_id)
    return (
        stored is not None
        and has_hardly_begun(desk.form, stored.draft)
        and stored.draft.question not in ("own_phone", "phone")
        and await is_of_use(uow)
    )


async def offer_found(uow: UnitOfWork, desk: Desk, person: Person, shared: ContactShared) -> None:
    """Tell somebody in the middle of the form that they are registered already, if they are."""
    phone = parse_contact_phone(shared.phone)
    if not shared.own or isinstance(phone, Problem):
        return
    if uow.is_registered(person.chat_id) or is_closed(uow, person):
        return
    found = await look(uow, phone.e164)
    if found.open:
        uow.save_claim(renew_claim(uow, person.chat_id, phone.e164))
        offer_to_see(uow, desk, person, message("claim.found"))


def offer_to_see(uow: UnitOfWork, desk: Desk, person: Person, words: Text) -> None:
    """Offer somebody to see what was found by their number."""
    button = Button(message("claim.show_me"), Tap(CHAT, CLAIM, ""))
    say(uow, desk, person.chat_id, Say((words,), Buttons(((button,),))))

"""What a person can ask for outside the form, and at every step of it."""

from dataclasses import replace

from db.unit_of_work import UnitOfWork
from domain.contacts import Contact
from domain.events import AskedAgain, Cancelled, ChoiceMade, HelpRequested
from domain.replies import Button, Buttons, Rewrite, Say, Tap
from domain.texts import message
from services import claim_giving
from services.chats import get_contact, say, say_with_menu
from services.claim_giving import agree_to_notices
from services.desk import Desk, Person
from services.registration import take_event
from services.taps import CHAT

LANGUAGE = "language"

NAMES = {"km": message("language.km"), "en": message("language.en")}


def offer_languages(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Show the languages to choose from."""
    row = tuple(Button(name, Tap(CHAT, LANGUAGE, locale)) for locale, name in NAMES.items())
    say(uow, desk, person.chat_id, Say((message("ask.language"),), Buttons((row,))))


async def choose_language(
    uow: UnitOfWork, desk: Desk, person: Person, locale: str, message_id: int | None
) -> None:
    """Speak this language from now on, and ask the open question again in it."""
    stored = uow.find_draft(person.chat_id)
    if stored is not None and stored.draft.question == LANGUAGE:
        event = ChoiceMade(stored.draft.tag, LANGUAGE, locale, message_id)
        await take_event(uow, desk, person, event)
        return
    uow.save_contact(replace(get_contact(uow, person.chat_id), locale=locale))
    if message_id is not None:
        chosen = message("answer.chosen", answer=NAMES[locale])
        say(uow, desk, person.chat_id, Rewrite(message_id, (message("ask.language"), chosen)))
    if stored is not None:
        await take_event(uow, desk, person, AskedAgain("language"))
    else:
        say_with_menu(uow, desk, person.chat_id, message("language.changed"))


async def help_person(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Explain the open question, or what the bot is for."""
    if uow.find_draft(person.chat_id) is not None:
        await take_event(uow, desk, person, HelpRequested())
    else:
        say_with_menu(uow, desk, person.chat_id, message("help.outside"))


async def cancel(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Offer to erase the draft."""
    if uow.find_draft(person.chat_id) is not None:
        await take_event(uow, desk, person, Cancelled())
    else:
        say_with_menu(uow, desk, person.chat_id, message("cancel.nothing"))


def stop_notices(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Send no more notices to this chat; answers about its applications still come."""
    contact = get_contact(uow, person.chat_id)
    words = message("stop.done") if contact.wants_notices else message("stop.already")
    _set_notices(uow, contact, wanted=False)
    say_with_menu(uow, desk, person.chat_id, words)


def resume_notices(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Send notices to this chat again, and keep that this was agreed to."""
    agree_to_notices(uow, desk, person)
    _set_notices(uow, get_contact(uow, person.chat_id), wanted=True)
    say_with_menu(uow, desk, person.chat_id, message("notices.on.done"))


async def settle_form(
    uow: UnitOfWork, desk: Desk, person: Person, tap_id: str, choice: str
) -> None:
    """End the form that was open when something was claimed, or go on with it."""
    going_on = await claim_giving.settle_form(uow, desk, person, tap_id, choice)
    if going_on is not None:
        await take_event(uow, desk, person, going_on)


def _set_notices(uow: UnitOfWork, contact: Contact, *, wanted: bool) -> None:
    if contact.wants_notices != wanted:
        uow.save_contact(replace(contact, wants_notices=wanted))


def note_blocked(uow: UnitOfWork, person: Person) -> None:
    """Note that the person has blocked the bot: nothing more is sent there."""
    contact = uow.find_contact(person.chat_id)
    if contact is not None:
        uow.save_contact(replace(contact, reachable=False))
    uow.cancel_calls(person.chat_id)


def note_edit(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Say kindly that a changed message is not read."""
    say_with_menu(uow, desk, person.chat_id, message("edited.ignored"))


def apologise(uow: UnitOfWork, desk: Desk, chat_id: int) -> None:
    """Say that something went wrong on our side and that no answer is lost."""
    say_with_menu(uow, desk, chat_id, message("apology.failed"))

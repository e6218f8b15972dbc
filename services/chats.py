"""Speaking to a chat in its language, and what is known of the chat."""

from dataclasses import replace

from db.unit_of_work import UnitOfWork
from domain.contacts import Contact
from domain.replies import Keys, Say
from domain.texts import Text
from locales.catalogue import render_plain
from services.desk import Desk
from services.menu import make_menu
from services.messages import Writable, write_call


def get_contact(uow: UnitOfWork, chat_id: int) -> Contact:
    """Get what is known of a chat; a new chat is only remembered once it is saved."""
    return uow.find_contact(chat_id) or Contact(chat_id, created_at=uow.now, active_at=uow.now)


def get_locale(uow: UnitOfWork, desk: Desk, chat_id: int) -> str:
    """Get the language that a chat reads."""
    return get_contact(uow, chat_id).locale or desk.default_locale


def say(
    uow: UnitOfWork, desk: Desk, chat_id: int, reply: Writable, question: int | None = None
) -> None:
    """Have a reply sent to a chat, in its language.

    `question` counts the questions of the chat's draft, if the reply is one of them.
    """
    locale = get_locale(uow, desk, chat_id)
    uow.send(write_call(reply, chat_id, locale, desk.names, question=question))


def note_heard(uow: UnitOfWork, chat_id: int) -> None:
    """Note that somebody wrote, and so can be reached; a stranger is not remembered for that."""
    contact = uow.find_contact(chat_id)
    if contact is not None:
        uow.save_contact(replace(contact, active_at=uow.now, reachable=True))


def get_menu(uow: UnitOfWork, chat_id: int) -> Keys:
    """Get the menu that fits a chat."""
    contact = get_contact(uow, chat_id)
    return make_menu(uow.is_registered(chat_id), contact.wants_notices)


def say_with_menu(uow: UnitOfWork, desk: Desk, chat_id: int, *paragraphs: Text) -> None:
    """Say something to somebody outside a form, with the menu; inside a form, without."""
    keyboard = get_menu(uow, chat_id) if uow.find_draft(chat_id) is None else None
    say(uow, desk, chat_id, Say(paragraphs, keyboard))


def toast(uow: UnitOfWork, desk: Desk, chat_id: int, tap_id: str | None, words: Text) -> None:
    """Answer a tap with a short line over the chat."""
    if tap_id is not None:
        uow.acknowledge(tap_id, render_plain(words, get_locale(uow, desk, chat_id), desk.names))

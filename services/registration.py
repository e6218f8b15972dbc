"""A person registers: each event moves the draft on and answers, in one unit of work."""

import secrets
from collections.abc import Sequence
from dataclasses import replace

from db.drafts import StoredDraft
from db.unit_of_work import UnitOfWork
from domain.applications import Application
from domain.contacts import Contact
from domain.dialogue import Context, Turn, take_turn
from domain.events import AskedAgain, ChoiceMade, Event, Started
from domain.facts import Declined, DraftErased, Fact, LanguageChosen, Submitted
from domain.numbers import draw_number, format_number
from domain.registrations import Registration
from domain.replies import Button, Buttons, Reply, Say, Toast
from domain.texts import Code, message
from domain.working_days import answer_due_on
from services.chats import get_contact, get_menu, say, say_with_menu, toast
from services.desk import Desk, Person

TAG_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


async def take_event(
    uow: UnitOfWork, desk: Desk, person: Person, event: Event, tap_id: str | None = None
) -> None:
    """Answer what a person did in the chat, and keep what it established.

    The draft, the answer and whatever was submitted are stored together, or not at all.
    """
    stored = uow.find_draft(person.chat_id)
    if stored is None and not isinstance(event, Started):
        _answer_outside(uow, desk, person, event, tap_id)
        return
    contact = get_contact(uow, person.chat_id)
    uow.save_contact(contact)
    context = await _make_context(uow, desk, contact, person)
    turn = take_turn(desk.form, stored.draft if stored else None, event, context)
    _keep_draft(uow, person.chat_id, stored, turn)
    for fact in turn.facts:
        await _keep_fact(uow, desk, person, fact, stored)
    replies = turn.replies if turn.draft else _with_menu(uow, person.chat_id, turn.replies)
    _send(uow, desk, person.chat_id, replies, tap_id)
    _forget_stranger(uow, person.chat_id, turn.facts)


async def ask_again(uow: UnitOfWork, desk: Desk, stored: StoredDraft, reason: str) -> None:
    """Ask a loaded person the open question once more, without touching the draft's clock."""
    contact = get_contact(uow, stored.chat_id)
    context = await _make_context(uow, desk, contact, Person(stored.chat_id))
    turn = take_turn(desk.form, stored.draft, AskedAgain(reason), context)
    _send(uow, desk, stored.chat_id, turn.replies, None)


async def _make_context(uow: UnitOfWork, desk: Desk, contact: Contact, person: Person) -> Context:
    registered = uow.is_registered(person.chat_id)
    return Context(
        now=uow.now,
        today=uow.now.astimezone(desk.time_zone).date(),
        gazetteer=desk.gazetteer,
        occupations=desk.occupations,
        locale=contact.locale,
        first_name=person.first_name,
        last_name=person.last_name,
        specimen=desk.specimen,
        minimum_age=desk.minimum_age,
        registered_before=registered,
        helper_phone=await uow.find_own_phone(person.chat_id) if registered else None,
        new_tag=_draw_tag() if uow.find_draft(person.chat_id) is None else "",
    )


def _draw_tag() -> str:
    return "".join(secrets.choice(TAG_ALPHABET) for _ in range(6))


def _keep_draft(uow: UnitOfWork, chat_id: int, stored: StoredDraft | None, turn: Turn) -> None:
    if turn.draft is None:
        uow.erase_draft(chat_id)
    elif stored is None:
        uow.save_draft(StoredDraft(chat_id, turn.draft, started_at=uow.now, active_at=uow.now))
    else:
        uow.save_draft(replace(stored, draft=turn.draft, active_at=uow.now, reminded_at=None))


async def _keep_fact(
    uow: UnitOfWork, desk: Desk, person: Person, fact: Fact, stored: StoredDraft | None
) -> None:
    contact = get_contact(uow, person.chat_id)
    match fact:
        case LanguageChosen(locale):
            uow.save_contact(replace(contact, locale=locale))
        case Submitted(registration) if stored is not None:
            await _submit(uow, desk, contact, registration, stored)


def _with_menu(uow: UnitOfWork, chat_id: int, replies: Sequence[Reply]) -> list[Reply]:
    """Give the menu with the last words of a dialogue that has ended."""
    return [
        replace(reply, keyboard=get_menu(uow, chat_id)) if isinstance(reply, Say) else reply
        for reply in replies
    ]


def _forget_stranger(uow: UnitOfWork, chat_id: int, facts: Sequence[Fact]) -> None:
    """Keep nothing of somebody who said no, once they have been answered in their language."""
    said_no = any(isinstance(fact, Declined | DraftErased) for fact in facts)
    if said_no and not uow.is_registered(chat_id):
        uow.erase_contact(chat_id)


async def _submit(
    uow: UnitOfWork, desk: Desk, contact: Contact, registration: Registration, stored: StoredDraft
) -> None:
    today = uow.now.astimezone(desk.time_zone).date()
    application = Application(
        number=await _draw_free_number(uow),
        chat_id=contact.chat_id,
        draft_tag=stored.draft.tag,
        form_version=desk.form.version,
        registration=registration,
        submitted_at=uow.now,
        answer_due_on=answer_due_on(today, desk.answer_within_working_days),
    )
    uow.add_application(application)
    wants_notices = contact.wants_notices or registration.wants_notices
    uow.save_contact(replace(contact, wants_notices=wants_notices))
    _tell_submitted(uow, desk, application)


def _tell_submitted(uow: UnitOfWork, desk: Desk, application: Application) -> None:
    number = format_number(application.number)
    received = message(
        "submitted.received", number=Code(number), answer_by=application.answer_due_on
    )
    copy = Button(message("button.copy_number"), copies=number)
    say(uow, desk, application.chat_id, Say((received,), Buttons(((copy,),))))
    say_with_menu(uow, desk, application.chat_id, message("submitted.what_next"))


async def _draw_free_number(uow: UnitOfWork) -> str:
    while True:
        number = draw_number(secrets.randbelow(10**8))
        if not await uow.is_number_taken(number):
            return number


def _answer_outside(
    uow: UnitOfWork, desk: Desk, person: Person, event: Event, tap_id: str | None
) -> None:
    """Answer somebody who is not in a form: a late tap by a toast, all else by the menu."""
    if isinstance(event, ChoiceMade):
        known = uow.is_registered(person.chat_id)
        words = message("already.submitted") if known else message("stale.no_draft")
        toast(uow, desk, person.chat_id, tap_id, words)
        return
    say_with_menu(uow, desk, person.chat_id, message("unknown.outside"))


def _send(
    uow: UnitOfWork, desk: Desk, chat_id: int, replies: Sequence[Reply], tap_id: str | None
) -> None:
    for reply in replies:
        if isinstance(reply, Toast):
            toast(uow, desk, chat_id, tap_id, reply.text)
        else:
            say(uow, desk, chat_id, reply)

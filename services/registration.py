"""A person registers: each event moves the draft on and answers, in one unit of work."""

import secrets
from collections.abc import Sequence
from dataclasses import replace

from db.drafts import StoredDraft
from db.unit_of_work import UnitOfWork
from domain.contacts import Contact
from domain.dialogue import Context, Turn, take_turn
from domain.events import AskedAgain, ChoiceMade, Event, Started
from domain.facts import Declined, DraftErased, Fact, LanguageChosen, Submitted
from domain.replies import Buttons, Reply, Rewrite, Say, Toast
from domain.texts import message
from services.chats import get_contact, get_menu, say, say_with_menu, toast
from services.desk import Desk, Person
from services.submission import submit, tell_submitted

TAG_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
TAG_LENGTH = 6


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
    context = await _make_context(uow, desk, contact, person, stored)
    turn = take_turn(desk.form, stored.draft if stored else None, event, context)
    if turn.draft is None:
        uow.erase_draft(person.chat_id)
    else:
        begun = stored or StoredDraft(person.chat_id, turn.draft, uow.now, uow.now)
        moved = replace(begun, draft=turn.draft, active_at=uow.now, reminded_at=None)
        uow.save_draft(_count_questions(moved, turn))
    await _finish(uow, desk, person, turn, stored, tap_id)


async def ask_again(uow: UnitOfWork, desk: Desk, stored: StoredDraft, reason: str) -> None:
    """Ask a loaded person the open question once more, and store the draft as it is given."""
    contact = get_contact(uow, stored.chat_id)
    context = await _make_context(uow, desk, contact, Person(stored.chat_id), stored)
    turn = take_turn(desk.form, stored.draft, AskedAgain(reason), context)
    uow.save_draft(_count_questions(stored, turn))
    _send(uow, desk, stored.chat_id, turn.replies)


async def _make_context(
    uow: UnitOfWork, desk: Desk, contact: Contact, person: Person, stored: StoredDraft | None
) -> Context:
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
        question_message_id=stored.question_message_id if stored else None,
        new_tag="" if stored else _draw_tag(),
    )


def _draw_tag() -> str:
    return "".join(secrets.choice(TAG_ALPHABET) for _ in range(TAG_LENGTH))


def _count_questions(stored: StoredDraft, turn: Turn) -> StoredDraft:
    """Count the questions put, so that a message is known as the one with the open question."""
    for reply in turn.replies:
        if is_question(reply):
            stored = replace(stored, questions=stored.questions + 1, question_message_id=None)
        elif isinstance(reply, Rewrite) and reply.keyboard is not None:
            questions, shown = stored.questions + 1, reply.message_id
            stored = replace(stored, questions=questions, question_message_id=shown)
    return stored


def is_question(reply: Reply) -> bool:
    """Tell whether a reply is a new message with buttons to answer by."""
    return isinstance(reply, Say) and isinstance(reply.keyboard, Buttons)


async def _finish(
    uow: UnitOfWork,
    desk: Desk,
    person: Person,
    turn: Turn,
    stored: StoredDraft | None,
    tap_id: str | None,
) -> None:
    application = None
    for fact in turn.facts:
        match fact:
            case LanguageChosen(locale):
                uow.save_contact(replace(get_contact(uow, person.chat_id), locale=locale))
            case Submitted(registration, answers) if stored is not None:
                application = await submit(uow, desk, stored, registration, answers)
    replies = turn.replies if turn.draft else _with_menu(uow, person.chat_id, turn.replies)
    _send(uow, desk, person.chat_id, replies, tap_id)
    if application is not None:
        tell_submitted(uow, desk, application)
    _forget_stranger(uow, person.chat_id, turn.facts)


def _send(
    uow: UnitOfWork, desk: Desk, chat_id: int, replies: Sequence[Reply], tap_id: str | None = None
) -> None:
    stored = uow.find_draft(chat_id)
    for reply in replies:
        if isinstance(reply, Toast):
            toast(uow, desk, chat_id, tap_id, reply.text)
        else:
            question = stored.questions if stored and is_question(reply) else None
            say(uow, desk, chat_id, reply, question=question)


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

"""What every turn of a dialogue needs: its circumstances, and the way of its replies to a chat."""

import secrets
from collections.abc import Sequence
from dataclasses import replace

from db.drafts import StoredDraft
from db.unit_of_work import UnitOfWork
from domain.contacts import Contact
from domain.context import Context
from domain.replies import Buttons, Reply, Rewrite, Say, Toast
from services.chats import get_menu, say, toast
from services.desk import Desk, Person

TAG_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
TAG_LENGTH = 6


async def make_context(
    uow: UnitOfWork, desk: Desk, contact: Contact, person: Person, stored: StoredDraft | None
) -> Context:
    """Tell the dialogue what it may know besides the draft."""
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


def count_questions(stored: StoredDraft, replies: Sequence[Reply]) -> StoredDraft:
    """Count the questions put, so that a message is known as the one with the open question."""
    for reply in replies:
        if _is_question(reply):
            stored = replace(stored, questions=stored.questions + 1, question_message_id=None)
        elif isinstance(reply, Rewrite) and reply.keyboard is not None:
            questions, shown = stored.questions + 1, reply.message_id
            stored = replace(stored, questions=questions, question_message_id=shown)
    return stored


def send_replies(
    uow: UnitOfWork, desk: Desk, chat_id: int, replies: Sequence[Reply], tap_id: str | None = None
) -> None:
    """Have the replies of a turn sent; a question is sent with its count."""
    stored = uow.find_draft(chat_id)
    for reply in replies:
        if isinstance(reply, Toast):
            toast(uow, desk, chat_id, tap_id, reply.text)
        else:
            question = stored.questions if stored and _is_question(reply) else None
            say(uow, desk, chat_id, reply, question=question)


def add_menu(uow: UnitOfWork, chat_id: int, replies: Sequence[Reply]) -> list[Reply]:
    """Give the menu with the last words of a dialogue that has ended."""
    return [
        replace(reply, keyboard=get_menu(uow, chat_id)) if isinstance(reply, Say) else reply
        for reply in replies
    ]


def _is_question(reply: Reply) -> bool:
    return isinstance(reply, Say) and isinstance(reply.keyboard, Buttons)

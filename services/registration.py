"""A person registers: each event moves the draft on and answers, in one unit of work."""

from collections.abc import Sequence
from dataclasses import replace

from db.drafts import StoredDraft
from db.unit_of_work import UnitOfWork
from domain.dialogue import Turn, take_turn
from domain.events import (
    Answered,
    AskedAgain,
    ChoiceMade,
    ContactShared,
    Event,
    Skipped,
    Started,
    WentBack,
)
from domain.facts import (
    Declined,
    DraftErased,
    Fact,
    LanguageChosen,
    Revised,
    RevisionDropped,
    Submitted,
)
from domain.texts import message
from services import claim_offers, claims
from services.awaiting import TYPED, stop_awaiting
from services.chats import get_contact, say_with_menu, toast
from services.desk import Desk, Person
from services.drafting import add_menu, count_questions, make_context, send_replies
from services.questions import hear
from services.revisions import take_revision, tell_dropped
from services.submission import submit, tell_submitted


async def take_event(
    uow: UnitOfWork, desk: Desk, person: Person, event: Event, tap_id: str | None = None
) -> None:
    """Answer what a person did in the chat, and keep what it established.

    The draft, the answer and whatever was submitted are stored together, or not at all.
    """
    stored = uow.find_draft(person.chat_id)
    if stored is None and not isinstance(event, Started):
        await _answer_outside(uow, desk, person, event, tap_id)
        return
    if isinstance(event, ContactShared) and await claim_offers.takes_contact(uow, desk, person):
        await claims.search(uow, desk, person, event)
        return
    if not isinstance(event, Answered):
        stop_awaiting(uow, person.chat_id, *TYPED)
    contact = get_contact(uow, person.chat_id)
    uow.save_contact(contact)
    context = await make_context(uow, desk, contact, person, stored)
    turn = take_turn(desk.form, stored.draft if stored else None, event, context)
    if turn.draft is None:
        uow.erase_draft(person.chat_id)
    else:
        begun = stored or StoredDraft(person.chat_id, turn.draft, uow.now, uow.now)
        moved = replace(begun, draft=turn.draft, active_at=uow.now, reminded_at=None)
        uow.save_draft(count_questions(moved, turn.replies))
    await _finish(uow, desk, person, turn, stored, tap_id)
    if isinstance(event, ContactShared):
        await claim_offers.offer_found(uow, desk, person, event)


async def ask_again(uow: UnitOfWork, desk: Desk, stored: StoredDraft, reason: str) -> None:
    """Ask a loaded person the open question once more, and store the draft as it is given."""
    contact = get_contact(uow, stored.chat_id)
    context = await make_context(uow, desk, contact, Person(stored.chat_id), stored)
    turn = take_turn(desk.form, stored.draft, AskedAgain(reason), context)
    uow.save_draft(count_questions(stored, turn.replies))
    send_replies(uow, desk, stored.chat_id, turn.replies)


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
    replies = turn.replies if turn.draft else add_menu(uow, person.chat_id, turn.replies)
    if _has_just_begun(turn, stored):
        send_replies(uow, desk, person.chat_id, replies[:-1], tap_id)
        await claim_offers.offer_at_start(uow, desk, person)
        replies = replies[-1:]
    send_replies(uow, desk, person.chat_id, replies, tap_id)
    if application is not None:
        tell_submitted(uow, desk, person.chat_id, application)
    for fact in turn.facts:
        match fact:
            case Revised():
                await take_revision(uow, desk, person, fact)
            case RevisionDropped(number):
                await tell_dropped(uow, desk, person, number)
    _forget_stranger(uow, person.chat_id, turn.facts)


def _has_just_begun(turn: Turn, stored: StoredDraft | None) -> bool:
    """Tell whether the form was begun with this turn, in a language that is known."""
    begun = stored is None or any(isinstance(fact, LanguageChosen) for fact in turn.facts)
    return begun and turn.draft is not None and turn.draft.question != "language"


def _forget_stranger(uow: UnitOfWork, chat_id: int, facts: Sequence[Fact]) -> None:
    """Keep nothing of somebody who said no, once they have been answered in their language."""
    said_no = any(isinstance(fact, Declined | DraftErased) for fact in facts)
    if said_no and not uow.is_registered(chat_id):
        uow.erase_contact(chat_id)


async def _answer_outside(
    uow: UnitOfWork, desk: Desk, person: Person, event: Event, tap_id: str | None
) -> None:
    """Answer somebody who is not in a form: what they write goes to an office."""
    match event:
        case ChoiceMade():
            known = uow.is_registered(person.chat_id)
            words = message("already.submitted") if known else message("stale.no_draft")
            toast(uow, desk, person.chat_id, tap_id, words)
        case Answered(text):
            await hear(uow, desk, person, text)
        case ContactShared():
            await claims.search(uow, desk, person, event)
        case WentBack() | Skipped() | AskedAgain():
            say_with_menu(uow, desk, person.chat_id, message("unknown.outside"))
        case _:
            say_with_menu(uow, desk, person.chat_id, message("question.only_text"))

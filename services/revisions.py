"""One item of an application is asked once more: corrected for the office, or changed on a wish."""

from functools import partial

from db import applications, change_requests, corrections, sent_answers
from db.drafts import StoredDraft
from db.errors import told_apart
from db.unit_of_work import UnitOfWork
from domain.answers.types import in_columns
from domain.applications import Status
from domain.cases import Act, Case, find_hindrance, take_act
from domain.facts import Revised
from domain.numbers import format_number
from domain.reasons import find_reason
from domain.replies import Button, Buttons, Say
from domain.revisions import SentAnswers, begin_revision, list_items
from domain.texts import Code, Text, message
from services.audit import note_worker
from services.case_taps import Tapped, answer_tap, make_button, take_buttons_away
from services.chats import get_contact, say, say_with_menu
from services.desk import Desk, Person
from services.drafting import count_questions, make_context, send_replies
from services.promises import make_promise

CORRECT, CHANGE, CHANGE_ITEM = "correct", "change", "change_item"
ITEMS_IN_A_ROW = 2


async def start_correction(
    uow: UnitOfWork, desk: Desk, case: Case, chat_id: int, item: str, reason: str
) -> None:
    """Tell a loaded chat what the office asks once more and why, and ask exactly that.

    To somebody with an open form it is only told, with a button for later.
    """
    sent = await _get_sent(uow, case.number)
    words = _word_request(desk, case, sent, item, reason)
    if uow.find_draft(chat_id) is not None:
        later = message("correction.later")
        buttons = Buttons(((make_answer_button(case.number),),))
        say(uow, desk, chat_id, Say((*words, later), buttons))
    else:
        say(uow, desk, chat_id, Say(words))
        await _begin(uow, desk, Person(chat_id), sent, item)


async def answer_now(uow: UnitOfWork, desk: Desk, tapped: Tapped) -> None:
    """Ask what the office wants to know, if it still waits for it and no form is open."""
    with told_apart():
        asked = await corrections.find_open(uow.connection, tapped.case.number)
    if asked is None or tapped.case.status is not Status.NEEDS_CORRECTION:
        answer_tap(uow, desk, tapped, message("correction.not_needed"))
    else:
        await _begin_if_free(uow, desk, tapped, asked.item)


async def offer_items(uow: UnitOfWork, desk: Desk, tapped: Tapped) -> None:
    """Show the answers of an approved application, each to be changed by a tap."""
    number = tapped.case.number
    if find_hindrance(tapped.case, Act.REQUEST_CHANGE, None) is not None:
        answer_tap(uow, desk, tapped, message("case.not_now"))
        return
    buttons = [
        make_button(item.title, CHANGE_ITEM, number, item.name)
        for item in list_items(desk.form, await _get_sent(uow, number))
    ]
    asked = message("change.which", number=Code(format_number(number)))
    rows = in_columns(buttons, ITEMS_IN_A_ROW)
    say(uow, desk, tapped.person.chat_id, Say((asked,), Buttons(rows)))


async def change_item(uow: UnitOfWork, desk: Desk, tapped: Tapped) -> None:
    """Ask one answer of an approved application anew."""
    if find_hindrance(tapped.case, Act.REQUEST_CHANGE, None) is not None:
        answer_tap(uow, desk, tapped, message("case.not_now"))
    else:
        await _begin_if_free(uow, desk, tapped, tapped.item)


async def take_revision(uow: UnitOfWork, desk: Desk, person: Person, fact: Revised) -> None:
    """Put a corrected answer in its place, or ask the office for the change of an approved one.

    If the application has gone another way meanwhile, nothing changes.
    """
    case = await uow.find_case(fact.number)
    if case is not None and find_hindrance(case, Act.CORRECT, None) is None:
        _correct(uow, desk, person, case, fact)
    elif case is not None and find_hindrance(case, Act.REQUEST_CHANGE, None) is None:
        await _request_change(uow, desk, person, case, fact)
    else:
        say_with_menu(uow, desk, person.chat_id, message("revision.too_late"))


async def tell_dropped(uow: UnitOfWork, desk: Desk, person: Person, number: str) -> None:
    """Remind somebody who stopped that the office still waits for the answer."""
    case = await uow.find_case(number)
    if case is not None and case.status is Status.NEEDS_CORRECTION:
        words = message("correction.still_waits", number=Code(format_number(number)))
        button = make_answer_button(number)
        say(uow, desk, person.chat_id, Say((words,), Buttons(((button,),))))


def make_answer_button(number: str) -> Button:
    """Make the button that asks once more what the office wants to know."""
    return make_button(message("button.answer_now"), CORRECT, number)


def _correct(uow: UnitOfWork, desk: Desk, person: Person, case: Case, fact: Revised) -> None:
    promise = make_promise(desk, uow.now)
    uow.save_case(take_act(case, Act.CORRECT, None, uow.now, due_at=promise.due_at))
    uow.write(
        partial(
            applications.apply_revision,
            number=fact.number,
            registration=fact.registration,
            answers=fact.answers,
            form_version=desk.form.version,
            at=uow.now,
        )
    )
    uow.write(partial(corrections.close, number=fact.number, at=uow.now))
    uow.record(note_worker(Act.CORRECT, fact.number, {"item": fact.item}))
    sent = message("correction.sent", answer_by=promise.on)
    say_with_menu(uow, desk, person.chat_id, sent)


async def _request_change(
    uow: UnitOfWork, desk: Desk, person: Person, case: Case, fact: Revised
) -> None:
    sent = await _get_sent(uow, fact.number)
    if fact.answers == sent.answers:
        say_with_menu(uow, desk, person.chat_id, message("change.same"))
        return
    promise = make_promise(desk, uow.now)
    uow.save_case(take_act(case, Act.REQUEST_CHANGE, None, uow.now, due_at=promise.due_at))
    uow.write(
        partial(
            change_requests.add,
            number=fact.number,
            item=fact.item,
            answers=fact.answers,
            form_version=desk.form.version,
            at=uow.now,
        )
    )
    uow.record(note_worker(Act.REQUEST_CHANGE, fact.number, {"item": fact.item}))
    say_with_menu(uow, desk, person.chat_id, message("change.sent", answer_by=promise.on))


async def _begin_if_free(uow: UnitOfWork, desk: Desk, tapped: Tapped, item: str) -> None:
    """Ask an item, unless another form is open, which has to be finished first."""
    stored = uow.find_draft(tapped.person.chat_id)
    if stored is not None and stored.draft.revises != tapped.case.number:
        answer_tap(uow, desk, tapped, message("correction.finish_first"))
        return
    take_buttons_away(uow, desk, tapped)
    sent = await _get_sent(uow, tapped.case.number)
    await _begin(uow, desk, tapped.person, sent, item)


async def _begin(uow: UnitOfWork, desk: Desk, person: Person, sent: SentAnswers, item: str) -> None:
    contact = get_contact(uow, person.chat_id)
    context = await make_context(uow, desk, contact, person, None)
    turn = begin_revision(desk.form, sent, item, context)
    if turn is None or turn.draft is None:
        say_with_menu(uow, desk, person.chat_id, message("revision.gone"))
        return
    begun = StoredDraft(person.chat_id, turn.draft, uow.now, uow.now)
    uow.save_draft(count_questions(begun, turn.replies))
    send_replies(uow, desk, person.chat_id, turn.replies)


async def _get_sent(uow: UnitOfWork, number: str) -> SentAnswers:
    with told_apart():
        sent = await sent_answers.find(uow.connection, number)
    if sent is None:
        raise LookupError("an application has no answers")
    return sent


def _word_request(
    desk: Desk, case: Case, sent: SentAnswers, item: str, reason: str
) -> tuple[Text, ...]:
    titles = {one.name: one.title for one in list_items(desk.form, sent)}
    asked = message(
        "correction.asked",
        number=Code(format_number(case.number)),
        item=titles[item],
    )
    found = find_reason(reason)
    return (asked, found.what, found.why) if found else (asked,)

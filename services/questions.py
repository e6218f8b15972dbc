"""What a person writes outside a form goes to an office, whose answer comes back in the chat."""

from dataclasses import replace
from functools import partial

from db import questions, staff
from db.errors import told_apart
from db.questions import AskedQuestion
from db.unit_of_work import UnitOfWork
from domain.answers.types import in_columns, stack_texts
from domain.khmer import search_key
from domain.questions import (
    Question,
    QuestionStatus,
    add_message,
    is_courtesy,
    is_time_to_tell,
    quote,
)
from domain.replies import Button, Buttons, Rewrite, Say, Tap, Unbutton
from domain.staff import Right, scope_of
from domain.texts import PlaceName, Text, message
from services.appeals import explain_appeal
from services.audit import note_staff, note_worker
from services.chats import get_contact, say, say_with_menu, toast
from services.desk import Actor, Desk, Person
from services.promises import make_promise
from services.taps import CHAT

ASK_OFFICE, TAKE_BACK = "ask_office", "take_back"
PROVINCES_IN_A_ROW = 2


class NoSuchQuestion(LookupError):
    """No question has this id, or none that this officer may answer."""


async def hear(uow: UnitOfWork, desk: Desk, person: Person, text: str) -> None:
    """Take what somebody wrote outside a form: why they appeal, or else a question."""
    if not any(map(str.isalnum, text)):
        say_with_menu(uow, desk, person.chat_id, message("unknown.outside"))
    elif is_courtesy(text):
        say_with_menu(uow, desk, person.chat_id, message("question.courtesy"))
    elif not await _explain(uow, desk, person, text):
        await _ask(uow, desk, person, text)


async def _explain(uow: UnitOfWork, desk: Desk, person: Person, text: str) -> bool:
    registered = uow.is_registered(person.chat_id)
    return registered and await explain_appeal(uow, desk, person, text)


async def choose_office(
    uow: UnitOfWork, desk: Desk, person: Person, tap_id: str, province: str, message_id: int | None
) -> None:
    """Pass a question on to the province that was tapped."""
    question = await uow.find_question(person.chat_id)
    is_province = province in {place.code for place in desk.gazetteer.children(None)}
    if question is None or question.status is not QuestionStatus.UNPLACED or not is_province:
        toast(uow, desk, person.chat_id, tap_id, message("question.nothing_waits"))
        return
    if message_id is not None:
        asked = message("question.which_province")
        chosen = message("answer.chosen", answer=_name(province))
        say(uow, desk, person.chat_id, Rewrite(message_id, (stack_texts((asked, chosen)),)))
    _place(uow, desk, question, province)


async def take_back(
    uow: UnitOfWork, desk: Desk, person: Person, tap_id: str, asked: str, message_id: int | None
) -> None:
    """Take a question back that is not answered yet."""
    question = await uow.find_question(person.chat_id)
    if question is None or _stamp(question) != asked:
        toast(uow, desk, person.chat_id, tap_id, message("question.too_late"))
        return
    uow.save_question(replace(question, status=QuestionStatus.WITHDRAWN))
    uow.record(note_worker("take_back_question", question.number))
    if message_id is not None:
        say(uow, desk, person.chat_id, Unbutton(message_id))
    say_with_menu(uow, desk, person.chat_id, message("question.taken_back"))


async def answer(uow: UnitOfWork, desk: Desk, actor: Actor, question_id: int, text: str) -> bool:
    """Answer a question in the chat where it was asked; a second answer is added to the first.

    False if nothing can be sent there: the answer is kept, but nobody reads it.

    Raises:
        NoSuchQuestion: there is none, it was taken back, or it is not for this officer.
    """
    asked = await _get_asked(uow, actor, question_id)
    uow.write(
        partial(
            questions.answer,
            question_id=question_id,
            staff_id=actor.staff.id,
            text=text,
            at=uow.now,
        )
    )
    told = get_contact(uow, asked.chat_id).reachable
    uow.record(note_staff("answer_question", f"question:{question_id}", actor, {"told": told}))
    if told:
        _tell_answer(uow, desk, asked, text)
    return told


def _tell_answer(uow: UnitOfWork, desk: Desk, asked: AskedQuestion, text: str) -> None:
    answered = message(
        "question.answered",
        question=quote(next(one.body for one in asked.messages if one.staff_id is None)),
        office=_name(asked.office[:2]),
        answer=text,
    )
    say_with_menu(uow, desk, asked.chat_id, answered)


async def _get_asked(uow: UnitOfWork, actor: Actor, question_id: int) -> AskedQuestion:
    with told_apart():
        chat_id = await questions.find_chat(uow.connection, question_id)
        if chat_id is None:
            raise NoSuchQuestion
        await uow.load([chat_id])  # before the question: those who ask lock in this order
        asked = await questions.find(uow.connection, question_id)
    if asked is None or asked.status not in (QuestionStatus.OPEN, QuestionStatus.ANSWERED):
        raise NoSuchQuestion
    with told_apart():
        colleague = await staff.find(uow.connection, actor.staff.id)
    scope = scope_of(colleague, Right.ANSWER_QUESTIONS) if colleague else None
    if scope is None or not scope.touches(asked.office):
        raise NoSuchQuestion
    return asked


async def _ask(uow: UnitOfWork, desk: Desk, person: Person, text: str) -> None:
    question = await uow.find_question(person.chat_id)
    if question is None:
        await _begin(uow, desk, person, text)
    elif question.status is QuestionStatus.UNPLACED and (province := _find_province(desk, text)):
        _place(uow, desk, question, province)
    elif question.is_full:
        say_with_menu(uow, desk, person.chat_id, message("question.enough"))
    else:
        _add(uow, desk, question, text)


async def _begin(uow: UnitOfWork, desk: Desk, person: Person, text: str) -> None:
    """Open a question: for the office of the latest application, or for one to be named."""
    uow.save_contact(get_contact(uow, person.chat_id))
    made = await uow.list_applications(person.chat_id)
    case = await uow.find_case(made[-1].number) if made else None
    unplaced = Question(person.chat_id, uow.now, number=case.number if case else None)
    question = add_message(unplaced, text, uow.now)
    if case is not None:
        _place(uow, desk, question, case.office)
    else:
        uow.save_question(question)
        _ask_for_province(uow, desk, person.chat_id)


def _add(uow: UnitOfWork, desk: Desk, question: Question, text: str) -> None:
    """Add a message to a question, and say so at most once an hour."""
    uow.save_question(add_message(question, text, uow.now))
    if question.status is QuestionStatus.UNPLACED:
        _ask_for_province(uow, desk, question.chat_id)
    elif is_time_to_tell(question, uow.now):
        say_with_menu(uow, desk, question.chat_id, message("question.added"))


def _place(uow: UnitOfWork, desk: Desk, question: Question, office: str) -> None:
    """Pass a question on to an office, and promise its answer."""
    placed = replace(question, office=office, status=QuestionStatus.OPEN, asked_at=uow.now)
    uow.save_question(placed)
    uow.record(note_worker("ask_question", question.number))
    passed_on = message(
        "question.passed_on",
        office=_name(office[:2]),
        answer_by=make_promise(desk, uow.now).on,
    )
    undo = Button(message("question.take_back"), Tap(CHAT, TAKE_BACK, _stamp(placed)))
    say(uow, desk, question.chat_id, Say((passed_on,), Buttons(((undo,),))))


def _ask_for_province(uow: UnitOfWork, desk: Desk, chat_id: int) -> None:
    provinces = [
        Button(_name(place.code), Tap(CHAT, ASK_OFFICE, place.code))
        for place in desk.gazetteer.children(None)
    ]
    rows = in_columns(provinces, PROVINCES_IN_A_ROW)
    say(uow, desk, chat_id, Say((message("question.which_province"),), Buttons(rows)))


def _find_province(desk: Desk, text: str) -> str | None:
    """Find the province that somebody typed instead of tapping it."""
    wanted = search_key(text)
    for place in desk.gazetteer.children(None):
        if wanted in (search_key(place.name_km), search_key(place.name_en)):
            return place.code
    return None


def _name(code: str) -> Text:
    return message("show.place", place=PlaceName(code, short=True))


def _stamp(question: Question) -> str:
    """Tell a question from others of its chat by the second in which it was asked."""
    return str(int(question.asked_at.timestamp()))

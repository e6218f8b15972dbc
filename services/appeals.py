"""A worker asks for a decision to be looked at again, or takes the application back."""

from datetime import timedelta
from functools import partial

from db import cases, change_requests, notes
from db.errors import told_apart
from db.unit_of_work import UnitOfWork
from domain.applications import Status
from domain.cases import Act, Case, Hindrance, Waiting, find_hindrance, take_act
from domain.numbers import format_number
from domain.texts import Code, message
from services.audit import note_worker
from services.case_taps import Tapped, answer_tap, ask_first, take_buttons_away
from services.certificates import revoke_card
from services.chats import say_with_menu
from services.desk import Desk, Person
from services.history import list_history
from services.promises import make_promise

APPEAL, APPEAL_MEANT = "appeal", "appeal_meant"
WITHDRAW, WITHDRAW_MEANT = "withdraw", "withdraw_meant"
EXPLAIN = "explain_appeal"
"""The act of telling why, which is done once."""

TIME_TO_EXPLAIN = timedelta(hours=24)


async def ask_to_appeal(uow: UnitOfWork, desk: Desk, tapped: Tapped) -> None:
    """Say what an appeal is, and ask whether it is meant."""
    if _is_possible_or_told(uow, desk, tapped, Act.APPEAL):
        number = Code(format_number(tapped.case.number))
        words = message("appeal.ask", number=number)
        ask_first(uow, desk, tapped, words, message("appeal.yes"), APPEAL_MEANT)


async def appeal(uow: UnitOfWork, desk: Desk, tapped: Tapped) -> None:
    """Have another officer look at a rejected application, once."""
    if not _is_possible_or_told(uow, desk, tapped, Act.APPEAL):
        return
    promise = make_promise(desk, uow.now)
    uow.save_case(take_act(tapped.case, Act.APPEAL, None, uow.now, due_at=promise.due_at))
    uow.record(note_worker(Act.APPEAL, tapped.case.number))
    take_buttons_away(uow, desk, tapped)
    sent = message("appeal.sent", answer_by=promise.on)
    say_with_menu(uow, desk, tapped.person.chat_id, sent, message("appeal.say_why"))


async def explain_appeal(uow: UnitOfWork, desk: Desk, person: Person, text: str) -> bool:
    """Add what somebody writes within a day of an appeal to it; False if no appeal waits for it."""
    case = await _find_unexplained(uow, person.chat_id)
    if case is None:
        return False
    uow.write(partial(notes.add, number=case.number, staff_id=None, body=text, at=uow.now))
    uow.record(note_worker(EXPLAIN, case.number))
    say_with_menu(uow, desk, person.chat_id, message("appeal.explained"))
    return True


async def ask_to_withdraw(uow: UnitOfWork, desk: Desk, tapped: Tapped) -> None:
    """Say what it means to take an application back, and ask whether it is meant."""
    if _is_possible_or_told(uow, desk, tapped, Act.WITHDRAW):
        number = Code(format_number(tapped.case.number))
        approved = tapped.case.status is Status.APPROVED
        words = (
            message("withdraw.ask_approved", number=number)
            if approved
            else message("withdraw.ask", number=number)
        )
        ask_first(uow, desk, tapped, words, message("withdraw.yes"), WITHDRAW_MEANT)


async def withdraw(uow: UnitOfWork, desk: Desk, tapped: Tapped) -> None:
    """Take an application back; a certificate is valid no more."""
    if not _is_possible_or_told(uow, desk, tapped, Act.WITHDRAW):
        return
    case, chat_id = tapped.case, tapped.person.chat_id
    uow.save_case(take_act(case, Act.WITHDRAW, None, uow.now))
    revoke_card(uow, case.number)
    uow.write(partial(change_requests.settle, number=case.number, at=uow.now, accepted=False))
    uow.record(note_worker(Act.WITHDRAW, case.number))
    stored = uow.find_draft(chat_id)
    if stored is not None and stored.draft.revises == case.number:
        uow.erase_draft(chat_id)
    take_buttons_away(uow, desk, tapped)
    number = Code(format_number(case.number))
    say_with_menu(uow, desk, chat_id, message("withdraw.done", number=number))


def _is_possible_or_told(uow: UnitOfWork, desk: Desk, tapped: Tapped, act: Act) -> bool:
    """Tell whether an act is possible; if it is not, the worker is told over the chat."""
    hindrance = find_hindrance(tapped.case, act, None)
    if hindrance is Hindrance.APPEALED_BEFORE:
        answer_tap(uow, desk, tapped, message("appeal.only_once"))
    elif hindrance is not None:
        answer_tap(uow, desk, tapped, message("case.not_now"))
    return hindrance is None


async def _find_unexplained(uow: UnitOfWork, chat_id: int) -> Case | None:
    with told_apart():
        made = await cases.list_of_chat(uow.connection, chat_id)
    for case in reversed(made):
        if case.waiting is Waiting.APPEAL and await _waits_for_words(uow, case.number):
            return case
    return None


async def _waits_for_words(uow: UnitOfWork, number: str) -> bool:
    history = await list_history(uow, number)
    appealed_at = max((past.at for past in history if past.act == Act.APPEAL), default=None)
    explained = any(past.act == EXPLAIN for past in history)
    return appealed_at is not None and not explained and uow.now - appealed_at < TIME_TO_EXPLAIN

"""Buttons that belong to an application: what they carry, and asking twice before an act."""

from dataclasses import dataclass

from db.unit_of_work import UnitOfWork
from domain.cases import Case
from domain.replies import Button, Buttons, Say, Tap, Unbutton
from domain.texts import Text, message
from services.chats import say, toast
from services.desk import Desk, Person

CASE = "case"
"""In place of a draft's tag: a button that belongs to an application."""


@dataclass(frozen=True)
class Tapped:
    """A tap on a button of an application, in the chat where it was made."""

    person: Person
    case: Case
    item: str = ""
    tap_id: str | None = None
    message_id: int | None = None


async def find_tapped(
    uow: UnitOfWork, person: Person, choice: str, tap_id: str, message_id: int | None
) -> Tapped | None:
    """Find what a tap is about; None if that application was not made in this chat."""
    number, _, item = choice.partition(".")
    case = await uow.find_case(number)
    if case is None or case.chat_id != person.chat_id:
        return None
    return Tapped(person, case, item, tap_id, message_id)


def make_button(label: Text, act: str, number: str, item: str = "") -> Button:
    """Make a button of an application."""
    return Button(label, Tap(CASE, act, f"{number}.{item}" if item else number))


def ask_first(
    uow: UnitOfWork, desk: Desk, tapped: Tapped, words: Text, yes: Text, act: str
) -> None:
    """Ask whether it is meant, before an act that another tap carries out."""
    number = tapped.case.number
    rows = (
        (make_button(yes, act, number),),
        (make_button(message("button.leave_it"), LEAVE, number),),
    )
    say(uow, desk, tapped.person.chat_id, Say((words,), Buttons(rows)))


LEAVE = "leave"


async def leave(uow: UnitOfWork, desk: Desk, tapped: Tapped) -> None:
    """Leave everything as it is."""
    take_buttons_away(uow, desk, tapped)
    answer_tap(uow, desk, tapped, message("case.left"))


def take_buttons_away(uow: UnitOfWork, desk: Desk, tapped: Tapped) -> None:
    """Leave no button under a message that has been answered."""
    if tapped.message_id is not None:
        say(uow, desk, tapped.person.chat_id, Unbutton(tapped.message_id))


def answer_tap(uow: UnitOfWork, desk: Desk, tapped: Tapped, words: Text) -> None:
    """Answer a tap with a short line over the chat."""
    toast(uow, desk, tapped.person.chat_id, tapped.tap_id, words)

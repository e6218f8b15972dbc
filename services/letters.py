"""What workers are told of their applications: always which one, and what happens next."""

from datetime import datetime

from db.applications import get_registration
from db.errors import told_apart
from db.unit_of_work import UnitOfWork
from domain.answers.types import stack_texts
from domain.applications import Status
from domain.cases import Case
from domain.numbers import format_number
from domain.reasons import Reason, where_to_ask
from domain.registrations import Worker
from domain.replies import Button, Buttons, Say, Tap
from domain.texts import Code, Text, message
from services.chats import get_contact, say
from services.desk import Desk
from services.promises import make_promise


async def tell(
    uow: UnitOfWork,
    desk: Desk,
    case: Case,
    *paragraphs: Text,
    buttons: Buttons | None = None,
    worker: Worker | None = None,
) -> bool:
    """Tell a worker something about an application; False if no chat can be reached.

    `worker` is the person as they will be stored, if that is about to change. The keys below the
    chat stay as they are, since a form may be open there.
    """
    chat_id = find_reachable_chat(uow, case)
    if chat_id is None:
        return False
    heading = _word_heading(case, worker or await _get_worker(uow, case.number))
    say(uow, desk, chat_id, Say((heading, *paragraphs), buttons))
    return True


def find_reachable_chat(uow: UnitOfWork, case: Case) -> int | None:
    """Find the chat of an application, if there is one to which anything can be sent."""
    if case.chat_id is None or not get_contact(uow, case.chat_id).reachable:
        return None
    return case.chat_id


def word_wait(desk: Desk, case: Case, now: datetime) -> Text:
    """Say by when the office answers; if that is past, that it is sorry."""
    if case.due_at is None or case.due_at < now:
        return message("case.late")
    return message("next.submitted", answer_by=case.due_at.astimezone(desk.time_zone).date())


def word_reason(case: Case, reason: Reason) -> tuple[Text, ...]:
    """Say what was decided and why, what to do next, and where to ask.

    After a second refusal there is nothing more to do in the chat; the letter says so itself.
    """
    decided = stack_texts((reason.what, reason.why))
    if case.appealed and case.status is Status.REJECTED:
        return (decided,)
    return decided, reason.next, where_to_ask(case.office)


def word_appeal(desk: Desk, case: Case, now: datetime) -> Text:
    """Say that another officer decides an appeal, and by when; there is one appeal."""
    if case.appealed:
        return message("case.appealed_before")
    return message("case.may_appeal", answer_by=make_promise(desk, now).on)


def offer_appeal(case: Case) -> Buttons | None:
    """Make the button of an appeal, unless there was one."""
    if case.appealed:
        return None
    return Buttons(((Button(message("button.appeal"), Tap("case", "appeal", case.number)),),))


async def _get_worker(uow: UnitOfWork, number: str) -> Worker:
    with told_apart():
        return (await get_registration(uow.connection, number)).worker


def _word_heading(case: Case, worker: Worker) -> Text:
    return message(
        "case.heading",
        name=f"{worker.family_km} {worker.given_km}".strip(),
        number=Code(format_number(case.number)),
    )

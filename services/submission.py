"""A complete form becomes an application with a number and a promised day."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from db.drafts import StoredDraft
from db.unit_of_work import UnitOfWork
from domain.applications import Application
from domain.cases import Act
from domain.numbers import draw_number, format_number
from domain.registrations import Registration
from domain.replies import Button, Buttons, Say
from domain.texts import Code, message
from domain.working_days import answer_due_on
from domain.working_hours import end_of_day
from services.audit import note_worker
from services.chats import get_contact, say, say_with_menu
from services.desk import Desk


async def submit(
    uow: UnitOfWork,
    desk: Desk,
    stored: StoredDraft,
    registration: Registration,
    answers: Mapping[str, Any],
) -> Application:
    """Make an application of a draft, which ends with it."""
    contact = get_contact(uow, stored.chat_id)
    today = uow.now.astimezone(desk.time_zone).date()
    promised_on = answer_due_on(today, desk.answer_within_working_days)
    application = Application(
        number=await draw_free_number(uow),
        chat_id=contact.chat_id,
        draft_tag=stored.draft.tag,
        form_version=desk.form.version,
        registration=registration,
        answers=answers,
        submitted_at=uow.now,
        answer_due_on=promised_on,
        due_at=end_of_day(promised_on, desk.time_zone),
    )
    uow.add_application(application)
    uow.record(note_worker(Act.SUBMIT, application.number))
    wants_notices = contact.wants_notices or registration.wants_notices
    uow.save_contact(replace(contact, wants_notices=wants_notices))
    return application


def tell_submitted(uow: UnitOfWork, desk: Desk, chat_id: int, application: Application) -> None:
    """Tell the number, to be copied with one tap, and the day; then what can be done next."""
    number = format_number(application.number)
    received = message(
        "submitted.received", number=Code(number), answer_by=application.answer_due_on
    )
    copy = Button(message("button.copy_number"), copies=number)
    say(uow, desk, chat_id, Say((received,), Buttons(((copy,),))))
    say_with_menu(uow, desk, chat_id, message("submitted.what_next"))


async def draw_free_number(uow: UnitOfWork) -> str:
    """Draw a number that no application has."""
    while True:
        number = draw_number(secrets.randbelow(10**8))
        if not await uow.is_number_taken(number):
            return number

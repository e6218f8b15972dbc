"""What a person can ask for outside the form, and at every step of it."""

from dataclasses import replace

from db.unit_of_work import UnitOfWork
from domain.applications import ApplicationSummary, Status
from domain.contacts import Contact
from domain.events import AskedAgain, Cancelled, ChoiceMade, HelpRequested
from domain.numbers import format_number
from domain.replies import Button, Buttons, Rewrite, Say, Tap
from domain.texts import Code, Text, message
from services.chats import get_contact, say, say_with_menu
from services.desk import Desk, Person
from services.registration import take_event

CHAT = "chat"
"""In place of a draft's tag: a button that belongs to the chat, not to a draft."""

LANGUAGE = "language"
IN_ONE_MESSAGE = 10
"""Applications told in one message, which has room for about 4,000 characters."""

NAMES = {"km": message("language.km"), "en": message("language.en")}


async def tell_status(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Tell the stage of every application of this chat, its date and what happens next."""
    summaries = await uow.list_applications(person.chat_id)
    paragraphs = [_describe(summary, desk) for summary in summaries]
    if uow.find_draft(person.chat_id) is not None:
        paragraphs.append(message("status.draft"))
    if not paragraphs:
        paragraphs.append(message("status.none"))
    for first in range(0, len(paragraphs), IN_ONE_MESSAGE):
        say_with_menu(uow, desk, person.chat_id, *paragraphs[first : first + IN_ONE_MESSAGE])


def _describe(summary: ApplicationSummary, desk: Desk) -> Text:
    return message(
        "status.application",
        number=Code(format_number(summary.number)),
        name=f"{summary.family_km} {summary.given_km}".strip(),
        stage=_stage(summary.status),
        submitted_on=summary.submitted_at.astimezone(desk.time_zone).date(),
        next=message("next.submitted", answer_by=summary.answer_due_on),
    )


def _stage(status: Status) -> Text:
    match status:
        case Status.SUBMITTED:
            return message("stage.submitted")
        case _:
            raise NotImplementedError(f"no words yet for the stage {status}")


def offer_languages(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Show the languages to choose from."""
    row = tuple(Button(name, Tap(CHAT, LANGUAGE, locale)) for locale, name in NAMES.items())
    say(uow, desk, person.chat_id, Say((message("ask.language"),), Buttons((row,))))


async def choose_language(
    uow: UnitOfWork, desk: Desk, person: Person, locale: str, message_id: int | None
) -> None:
    """Speak this language from now on, and ask the open question again in it."""
    stored = uow.find_draft(person.chat_id)
    if stored is not None and stored.draft.question == LANGUAGE:
        event = ChoiceMade(stored.draft.tag, LANGUAGE, locale, message_id)
        await take_event(uow, desk, person, event)
        return
    uow.save_contact(replace(get_contact(uow, person.chat_id), locale=locale))
    if message_id is not None:
        chosen = message("answer.chosen", answer=NAMES[locale])
        say(uow, desk, person.chat_id, Rewrite(message_id, (message("ask.language"), chosen)))
    if stored is not None:
        await take_event(uow, desk, person, AskedAgain("language"))
    else:
        say_with_menu(uow, desk, person.chat_id, message("language.changed"))


async def help_person(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Explain the open question, or what the bot is for."""
    if uow.find_draft(person.chat_id) is not None:
        await take_event(uow, desk, person, HelpRequested())
    else:
        say_with_menu(uow, desk, person.chat_id, message("help.outside"))


async def cancel(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Offer to erase the draft."""
    if uow.find_draft(person.chat_id) is not None:
        await take_event(uow, desk, person, Cancelled())
    else:
        say_with_menu(uow, desk, person.chat_id, message("cancel.nothing"))


def stop_notices(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Send no more notices to this chat; answers about its applications still come."""
    contact = get_contact(uow, person.chat_id)
    words = message("stop.done") if contact.wants_notices else message("stop.already")
    _set_notices(uow, contact, wanted=False)
    say_with_menu(uow, desk, person.chat_id, words)


def resume_notices(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Send notices to this chat again."""
    _set_notices(uow, get_contact(uow, person.chat_id), wanted=True)
    say_with_menu(uow, desk, person.chat_id, message("notices.on.done"))


def _set_notices(uow: UnitOfWork, contact: Contact, *, wanted: bool) -> None:
    if contact.wants_notices != wanted:
        uow.save_contact(replace(contact, wants_notices=wanted))


def note_blocked(uow: UnitOfWork, person: Person) -> None:
    """Note that the person has blocked the bot: nothing more is sent there."""
    contact = uow.find_contact(person.chat_id)
    if contact is not None:
        uow.save_contact(replace(contact, reachable=False))
    uow.cancel_calls(person.chat_id)


def note_edit(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Say kindly that a changed message is not read."""
    say_with_menu(uow, desk, person.chat_id, message("edited.ignored"))


def apologise(uow: UnitOfWork, desk: Desk, chat_id: int) -> None:
    """Say that something went wrong on our side and that no answer is lost."""
    say_with_menu(uow, desk, chat_id, message("apology.failed"))

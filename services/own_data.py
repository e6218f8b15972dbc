"""What is held about the person of a chat, and who has looked at it."""

from datetime import date

from db import sent_answers
from db.errors import told_apart
from db.looks import Look, list_looks
from db.unit_of_work import UnitOfWork
from domain.answers.types import stack_texts
from domain.applications import ApplicationSummary
from domain.numbers import format_number
from domain.replies import Say
from domain.revisions import list_items
from domain.texts import Code, PlaceName, Text, message
from services.audit import note_worker
from services.chats import get_contact, say, say_with_menu
from services.desk import Desk, Person

APPLICATIONS_TOLD = 5
LOOKS_TOLD = 20
LOOKS_READ = 200
_PROVINCE_DIGITS = 2


async def tell_own_data(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Tell what is held about the person, by applications, and who opened them."""
    made = await uow.list_applications(person.chat_id)
    for summary in made[-APPLICATIONS_TOLD:]:
        say(uow, desk, person.chat_id, Say(await _describe(uow, desk, summary)))
    if made:
        uow.record(note_worker("see_own_data", None))
        looks = await _word_looks(uow, desk, [summary.number for summary in made])
        say(uow, desk, person.chat_id, Say(looks))
    say_with_menu(uow, desk, person.chat_id, *_describe_chat(uow, person, len(made)))


async def _describe(uow: UnitOfWork, desk: Desk, summary: ApplicationSummary) -> tuple[Text, ...]:
    """Write the answers of an application under each other; the card's number is masked."""
    heading = message(
        "mydata.application",
        number=Code(format_number(summary.number)),
        sent_on=summary.submitted_at.astimezone(desk.time_zone).date(),
    )
    with told_apart():
        sent = await sent_answers.find(uow.connection, summary.number)
    items = list_items(desk.form, sent) if sent else []
    lines = [message("review.line", title=item.title, answer=item.answer) for item in items]
    return (heading, stack_texts(lines)) if lines else (heading,)


async def _word_looks(uow: UnitOfWork, desk: Desk, numbers: list[str]) -> tuple[Text, ...]:
    with told_apart():
        looks = await list_looks(uow.connection, numbers, LOOKS_READ)
    if not looks:
        return (message("mydata.not_opened"),)
    told = {_show_look(desk, look): _word_look(desk, look) for look in reversed(looks)}
    return message("mydata.opened"), stack_texts(list(reversed(told.values()))[:LOOKS_TOLD])


def _show_look(desk: Desk, look: Look) -> tuple[str, str, date]:
    """Say what makes a look worth a line: an officer opens a case several times while at it."""
    office = min(look.places)[:_PROVINCE_DIGITS] if look.places else ""
    return look.number, office, look.at.astimezone(desk.time_zone).date()


def _word_look(desk: Desk, look: Look) -> Text:
    at, number = look.at.astimezone(desk.time_zone), Code(format_number(look.number))
    if not look.places:
        return message("mydata.look_of_ministry", at=at, number=number)
    office = PlaceName(min(look.places)[:_PROVINCE_DIGITS], short=True)
    return message("mydata.look", office=office, at=at, number=number)


def _describe_chat(uow: UnitOfWork, person: Person, made: int) -> list[Text]:
    contact = get_contact(uow, person.chat_id)
    if made == 0 and uow.find_contact(person.chat_id) is None:
        return [message("mydata.nothing")]
    notices = message("mydata.notices") if contact.wants_notices else message("mydata.no_notices")
    draft = uow.find_draft(person.chat_id)
    return [
        message("mydata.chat"),
        notices,
        *([message("mydata.draft")] if draft else []),
        message("mydata.yours"),
    ]

"""Whoever opens the link of an event day, from its poster, sees first what day that is."""

from db import attendances, campaigns
from db.errors import told_apart
from db.unit_of_work import UnitOfWork
from domain.applications import Status
from domain.campaigns import CODE, JOINT, SUFFIX, Campaign, make_source, takes_answers
from domain.campaigns import Status as DayStatus
from domain.events import Started
from domain.replies import Button, Buttons, Say, Tap
from domain.texts import Text, message
from services.campaign_words import list_values, name_day
from services.campaigns import is_public
from services.chats import get_locale, say, say_with_menu
from services.desk import Desk, Person
from services.event_maps import make_map_button
from services.registration import take_event
from services.rsvp import get_answer
from services.rsvp_buttons import CAMPAIGN, Answer, make_answer_buttons

REGISTER = "register"


async def open_link(uow: UnitOfWork, desk: Desk, person: Person, source: str | None) -> None:
    """Show the event day of a link to who is registered; begin the form for everybody else."""
    campaign = await _find_day(uow, source) if source else None
    if campaign is None or source is None:
        await take_event(uow, desk, person, Started(source))
        return
    is_open = takes_answers(campaign, uow.now, desk.time_zone)
    if not await _is_registered(uow, person):
        say(uow, desk, person.chat_id, Say((_word_line(campaign, is_open=is_open),)))
        await take_event(uow, desk, person, Started(source))
    elif is_open:
        await _show_day(uow, desk, person, campaign, source)
    else:
        say_with_menu(uow, desk, person.chat_id, _word_over(campaign))


async def register_another(
    uow: UnitOfWork, desk: Desk, person: Person, tap_id: str | None, source: str
) -> None:
    """Begin the form for somebody else, from below an event day."""
    await take_event(uow, desk, person, Started(source), tap_id)


async def _find_day(uow: UnitOfWork, source: str) -> Campaign | None:
    """Find the day of a link; one that is not announced is as little known as no day."""
    code = source.partition(JOINT)[0]
    if CODE.fullmatch(code) is None:
        return None
    with told_apart():
        found = await campaigns.find_by_code(uow.connection, code)
    return found if found and await is_public(uow.connection, found) else None


async def _is_registered(uow: UnitOfWork, person: Person) -> bool:
    made = await uow.list_applications(person.chat_id)
    return any(one.status is not Status.WITHDRAWN for one in made)


async def _show_day(
    uow: UnitOfWork, desk: Desk, person: Person, campaign: Campaign, source: str
) -> None:
    with told_apart():
        guest = await attendances.find_guest_of_chat(uow.connection, campaign.id, person.chat_id)
        if guest is not None:
            await attendances.note_shown(uow.connection, campaign.id, guest.application_id)
        said = await get_answer(uow, campaign, guest) if guest else Answer.NONE
    locale = get_locale(uow, desk, person.chat_id)
    day = message("event_link.day", **list_values(campaign.known))
    is_coming = said is Answer.COMING
    asked = message("event_link.expected") if is_coming else message("event_link.ask")
    rows = (
        *make_answer_buttons(campaign.id, said),
        (make_map_button(desk, campaign.known, locale),),
        (_make_register_button(campaign, source),),
    )
    say(uow, desk, person.chat_id, Say((day, asked), Buttons(rows)))


def _make_register_button(campaign: Campaign, source: str) -> Button:
    """Make the button that carries a link's source on; a forged suffix stays behind."""
    suffix = source.partition(JOINT)[2]
    known = make_source(campaign.plan.code, suffix if SUFFIX.fullmatch(suffix) else "")
    return Button(message("event_link.register"), Tap(CAMPAIGN, REGISTER, known))


def _word_line(campaign: Campaign, *, is_open: bool) -> Text:
    if is_open:
        return message("event_link.line", **list_values(campaign.known))
    return message("event_link.register_still", over=_word_over(campaign))


def _word_over(campaign: Campaign) -> Text:
    name = name_day(campaign.plan)
    if campaign.status is DayStatus.CANCELLED:
        return message("event_link.called_off", name=name)
    return message("event_link.past", name=name, on=campaign.plan.held_on)

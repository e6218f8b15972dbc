"""People say whether they come to an event day, by the buttons of its invitation."""

from collections.abc import Mapping
from dataclasses import replace

from db import attendances, campaigns, notice_answers, notices
from db import rsvp as asked
from db.attendances import Guest
from db.errors import told_apart
from db.notices import StoredNotice
from db.unit_of_work import UnitOfWork
from domain.campaigns import Campaign, takes_answers
from domain.notice_content import Content, find_day, read_content
from domain.replies import Say
from domain.texts import Text, message
from domain.whole_numbers import read_number
from services.campaign_words import list_values
from services.chats import get_locale, say, toast
from services.desk import Desk, Person
from services.event_maps import offer_point
from services.notice_messages import Pressed, write_buttons
from services.rsvp_buttons import Answer

_NOTED: Mapping[Answer, Text] = {
    Answer.COMING: message("rsvp.noted_yes"),
    Answer.WAITING: message("rsvp.noted_waiting"),
    Answer.NOT_COMING: message("rsvp.noted_no"),
}


async def answer_invitation(
    uow: UnitOfWork,
    desk: Desk,
    person: Person,
    tap_id: str | None,
    choice: str,
    *,
    coming: bool,
    message_id: int | None = None,
) -> None:
    """Note whether somebody comes; until the day is over they may change their mind.

    Only who was invited or reminded may answer, or whom its poster brought.
    """
    with told_apart():
        found = await _find_asked(uow, desk, person, choice)
        if isinstance(found, Text):
            toast(uow, desk, person.chat_id, tap_id, found)
            return
        campaign, guest = found
        await attendances.answer(uow.connection, campaign.id, guest.application_id, coming, uow.now)
        if not coming:
            await asked.drop_reminded(uow.connection, campaign.id, person.chat_id, uow.now)
        said = await get_answer(uow, campaign, replace(guest, coming=coming))
        await _show(uow, desk, person, campaign, message_id, said)
        toast(uow, desk, person.chat_id, tap_id, _NOTED[said])
        has_moved_up = await _note_wait(uow, campaign, guest, said)
        if coming and (has_moved_up or guest.coming is not True):
            words = await _welcome(uow, campaign, said)
            map_of_it = offer_point(campaign.known) if said is Answer.COMING else None
            say(uow, desk, person.chat_id, Say(words, map_of_it))


async def ask_to_stop(
    uow: UnitOfWork,
    desk: Desk,
    person: Person,
    tap_id: str | None,
    choice: str,
    *,
    sure: bool,
    message_id: int | None = None,
) -> None:
    """Ask back whether somebody who wants no reminder of a day does not come, or leave it so."""
    with told_apart():
        found = await _find_asked(uow, desk, person, choice)
        if isinstance(found, Text):
            toast(uow, desk, person.chat_id, tap_id, found)
            return
        campaign, guest = found
        said = await get_answer(uow, campaign, guest)
        shown = Answer.STOPPING if sure and said is Answer.COMING else said
        await _show(uow, desk, person, campaign, message_id, shown)
    words = message("rsvp.quiet_asked") if shown is Answer.STOPPING else message("notice.kept")
    toast(uow, desk, person.chat_id, tap_id, words)


async def find_tapped(uow: UnitOfWork, choice: str) -> Campaign | None:
    """Find the event day that a button names; what it carries may be anything."""
    campaign_id = read_number(choice)
    return None if campaign_id is None else await campaigns.find(uow.connection, campaign_id)


async def find_own_answer(uow: UnitOfWork, content: Content, chat_id: int) -> Answer:
    """Find what somebody has said to the event day that a notice asks about."""
    campaign_id = find_day(content)
    if campaign_id is None:
        return Answer.NONE
    with told_apart():
        campaign = await campaigns.find(uow.connection, campaign_id)
        guest = await attendances.find_guest_of_chat(uow.connection, campaign_id, chat_id)
        if campaign is None or guest is None:
            return Answer.NONE
        return await get_answer(uow, campaign, guest)


async def get_answer(uow: UnitOfWork, campaign: Campaign, guest: Guest) -> Answer:
    """Get what somebody has said to an event day, and whether there is a place for them."""
    if guest.coming is None:
        return Answer.NONE
    if not guest.coming:
        return Answer.NOT_COMING
    places, application_id = campaign.plan.capacity, guest.application_id
    waits = await asked.is_waiting(uow.connection, campaign.id, places, application_id)
    return Answer.WAITING if waits else Answer.COMING


async def _note_wait(uow: UnitOfWork, campaign: Campaign, guest: Guest, said: Answer) -> bool:
    """Note who is to be told of a place; True of somebody who finds that they have one by now."""
    if said is Answer.WAITING:
        await asked.begin_wait(uow.connection, campaign.id, guest.application_id, uow.now)
        return False
    waited = await asked.end_wait(uow.connection, campaign.id, [guest.application_id])
    return waited and said is Answer.COMING


async def _find_asked(
    uow: UnitOfWork, desk: Desk, person: Person, choice: str
) -> tuple[Campaign, Guest] | Text:
    """Find the event day and the guest that a tap is about, or say why there is none."""
    campaign = await find_tapped(uow, choice)
    if campaign is None or not takes_answers(campaign, uow.now, desk.time_zone):
        return message("rsvp.over")
    guest = await attendances.find_guest_of_chat(uow.connection, campaign.id, person.chat_id)
    if guest is None:
        return message("rsvp.register_first")
    if not await _is_asked(uow, campaign, person.chat_id):
        return message("notice.not_yours")
    return campaign, guest


async def _is_asked(uow: UnitOfWork, campaign: Campaign, chat_id: int) -> bool:
    """Tell whether a notice in a chat, or a poster, asked somebody to come."""
    if await asked.list_asking(uow.connection, campaign.id, chat_id):
        return True
    return await asked.is_brought(uow.connection, campaign.id, campaign.plan.code, chat_id)


async def _show(
    uow: UnitOfWork,
    desk: Desk,
    person: Person,
    campaign: Campaign,
    message_id: int | None,
    said: Answer,
) -> None:
    """Show what was answered under the message that asked; its other buttons stay."""
    if message_id is None:
        return
    chat_id = person.chat_id
    stored = await _find_shown(uow, campaign, chat_id, message_id)
    if stored is None:
        return
    given = await notice_answers.list_of(uow.connection, stored.id, chat_id)
    content, pressed = read_content(stored.notice.content), Pressed(given, guest=said)
    locale = get_locale(uow, desk, chat_id)
    uow.send(write_buttons(content, stored.id, chat_id, message_id, locale, desk.names, pressed))


async def _find_shown(
    uow: UnitOfWork, campaign: Campaign, chat_id: int, message_id: int
) -> StoredNotice | None:
    """Find the notice that a message is; of one whose sending is uncertain, the id is not known."""
    for one in await asked.list_asking(uow.connection, campaign.id, chat_id):
        if one.message_id in (message_id, None):
            return await notices.find(uow.connection, one.notice_id)
    return None


async def _welcome(uow: UnitOfWork, campaign: Campaign, said: Answer) -> tuple[Text, ...]:
    day = message("rsvp.day", **list_values(campaign.known))
    if said is Answer.WAITING:
        return message("rsvp.waiting"), day
    reminders = await campaigns.list_reminders(uow.connection, campaign.id)
    is_reminded = any(one.status == campaigns.PENDING for one in reminders)
    more = (message("rsvp.reminded"),) if is_reminded else ()
    return message("rsvp.welcome"), day, *more, message("rsvp.bring")

"""People say whether they come to an event day, by the buttons of its invitation."""

from db import attendances, campaigns
from db.errors import told_apart
from db.unit_of_work import UnitOfWork
from domain.campaigns import Campaign, takes_answers
from domain.replies import Button, Say, Tap
from domain.texts import Text, message
from services.chats import get_locale, say, toast
from services.desk import Desk, Person

CAMPAIGN = "camp"
"""In place of a draft's tag: a button that belongs to an event day."""

YES, NO = "yes", "no"
MOST_DIGITS = 12


def make_answer_buttons(campaign_id: int) -> tuple[tuple[Button, ...], ...]:
    """Make the buttons of an invitation."""
    coming = Button(message("rsvp.button_yes"), Tap(CAMPAIGN, YES, str(campaign_id)))
    not_coming = Button(message("rsvp.button_no"), Tap(CAMPAIGN, NO, str(campaign_id)))
    return (coming,), (not_coming,)


async def answer_invitation(
    uow: UnitOfWork, desk: Desk, person: Person, tap_id: str | None, choice: str, *, coming: bool
) -> None:
    """Note whether somebody comes; until the day is over they may change their mind."""
    with told_apart():
        campaign = await find_tapped(uow, choice)
        if campaign is None or not takes_answers(campaign, uow.now, desk.time_zone):
            toast(uow, desk, person.chat_id, tap_id, message("rsvp.over"))
            return
        guest = await attendances.find_guest_of_chat(uow.connection, campaign.id, person.chat_id)
        if guest is None:
            toast(uow, desk, person.chat_id, tap_id, message("rsvp.register_first"))
            return
        await attendances.answer(uow.connection, campaign.id, guest.application_id, coming, uow.now)
        is_full = await _is_full(uow, campaign)
    toast(uow, desk, person.chat_id, tap_id, _word_noted(coming))
    if coming and guest.coming is not True:
        words = _welcome(uow, desk, person, campaign, is_full=is_full)
        say(uow, desk, person.chat_id, Say(words))


async def find_tapped(uow: UnitOfWork, choice: str) -> Campaign | None:
    """Find the event day that a button names; what it carries may be anything."""
    if not (choice.isascii() and choice.isdigit() and len(choice) <= MOST_DIGITS):
        return None
    return await campaigns.find(uow.connection, int(choice))


def _word_noted(coming: bool) -> Text:
    return message("rsvp.noted_yes") if coming else message("rsvp.noted_no")


def _welcome(
    uow: UnitOfWork, desk: Desk, person: Person, campaign: Campaign, *, is_full: bool
) -> tuple[Text, ...]:
    plan, locale = campaign.plan, get_locale(uow, desk, person.chat_id)
    starts_at = plan.starts_at.astimezone(desk.time_zone)
    words = (
        message("rsvp.welcome", name=plan.names[locale], at=starts_at, venue=plan.venues[locale]),
        message("rsvp.bring"),
    )
    return (message("rsvp.full"), *words) if is_full else words


async def _is_full(uow: UnitOfWork, campaign: Campaign) -> bool:
    capacity = campaign.plan.capacity
    if capacity is None:
        return False
    return await attendances.count_coming(uow.connection, campaign.id) > capacity

"""Who waited for a place at an event day is told once there is one: by day, some at a time."""

from datetime import datetime

from db import campaigns, opt_outs, rsvp
from db.errors import told_apart
from db.unit_of_work import UnitOfWork
from domain.campaigns import Campaign, is_pressing, takes_answers
from domain.notices import Topic
from domain.outbox import Lane
from domain.quiet_hours import is_quiet
from domain.replies import Say
from domain.texts import message
from services.campaign_words import list_values
from services.chats import get_contact, get_locale
from services.desk import Desk
from services.event_maps import offer_point
from services.messages import write_call
from services.reminders import RunUnit

AT_ONCE = 50


async def tell_of_places(run: RunUnit, desk: Desk, campaign_id: int) -> None:
    """Tell those of an event day who waited and have a place now, part by part."""
    told = [AT_ONCE]

    async def tell(uow: UnitOfWork) -> None:
        told.append(await _tell_some(uow, desk, campaign_id))

    while told[-1] == AT_ONCE:
        await run(tell)


async def list_waited_for(run: RunUnit) -> list[int]:
    """List the event days of which somebody waits to be told of a place."""
    found: list[int] = []

    async def look(uow: UnitOfWork) -> None:
        with told_apart():
            found.extend(await rsvp.list_waited_for(uow.connection))

    await run(look)
    return found


async def _tell_some(uow: UnitOfWork, desk: Desk, campaign_id: int) -> int:
    """Tell some, and count them; whoever wants nothing of their own matters is left alone."""
    with told_apart():
        campaign = await campaigns.find(uow.connection, campaign_id)
        if campaign is None or not _may_tell(campaign, desk, uow.now):
            return 0
        places = campaign.plan.capacity
        moved = await rsvp.list_moved_up(uow.connection, campaign_id, places, AT_ONCE)
        await rsvp.end_wait(uow.connection, campaign_id, [one for one, _ in moved])
        await uow.load([chat_id for _, chat_id in moved if chat_id is not None])
        for _, chat_id in moved:
            if chat_id is not None and await _is_told(uow, chat_id):
                _tell(uow, desk, chat_id, campaign)
    return len(moved)


def _may_tell(campaign: Campaign, desk: Desk, now: datetime) -> bool:
    """Tell whether it is day, or the event so near that people may set out before it is."""
    is_night = is_quiet(now.astimezone(desk.time_zone))
    is_urgent = is_pressing(campaign.plan.starts_at, now, desk.time_zone)
    return takes_answers(campaign, now, desk.time_zone) and (is_urgent or not is_night)


async def _is_told(uow: UnitOfWork, chat_id: int) -> bool:
    switched_off = await opt_outs.list_of_chat(uow.connection, chat_id)
    return get_contact(uow, chat_id).reachable and Topic.MY_APPLICATION not in switched_off


def _tell(uow: UnitOfWork, desk: Desk, chat_id: int, campaign: Campaign) -> None:
    day = message("rsvp.day", **list_values(campaign.known))
    words = message("rsvp.moved_up"), day, message("rsvp.bring")
    reply, locale = Say(words, offer_point(campaign.known)), get_locale(uow, desk, chat_id)
    uow.send(write_call(reply, chat_id, locale, desk.names, lane=Lane.BULK))

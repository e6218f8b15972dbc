"""What the pages of event days share: which one is meant, its words, and its link."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from db import campaigns
from db.staff import Connection
from domain.campaigns import Campaign, ReminderKind, Status, end_of_counting, may_serve
from domain.staff import Right, scope_of
from domain.texts import Text, message
from services.campaigns import NoSuchCampaign, get_campaign
from web.office import Office
from web.visits import Visit, get_id, get_office

TO_OPEN = (Right.RUN_CAMPAIGNS, Right.SEE_RESULTS)
STATUSES: Mapping[Status, Text] = {
    Status.PLANNED: message("campaigns.status.planned"),
    Status.HELD: message("campaigns.status.held"),
    Status.CANCELLED: message("campaigns.status.cancelled"),
}
BADGES: Mapping[Status, str] = {
    Status.PLANNED: "info",
    Status.HELD: "ok",
    Status.CANCELLED: "off",
}
REMINDERS: Mapping[ReminderKind, Text] = {
    ReminderKind.THREE_DAYS: message("campaigns.reminder.three_days"),
    ReminderKind.DAY_BEFORE: message("campaigns.reminder.day_before"),
    ReminderKind.MORNING: message("campaigns.reminder.morning"),
}
REMINDER_STATUSES: Mapping[str, Text] = {
    "pending": message("campaigns.reminder.pending"),
    "made": message("campaigns.reminder.made"),
    "expired": message("campaigns.reminder.expired"),
}
FIGURES: dict[str, tuple[Text, Text]] = {
    "invited": (message("campaigns.invited"), message("campaigns.invited_means")),
    "answered": (message("campaigns.answered"), message("campaigns.answered_means")),
    "coming": (message("campaigns.coming"), message("campaigns.coming_means")),
    "waiting": (message("campaigns.waiting"), message("campaigns.waiting_means")),
    "came": (message("campaigns.came"), message("campaigns.came_means")),
    "registered": (message("campaigns.registered"), message("campaigns.registered_means")),
    "approved": (message("campaigns.approved"), message("campaigns.approved_means")),
}
"""What is counted, by its name and what it means."""

COUNTS: Mapping[str, tuple[Text, Text]] = FIGURES | {
    "checked_in": (message("campaigns.checked_in"), message("campaigns.checked_in_means")),
    "at_desk": (message("campaigns.at_desk"), message("campaigns.at_desk_means")),
    "by_code": (message("campaigns.registered"), message("campaigns.by_source_means")),
}
"""The same, with what is counted of one source or one officer only."""

WORDS: Mapping[str, Any] = {
    "statuses": STATUSES,
    "badges": BADGES,
    "reminder_kinds": REMINDERS,
    "reminder_statuses": REMINDER_STATUSES,
    "figure_words": FIGURES,
}


async def get_asked(request: Request, visit: Visit, *rights: Right) -> Campaign:
    """Get the event day that an address names; one that is not the visitor's is not here."""
    campaign_id = get_id(request)
    async with get_office(request).database.read() as connection:
        try:
            return await get_campaign(connection, visit.actor.staff, campaign_id, *rights)
        except NoSuchCampaign:
            raise HTTPException(404) from None


def may_open(visit: Visit, campaign: Campaign) -> bool:
    """Tell whether the page of an event day opens to a visitor; to some only its desk does."""
    return any(may_serve(visit.actor.staff, right, campaign.plan.place) for right in TO_OPEN)


async def act(request: Request, use_case: Any) -> Any:
    """Run what changes an event day; one that is not there any more is not here."""
    try:
        return await get_office(request).act(use_case)
    except NoSuchCampaign:
        raise HTTPException(404) from None


async def list_days(connection: Connection, visit: Visit) -> list[Campaign]:
    """List the days at which somebody checks in, and those of which they see the results."""
    serves, reads = (
        scope_of(visit.actor.staff, one) for one in (Right.CHECK_IN, Right.SEE_RESULTS)
    )
    found = await campaigns.list_touched(connection, serves) if serves else []
    more = await campaigns.list_within(connection, reads) if reads else []
    days = {one.id: one for one in (*found, *more)}
    return sorted(days.values(), key=lambda one: (one.plan.held_on, one.id), reverse=True)


def count_until(office: Office, campaign: Campaign) -> datetime:
    """Return until when registrations count."""
    return end_of_counting(campaign.plan, office.desk.time_zone)


def make_link(office: Office, source: str) -> str:
    """Make the link that leads to the registration and tells its source."""
    return f"https://t.me/{office.bot_name()}?start={source}"

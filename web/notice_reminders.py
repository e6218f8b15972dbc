"""The reminders of an event day, shown to whoever approves them with its invitation."""

from dataclasses import replace

from db import campaigns
from db.notices import StoredNotice
from db.staff import Connection
from domain.campaigns import Occasion, plan_reminders
from domain.notice_content import Content
from domain.texts import Text
from services.campaign_words import write_reminder
from services.desk import Desk
from web.campaign_page import REMINDERS


async def list_following(
    connection: Connection, desk: Desk, stored: StoredNotice
) -> list[tuple[Text, Content]]:
    """List the reminders that follow an invitation, each named, as they read once it is sent."""
    if stored.occasion is not Occasion.INVITATION or stored.campaign_id is None:
        return []
    day = await campaigns.find(connection, stored.campaign_id)
    if day is None:
        return []
    announced = replace(day, told_km=None, told_en=None)
    planned = plan_reminders(day.plan, desk.time_zone)
    return [(REMINDERS[one.kind], write_reminder(desk, announced, one.kind)) for one in planned]

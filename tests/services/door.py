"""The door of an event day: whose code is shown, who is let in, and who registers at the desk."""

from collections.abc import Mapping
from typing import Any

from db import attendances
from documents.check_in import Ticket, write_link
from domain.campaigns import Campaign
from domain.desk_form import Entry as DeskEntry
from domain.desk_form import fill
from domain.registration_form import REGISTRATION_FORM
from services.check_in import Entry, admit
from services.desk import Actor
from services.desk_registration import make_context, register
from tests.domain.test_desk_form import ENTRIES
from tests.services.counter import Counter
from tests.services.office import NUMBER, SIGNING_KEY, Bureau

SOKHA = 7
"""The chat of somebody whose code is shown."""


def make_link(campaign: Campaign, number: str = NUMBER) -> str:
    """Make the link of the code of somebody for an event day."""
    return write_link(SIGNING_KEY, Ticket(campaign.id, number))


async def count_came(counter: Counter, campaign: Campaign) -> int:
    """Count who has come to an event day."""
    async with counter.database.read() as connection:
        return await attendances.count_came(connection, campaign.id)


async def check_in(bureau: Bureau, actor: Actor, campaign: Campaign, number: str) -> Any:
    """Let an officer type a number at the door, and give what comes of it."""
    return await bureau.act(admit, actor, campaign, Entry(number))


async def register_page(
    bureau: Bureau,
    actor: Actor,
    campaign: Campaign,
    tag: str,
    entries: Mapping[str, DeskEntry] = ENTRIES,
) -> str:
    """Register somebody at the desk, and give the number."""
    context, plan = make_context(bureau.counter.desk, bureau.counter.clock(), "km"), campaign.plan
    draft = fill(REGISTRATION_FORM, entries, context, tag, plan.code, plan.place).draft
    number: str = await bureau.act(register, actor, campaign, draft, context)
    return number

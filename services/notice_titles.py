"""How notices are named to staff: of event days by what each is for and of which day."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from db import campaigns
from db.errors import told_apart
from db.notices import StoredNotice
from db.staff import Connection
from domain.campaigns import Campaign, Occasion, ReminderKind
from domain.notice_content import read_content
from domain.texts import Bilingual, Text, message

Title: TypeAlias = str | Text
"""An author's own words, or those of the reader's language."""

OCCASIONS: Mapping[Occasion, Text] = {
    Occasion.INVITATION: message("notices.occasion.invitation"),
    Occasion.REMINDER: message("notices.occasion.reminder"),
    Occasion.NEWS: message("notices.occasion.news"),
}
REMINDERS: Mapping[ReminderKind, Text] = {
    ReminderKind.THREE_DAYS: message("notices.occasion.three_days"),
    ReminderKind.DAY_BEFORE: message("notices.occasion.day_before"),
    ReminderKind.MORNING: message("notices.occasion.morning"),
}

CALLED_OFF = message("notices.occasion.called_off")


async def name_notices(connection: Connection, listed: Iterable[StoredNotice]) -> dict[int, Title]:
    """Name notices by their ids: those without an event day as their authors did."""
    listed = list(listed)
    ids = {one.campaign_id for one in listed if one.occasion and one.campaign_id}
    days = {one: await campaigns.find(connection, one) for one in sorted(ids)}
    kinds = {
        made.notice_id: made.reminder.kind
        for one in days
        for made in await campaigns.list_reminders(connection, one)
    }
    return {one.id: _name(one, days.get(one.campaign_id or 0), kinds.get(one.id)) for one in listed}


async def name_notice(connection: Connection, stored: StoredNotice) -> Title:
    """Name one notice."""
    with told_apart():
        return (await name_notices(connection, [stored]))[stored.id]


def _name(stored: StoredNotice, day: Campaign | None, kind: ReminderKind | None) -> Title:
    """Name one; an author's own title of an invitation stays."""
    if stored.occasion is None or day is None:
        return stored.title
    words = REMINDERS[kind] if kind else _word_occasion(stored, stored.occasion)
    is_own = stored.occasion is Occasion.INVITATION and stored.title not in day.plan.names.values()
    name = (
        stored.title if is_own and stored.title else Bilingual(day.plan.name_km, day.plan.name_en)
    )
    return message("notices.of_day", occasion=words, name=name)


def _word_occasion(stored: StoredNotice, occasion: Occasion) -> Text:
    """Say what a notice is for; of all news, only those of a day called off ask nothing again."""
    asks_again = read_content(stored.notice.content).buttons
    return CALLED_OFF if occasion is Occasion.NEWS and not asks_again else OCCASIONS[occasion]

"""How notices about event days are named: what each is there for, and of which day."""

from collections.abc import Iterable, Mapping

from db import campaigns
from db.notices import StoredNotice
from db.staff import Connection
from domain.campaigns import Campaign, Occasion, ReminderKind
from domain.notice_content import read_content
from domain.texts import Text, message
from locales.catalogue import Names, render_plain

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


async def name_notices(
    connection: Connection, listed: Iterable[StoredNotice], locale: str, names: Names
) -> dict[int, str]:
    """Name notices by their ids: those without an event day as their authors did."""
    listed = list(listed)
    ids = {one.campaign_id for one in listed if one.occasion and one.campaign_id}
    days = {one: await campaigns.find(connection, one) for one in sorted(ids)}
    kinds = {
        made.notice_id: made.reminder.kind
        for one in days
        for made in await campaigns.list_reminders(connection, one)
    }
    return {
        one.id: _name(one, days.get(one.campaign_id or 0), kinds.get(one.id), locale, names)
        for one in listed
    }


def _name(
    stored: StoredNotice,
    day: Campaign | None,
    kind: ReminderKind | None,
    locale: str,
    names: Names,
) -> str:
    """Name one; an author's own title of an invitation stays."""
    if stored.occasion is None or day is None:
        return stored.title
    words = REMINDERS[kind] if kind else _word_occasion(stored, stored.occasion)
    is_own = stored.occasion is Occasion.INVITATION and stored.title not in day.plan.names.values()
    name = stored.title if is_own and stored.title else day.plan.names[locale]
    return f"{render_plain(words, locale, names)} · {name}"


def _word_occasion(stored: StoredNotice, occasion: Occasion) -> Text:
    """Say what a notice is for; of all news, only those of a day called off ask nothing again."""
    asks_again = read_content(stored.notice.content).buttons
    return CALLED_OFF if occasion is Occasion.NEWS and not asks_again else OCCASIONS[occasion]

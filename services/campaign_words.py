"""How an event day is worded, in chats and in what is sent to many."""

from collections.abc import Mapping
from dataclasses import replace

from domain.campaigns import Campaign, Plan, ReminderKind, is_moved_on_map_alone
from domain.notice_content import ButtonKind, Content, NoticeButton
from domain.texts import Bilingual, PlaceName, Text, Value, message
from locales.catalogue import LOCALES, render_plain
from services.desk import Desk

REMINDERS: Mapping[ReminderKind, Text] = {
    ReminderKind.THREE_DAYS: message("event_reminder.three_days"),
    ReminderKind.DAY_BEFORE: message("event_reminder.day_before"),
    ReminderKind.MORNING: message("event_reminder.morning"),
}
"""What each reminder begins with."""

CALLED_OFF, MOVED = message("event_news.called_off"), message("event_news.moved")
"""What news to guests begin with."""

_BRACES = str.maketrans("{}", "()")


def list_values(plan: Plan) -> dict[str, Value]:
    """List what the placeholders stand for in messages that name an event day.

    Braces become round: a notice would take what is between them for a placeholder.
    """
    return {
        "name": name_day(plan),
        "at": plan.hours,
        "venue": Bilingual(plan.venue_km.translate(_BRACES), plan.venue_en.translate(_BRACES)),
        "place": PlaceName(plan.place),
    }


def name_day(plan: Plan) -> Bilingual:
    """Name an event day."""
    return Bilingual(plan.name_km.translate(_BRACES), plan.name_en.translate(_BRACES))


def names_venue(content: Content, plan: Plan) -> bool:
    """Tell whether a notice says where an event day is, as the plan does."""
    return all(
        venue.translate(_BRACES) in content.text(locale) for locale, venue in plan.venues.items()
    )


def write_invitation(desk: Desk, campaign: Campaign) -> Content:
    """Write what an invitation says, until its author words it otherwise."""
    opening = message("invitation.opening", given_name="{given_name}")
    button = _make_button(ButtonKind.RSVP, campaign)
    written = _write(desk, opening, _word_event(campaign.plan), button=button)
    return replace(written, place=campaign.plan.point)


def write_reminder(desk: Desk, campaign: Campaign, kind: ReminderKind) -> Content:
    """Write what a reminder says, as it is shown before the invitation is approved."""
    texts = REMINDERS[kind], _word_event(campaign.known), message("event_reminder.bring")
    written = _write(desk, *texts, button=_make_button(ButtonKind.RSVP_REMINDER, campaign))
    return replace(written, place=campaign.known.point)


def write_called_off(desk: Desk, campaign: Campaign) -> Content:
    """Write what guests are told when an event day is called off."""
    return _write(desk, CALLED_OFF, _word_day(campaign.known), message("event_news.another_day"))


def write_moved(desk: Desk, campaign: Campaign, former: Plan, plan: Plan) -> Content:
    """Write what guests are told when a plan takes the place of the one that they know."""
    button = _make_button(ButtonKind.RSVP, campaign)
    if is_moved_on_map_alone(former, plan):
        mended = _write(desk, message("event_news.map_mended"), _word_day(plan), button=button)
        return replace(mended, place=plan.point)
    before, now = message("event_news.before"), message("event_news.now")
    days = before, _word_day(former), now, _word_day(plan)
    moved = _write(desk, MOVED, *days, message("event_news.answer_again"), button=button)
    return replace(moved, place=plan.point)


def move_words(
    desk: Desk, content: Content, former: Campaign, campaign: Campaign
) -> Content | None:
    """Let an invitation name a day as it is planned now; None if it was worded otherwise before.

    A place on the map that is its author's own stays.
    """
    before, after = (_write(desk, _word_event(one.plan)) for one in (former, campaign))
    if not all(before.text(locale) in content.text(locale) for locale in LOCALES):
        return None
    has_point = content.place == former.plan.point
    return replace(
        content,
        place=campaign.plan.point if has_point else content.place,
        text_km=content.text_km.replace(before.text_km, after.text_km),
        text_en=content.text_en.replace(before.text_en, after.text_en),
    )


def rename_day(desk: Desk, content: Content, former: Plan, plan: Plan) -> Content:
    """Let news name the day by its new name; what they say of before keeps the old one."""
    before, after = (_write(desk, _word_day(one)) for one in (former, plan))
    return replace(
        content,
        text_km=content.text_km.replace(before.text_km, after.text_km),
        text_en=content.text_en.replace(before.text_en, after.text_en),
    )


def word_title(desk: Desk, campaign: Campaign, words: Text) -> str:
    """Name what the program makes for an event day among the notices."""
    said = render_plain(words, desk.default_locale, desk.names)
    return f"{campaign.plan.names[desk.default_locale]} · {said}"[:120]


def _word_event(plan: Plan) -> Text:
    return message("invitation.event", **list_values(plan))


def _word_day(plan: Plan) -> Text:
    return message("event_news.day", **list_values(plan))


def _make_button(kind: ButtonKind, campaign: Campaign) -> NoticeButton:
    return NoticeButton(kind, str(campaign.id))


def _write(desk: Desk, *texts: Text, button: NoticeButton | None = None) -> Content:
    """Write some paragraphs in both languages."""
    written = {
        locale: "\n\n".join(render_plain(text, locale, desk.names) for text in texts)
        for locale in LOCALES
    }
    return Content(written["km"], written["en"], buttons=(button,) if button else ())

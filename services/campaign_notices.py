"""What is sent about an event day: the invitation, and the reminders that are approved with it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from db import notices
from db.errors import told_apart
from db.unit_of_work import UnitOfWork
from domain.audiences import Audience, Field, Filter, write_audience
from domain.campaigns import (
    Campaign,
    Occasion,
    Plan,
    Reminder,
    ReminderKind,
    takes_guests,
)
from domain.notice_content import ButtonKind, Content, NoticeButton, write_content
from domain.notices import Act, Notice, Topic, take_act
from domain.staff import Right
from domain.texts import Appointment, PlaceName, Text, message
from locales.catalogue import LOCALES, render_plain
from services.audit import note_staff
from services.campaigns import NoSuchCampaign, get_campaign, is_announced, subject_of
from services.desk import Actor, Desk

_OPENING = message("invitation.opening", given_name="{given_name}")
REMINDERS: Mapping[ReminderKind, Text] = {
    ReminderKind.THREE_DAYS: message("event_reminder.three_days"),
    ReminderKind.DAY_BEFORE: message("event_reminder.day_before"),
    ReminderKind.MORNING: message("event_reminder.morning"),
}
"""What each reminder begins with."""

CALLED_OFF, MOVED = message("event_news.called_off"), message("event_news.moved")
"""What news to guests begin with."""


async def draft_invitation(uow: UnitOfWork, desk: Desk, actor: Actor, campaign_id: int) -> int:
    """Make the draft of an invitation for everybody at the place, and give the notice's id.

    Raises:
        NoSuchCampaign: there is none that is planned.
    """
    campaign = await get_campaign(uow.connection, actor.staff, campaign_id, Right.RUN_CAMPAIGNS)
    if not takes_guests(campaign, uow.now):
        raise NoSuchCampaign(campaign_id)
    notice = Notice(
        id=0,
        author=actor.staff.id,
        topic=Topic.CAMPAIGNS,
        send_by=campaign.plan.starts_at,
        content=write_content(_make_content(desk, campaign, (_OPENING,))),
        audience=write_audience(await _choose_invited(uow, campaign)),
    )
    with told_apart():
        title = campaign.plan.names[desk.default_locale]
        occasion = Occasion.INVITATION
        notice_id = await notices.add(uow.connection, notice, title, uow.now, campaign_id, occasion)
    details = {"campaign": campaign_id}
    uow.record(note_staff("write_notice", f"notice:{notice_id}", actor, details))
    uow.record(note_staff("invite_guests", subject_of(campaign_id), actor, {"notice": notice_id}))
    return notice_id


async def _choose_invited(uow: UnitOfWork, campaign: Campaign) -> Audience:
    """Choose everybody at the place; later invitations spare whom an earlier one has reached."""
    at_place = Filter(Field.PLACE, (campaign.plan.place,))
    guests = Filter(Field.GUEST, (campaign.plan.code,))
    is_first = not await is_announced(uow.connection, campaign.id)
    return Audience((at_place,), () if is_first else (guests,))


def make_reminder(desk: Desk, campaign: Campaign, reminder: Reminder, invitation: Notice) -> Notice:
    """Make a reminder of all who come, approved by whoever approved the invitation.

    It is about what its reader asked for, and so of the topic of their own application: the cap of
    a week does not hold it back, and who wants no campaigns any more is still reminded of this one.
    """
    coming = Filter(Field.COMING, (campaign.plan.code,))
    return Notice(
        id=0,
        author=invitation.author,
        topic=Topic.MY_APPLICATION,
        approvals=invitation.approvals,
        writers=invitation.writers,
        places=frozenset({campaign.plan.place}),
        send_by=reminder.expires_at,
        content=write_content(write_reminder(desk, campaign, reminder.kind)),
        audience=write_audience(Audience((coming,))),
    )


def write_reminder(desk: Desk, campaign: Campaign, kind: ReminderKind) -> Content:
    """Write what a reminder says, as it is shown before the invitation is approved."""
    content = _make_content(desk, campaign, (REMINDERS[kind],), (message("event_reminder.bring"),))
    return replace(content, buttons=(NoticeButton(ButtonKind.RSVP_REMINDER, str(campaign.id)),))


def write_called_off(desk: Desk, campaign: Campaign) -> Content:
    """Write what guests are told when an event day is called off."""
    texts = {
        locale: _write(
            desk,
            locale,
            CALLED_OFF,
            _word_day(campaign.plan, locale),
            message("event_news.another_day"),
        )
        for locale in LOCALES
    }
    return Content(texts["km"], texts["en"])


def write_moved(desk: Desk, campaign: Campaign, plan: Plan) -> Content:
    """Write what guests are told when a plan takes the place of that of an event day."""
    texts = {
        locale: _write(
            desk,
            locale,
            MOVED,
            message("event_news.before"),
            _word_day(campaign.plan, locale),
            message("event_news.now"),
            _word_day(plan, locale),
            message("event_news.answer_again"),
        )
        for locale in LOCALES
    }
    answer = NoticeButton(ButtonKind.RSVP, str(campaign.id))
    return Content(texts["km"], texts["en"], buttons=(answer,))


def move_words(
    desk: Desk, content: Content, former: Campaign, campaign: Campaign
) -> Content | None:
    """Let an invitation name a day as it is planned now; None if it was worded otherwise before."""
    texts = {}
    for locale in LOCALES:
        before, after = (
            _write(desk, locale, _word_event(one, locale)) for one in (former, campaign)
        )
        if before not in content.text(locale):
            return None
        texts[locale] = content.text(locale).replace(before, after)
    return replace(content, text_km=texts["km"], text_en=texts["en"])


def make_news(
    campaign: Campaign, content: Content, author: int, send_by: datetime, *, is_urgent: bool
) -> Notice:
    """Make a notice to the guests of an event day, sent at night too if it is urgent.

    It is of the topic of their own application, as reminders are.
    """
    guests = Filter(Field.GUEST, (campaign.plan.code,))
    return Notice(
        id=0,
        author=author,
        topic=Topic.MY_APPLICATION,
        emergency=is_urgent,
        places=frozenset({campaign.plan.place}),
        send_by=send_by,
        content=write_content(content),
        audience=write_audience(Audience((guests,))),
    )


async def issue(
    uow: UnitOfWork, campaign: Campaign, notice: Notice, title: str, occasion: Occasion
) -> int:
    """Hand what the program made for an event day to the sender, and give its id.

    Raises:
        Refused: the time to send it by has passed.
    """
    issued = replace(take_act(notice, Act.ISSUE, None, uow.now), starts_at=uow.now)
    notice_id = await notices.add(uow.connection, issued, title, uow.now, campaign.id, occasion)
    await notices.note(uow.connection, notice_id, approved_at=uow.now, started_at=uow.now)
    return notice_id


def word_title(desk: Desk, campaign: Campaign, words: Text) -> str:
    """Name what the program makes for an event day among the notices."""
    said = render_plain(words, desk.default_locale, desk.names)
    return f"{campaign.plan.names[desk.default_locale]} · {said}"[:120]


def word_reminder_title(desk: Desk, campaign: Campaign, kind: ReminderKind) -> str:
    """Name a reminder among the notices."""
    return word_title(desk, campaign, REMINDERS[kind])


def _make_content(
    desk: Desk, campaign: Campaign, first: tuple[Text, ...], last: tuple[Text, ...] = ()
) -> Content:
    texts = {
        locale: _write(desk, locale, *first, _word_event(campaign, locale), *last)
        for locale in LOCALES
    }
    answer = NoticeButton(ButtonKind.RSVP, str(campaign.id))
    return Content(texts["km"], texts["en"], buttons=(answer,))


def _word_event(campaign: Campaign, locale: str) -> Text:
    plan = campaign.plan
    return message(
        "invitation.event",
        name=_without_braces(plan.names[locale]),
        at=Appointment(plan.starts_at),
        venue=_without_braces(plan.venues[locale]),
        place=PlaceName(plan.place),
    )


def _word_day(plan: Plan, locale: str) -> Text:
    return message(
        "event_news.day",
        name=_without_braces(plan.names[locale]),
        at=Appointment(plan.starts_at),
        venue=_without_braces(plan.venues[locale]),
        place=PlaceName(plan.place),
    )


def _without_braces(words: str) -> str:
    """Leave out what would be taken for a placeholder."""
    return words.replace("{", "(").replace("}", ")")


def _write(desk: Desk, locale: str, *texts: Text) -> str:
    return "\n\n".join(render_plain(text, locale, desk.names) for text in texts)

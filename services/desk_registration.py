"""An officer registers somebody without a phone at an event day, and checks them in at once."""

import secrets
from datetime import datetime
from functools import partial

from db import attendances
from db.errors import told_apart
from db.unit_of_work import UnitOfWork
from domain.applications import Application
from domain.campaigns import Campaign, is_today
from domain.cases import Act
from domain.context import Context
from domain.drafts import Draft
from domain.submission import complete
from services.audit import note_staff
from services.check_in import NotToday
from services.desk import Actor, Desk
from services.promises import make_promise
from services.submission import draw_free_number

TAG = "desk:"
"""What the tags of applications begin with that were made at a desk."""

_TAG_BYTES = 9


def draw_tag() -> str:
    """Draw the tag of a page: sent twice, it still registers somebody once."""
    return TAG + secrets.token_urlsafe(_TAG_BYTES)


def make_context(desk: Desk, now: datetime, locale: str) -> Context:
    """Tell the questions of a page what they may know."""
    return Context(
        now=now,
        today=now.astimezone(desk.time_zone).date(),
        gazetteer=desk.gazetteer,
        occupations=desk.occupations,
        locale=locale,
        specimen=desk.specimen,
        minimum_age=desk.minimum_age,
        registered_before=True,
    )


async def register(
    uow: UnitOfWork, desk: Desk, actor: Actor, campaign: Campaign, draft: Draft, context: Context
) -> str:
    """Make an application of a complete page, check its person in, and give its number.

    Raises:
        NotToday: the event day is not today.
    """
    if not is_today(campaign, uow.now, desk.time_zone):
        raise NotToday
    with told_apart():
        known = await attendances.find_by_tag(uow.connection, draft.tag)
    if known is not None:
        return known
    promise = make_promise(desk, uow.now)
    application = Application(
        number=await draw_free_number(uow),
        chat_id=None,
        draft_tag=draft.tag,
        form_version=draft.form_version,
        registration=complete(draft, context),
        answers=draft.answers,
        submitted_at=uow.now,
        answer_due_on=promise.on,
        due_at=promise.due_at,
        registered_by=actor.staff.id,
    )
    uow.add_application(application)
    number, staff_id = application.number, actor.staff.id
    admit = partial(attendances.check_in_new, campaign_id=campaign.id, number=number)
    uow.write(partial(admit, staff_id=staff_id, at=uow.now))
    uow.record(note_staff(Act.SUBMIT, number, actor, {"campaign": campaign.id}))
    uow.record(note_staff("check_in", number, actor, {"campaign": campaign.id}))
    return number

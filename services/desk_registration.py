"""An officer registers somebody without a phone at an event day, and checks them in at once."""

import hmac
import json
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

    A page that was sent before gives the same number again, unless it is about somebody else now.

    Raises:
        NotToday: the event day is not today.
    """
    if not is_today(campaign, uow.now, desk.time_zone):
        raise NotToday
    tag, known = await _find_sent(uow, draft)
    if known is not None:
        return known
    promise = make_promise(desk, uow.now)
    application = Application(
        number=await draw_free_number(uow),
        chat_id=None,
        draft_tag=tag,
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


async def _find_sent(uow: UnitOfWork, draft: Draft) -> tuple[str, str | None]:
    """Find the number of a page that was sent before, and the tag under which to keep it.

    Whoever goes back to a sent page and writes somebody else on it has begun another page.
    """
    tag = draft.tag
    with told_apart():
        sent = await attendances.find_by_tag(uow.connection, tag)
        if sent is not None and sent[1] != draft.answers:
            written = json.dumps(draft.answers, sort_keys=True).encode()
            tag = TAG + hmac.digest(tag.encode(), written, "sha256").hex()[:24]
            sent = await attendances.find_by_tag(uow.connection, tag)
    return tag, sent[0] if sent else None

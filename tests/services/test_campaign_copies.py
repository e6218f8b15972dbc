"""A copied invitation goes on inviting, as long as there is something to invite to."""

from datetime import UTC, datetime

from db import campaigns
from db.notices import StoredNotice
from db.unit_of_work import UnitOfWork
from domain.campaigns import Occasion
from domain.notice_content import read_content
from domain.notices import Status
from domain.staff import Role
from services.campaign_changes import cancel_campaign
from services.desk import Actor
from services.notice_writing import copy
from tests.event_plan import PLAN
from tests.services.event_days import find_notice, has_answers, invite_four, list_reminders, tend
from tests.services.office import Bureau


async def copy_of(bureau: Bureau, actor: Actor, notice_id: int) -> StoredNotice:
    async def work(uow: UnitOfWork, _desk: object, actor: Actor, notice_id: int) -> int:
        return await copy(uow, actor, notice_id)

    return await find_notice(bureau.counter, await bureau.act(work, actor, notice_id))


async def test_a_copied_invitation_invites_to_the_same_day(bureau: Bureau) -> None:
    actor, campaign_id, invitation = await invite_four(bureau)
    copied = await copy_of(bureau, actor, invitation)
    assert (copied.campaign_id, copied.occasion) == (campaign_id, Occasion.INVITATION)
    assert copied.notice.send_by == PLAN.starts_at
    assert has_answers(read_content(copied.notice.content))
    await bureau.act(cancel_campaign, actor, campaign_id)
    assert (await find_notice(bureau.counter, copied.id)).notice.status is Status.CANCELLED


async def test_a_copied_reminder_invites_nobody(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id, _ = await invite_four(bureau)
    await tend(counter, datetime(2026, 3, 7, 2, 0, tzinfo=UTC))
    made = (await list_reminders(counter, campaign_id))[0].notice_id
    assert made is not None
    copied = await copy_of(bureau, actor, made)
    assert (copied.campaign_id, copied.occasion) == (campaign_id, None)
    async with counter.database.read() as connection:
        assert copied.id not in await campaigns.list_invitations(connection, campaign_id)


async def test_when_the_day_is_over_a_copy_is_a_plain_notice(bureau: Bureau) -> None:
    actor, _, invitation = await invite_four(bureau)
    bureau.counter.clock.now = PLAN.starts_at
    copied = await copy_of(bureau, actor, invitation)
    assert (copied.campaign_id, copied.occasion, copied.notice.send_by) == (None, None, None)
    assert not has_answers(read_content(copied.notice.content))


async def test_who_may_not_run_the_day_copies_its_words_only(bureau: Bureau) -> None:
    _, _, invitation = await invite_four(bureau)
    owner = await bureau.hire("សុខ", (Role.BENEFIT_OWNER,), None)
    copied = await copy_of(bureau, owner, invitation)
    assert copied.campaign_id is None
    assert not has_answers(read_content(copied.notice.content))

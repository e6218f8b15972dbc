"""Who said that they come is reminded, whatever becomes of staff, invitations and other days."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from db import campaigns, notices
from db.tables import campaigns as days
from db.unit_of_work import UnitOfWork
from domain.campaigns import Status
from domain.notices import Status as NoticeStatus
from domain.staff import Role
from services.campaign_changes import cancel_campaign
from services.campaign_notices import draft_invitation
from tests.event_plan import approve, deliver, make_plan
from tests.services.event_days import (
    CHAN,
    DARA,
    DAY_BEFORE,
    SOKHA,
    answer,
    find_notice,
    get,
    hire,
    invite,
    invite_all,
    list_reminders,
    plan,
    put,
    read_ledger,
    receive,
    remind,
    tend,
    tend_all,
    widen,
)
from tests.services.office import Bureau


async def test_guests_are_reminded_when_whoever_invited_them_has_left(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id = await invite_all(bureau, SOKHA, DARA)
    await answer(counter, SOKHA, campaign_id, coming=True)
    await bureau.let_go(actor)
    assert await remind(counter, campaign_id) == {SOKHA: "queued"}


async def test_guests_are_reminded_wherever_they_live(bureau: Bureau) -> None:
    counter, country = bureau.counter, await bureau.hire("សុខ", (Role.CAMPAIGN_MANAGER,), None)
    await receive(bureau, SOKHA)
    campaign_id = await plan(bureau, country, make_plan(place="0201"))
    wide = await bureau.act(draft_invitation, country, campaign_id)
    colleague = await hire(bureau)

    async def send(uow: UnitOfWork) -> None:
        await widen(uow, wide)
        await approve(uow, wide, colleague.staff.id)
        await deliver(uow, wide)

    await counter.run(send)
    await answer(counter, SOKHA, campaign_id, coming=True)
    await invite(bureau, await hire(bureau, "0201"), campaign_id)
    assert await remind(counter, campaign_id) == {SOKHA: "queued"}


async def test_a_stopped_invitation_ends_no_reminders(bureau: Bureau) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    await receive(bureau, SOKHA)
    campaign_id = await plan(bureau, actor)
    invitation = await invite(bureau, actor, campaign_id)
    await answer(counter, SOKHA, campaign_id, coming=True)
    await counter.run(partial(put, notice_id=invitation, status=NoticeStatus.CANCELLED))
    assert await remind(counter, campaign_id) == {SOKHA: "queued"}


async def test_an_invitation_that_was_stopped_before_it_began_reminds_nobody(
    bureau: Bureau,
) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    campaign_id = await plan(bureau, actor)
    invitation = await find_notice(counter, await invite(bureau, actor, campaign_id))
    stopped = replace(invitation.notice, status=NoticeStatus.CANCELLED)
    await counter.run(lambda uow: notices.save(uow.connection, stopped))
    await tend(counter, DAY_BEFORE)
    statuses = [one.status for one in await list_reminders(counter, campaign_id)]
    assert statuses == ["expired", "pending", "pending"]


async def test_who_answers_after_a_reminder_was_made_does_not_get_it(bureau: Bureau) -> None:
    counter = bureau.counter
    _, campaign_id = await invite_all(bureau, SOKHA, DARA)
    await answer(counter, SOKHA, campaign_id, coming=True)
    assert await remind(counter, campaign_id) == {SOKHA: "queued"}
    await answer(counter, DARA, campaign_id, coming=True)
    counter.clock.advance(minutes=10)
    await tend_all(counter)
    made = (await list_reminders(counter, campaign_id))[1]
    assert made.notice_id is not None
    assert await read_ledger(counter, made.notice_id) == {SOKHA: "queued"}


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.HELD])
async def test_of_a_day_that_is_not_to_come_nobody_is_reminded(
    bureau: Bureau, status: Status
) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    campaign_id = await plan(bureau, actor)
    await invite(bureau, actor, campaign_id)
    ended = replace(await get(counter, campaign_id), status=status)
    await counter.run(lambda uow: campaigns.save(uow.connection, ended))
    await tend(counter, DAY_BEFORE)
    statuses = [one.status for one in await list_reminders(counter, campaign_id)]
    assert statuses == ["expired", "expired", "pending"]


async def test_what_is_wrong_with_one_day_holds_up_no_other(bureau: Bureau) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    await receive(bureau, CHAN)
    ids = [await plan(bureau, actor, make_plan(code=code)) for code in ("wrong", "right")]
    for campaign_id in ids:
        await invite(bureau, actor, campaign_id)
    await answer(counter, CHAN, ids[1], coming=True)
    nowhere = update(days).where(days.c.id == ids[0]).values(place="0299")

    async def spoil(uow: UnitOfWork) -> None:
        await uow.connection.execute(nowhere)

    await counter.run(spoil)
    with capture_logs() as logs:
        assert await remind(counter, ids[1]) == {CHAN: "queued"}
    assert [(one["event"], one["campaign"]) for one in logs] == [("event day not tended", ids[0])]


async def test_calling_a_day_off_ends_what_was_to_remind_of_it(bureau: Bureau) -> None:
    counter = bureau.counter
    actor, campaign_id = await invite_all(bureau, SOKHA)
    await answer(counter, SOKHA, campaign_id, coming=True)
    assert await remind(counter, campaign_id) == {SOKHA: "queued"}
    [made] = [one for one in await list_reminders(counter, campaign_id) if one.notice_id]
    await bureau.act(cancel_campaign, actor, campaign_id)
    assert made.notice_id is not None
    assert await read_ledger(counter, made.notice_id) == {SOKHA: "cancelled"}
    await tend(counter, datetime(2026, 3, 10, 0, 30, tzinfo=UTC))
    statuses = [one.status for one in await list_reminders(counter, campaign_id)]
    assert statuses == ["expired", "made", "expired"]

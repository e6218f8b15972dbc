"""Who may have a notice is the same wherever it is asked: in the chat, on pages, in audiences."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from db import audiences, campaign_results, notice_answers, notices, rsvp
from db.delivered_notices import list_delivered
from db.staff import Connection
from db.tables import recipients
from db.unit_of_work import UnitOfWork
from domain.audiences import Audience, Field, Filter
from domain.campaigns import Campaign
from domain.notices import Topic
from domain.staff import WHOLE_COUNTRY
from tests.services.door import SOKHA
from tests.services.event_days import get, invite_all, list_notices
from tests.services.office import Bureau


@pytest.mark.parametrize(
    ("status", "was_settled", "may_have_it"),
    [
        ("sent", True, True),
        ("uncertain", True, True),
        ("sending", False, True),
        ("sending", True, True),
        ("queued", True, True),
        ("queued", False, False),
        ("failed", True, False),
        ("cancelled", True, False),
    ],
)
async def test_who_may_have_a_notice_is_said_the_same_by_all_who_ask(
    bureau: Bureau, status: str, was_settled: bool, may_have_it: bool
) -> None:
    _, campaign_id = await invite_all(bureau, SOKHA)
    [invitation] = await list_notices(bureau.counter, campaign_id)
    campaign = await get(bureau.counter, campaign_id)

    async def put(uow: UnitOfWork) -> None:
        settled_at = uow.now if was_settled else None
        await uow.connection.execute(
            update(recipients).values(status=status, settled_at=settled_at)
        )
        await notices.note(uow.connection, invitation.id, started_at=uow.now)

    await bureau.counter.run(put)
    async with bureau.counter.database.read() as connection:
        said = await ask_all(connection, invitation.id, campaign)
    assert said == dict.fromkeys(said, may_have_it)


async def ask_all(connection: Connection, notice_id: int, day: Campaign) -> dict[str, bool]:
    """Ask everybody who tells it whether SOKHA may have an invitation."""
    began, later = day.created_at, day.created_at + timedelta(days=60)
    received = Audience((Filter(Field.RECEIVED, (str(notice_id),)),))
    guests = Audience((Filter(Field.GUEST, (day.plan.code,)),))
    figures = await campaign_results.count_figures(
        connection, day, later, WHOLE_COUNTRY, ["invited"]
    )
    return {
        "taps": await notice_answers.is_recipient(connection, notice_id, SOKHA),
        "asking": bool(await rsvp.list_asking(connection, day.id, SOKHA)),
        "delivered": bool(await list_delivered(connection, began - timedelta(days=1), 10)),
        "invited": bool(figures["invited"]),
        "received": bool(await count(connection, received, later)),
        "guest": bool(await count(connection, guests, later)),
    }


async def count(connection: Connection, audience: Audience, now: datetime) -> int:
    return await audiences.count_recipients(
        connection, audience, WHOLE_COUNTRY, Topic.CAMPAIGNS, now
    )

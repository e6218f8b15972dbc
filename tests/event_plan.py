"""An invented event day, and notices about it as they would have been approved."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from db import enlistment, notices
from db.audiences import select_recipients
from db.tables import recipients
from db.unit_of_work import UnitOfWork
from domain.audiences import read_audience
from domain.campaigns import Plan
from domain.notices import Act, take_act
from domain.staff import WHOLE_COUNTRY

PLAN = Plan(
    code="btb-2026",
    name_km="ថ្ងៃចុះឈ្មោះ ខេត្តបាត់ដំបង",
    name_en="Registration day, Battambang",
    place="02",
    venue_km="សាលាខេត្តបាត់ដំបង",
    venue_en="Provincial hall",
    held_on=date(2026, 3, 10),
    starts_at=datetime(2026, 3, 10, 1, 0, tzinfo=UTC),
    capacity=2,
    target=100,
    partner="CEYFA",
)
WHOLE = replace(
    PLAN,
    capacity=None,
    ends_at=datetime(2026, 3, 10, 5, 0, tzinfo=UTC),
    latitude=13.0957,
    longitude=103.2022,
)
"""The same with an end, and with its point on the map."""

TODAY = replace(PLAN, held_on=date(2026, 3, 4), starts_at=datetime(2026, 3, 4, 1, 0, tzinfo=UTC))
"""The same on the day at which the clocks of tests stand."""


def make_plan(**changed: Any) -> Plan:
    """Make a plan that differs."""
    return replace(PLAN, **changed)


async def approve(uow: UnitOfWork, notice_id: int, approver: int) -> None:
    """Approve an invitation as if it had been submitted."""
    stored = await notices.find(uow.connection, notice_id)
    assert stored is not None
    submitted = take_act(stored.notice, Act.SUBMIT, stored.notice.author, uow.now)
    approved = take_act(submitted, Act.APPROVE, approver, uow.now)
    await notices.save(uow.connection, approved, approved_at=uow.now)


async def deliver(uow: UnitOfWork, notice_id: int) -> int:
    """Send a notice to its whole audience in an instant, and count whom it reached."""
    stored = await notices.find(uow.connection, notice_id)
    assert stored is not None
    audience = read_audience(stored.notice.audience)
    chosen = await select_recipients(
        uow.connection, audience, WHOLE_COUNTRY, stored.notice.topic, uow.now
    )
    count = await enlistment.enlist(uow.connection, notice_id, chosen, uow.now)
    of_this = recipients.c.notice_id == notice_id
    sent = recipients.update().where(of_this).values(status="sent", settled_at=uow.now)
    await uow.connection.execute(sent)
    return count

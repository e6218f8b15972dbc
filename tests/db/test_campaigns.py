"""Event days, as they are stored."""

from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from db import campaigns, staff
from db.database import Database
from db.errors import FlushRefused
from domain.campaigns import Plan
from domain.staff import Role
from tests.event_plan import PLAN, WHOLE
from tests.samples import NOON


async def store(connection: AsyncConnection, plan: Plan) -> Plan:
    """Store a plan and give it back as it is found."""
    planner = await staff.add(connection, NOON, "Nary", {Role.CAMPAIGN_MANAGER}, None)
    found = await campaigns.find(
        connection, await campaigns.add(connection, plan, planner.id, NOON)
    )
    assert found is not None
    return found.plan


@pytest.mark.parametrize("plan", [PLAN, WHOLE], ids=["bare", "whole"])
async def test_a_plan_is_found_as_it_was_stored(database: Database, plan: Plan) -> None:
    assert await database.write(lambda connection: store(connection, plan)) == plan


async def test_half_a_point_is_not_stored(database: Database) -> None:
    with pytest.raises(FlushRefused):
        await database.write(lambda connection: store(connection, replace(WHOLE, longitude=None)))

"""At the desk of an event day somebody is registered once, and has come."""

from datetime import UTC, datetime

import pytest

from db.queue import Viewpoint, find_next
from domain.cases import Hindrance, NotPossible
from domain.desk_form import Entry as DeskEntry
from domain.filters import Filters
from domain.staff import Scope
from services.cases import hand_over
from services.check_in import NotToday
from services.desk import Actor
from services.desk_registration import draw_tag
from tests.domain.test_desk_form import ENTRIES
from tests.services.door import count_came, register_page
from tests.services.event_days import open_day
from tests.services.office import Bureau


async def test_at_the_desk_somebody_without_a_phone_is_registered_and_has_come(
    bureau: Bureau,
) -> None:
    campaign, actor = await open_day(bureau), await bureau.hire()
    number = await register_page(bureau, actor, campaign, draw_tag())
    case = await bureau.get_case(number)
    assert (case.chat_id, case.office) == (None, "0203")
    assert [one.event.act for one in await bureau.list_events(number)] == ["submit", "check_in"]
    assert await count_came(bureau.counter, campaign) == 1
    assert bureau.counter.sent == []


async def test_who_registered_somebody_at_the_desk_leaves_the_decision_to_others(
    bureau: Bureau,
) -> None:
    campaign, actor, colleague = await open_day(bureau), await bureau.hire(), await bureau.hire()
    number = await register_page(bureau, actor, campaign, draw_tag())
    with pytest.raises(NotPossible) as told:
        await bureau.take(actor, number)
    assert told.value.hindrance is Hindrance.OWN_REGISTRATION
    assert await find_next_for(bureau, actor) is None
    assert await find_next_for(bureau, colleague) == number
    await bureau.take(colleague, number)
    with pytest.raises(NotPossible) as told:
        await bureau.act(
            hand_over, colleague, number, office=None, colleague=actor.staff.id, note=""
        )
    assert told.value.hindrance is Hindrance.OWN_REGISTRATION


async def find_next_for(bureau: Bureau, actor: Actor) -> str | None:
    now = bureau.counter.clock.now
    viewpoint = Viewpoint(Scope(None), actor.staff.id, now, now)
    async with bureau.counter.database.read() as connection:
        return await find_next(connection, viewpoint, Filters())


async def test_a_page_that_is_sent_twice_registers_once(bureau: Bureau) -> None:
    campaign, actor, tag = await open_day(bureau), await bureau.hire(), draw_tag()
    first = await register_page(bureau, actor, campaign, tag)
    assert await register_page(bureau, actor, campaign, tag) == first
    assert await register_page(bureau, actor, campaign, draw_tag()) != first
    assert await bureau.counter.count_rows("applications") == {"applications": 2}


async def test_a_sent_page_with_somebody_else_on_it_registers_that_person_once(
    bureau: Bureau,
) -> None:
    campaign, actor, tag = await open_day(bureau), await bureau.hire(), draw_tag()
    first = await register_page(bureau, actor, campaign, tag)
    other = {**ENTRIES, "name_km": DeskEntry("ចាន់ សុភា"), "name_latin": DeskEntry("CHAN SOPHEA")}
    second = await register_page(bureau, actor, campaign, tag, other)
    assert second != first
    assert await register_page(bureau, actor, campaign, tag, other) == second
    assert await register_page(bureau, actor, campaign, tag) == first
    assert await bureau.counter.count_rows("applications") == {"applications": 2}


async def test_nobody_is_registered_at_the_desk_of_another_day(bureau: Bureau) -> None:
    campaign, actor = await open_day(bureau), await bureau.hire()
    bureau.counter.clock.now = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
    with pytest.raises(NotToday):
        await register_page(bureau, actor, campaign, draw_tag())

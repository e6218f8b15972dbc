"""Each figure of an event day is a list of people, each counted once."""

from dataclasses import replace
from datetime import datetime

from db import campaign_results
from db.campaign_results import Count
from domain.campaigns import Campaign
from domain.staff import WHOLE_COUNTRY, Scope
from services.desk_registration import draw_tag
from tests.event_plan import make_plan
from tests.services.door import SOKHA, check_in, count_came, register_page
from tests.services.event_days import answer, get, invite, invite_all, open_day, plan
from tests.services.office import NUMBER, SIEM_REAP, Bureau, make_case_file


async def list_numbers(
    bureau: Bureau,
    campaign: Campaign,
    count: Count,
    until: datetime,
    scope: Scope = WHOLE_COUNTRY,
) -> list[str]:
    async with bureau.counter.database.read() as connection:
        rows = await campaign_results.list_rows(connection, campaign, count, until, scope)
    return [row.number for _, row in rows]


async def test_the_counts_of_each_source_and_officer_are_the_rows_behind_them(
    bureau: Bureau,
) -> None:
    campaign, one, other = await open_day(bureau), await bureau.hire(), await bureau.hire("សុខ")
    file = make_case_file(SOKHA)
    of_poster = replace(file.registration, source=f"{campaign.plan.code}_market")
    bureau.counter.clock.advance(minutes=1)
    await bureau.receive(
        replace(file, registration=of_poster, submitted_at=bureau.counter.clock.now)
    )
    await check_in(bureau, one, campaign, NUMBER)
    await register_page(bureau, other, campaign, draw_tag())
    await register_page(bureau, one, campaign, draw_tag())
    until = bureau.counter.clock.advance(minutes=1)
    async with bureau.counter.database.read() as connection:
        sources = await campaign_results.count_by_source(connection, campaign, until, WHOLE_COUNTRY)
        officers = await campaign_results.count_by_officer(connection, campaign, WHOLE_COUNTRY)
    counts = {
        Count(figure, source=each.source): getattr(each, figure)
        for each in sources
        for figure in campaign_results.OF_SOURCE
    } | {
        Count(figure, officer=each.staff_id): number
        for each in officers
        for figure, number in zip(
            campaign_results.OF_OFFICER,
            (each.checked_in, each.registered, each.approved),
            strict=True,
        )
    }
    assert sum(counts.values()) == 2 * 3 + 3 + 2
    for count, number in counts.items():
        assert len(await list_numbers(bureau, campaign, count, until)) == number
    of_market = Count("came", source=of_poster.source)
    assert await list_numbers(bureau, campaign, of_market, until) == [NUMBER]
    assert await list_numbers(bureau, campaign, Count("came", source="facebook"), until) == []


async def test_figures_are_of_ones_places_and_count_nobody_twice(bureau: Bureau) -> None:
    campaign, actor = await open_day(bureau), await bureau.hire()
    bureau.counter.clock.advance(minutes=1)
    first = await register_page(bureau, actor, campaign, draw_tag())
    second = await register_page(bureau, actor, campaign, draw_tag())
    until = bureau.counter.clock.advance(minutes=1)
    elsewhere = Scope(frozenset({SIEM_REAP}))
    assert await count_all(bureau, campaign, until, WHOLE_COUNTRY) == (2, 2, 2, 2)
    assert await count_all(bureau, campaign, until, elsewhere) == (0, 0, 0, 0)
    came = Count("came")
    assert await list_numbers(bureau, campaign, came, until) == [first, second]
    assert await list_numbers(bureau, campaign, came, until, elsewhere) == []
    await bureau.put(replace(await bureau.get_case(second), duplicate_of=first))
    assert await count_all(bureau, campaign, until, WHOLE_COUNTRY) == (1, 1, 1, 1)
    assert await list_numbers(bureau, campaign, came, until) == [first]
    assert await count_came(bureau.counter, campaign) == 1


async def test_the_list_counts_of_each_day_what_its_page_counts(bureau: Bureau) -> None:
    manager, _ = await invite_all(bureau, SOKHA, 42, 43, 44, 45, capacity=3)
    wide = await plan(bureau, manager, make_plan(code="wide", capacity=None))
    await plan(bureau, manager, make_plan(code="nobody"))
    await invite(bureau, manager, wide)
    for chat_id in (45, 44, 43, 42):
        await answer(bureau.counter, chat_id, 1, coming=True)
    await answer(bureau.counter, SOKHA, 1, coming=False)
    await answer(bureau.counter, SOKHA, wide, coming=True)
    for scope in (WHOLE_COUNTRY, Scope(frozenset({SIEM_REAP}))):
        days = [await get(bureau.counter, one) for one in (1, wide, 3)]
        async with bureau.counter.database.read() as connection:
            listed = await campaign_results.count_days(connection, days, scope)
            for one in days:
                counted = await campaign_results.count_figures(
                    connection, one, one.created_at, scope, ("coming", "waiting", "came")
                )
                assert listed[one.id] == counted
    assert await count_listed(bureau, 1) == {"coming": 3, "waiting": 1, "came": 0}


async def count_listed(bureau: Bureau, campaign_id: int) -> dict[str, int]:
    """Count what the list shows of an event day."""
    campaign = await get(bureau.counter, campaign_id)
    async with bureau.counter.database.read() as connection:
        counted = await campaign_results.count_days(connection, [campaign], WHOLE_COUNTRY)
    return counted[campaign_id]


async def count_all(
    bureau: Bureau, campaign: Campaign, until: datetime, scope: Scope
) -> tuple[int, int, int, int]:
    """Count who came and who registered, then the same by source and by officer."""
    async with bureau.counter.database.read() as connection:
        figures = await campaign_results.count_figures(connection, campaign, until, scope)
        sources = await campaign_results.count_by_source(connection, campaign, until, scope)
        officers = await campaign_results.count_by_officer(connection, campaign, scope)
    by_source, by_officer = (
        sum(one.came for one in sources),
        sum(one.registered for one in officers),
    )
    return figures["came"], figures["registered"], by_source, by_officer


async def test_officers_and_the_rows_behind_each_figure_are_counted(bureau: Bureau) -> None:
    campaign, one, other = await open_day(bureau), await bureau.hire(), await bureau.hire("សុខ")
    await bureau.receive(make_case_file(SOKHA))
    await check_in(bureau, one, campaign, NUMBER)
    bureau.counter.clock.advance(minutes=1)
    registered = await register_page(bureau, other, campaign, draw_tag())
    until = bureau.counter.clock.advance(minutes=1)
    async with bureau.counter.database.read() as connection:
        officers = await campaign_results.count_by_officer(connection, campaign, WHOLE_COUNTRY)
    rows = {
        figure: await list_numbers(bureau, campaign, Count(figure), until)
        for figure in campaign_results.FIGURES
    }
    assert {each.staff_id: (each.checked_in, each.registered) for each in officers} == {
        one.staff.id: (1, 0),
        other.staff.id: (1, 1),
    }
    assert rows == {
        "invited": [],
        "answered": [],
        "coming": [],
        "waiting": [],
        "came": [NUMBER, registered],
        "registered": [registered],
        "approved": [],
    }

"""Event days are offered to choose from to whoever may see them, and to nobody else."""

from dataclasses import replace
from functools import partial

import pytest

from db import campaigns
from domain.notices import Status
from domain.staff import Role
from tests.event_plan import PLAN
from tests.web.notices import add_notice
from tests.web.visiting import House


@pytest.fixture
async def days(house: House) -> None:
    """A day in Battambang, one in a district of it, and one in Siem Reap."""
    planner = await house.hire(Role.CAMPAIGN_MANAGER)
    for code, place in (("btb-day", "02"), ("krong-day", "0203"), ("siem-day", "17")):
        plan = replace(PLAN, code=code, place=place, name_en=f"Day {code}")
        add = partial(campaigns.add, plan=plan, created_by=planner.id, at=house.clock())
        await house.database.write(add)


@pytest.mark.usefixtures("days")
@pytest.mark.parametrize("path", ["/queue", "/applications"])
async def test_lists_of_applications_offer_the_days_at_which_one_checks_in(
    house: House, path: str
) -> None:
    officer = await house.sign_in(await house.hire(Role.OFFICER, places=["0203"]))
    page = (await officer.get(path)).text
    for code in ("btb-day", "krong-day"):
        assert f'<option value="{code}">Day {code} (10 March 2026)</option>' in page
    assert "siem-day" not in page


@pytest.mark.usefixtures("days")
async def test_a_day_elsewhere_finds_no_more_than_a_word_that_is_no_day(house: House) -> None:
    officer = await house.sign_in(await house.hire(Role.OFFICER, places=["0203"]))
    there, nowhere = [
        (await officer.read(f"/queue?source={code}")).replace(code, "X")
        for code in ("siem-day", "never-planned")
    ]
    assert there == nowhere


@pytest.mark.usefixtures("days")
async def test_a_colleague_is_offered_their_own_days_in_an_authors_notice(house: House) -> None:
    author = await house.hire(Role.CAMPAIGN_MANAGER)
    notice_id = await add_notice(house, author, Status.DRAFT, "02")
    pages = {}
    for name, places in (("author", None), ("local", ["02"])):
        one = author if places is None else await house.hire(Role.CAMPAIGN_MANAGER, places=places)
        browser = await house.sign_in(one)
        pages[name] = (await browser.get(f"/notices/{notice_id}/edit")).text
    assert "Day btb-day" in pages["local"]
    assert "siem-day" not in pages["local"]
    assert "Day siem-day" in pages["author"]

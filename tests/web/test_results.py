"""An analyst sees what notices and event days came to, and nobody behind the figures."""

from collections.abc import Collection
from functools import partial

import pytest

from db import notice_answers, notices, staff
from domain.notices import Status
from domain.recipients import Status as RecipientStatus
from domain.staff import Role
from domain.staffing import extend
from tests.web.event_day import plan_today
from tests.web.notices import add_notice, add_people, queue_people, settle
from tests.web.visiting import Browser, House


async def open_as_analyst(house: House, places: Collection[str] | None = None) -> Browser:
    return await house.sign_in(await house.hire(Role.ANALYST, places=places))


@pytest.fixture
async def sent(house: House) -> int:
    """A notice to two people of Battambang, one of whom has it."""
    author = await house.hire(Role.CAMPAIGN_MANAGER)
    await add_people(house, 2)
    notice = await add_notice(house, author, Status.SENDING, "02")
    await queue_people(house, notice)
    await settle(house, notice, RecipientStatus.SENT, 1)
    async with house.database.read() as connection:
        stored = await notices.find(connection, notice)
    assert stored is not None
    await house.write(lambda c: notices.save(c, stored.notice, started_at=house.clock()))
    return notice


async def test_figures_of_a_notice_are_read_and_nobody_it_went_to(house: House, sent: int) -> None:
    browser = await open_as_analyst(house)
    page = (await browser.get(f"/notices/{sent}")).text
    assert "Registration day" in await browser.read("/notices")
    assert "/recipients" not in page
    assert 'method="post" action="/notices' not in page
    for part in ("recipients", "recipients.csv", "progress", "edit", "stop"):
        assert (await browser.get(f"/notices/{sent}/{part}")).status_code == 404, part
    table = (await browser.get(f"/notices/{sent}/results.csv")).text
    assert "Recipients,,,sent,បានផ្ញើ,sent,1" in table
    assert "Recipients,,,queued,រង់ចាំ,waiting,1" in table


async def test_the_table_of_figures_can_be_read_without_knowing_codes(
    house: House, sent: int
) -> None:
    change = partial(notice_answers.change, notice_id=sent, chat_id=1, dropped=())
    await house.write(partial(change, added=["2"], at=house.clock()))
    analyst = await house.hire(Role.ANALYST)
    english = (await (await house.sign_in(analyst)).get(f"/notices/{sent}/results.csv")).text
    assert "kind,province code,province,code,in Khmer,in English,count" in english
    assert "Answers,02,Battambang,2,រសៀល,Afternoon,1" in english
    khmer = (await (await house.sign_in(analyst, "km")).get(f"/notices/{sent}/results.csv")).text
    assert "ចម្លើយ,02,បាត់ដំបង,2,រសៀល,Afternoon,1" in khmer
    assert "province" not in khmer


async def test_drafts_and_notices_of_other_places_are_none_of_an_analysts(
    house: House, sent: int
) -> None:
    draft = await add_notice(house, await house.hire(Role.CAMPAIGN_MANAGER))
    near, far = await open_as_analyst(house), await open_as_analyst(house, ["17"])
    assert (await near.get(f"/notices/{draft}")).status_code == 404
    for part in ("", "/results.csv"):
        assert (await far.get(f"/notices/{sent}{part}")).status_code == 404
    assert "Registration day" not in await far.read("/notices")


async def test_places_of_an_analyst_are_no_places_to_see_people_of(house: House, sent: int) -> None:
    both = await house.hire(Role.CAMPAIGN_MANAGER, places=["17"])
    await house.write(partial(staff.save, changed=extend(both, {Role.ANALYST: None})))
    browser = await house.sign_in(both)
    assert (await browser.get(f"/notices/{sent}")).status_code == 200
    assert (await browser.get(f"/notices/{sent}/recipients")).status_code == 404


async def test_what_an_event_day_came_to_is_read_and_nobody_who_came(house: House) -> None:
    await plan_today(house)
    browser, far = await open_as_analyst(house), await open_as_analyst(house, ["12"])
    listed = (await browser.get("/campaigns")).text
    assert '/campaigns/1"' in listed
    assert "/campaigns/1/desk" not in listed
    page = (await browser.get("/campaigns/1")).text
    assert "/campaigns/1/people" not in page
    assert 'action="/campaigns' not in page
    for part in ("people?which=came", "people.csv?which=came", "edit", "desk", "poster.pdf"):
        assert (await browser.get(f"/campaigns/1/{part}")).status_code == 404, part
    table = (await browser.get("/campaigns/1/results.csv")).text
    assert "figure,came,0" in table
    assert "officer" not in table
    assert (await far.get("/campaigns/1")).status_code == 404


async def test_the_first_page_counts_the_month(house: House, sent: int) -> None:
    await plan_today(house)
    words = await (await open_as_analyst(house)).read("/")
    assert "Notices sent 1" in words
    assert "Event days 1" in words
    elsewhere = await (await open_as_analyst(house, ["12"])).read("/")
    assert "Notices sent 0" in elsewhere
    officer = await house.sign_in(await house.hire(Role.OFFICER))
    assert "Notices sent" not in await officer.read("/")

"""Whom a notice is for, on the form: places of every level, sources, earlier notices, the rest."""

from dataclasses import replace

import pytest

from db import notices
from domain.audiences import Field
from domain.notices import Status
from domain.recipients import Status as RecipientStatus
from domain.staff import Role
from tests.web.notices import FORM, SIEM_REAP, add_notice, add_people, queue_people, settle
from tests.web.visiting import Browser, House
from web.audience_form import LISTED, RANGES

MANAGER = Role.CAMPAIGN_MANAGER
COMMUNE, VILLAGE = "020301", "02030105"


@pytest.fixture
async def author(house: House) -> Browser:
    """Somebody who writes for Battambang."""
    return await house.sign_in(await house.hire(MANAGER, places=["02"]))


async def begin(author: Browser) -> str:
    return (await author.post("/notices")).headers["location"]


async def list_filters(house: House, path: str) -> list[list[object]]:
    async with house.database.read() as connection:
        stored = await notices.find(connection, int(path.split("/")[2]))
    assert stored is not None
    listed: list[list[object]] = stored.notice.audience["all_of"]
    return listed


async def test_every_field_is_on_the_form(house: House, author: Browser) -> None:
    staff = await house.hire(MANAGER, places=["02"])
    await add_people(house, 1)
    sent = await add_notice(house, staff, Status.SENDING, "02")
    await queue_people(house, sent)
    async with house.database.read() as connection:
        stored = await notices.find(connection, sent)
    assert stored is not None
    started = replace(stored.notice)
    await house.write(lambda c: notices.save(c, started, started_at=house.clock()))
    page = (await author.get(await begin(author))).text
    needs_days_or_kept = {
        Field.COMING,
        Field.NOT_COMING,
        Field.GUEST,
        Field.ATTENDED,
        Field.AUDIENCE,
    }
    for field in set(LISTED) - needs_days_or_kept - {Field.SOURCE}:
        assert f'name="all.{field}"' in page, field
        assert f'name="none.{field}"' in page, field
    for field in RANGES:
        assert f'name="all.{field}_from"' in page, field


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Toul Ta Aek", COMMUNE), (COMMUNE, COMMUNE), ("២០៣០១", COMMUNE), (VILLAGE, VILLAGE)],
)
async def test_a_place_of_any_level_is_found_by_name_or_code_and_ticked(
    house: House, author: Browser, typed: str, code: str
) -> None:
    path = await begin(author)
    form = {**FORM, "all.place_named": typed}

    found = await author.post(path, {**form, "do": "find_place"})
    assert f'name="all.place" value="{code}">' in found.text
    offered = await author.get(path.replace("edit", "places"), **{"all.place_named": typed})
    assert f'name="all.place" value="{code}">' in offered.text
    await author.post(path, {**form, "all.place": [code], "do": "save"})

    assert await list_filters(house, path) == [["place", [code]]]


@pytest.mark.parametrize("typed", ["Toul Ta Aek", "Nowhere at all", SIEM_REAP])
async def test_a_place_that_is_written_and_not_ticked_is_not_passed_over(
    house: House, author: Browser, typed: str
) -> None:
    path = await begin(author)
    refused = await author.post(path, {**FORM, "all.place_named": typed, "do": "check"})
    assert (refused.status_code, "or empty this field." in refused.text) == (400, True)
    assert f'value="{SIEM_REAP}"' not in refused.text.replace(f'"{typed}" maxlength', "")


async def test_who_got_or_answered_an_earlier_notice_is_chosen_by_its_title(house: House) -> None:
    staff = await house.hire(MANAGER)
    author = await house.sign_in(staff)
    await add_people(house, 2)
    sent = await add_notice(house, staff, Status.SENDING, title="Spring day")
    await queue_people(house, sent)
    await settle(house, sent, RecipientStatus.SENT, 1)
    async with house.database.read() as connection:
        stored = await notices.find(connection, sent)
    assert stored is not None
    await house.write(
        lambda c: notices.save(c, stored.notice, started_at=house.clock(), title="Spring day")
    )
    path = await begin(author)

    words = await author.read(path)
    for answer in ("Interested", "Morning", "Afternoon"):
        assert f"Spring day (4 March 2026): {answer}" in words
    chosen = {"all.received": ["", str(sent)], "none.answered": [f"{sent}:interested"]}
    await author.post(path, {**FORM, **chosen, "do": "save"})

    assert await list_filters(house, path) == [["received", [str(sent)]]]
    shown = await author.read(path.removesuffix("/edit"))
    assert "Got this notice: Spring day (4 March 2026)" in shown
    assert "Answered a notice so: Spring day (4 March 2026): Interested" in shown


async def test_a_notice_that_one_may_not_see_is_not_offered(house: House, author: Browser) -> None:
    staff = await house.hire(MANAGER)
    elsewhere = await add_notice(house, staff, Status.COMPLETED, "17", title="Elsewhere")
    async with house.database.read() as connection:
        stored = await notices.find(connection, elsewhere)
    assert stored is not None
    await house.write(lambda c: notices.save(c, stored.notice, started_at=house.clock()))
    assert "Elsewhere" not in await author.read(await begin(author))

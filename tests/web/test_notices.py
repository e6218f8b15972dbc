"""Who may open which page of notices, and what the list of them tells."""

import re
from collections.abc import Mapping
from datetime import timedelta

import pytest

from domain.notices import Status
from domain.recipients import Status as RecipientStatus
from domain.staff import RIGHTS, Right, Role
from domain.texts import Text
from locales.catalogue import render_plain
from services.desk import Desk
from tests.web.notices import (
    FORM,
    MANAGER,
    add_notice,
    add_people,
    get_status,
    queue_people,
    settle,
    sign_in,
)
from tests.web.visiting import House
from web.app import ROUTES

DOORS = [
    (method, route.path)
    for route in ROUTES
    for method in sorted((route.methods or set()) - {"HEAD"})
    if "notice" in route.param_convertors
]


async def test_what_has_reached_everybody_says_so_in_the_list_and_until_when_newcomers_get_it(
    house: House,
) -> None:
    await add_people(house, 1)
    author = await house.hire(MANAGER)
    end = house.clock() + timedelta(days=2)
    notice = await add_notice(house, author, Status.SENDING, send_by=end)
    await queue_people(house, notice)
    browser = await house.sign_in(author)
    assert "Being sent" in await browser.read("/notices")
    await settle(house, notice, RecipientStatus.SENT, 1)
    listed = await browser.read("/notices")
    assert "Being sent" not in listed
    assert "Sent to all so far" in listed
    assert "Who matches later gets it until 6 March 2026" in listed
    assert "Sent to all so far" in await browser.read(f"/notices/{notice}")


@pytest.mark.parametrize("locale", ["km", "en"])
def test_office_and_chat_call_a_topic_and_an_event_day_the_same(desk: Desk, locale: str) -> None:
    def say(key: str) -> str:
        return render_plain(Text(key), locale, desk.names)

    assert say("notices.topic.campaigns") == say("topic.campaigns")
    assert say("notices.topic.benefits") == say("topic.benefits")
    assert say("nav.campaigns") == say("campaigns.title")


@pytest.mark.parametrize("role", [None, *Role])
async def test_a_role_opens_the_pages_of_its_rights_and_no_others(
    house: House, role: Role | None
) -> None:
    author = await house.hire(MANAGER)
    draft = await add_notice(house, author)
    pages: Mapping[str, set[Right]] = {
        "/notices": {Right.WRITE_NOTICES, Right.APPROVE_NOTICES, Right.SEE_RESULTS},
        f"/notices/{draft}": {Right.WRITE_NOTICES, Right.APPROVE_NOTICES},
        f"/notices/{draft}/recipients": {Right.WRITE_NOTICES, Right.APPROVE_NOTICES},
        f"/notices/{draft}/recipients.csv": {Right.WRITE_NOTICES, Right.APPROVE_NOTICES},
        f"/notices/{draft}/edit": {Right.WRITE_NOTICES},
    }
    browser = house.open_browser()
    if role is not None:
        browser = await house.sign_in(await house.hire(role))
    for path, wanted in pages.items():
        expected = 303 if role is None else 404 if wanted.isdisjoint(RIGHTS[role]) else 200
        assert (await browser.get(path)).status_code == expected, path


def test_the_table_of_doors_has_the_pages_and_acts_of_notices() -> None:
    assert ("GET", "/notices/{notice}") in DOORS
    assert ("POST", "/notices/{notice}/approve") in DOORS
    assert len(DOORS) >= 15


@pytest.mark.parametrize(("method", "path"), DOORS)
async def test_a_notice_that_reaches_beyond_ones_places_cannot_be_told_from_none(
    house: House, method: str, path: str
) -> None:
    author = await house.hire(MANAGER)
    beyond = await add_notice(house, author, Status.DRAFT, "17")
    everywhere = await add_notice(house, author)
    neighbour = await sign_in(house, "02")

    async def knock(notice_id: int) -> tuple[int, str]:
        address = path.replace("{notice}", str(notice_id))
        form = {**FORM, "note": "A note."}
        answer = await (
            neighbour.post(address, form) if method == "POST" else neighbour.get(address)
        )
        return answer.status_code, answer.text.replace(address, "")

    nowhere = await knock(999)
    assert nowhere[0] == 404
    assert await knock(beyond) == await knock(everywhere) == nowhere
    assert await get_status(house, beyond) is Status.DRAFT


async def test_the_list_has_what_lies_within_ones_places(house: House) -> None:
    author = await house.hire(MANAGER)
    await add_notice(house, author, Status.DRAFT, "0203", title="In the town")
    await add_notice(house, author, Status.DRAFT, "02", "17", title="In two provinces")
    await add_notice(house, author, title="Everywhere")
    local, whole = await sign_in(house, "02"), await sign_in(house)

    assert "In the town" in await local.read("/notices")
    assert "In two provinces" not in await local.read("/notices")
    assert "Everywhere" not in await local.read("/notices")
    assert "Everywhere" in await whole.read("/notices")


async def test_the_list_tells_standing_audience_author_and_progress(house: House) -> None:
    await add_people(house, 4)
    author = await house.hire(MANAGER, name="Keo Bopha")
    notice = await add_notice(house, author, Status.SENDING, "02", title="Course for vendors")
    await queue_people(house, notice)
    await settle(house, notice, RecipientStatus.SENT, 1, 2, 3)

    page = (await (await sign_in(house)).get("/notices")).text

    for words in ("Course for vendors", "Keo Bopha", "Home: Battambang", "Being sent"):
        assert words in page
    assert '<progress class="bar" max="4" value="3"' in page
    assert "3 of 4 sent" in page


async def test_older_notices_are_shown_on_request(house: House) -> None:
    author = await house.hire(MANAGER)
    await add_notice(house, author, title="The very first")
    for _ in range(50):
        await add_notice(house, author)
    browser = await house.sign_in(author)

    assert "The very first" not in await browser.read("/notices")
    assert 'href="/notices?most=100"' in (await browser.get("/notices")).text
    assert "The very first" in await browser.read("/notices", most="100")


async def test_the_pages_hold_no_script_or_style_of_their_own(house: House, sent: int) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    draft = await add_notice(house, author)
    for path in ("", f"/{draft}", f"/{draft}/edit", f"/{sent}", f"/{sent}/stop"):
        text = (await browser.get(f"/notices{path}")).text
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=)|javascript:", text), path

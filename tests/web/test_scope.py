"""What lies in another province is not there: by no route, by no method."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from db import audit
from domain.staff import Role, Staff
from tests.web.casework import approve_case, ask, submit, with_key
from tests.web.visiting import Browser, House
from web.app import ROUTES
from web.office import Photo

SIEM_REAP, BATTAMBANG = "17", "02"
NOWHERE = {"number": "000000000", "other": "000000000", "id": "999"}
FORM = {
    "checked": "id_card",
    "reason": "not_true",
    "item": "born",
    "kept": "000000000",
    "other": "000000000",
    "note": "A note.",
    "text": "An answer.",
    "office": "1710",
}
OF_THE_PUBLIC = ("/v/", "/verify")
OF_ADMINISTRATORS = ("/staff/",)

DOORS = [
    (method, route.path)
    for route in ROUTES
    for method in sorted((route.methods or set()) - {"HEAD"})
    if {"number", "id"} & route.param_convertors.keys()
    and not route.path.startswith(OF_THE_PUBLIC + OF_ADMINISTRATORS)
]
LOCKED = {("GET", "/cases/{number}/photo/wished")}
"""Doors behind which there is nothing, even for who may open them."""
OF_OFFICERS = [
    door for door in DOORS if door[1].startswith(("/cases/", "/questions/")) and door not in LOCKED
]


@dataclass(frozen=True)
class Town:
    """The office of Siem Reap with its officer, and a neighbour from Battambang."""

    house: House
    here: Mapping[str, str]
    local: Browser
    neighbour: Browser
    stranger: Staff


@pytest.fixture
async def town(house: House) -> Town:
    """Siem Reap has an approved application, one like it, and a question."""
    house = with_key(house)
    other = await submit(house, 2, home="17100101")
    number = await submit(house, 1, home="17100101")
    house.photos["file-1"] = Photo(b"picture", "image/png")
    local = await house.hire(Role.OFFICER, places=[SIEM_REAP])
    stranger = await house.hire(Role.OFFICER, name="Keo Bopha", places=[BATTAMBANG])
    await approve_case(house, local, number)
    question = await ask(house, 1, "1710", "When?", number)
    return Town(
        house,
        {"number": number, "other": other, "id": str(question)},
        await house.sign_in(local),
        await house.sign_in(stranger),
        stranger,
    )


async def knock(
    browser: Browser, method: str, path: str, values: Mapping[str, str]
) -> tuple[int, str]:
    """Try a door, and give what is behind it, without the address that a page may repeat."""
    address = path.format_map(values)
    answer = await (browser.post(address, FORM) if method == "POST" else browser.get(address))
    return answer.status_code, answer.text.replace(address, "")


def test_the_table_of_doors_has_the_pages_of_cases_and_questions() -> None:
    assert ("GET", "/cases/{number}") in DOORS
    assert ("POST", "/cases/{number}/approve") in DOORS
    assert ("POST", "/questions/{id}") in DOORS
    assert len(DOORS) >= 20


@pytest.mark.parametrize(("method", "path"), DOORS)
async def test_what_lies_elsewhere_cannot_be_told_from_what_does_not_exist(
    town: Town, method: str, path: str
) -> None:
    elsewhere = await knock(town.neighbour, method, path, town.here)
    nowhere = await knock(town.neighbour, method, path, NOWHERE)

    assert elsewhere[0] == 404
    assert elsewhere == nowhere


@pytest.mark.parametrize(("method", "path"), OF_OFFICERS)
async def test_the_officer_of_the_province_finds_something_behind_each_door(
    town: Town, method: str, path: str
) -> None:
    assert (await knock(town.local, method, path, town.here))[0] != 404


async def test_knocking_leaves_no_trace_in_the_case(town: Town) -> None:
    for method, path in DOORS:
        await knock(town.neighbour, method, path, town.here)

    async with town.house.database.read() as connection:
        events = await audit.list_about(connection, town.here["number"])
    assert town.stranger.id not in {one.event.actor_id for one in events}

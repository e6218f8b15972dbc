"""Two applications of one person on the pages: compared, closed, opened again, or told apart."""

import pytest

from domain.applications import Status
from domain.staff import Role
from tests.web.casework import (
    get_case,
    list_acts,
    submit,
)
from tests.web.visiting import House


async def test_two_applications_stand_side_by_side_with_what_differs(house: House) -> None:
    first = await submit(house, 1)
    second = await submit(house, 2, sex="male")
    browser = await house.sign_in(await house.hire(Role.OFFICER))

    page = await browser.read(f"/cases/{second}/compare/{first}")

    assert "same identity number" in page
    assert "Sex differs Man Woman" in page
    assert "Khmer name differs" not in page


async def test_a_duplicate_is_closed_and_opened_again(house: House) -> None:
    first, second = await submit(house, 1), await submit(house, 2)
    browser = await house.sign_in(await house.hire(Role.OFFICER))
    await browser.post(f"/cases/{second}/take")

    page = (await browser.get(f"/cases/{second}/compare/{first}")).text
    await browser.post(f"/cases/{second}/mark_as_duplicate", {"kept": first})
    closed = await get_case(house, second)
    await browser.post(f"/cases/{second}/undo_merge")

    assert f'action="/cases/{second}/mark_as_duplicate"' in page
    assert f'action="/cases/{first}/mark_as_duplicate"' not in page
    assert (closed.status, closed.duplicate_of) == (Status.REJECTED, first)
    assert (await get_case(house, second)).duplicate_of is None


async def test_a_number_can_be_typed_for_the_one_that_stays(house: House) -> None:
    first, second = await submit(house, 1), await submit(house, 2, identity={"reason": "lost"})
    browser = await house.sign_in(await house.hire(Role.OFFICER))
    await browser.post(f"/cases/{second}/take")

    typed = f"{first[:4]}-{first[4:8]}-{first[8:]}"
    await browser.post(f"/cases/{second}/mark_as_duplicate", {"typed": typed})

    assert (await get_case(house, second)).duplicate_of == first


async def test_a_number_of_another_province_cannot_be_the_one_that_stays(house: House) -> None:
    elsewhere = await submit(house, 1, home="17100101")
    number = await submit(house, 2)
    browser = await house.sign_in(await house.hire(Role.OFFICER, places=["02"]))
    await browser.post(f"/cases/{number}/take")

    there = await browser.post(f"/cases/{number}/mark_as_duplicate", {"typed": elsewhere})
    nowhere = await browser.post(f"/cases/{number}/mark_as_duplicate", {"typed": "000000000"})

    assert there.status_code == nowhere.status_code == 400
    assert "no such application in your area" in there.text
    assert "no such application in your area" in nowhere.text


async def test_two_people_who_look_alike_are_noted_as_two(house: House) -> None:
    first, second = await submit(house, 1), await submit(house, 2)
    browser = await house.sign_in(await house.hire(Role.OFFICER))
    assert f"/cases/{second}/compare/{first}" in (await browser.get(f"/cases/{second}")).text

    answer = await browser.post(f"/cases/{second}/dismiss_pair", {"other": first})

    page = (await browser.get(answer.headers["location"])).text
    assert "two different people" in page
    assert f"/cases/{second}/compare/{first}" not in page


@pytest.mark.parametrize("typed", [None, "000000000", "Sok Dara, a friend of mine"])
async def test_nobody_notes_of_an_application_elsewhere_that_it_is_of_another(
    house: House, typed: str | None
) -> None:
    elsewhere, number = await submit(house, 1, home="17100101"), await submit(house, 2)
    browser = await house.sign_in(await house.hire(Role.OFFICER, places=["02"]))

    other = {"other": typed or elsewhere}
    answer = await browser.post(f"/cases/{number}/dismiss_pair", other)

    assert answer.status_code == 400
    assert await list_acts(house, number) == ["submit", "open_case"]


async def test_of_a_lookalike_elsewhere_only_the_province_and_the_signs_are_shown(
    house: House,
) -> None:
    elsewhere = await submit(
        house, 1, home="17100101", name_latin={"family": "Sokh", "given": "Daraa"}
    )
    number = await submit(house, 2)
    browser = await house.sign_in(await house.hire(Role.OFFICER, places=["02"]))

    case = await browser.get(f"/cases/{number}")
    side = await browser.get(f"/cases/{number}/compare/{elsewhere}")

    for page in (case, side):
        assert page.status_code == 200
        assert "same identity number" in page.text
        assert "Siem Reap" in page.text
        assert "Sokh" not in page.text
        assert "Daraa" not in page.text
    assert elsewhere not in case.text


async def test_a_stranger_elsewhere_cannot_be_compared_with(house: House) -> None:
    elsewhere = await submit(house, 1, home="17100101", identity={"number": "987654321"})
    number = await submit(house, 2)
    browser = await house.sign_in(await house.hire(Role.OFFICER, places=["02"]))

    assert (await browser.get(f"/cases/{number}/compare/{elsewhere}")).status_code == 404
    assert (await browser.get(f"/cases/{number}/compare/000000000")).status_code == 404

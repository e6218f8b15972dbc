"""What follows a decision on the pages: changes, appeals, approvals taken back, and cards."""

from functools import partial

import pytest

from db import cases
from domain.applications import Status
from domain.cases import Act, take_act
from domain.staff import Role
from tests.web.casework import (
    REASON,
    approve_case,
    get_case,
    list_acts,
    request_change,
    submit,
    with_key,
)
from tests.web.visiting import House
from web.office import Photo


async def test_a_change_is_shown_beside_what_is_now_and_accepted(house: House) -> None:
    number = await submit(house, 1)
    officer = await house.hire(Role.OFFICER)
    await approve_case(house, officer, number)
    await request_change(house, number, "identity", identity={"number": "987654789"})
    browser = await house.sign_in(officer)
    await browser.post(f"/cases/{number}/take")

    words = await browser.read(f"/cases/{number}")
    answer = await browser.post(f"/cases/{number}/accept_change")

    assert "Identity card 123456789 987654789" in words
    assert "Khmer name សុខ ដារ៉ា សុខ ដារ៉ា" not in words
    assert answer.status_code == 303
    page = (await browser.get(answer.headers["location"])).text
    assert "The change was made." in page
    assert 'value="987654789"' in page


async def test_a_change_can_be_declined_with_a_reason(house: House) -> None:
    number = await submit(house, 1)
    officer = await house.hire(Role.OFFICER)
    await approve_case(house, officer, number)
    await request_change(house, number, "sex", sex="male")
    browser = await house.sign_in(officer)
    await browser.post(f"/cases/{number}/take")

    await browser.post(f"/cases/{number}/decline_change", {"reason": "change_not_shown"})

    case = await get_case(house, number)
    assert (case.status, case.waiting) == (Status.APPROVED, None)


async def test_a_new_photo_is_seen_before_it_is_accepted(house: House) -> None:
    number = await submit(house, 1)
    await approve_case(house, await house.hire(Role.OFFICER), number)
    await request_change(house, number, "photo", photo="file-2")
    house.photos["file-2"] = Photo(b"new", "image/png")
    browser = await house.sign_in(await house.hire(Role.OFFICER))

    page = (await browser.get(f"/cases/{number}")).text

    assert f'src="/cases/{number}/photo/wished"' in page
    assert (await browser.get(f"/cases/{number}/photo/wished")).content == b"new"


async def test_an_approval_can_be_taken_back_with_a_reason(house: House) -> None:
    number = await submit(house, 1)
    officer = await house.hire(Role.OFFICER)
    await approve_case(house, officer, number)

    browser = await house.sign_in(officer)
    await browser.post(f"/cases/{number}/revoke", {"reason": "issued_in_error"})

    assert (await get_case(house, number)).status is Status.REJECTED


async def test_who_rejected_is_told_that_another_looks_at_the_appeal(house: House) -> None:
    number = await submit(house, 1)
    officer = await house.hire(Role.OFFICER)
    browser = await house.sign_in(officer)
    await browser.post(f"/cases/{number}/take")
    await browser.post(f"/cases/{number}/reject", REASON)
    rejected = await get_case(house, number)
    appealed = take_act(rejected, Act.APPEAL, None, house.clock(), due_at=house.clock())
    await house.write(partial(cases.save, cases=[appealed]))

    answer = await browser.post(f"/cases/{number}/take")

    assert answer.status_code == 409
    assert "Another officer must look at an appeal." in answer.text
    assert f'action="/cases/{number}/take"' not in answer.text


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("png", b"\x89PNG")])
async def test_the_card_of_an_approved_case_can_be_printed_and_the_look_is_written_down(
    house: House, kind: str, begins: bytes
) -> None:
    house = with_key(house)
    number = await submit(house, 1)
    officer = await house.hire(Role.OFFICER)
    await approve_case(house, officer, number)
    browser = await house.sign_in(officer)

    page = (await browser.get(f"/cases/{number}")).text
    card = await browser.get(f"/cases/{number}/card.{kind}")

    assert f"/cases/{number}/card.{kind}" in page
    assert card.content.startswith(begins)
    assert (await list_acts(house, number))[-1] == "see_card"


async def test_a_case_that_is_not_approved_has_no_card(house: House) -> None:
    house = with_key(house)
    number = await submit(house, 1)
    officer = await house.hire(Role.OFFICER)
    browser = await house.sign_in(officer)
    before = await browser.get(f"/cases/{number}/card.pdf")
    await approve_case(house, officer, number)
    await browser.post(f"/cases/{number}/revoke", {"reason": "issued_in_error"})
    after = await browser.get(f"/cases/{number}/card.pdf")

    assert before.status_code == after.status_code == 404

"""Officers decide applications on their pages: once, in their places, and never their own."""

from functools import partial

import pytest

from db import contacts
from domain.applications import Status
from domain.staff import Role
from tests.samples import make_contact
from tests.web.casework import (
    REASON,
    approve_case,
    get_case,
    submit,
    take_case,
)
from tests.web.visiting import House, read_words


async def test_nothing_can_be_decided_before_the_case_is_taken(house: House) -> None:
    number = await submit(house, 1)
    browser = await house.sign_in(await house.hire(Role.OFFICER))

    page = (await browser.get(f"/cases/{number}")).text
    refused = await browser.post(f"/cases/{number}/approve", {"checked": "id_card"})

    assert f'action="/cases/{number}/take"' in page
    assert f'action="/cases/{number}/approve"' not in page
    assert refused.status_code == 409
    assert "take the case first" in refused.text
    assert (await get_case(house, number)).status is Status.SUBMITTED


async def test_an_approval_says_that_the_worker_was_told_and_leads_on(house: House) -> None:
    number = await submit(house, 1)
    browser = await house.sign_in(await house.hire(Role.OFFICER))
    await browser.post(f"/cases/{number}/take")

    answer = await browser.post(f"/cases/{number}/approve", {"checked": ["id_card", "photo"]})
    page = await browser.get(answer.headers["location"])

    assert answer.status_code == 303
    assert "Approved. សុខ ដារ៉ា was told." in read_words(page.text)
    assert 'action="/queue/next"' in page.text
    assert (await get_case(house, number)).status is Status.APPROVED
    assert any(call.call.chat_id == 1 for call in house.calls)


async def test_a_decision_that_could_not_be_told_says_so(house: House) -> None:
    number = await submit(house, 1)
    gone = make_contact(1, reachable=False)
    await house.write(partial(contacts.save, changed=[gone]))
    browser = await house.sign_in(await house.hire(Role.OFFICER))
    await browser.post(f"/cases/{number}/take")
    await browser.post(f"/cases/{number}/reject", REASON)

    words = await browser.read(f"/cases/{number}", done="reject")

    assert "Rejected. The worker could not be told" in words


async def test_what_was_done_is_told_only_to_who_did_it_and_only_while_it_is_the_last(
    house: House,
) -> None:
    number = await submit(house, 1)
    officer = await house.hire(Role.OFFICER)
    await approve_case(house, officer, number)
    colleague = await house.sign_in(await house.hire(Role.OFFICER, name="Keo Bopha"))

    assert "was told" not in await colleague.read(f"/cases/{number}", done="approve")
    assert "Rejected" not in await (await house.sign_in(officer)).read(
        f"/cases/{number}", done="reject"
    )


async def test_an_approval_needs_something_that_was_checked(house: House) -> None:
    number = await submit(house, 1)
    browser = await house.sign_in(await house.hire(Role.OFFICER))
    await browser.post(f"/cases/{number}/take")

    answer = await browser.post(f"/cases/{number}/approve")

    assert answer.status_code == 400
    assert "tick at least one thing" in answer.text
    assert (await get_case(house, number)).status is Status.IN_REVIEW


@pytest.mark.parametrize(
    ("act", "form", "status"),
    [
        ("reject", REASON, Status.REJECTED),
        (
            "request_correction",
            {"item": "born", "reason": "differs_from_card"},
            Status.NEEDS_CORRECTION,
        ),
        ("release", {}, Status.SUBMITTED),
    ],
)
async def test_each_act_of_a_form_is_done(
    house: House, act: str, form: dict[str, str], status: Status
) -> None:
    number = await submit(house, 1)
    browser = await house.sign_in(await house.hire(Role.OFFICER))
    await browser.post(f"/cases/{number}/take")

    answer = await browser.post(f"/cases/{number}/{act}", form)

    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{number}?done={act}")
    assert (await get_case(house, number)).status is status


@pytest.mark.parametrize("act", ["reject", "request_correction", "mark_as_duplicate", "hand_over"])
async def test_a_form_that_lacks_something_changes_nothing(house: House, act: str) -> None:
    number = await submit(house, 1)
    browser = await house.sign_in(await house.hire(Role.OFFICER))
    await browser.post(f"/cases/{number}/take")
    before = await get_case(house, number)

    form = {"reason": "invented", "kept": "12", "colleague": "9" * 20, "note": "For you."}
    answer = await browser.post(f"/cases/{number}/{act}", form)

    assert answer.status_code == 400
    assert "Nothing was changed." in answer.text
    assert await get_case(house, number) == before


async def test_nobody_decides_an_application_made_in_their_own_chat(house: House) -> None:
    number = await submit(house, 7)
    own = await house.hire(Role.OFFICER, chat_id=7)
    browser, words = await house.sign_in(own), "made in your own chat"
    before = await get_case(house, number)

    page = (await browser.get(f"/cases/{number}")).text
    assert words in page
    assert f'action="/cases/{number}/' not in page
    for act, form in (
        ("take", {}),
        ("approve", {"checked": "photo"}),
        ("add_note", {"note": "A good person."}),
        ("hand_over", {"office": "1710", "note": "There they do not know me."}),
    ):
        answer = await browser.post(f"/cases/{number}/{act}", form)
        assert (answer.status_code, words in answer.text) == (409, True)
    answer = await browser.post("/queue/next")
    assert "nothing_left" in answer.headers["location"]
    assert await get_case(house, number) == before


async def test_an_application_is_not_handed_over_to_whoever_made_it(house: House) -> None:
    number = await submit(house, 7)
    own = await house.hire(Role.OFFICER, name="Sok Rithy", chat_id=7)
    browser = await house.sign_in(await house.hire(Role.OFFICER))

    await browser.post(f"/cases/{number}/take")
    form = {"colleague": str(own.id), "note": "For you."}
    answer = await browser.post(f"/cases/{number}/hand_over", form)

    assert answer.status_code == 409
    assert f'<option value="{own.id}">' not in answer.text
    assert (await get_case(house, number)).assigned_to != own.id


async def test_the_second_officer_is_told_who_has_the_case(house: House) -> None:
    number = await submit(house, 1)
    await take_case(house, await house.hire(Role.OFFICER), number)
    late = await house.sign_in(await house.hire(Role.OFFICER, name="Keo Bopha"))

    page = await late.read(f"/cases/{number}")
    answer = await late.post(f"/cases/{number}/approve", {"checked": "id_card"})

    assert "Chan Sophea has this case." in page
    assert answer.status_code == 409
    assert "Chan Sophea has taken this case. Nothing was changed." in read_words(answer.text)


async def test_the_second_officer_is_told_that_the_case_is_decided(house: House) -> None:
    number = await submit(house, 1)
    await approve_case(house, await house.hire(Role.OFFICER), number)
    late = await house.sign_in(await house.hire(Role.OFFICER, name="Keo Bopha"))

    answer = await late.post(f"/cases/{number}/reject", REASON)

    assert answer.status_code == 409
    assert "decided already" in answer.text
    assert (await get_case(house, number)).status is Status.APPROVED


async def test_a_case_handed_over_to_another_province_is_gone_from_here(house: House) -> None:
    number = await submit(house, 1)
    browser = await house.sign_in(await house.hire(Role.OFFICER, places=["02"]))

    answer = await browser.post(
        f"/cases/{number}/hand_over", {"office": "1710", "note": "She moved."}
    )

    assert (answer.status_code, answer.headers["location"]) == (303, "/queue")
    assert (await browser.get(f"/cases/{number}")).status_code == 404


async def test_a_case_handed_over_to_a_colleague_stays_with_its_note(house: House) -> None:
    number = await submit(house, 1)
    colleague = await house.hire(Role.OFFICER, name="Keo Bopha", places=["0203"])
    browser = await house.sign_in(await house.hire(Role.OFFICER, places=["02"]))

    answer = await browser.post(
        f"/cases/{number}/hand_over", {"colleague": str(colleague.id), "note": "You know her."}
    )
    words = await browser.read(answer.headers["location"])

    assert "The case was handed over." in words
    assert "Keo Bopha has this case." in words
    assert "To Keo Bopha" in words
    assert "You know her." in words


async def test_only_colleagues_who_could_decide_are_offered(house: House) -> None:
    number = await submit(house, 1)
    await house.hire(Role.OFFICER, name="Keo Bopha", places=["02"])
    await house.hire(Role.OFFICER, name="Nhem Rithy", places=["17"])
    await house.hire(Role.ANALYST, name="Ros Chenda")
    browser = await house.sign_in(await house.hire(Role.OFFICER, places=["02"]))

    page = await browser.read(f"/cases/{number}")

    assert "Keo Bopha" in page
    assert "Nhem Rithy" not in page
    assert "Ros Chenda" not in page

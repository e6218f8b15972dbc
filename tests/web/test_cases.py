"""The page of an application: what officers read, and what they do."""

from functools import partial

import pytest

from db import audit, cases, contacts
from domain.applications import Status
from domain.cases import Act, take_act
from domain.staff import Role
from tests.samples import make_contact
from tests.web.casework import (
    approve_case,
    get_case,
    request_change,
    submit,
    take_case,
    with_key,
)
from tests.web.visiting import House, read_words
from web.office import Photo

REASON = {"reason": "not_true"}


async def list_acts(house: House, number: str) -> list[str]:
    async with house.database.read() as connection:
        return [one.event.act for one in await audit.list_about(connection, number)]


async def test_all_answers_are_shown_in_the_language_of_the_officer(house: House) -> None:
    number = await submit(house, 1)
    officer = await house.hire(Role.OFFICER)

    english = await (await house.sign_in(officer)).read(f"/cases/{number}")
    khmer = await (await house.sign_in(officer, "km")).read(f"/cases/{number}")

    for words in ("សុខ ដារ៉ា", "Sok Dara", "Woman", "012 345 678", "Proven by Telegram"):
        assert words in english
    assert "លក់ផ្កា" in english
    assert "លក់ផ្កា" in khmer
    assert "ស្រី" in khmer
    assert "Woman" not in khmer


async def test_the_number_of_the_identity_card_is_shown_in_full(house: House) -> None:
    number = await submit(house, 1)
    browser = await house.sign_in(await house.hire(Role.OFFICER))

    assert 'value="123456789"' in (await browser.get(f"/cases/{number}")).text


async def test_names_are_words_and_never_markup(house: House) -> None:
    evil = "<script>alert(1)</script>"
    number = await submit(house, 1, name_km={"family": evil, "given": "'\"><img src=x>"})
    officer = await house.hire(Role.OFFICER, name=evil)
    await take_case(house, officer, number)
    browser = await house.sign_in(officer)
    await browser.post(f"/cases/{number}/add_note", {"note": evil})

    page = (await browser.get(f"/cases/{number}")).text

    assert evil not in page
    assert "<img src=x" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3


async def test_who_opens_a_case_is_written_down(house: House) -> None:
    number = await submit(house, 1)
    browser = await house.sign_in(await house.hire(Role.OFFICER))

    await browser.read(f"/cases/{number}")

    assert (await list_acts(house, number))[-1] == "open_case"


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


async def test_the_reasons_show_what_the_worker_will_read_in_both_languages(house: House) -> None:
    number = await submit(house, 1)
    officer = await house.hire(Role.OFFICER)
    await take_case(house, officer, number)

    page = (await (await house.sign_in(officer)).get(f"/cases/{number}")).text

    assert '<p lang="km">' in page
    assert '<p lang="en">' in page


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


async def test_the_photo_comes_through_the_bot_and_the_look_is_written_down(house: House) -> None:
    number = await submit(house, 1)
    house.photos["file-1"] = Photo(b"picture", "image/jpeg")
    browser = await house.sign_in(await house.hire(Role.OFFICER))

    answer = await browser.get(f"/cases/{number}/photo")

    assert (answer.content, answer.headers["content-type"]) == (b"picture", "image/jpeg")
    assert answer.headers["cache-control"] == "no-store"
    assert (await list_acts(house, number))[-1] == "see_photo"


@pytest.mark.parametrize(
    "photo",
    [None, Photo(b"<svg/>", "image/svg+xml"), Photo(bytes(10_000_001), "image/png")],
    ids=["gone", "a script", "too large"],
)
async def test_a_photo_that_cannot_be_shown_has_a_picture_in_its_place(
    house: House, photo: Photo | None
) -> None:
    number = await submit(house, 1)
    if photo:
        house.photos["file-1"] = photo
    browser = await house.sign_in(await house.hire(Role.OFFICER))

    answer = await browser.get(f"/cases/{number}/photo")

    assert answer.status_code == 303
    assert (await browser.get(answer.headers["location"])).headers["content-type"] == (
        "image/svg+xml"
    )


async def test_a_case_without_a_photo_has_none(house: House) -> None:
    number = await submit(house, 1, photo=None)
    browser = await house.sign_in(await house.hire(Role.OFFICER))

    assert "/photo" not in (await browser.get(f"/cases/{number}")).text
    assert (await browser.get(f"/cases/{number}/photo")).status_code == 404


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

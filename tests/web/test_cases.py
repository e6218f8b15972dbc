"""The page of an application: what officers read, and that their looks are written down."""

import pytest

from domain.staff import Role
from tests.web.casework import (
    list_acts,
    submit,
    take_case,
)
from tests.web.visiting import House
from web.office import Photo


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


async def test_the_reasons_show_what_the_worker_will_read_in_both_languages(house: House) -> None:
    number = await submit(house, 1)
    officer = await house.hire(Role.OFFICER)
    await take_case(house, officer, number)

    page = (await (await house.sign_in(officer)).get(f"/cases/{number}")).text

    assert '<p lang="km">' in page
    assert '<p lang="en">' in page


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

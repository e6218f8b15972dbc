"""The editor of a notice guesses nothing and loses nothing that was typed in it."""

import re

import pytest

from domain.notice_content import ButtonKind, Content, NoticeButton
from domain.notices import Status
from domain.staff import Role
from tests.web.notices import FORM, MANAGER, PNG, add_notice, get_notice, read_fields
from tests.web.visiting import House, read_words


async def test_a_time_beside_now_is_asked_about_and_not_passed_over(house: House) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    draft = await add_notice(house, author, Status.DRAFT)
    before = await get_notice(house, draft)
    typed = {**FORM, "when": "now", "starts_at": "2026-03-08T09:00", "do": "save"}

    answer = await browser.post(f"/notices/{draft}/edit", typed)

    assert answer.status_code == 400
    assert 'id="starts_at-error"' in answer.text
    assert "2026-03-08T09:00" in answer.text
    assert await get_notice(house, draft) == before


async def test_what_is_not_saved_is_not_announced_as_a_success(house: House) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    draft = await add_notice(house, author)
    typed = {**FORM, "all.registered_from": "31 of May", "do": "save"}

    page = (await browser.post(f"/notices/{draft}/edit", typed)).text

    trouble = page.split('class="notice notice--late" role="alert"')[1].split("</div>")[0]
    assert "This is not saved yet" in trouble
    assert "notice--ok" not in page


async def test_of_two_who_write_at_once_the_second_sees_what_the_first_has_saved(
    house: House,
) -> None:
    author = await house.hire(MANAGER)
    draft = await add_notice(house, author)
    path = f"/notices/{draft}/edit"
    first = await house.sign_in(await house.hire(MANAGER, name="Keo Bopha"))
    second = await house.sign_in(author)
    opened = read_fields((await second.get(path)).text)
    theirs = {"text_en": "Theirs:\n\n{given_name}", "interested": "1", "none.sex": ["male"]}
    await first.post(path, {**FORM, **theirs, "do": "save"})
    saved = await get_notice(house, draft)
    mine = {**opened, "text_en": "Mine & yours", "do": "save"}

    refused = await second.post(path, mine)

    assert refused.status_code == 409
    assert await get_notice(house, draft) == saved
    words = read_words(refused.text)
    assert "Meanwhile something was changed, by Keo Bopha." in words
    assert "It is saved." not in words
    assert "<p>Theirs:\n\n{given_name}</p>" in refused.text
    stands = read_words(refused.text.split('id="differing"')[1].split("</section>")[0])
    assert "In English Theirs" in stands
    assert "To whom But not to: Sex: Man" in stands
    assert "In Khmer" not in stands
    again = read_fields(refused.text)
    assert again["text_en"] == ["Mine &amp; yours"]
    await second.post(path, {**again, "text_en": "Mine & yours", "do": "save"})
    assert (await get_notice(house, draft)).notice.content["text_en"] == "Mine & yours"


async def test_the_same_form_sent_twice_is_saved_and_no_quarrel(house: House) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    path = f"/notices/{await add_notice(house, author)}/edit"

    answers = [await browser.post(path, {**FORM, "do": "save"}) for _ in range(2)]

    assert ["It is saved." in one.text for one in answers] == [True, True]


async def test_an_outdated_form_brings_no_file_and_asks_for_it_again(house: House) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    draft = await add_notice(house, author)
    path = f"/notices/{draft}/edit"
    await browser.post(path, {**FORM, "text_en": "Newer", "do": "save"})

    answer = await browser.client.post(
        path,
        data={"csrf": browser.csrf, **FORM, "text_en": "Older", "do": "save"},
        files={"file": ("one.png", PNG, "image/png")},
        headers={"sec-fetch-site": "same-origin"},
    )

    assert 'id="file-error"' in answer.text
    assert "Older" in answer.text
    assert (await browser.get(f"/notices/{draft}/file")).status_code == 404


async def test_a_form_with_a_file_goes_on_being_saved(house: House) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    draft = await add_notice(house, author)
    path = f"/notices/{draft}/edit"
    answer = await browser.client.post(
        path,
        data={"csrf": browser.csrf, **FORM, "do": "save"},
        files={"file": ("one.png", PNG, "image/png")},
        headers={"sec-fetch-site": "same-origin"},
    )

    again = {**read_fields(answer.text), "text_en": "Newer", "do": "save"}

    assert "It is saved." in (await browser.post(path, again)).text
    assert (await get_notice(house, draft)).notice.content["text_en"] == "Newer"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.PENDING_APPROVAL, "It waits for approval; take it back to change it."),
        (Status.APPROVED, "It is approved; take it back to change it."),
        (Status.SENDING, "It can no longer be changed; a copy of it can."),
    ],
)
async def test_what_is_no_draft_says_how_it_can_be_changed(
    house: House, status: Status, words: str
) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    notice = await add_notice(house, author, status)
    path = f"/notices/{notice}/edit"

    led = (await browser.get(path)).headers["location"]
    typed = await browser.post(path, {**FORM, "text_en": "Too late", "do": "save"})

    assert led.startswith(f"/notices/{notice}?")
    assert words in await browser.read(led)
    assert words in read_words(typed.text)
    assert "Too late" in typed.text


async def test_whoever_may_not_write_finds_no_form(house: House) -> None:
    author = await house.hire(MANAGER)
    notice = await add_notice(house, author, Status.PENDING_APPROVAL)
    for stranger in (
        await house.hire(Role.ADMINISTRATOR),
        await house.hire(MANAGER, places=["17"]),
    ):
        browser = await house.sign_in(stranger)
        assert (await browser.get(f"/notices/{notice}/edit")).status_code == 404
        assert (await browser.post(f"/notices/{notice}/edit", FORM)).status_code == 404


async def test_what_is_wrong_is_listed_once_in_the_order_of_the_page_and_by_its_field(
    house: House,
) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    draft = await add_notice(house, author)
    typed = {
        **FORM,
        "title": "",
        "text_en": "",
        "link_url": ["https://example.org/", "http://example.org/"],
        "link_km": ["អាន", ""],
        "link_en": ["Read", ""],
        "poll_km": "",
        "poll_en": "One",
        "latitude": "11.5",
        "longitude": "999",
        "none.age_from": "old",
        "send_by": "2026-03-01T10:00",
        "do": "check",
    }

    page = (await browser.post(f"/notices/{draft}/edit", typed)).text

    listed = page.split('<ul class="problems">')[1].split("</ul>")[0]
    assert re.findall(r'href="#([^"]+)">([^<]+)<', listed) == [
        ("title", "Please give it a title, up to 120 characters."),
        ("text_en", "In English: Please write the notice in this language too."),
        ("link_url-2", "Link 2: The link must be a full address that begins with https://"),
        ("link_km-2", "Link 2: Please write the words on it in both languages."),
        ("poll_km", "Poll: Please write as many choices in Khmer as in English."),
        ("longitude", "A place on the map: There is no such place. Please check both numbers."),
        ("none.age_from", "Age: Please write ages in whole years, for example 35."),
        ("send_by", "Send by: This time is over. Please choose a later one, or leave it empty."),
    ]
    marked = re.findall(r'<div class="field field--wrong">\s*<label for="([^"]+)"', page)
    assert {"link_url-2", "link_km-2", "link_en-2", "longitude"} <= set(marked)
    assert {"link_url-1", "latitude"}.isdisjoint(marked)
    assert 'id="link_url-2-error"' in page


async def test_who_reads_a_notice_is_told_what_each_of_its_buttons_does(house: House) -> None:
    author = await house.hire(MANAGER)
    plain = (NoticeButton(ButtonKind.APPLY), NoticeButton(ButtonKind.INTERESTED))
    content = Content("សួស្តី", "Hello", buttons=plain)
    notice = await add_notice(house, author, content=content)

    words = await (await house.sign_in(author)).read(f"/notices/{notice}")

    led = words.split("Where its buttons lead")[1]
    assert "“Register now”: opens the registration" in led
    assert "“I am interested”: counts who would like it" in led

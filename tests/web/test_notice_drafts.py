"""Drafts on the pages: thrown away, taken back, checked, and told of the night."""

import re
from dataclasses import replace
from functools import partial

from db import contacts
from domain.notices import Status
from tests.samples import make_contact
from tests.web.notices import FORM, MANAGER, READ, add_notice, add_people
from tests.web.visiting import House


async def test_a_draft_that_was_shown_to_nobody_is_thrown_away(house: House) -> None:
    browser = await house.sign_in(await house.hire(MANAGER))
    empty = (await browser.post("/notices")).headers["location"].removesuffix("/edit")

    assert "Throw this draft away" in await browser.read(empty)
    assert "What you have written is lost" in await browser.read(f"{empty}/stop")
    away = (await browser.post(f"{empty}/stop")).headers["location"]

    words = await browser.read(away)
    assert "The draft is thrown away." in words
    assert "Untitled" not in words
    assert (await browser.get(empty)).status_code == 404


async def test_a_colleagues_draft_is_stopped_and_stays_in_the_list(house: House) -> None:
    author = await house.hire(MANAGER)
    draft = await add_notice(house, author, title="Their draft")
    browser = await house.sign_in(await house.hire(MANAGER))

    assert "Throw this draft away" not in await browser.read(f"/notices/{draft}")
    await browser.post(f"/notices/{draft}/stop")
    assert "Their draft" in await browser.read("/notices")


async def test_an_author_takes_back_what_waits_and_need_not_say_why(house: House) -> None:
    author = await house.hire(MANAGER)
    notice = await add_notice(house, author, Status.PENDING_APPROVAL)
    own, other = await house.sign_in(author), await house.sign_in(await house.hire(MANAGER))

    assert "Take it back to change it" in await own.read(f"/notices/{notice}")
    assert "Take it back" not in await other.read(f"/notices/{notice}")
    done = (await own.post(f"/notices/{notice}/return")).headers["location"]

    words = await own.read(done)
    assert "You have it back and can change it." in words
    assert "Go on writing" in words


async def test_a_check_says_who_fits_and_would_get_nothing(house: House) -> None:
    await add_people(house, 8)
    apart = [
        make_contact(6, wants_notices=False),
        make_contact(7, wants_notices=False),
        replace(make_contact(8, wants_notices=True), reachable=False),
    ]
    await house.write(partial(contacts.save, changed=apart))
    author = await house.hire(MANAGER)
    draft = await add_notice(house, author)
    browser = await house.sign_in(author)

    page = (await browser.post(f"/notices/{draft}/edit", {**FORM, "do": "check"})).text
    for shown in (page, (await browser.get(f"/notices/{draft}")).text):
        assert "<strong>5</strong>" in shown
        assert "Fit, but want no notices: 2 · Cannot be reached, as they never" in shown
        assert "opened the bot or have blocked it: 1" in shown


async def test_a_sample_says_which_language_that_person_gets(house: House) -> None:
    await add_people(house, 5)
    english = [make_contact(1, locale="en", wants_notices=True)]
    await house.write(partial(contacts.save, changed=english))
    author = await house.hire(MANAGER)
    draft = await add_notice(house, author)
    browser = await house.sign_in(author)

    page = (await browser.post(f"/notices/{draft}/edit", {**FORM, "do": "check"})).text
    samples = re.findall(r'<article class="sample">.*?</article>', page, re.DOTALL)
    for sample, own in ((one, "en" if "gets it in English" in one else "km") for one in samples):
        first, folded = sample.split("<details")
        assert f'lang="{own}"' in first
        assert f'lang="{own}"' not in folded
    assert sum("gets it in English" in one for one in samples) == 1


async def test_a_notice_that_would_end_in_the_night_says_what_to_do(house: House) -> None:
    author = await house.hire(MANAGER)
    draft = await add_notice(house, author)
    browser = await house.sign_in(author)
    hours = {"when": "at", "starts_at": "2026-03-04T20:05", "send_by": "2026-03-05T06:05"}

    page = await browser.post(f"/notices/{draft}/edit", {**FORM, **hours, "do": "check"})
    assert "Please choose a time after 07:00, or leave it empty." in page.text
    assert "Please choose a time after 07:00" in await browser.read(f"/notices/{draft}")
    refused = await browser.post(f"/notices/{draft}/submit", {"version": "1"})
    assert (refused.status_code, "nobody would get it" in refused.text) == (409, True)
    urgent = {**FORM, **hours, "version": "1", "emergency": "1", "do": "save"}
    assert (await browser.post(f"/notices/{draft}/edit", urgent)).status_code == 200


async def test_at_night_pages_say_that_sending_begins_in_the_morning(house: House) -> None:
    house.clock.advance(hours=11)
    author, approver = await house.hire(MANAGER), await house.hire(MANAGER)
    notice = await add_notice(house, author, Status.PENDING_APPROVAL)
    browser = await house.sign_in(approver)

    assert "Nothing is sent at night: sending would begin at" in await browser.read(
        f"/notices/{notice}"
    )
    await browser.post(f"/notices/{notice}/approve", READ)
    words = await browser.read(f"/notices/{notice}")
    assert "Nothing is sent at night, so sending begins at" in words


async def test_the_form_says_when_nothing_is_sent(house: House) -> None:
    author = await house.hire(MANAGER)
    draft = await add_notice(house, author)
    words = await (await house.sign_in(author)).read(f"/notices/{draft}/edit")
    assert "Nothing is sent between 20:00 and 07:00. Nobody gets more than 3 a week." in words

"""Notices are written on the pages: kept whole, checked, with a file, and only as drafts."""

import re
from dataclasses import replace

import pytest

from db import notice_files
from domain.notice_content import ButtonKind, read_content
from domain.notices import Status, Topic
from tests.web.notices import (
    CONTENT,
    FORM,
    MANAGER,
    OPUS,
    PNG,
    SIEM_REAP,
    add_notice,
    add_people,
    get_notice,
    read_fields,
    send_file,
    sign_in,
)
from tests.web.visiting import House, read_words


async def test_a_new_notice_is_written_and_kept_with_all_that_was_chosen(house: House) -> None:
    browser = await sign_in(house)
    begun = await browser.post("/notices")
    path = begun.headers["location"]
    notice_id = int(re.findall(r"/notices/(\d+)/edit", path)[0])
    form = {
        **FORM,
        "topic": "benefits",
        "interested": "1",
        "link_url": "https://example.org/a",
        "link_km": "អាន",
        "link_en": "Read",
        "poll_km": "ព្រឹក\nរសៀល",
        "poll_en": "Morning\nAfternoon",
        "latitude": "១៣.១",
        "longitude": "103.2",
        "all.place": ["02", "1710"],
        "all.status": ["approved"],
        "all.registered_from": "2026-01-01",
        "all.age_to": "35",
        "all.source_typed": "market, radio",
        "none.sex": ["male"],
        "when": "at",
        "starts_at": "2026-03-05T09:00",
        "send_by": "2026-03-08T18:00",
        "emergency": "1",
        "do": "save",
    }

    answer = await browser.post(path, form)

    assert (answer.status_code, "It is saved." in answer.text) == (200, True)
    stored = await get_notice(house, notice_id)
    content = read_content(stored.notice.content)
    assert (stored.title, stored.notice.topic) == ("Registration day", Topic.BENEFITS)
    assert [one.kind for one in content.buttons] == [ButtonKind.LINK, ButtonKind.INTERESTED]
    assert [one.label_en for one in content.choices] == ["Morning", "Afternoon"]
    assert content.place is not None
    assert stored.notice.emergency
    assert str(stored.notice.starts_at) == "2026-03-05 02:00:00+00:00"
    assert stored.notice.audience == {
        "all_of": [
            ["place", ["02", "1710"]],
            ["status", ["approved"]],
            ["source", ["market", "radio"]],
            ["registered", ["2026-01-01.."]],
            ["age", ["..35"]],
        ],
        "none_of": [["sex", ["male"]]],
    }
    again = await browser.post(path, {**read_fields((await browser.get(path)).text), "do": "save"})
    assert again.status_code == 200
    assert (await get_notice(house, notice_id)).notice == replace(stored.notice, version=2)


async def test_what_cannot_be_read_is_not_saved_and_not_lost(house: House) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    draft = await add_notice(house, author, Status.DRAFT, "02")
    before = await get_notice(house, draft)
    typed = {**FORM, "title": "My <title>", "all.registered_from": "31 of May", "do": "save"}

    answer = await browser.post(f"/notices/{draft}/edit", typed)

    assert answer.status_code == 400
    for kept in ("My &lt;title&gt;", "31 of May", CONTENT.text_km, CONTENT.text_en):
        assert kept in answer.text
    assert 'id="all.registered_from-error"' in answer.text
    assert await get_notice(house, draft) == before


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
async def test_a_day_at_the_end_of_the_calendar_is_asked_for_anew(house: House, day: str) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    draft = await add_notice(house, author, Status.DRAFT, "02")
    typed = {**FORM, "all.registered_from": day, "all.registered_to": day, "do": "save"}
    answer = await browser.post(f"/notices/{draft}/edit", typed)
    assert answer.status_code == 400
    assert "Please write days like 2026-01-31, in a year from 2000 on." in read_words(answer.text)
    assert (await browser.get(f"/notices/{draft}")).status_code == 200


async def test_a_check_tells_each_problem_beside_its_field_and_keeps_the_rest(house: House) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    draft = await add_notice(house, author)
    typed = {
        **FORM,
        "title": "",
        "text_en": "Dear {naem}",
        "poll_km": "មួយ",
        "poll_en": "One\nTwo",
        "link_url": "http://example.org",
        "send_by": "2026-03-01T10:00",
        "do": "check",
    }

    page = (await browser.post(f"/notices/{draft}/edit", typed)).text

    for name in ("title", "text_en", "poll_km", "link_url-1", "send_by"):
        assert f'id="{name}-error"' in page, name
        assert f'href="#{name}"' in page, name
    for kept in ("Dear {naem}", "One\nTwo", "http://example.org", "2026-03-01T10:00"):
        assert kept in page


async def test_a_check_counts_exactly_and_shows_five_samples_in_both_languages(
    house: House,
) -> None:
    numbers = await add_people(house, 7)
    await add_people(house, 3, SIEM_REAP, first=20)
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    draft = await add_notice(house, author)

    page = (
        await browser.post(f"/notices/{draft}/edit", {**FORM, "all.place": ["02"], "do": "check"})
    ).text

    assert "<strong>7</strong>" in page
    assert page.count('<article class="sample">') == 5
    shown = re.findall(r"Application ([\d-]+)", read_words(page))
    assert len(shown) == 5
    assert {one.replace("-", "") for one in shown} <= set(numbers)
    assert page.count('<div class="phone__bubble" lang="km">') == 5
    assert "there is a registration day on Saturday." in page
    assert "{given_name}, there" not in page.split('enctype="multipart')[0]


@pytest.mark.parametrize(("content", "kind"), [(PNG, "photo"), (OPUS, "voice")])
async def test_a_file_is_told_by_its_bytes_and_named_by_us(
    house: House, content: bytes, kind: str
) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    draft = await add_notice(house, author)

    assert await send_file(browser, f"/notices/{draft}/edit", content) == 200

    answer = await browser.get(f"/notices/{draft}/file")
    assert answer.content == content
    assert "evil" not in answer.headers["content-disposition"]
    async with house.database.read() as connection:
        file = await notice_files.find(connection, draft)
    assert file is not None
    assert file.kind == kind
    await browser.post(f"/notices/{draft}/edit", {**FORM, "drop_file": "1", "do": "save"})
    assert (await browser.get(f"/notices/{draft}/file")).status_code == 404


@pytest.mark.parametrize(
    "content", [b"<svg onload=alert(1)>", b"", b"OggS" + b"\x00" * 60, PNG + b"\x00" * 5_000_000]
)
async def test_a_file_that_cannot_be_sent_is_refused_and_the_words_are_kept(
    house: House, content: bytes
) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    draft = await add_notice(house, author, title="Before")

    assert await send_file(browser, f"/notices/{draft}/edit", content) == 400

    assert (await browser.get(f"/notices/{draft}/file")).status_code == 404
    assert (await get_notice(house, draft)).title == FORM["title"]


async def test_only_a_draft_is_written(house: House) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    for status in set(Status) - {Status.DRAFT}:
        notice = await add_notice(house, author, status)
        before = await get_notice(house, notice)
        assert (await browser.get(f"/notices/{notice}/edit")).status_code == 303, status
        typed = {**FORM, "text_en": "Mine", "do": "save"}
        assert (await browser.post(f"/notices/{notice}/edit", typed)).status_code == 409, status
        assert await get_notice(house, notice) == before


async def test_a_copy_is_a_draft_of_whoever_copies(house: House) -> None:
    author, other = await house.hire(MANAGER), await house.hire(MANAGER, name="Keo Bopha")
    notice = await add_notice(house, author, Status.COMPLETED, "02")

    answer = await (await house.sign_in(other)).post(f"/notices/{notice}/copy")

    copied = await get_notice(house, int(answer.headers["location"].split("/")[2]))
    former = await get_notice(house, notice)
    assert (copied.notice.author, copied.notice.status) == (other.id, Status.DRAFT)
    assert copied.notice.content == former.notice.content
    assert copied.notice.audience == former.notice.audience

"""Pages of notices: written, checked, approved by somebody else, watched and sent again."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import pytest

from db import audiences, audit, notice_answers, notice_files, notice_progress, notices
from db.audiences import SavedAudience
from db.notices import StoredNotice
from domain.audiences import Audience, Field, Filter
from domain.notice_content import ButtonKind, read_content
from domain.notices import Status, Topic
from domain.recipients import Status as RecipientStatus
from domain.staff import RIGHTS, Right, Role
from tests.web.notices import (
    CONTENT,
    FORM,
    SIEM_REAP,
    add_notice,
    add_people,
    queue_people,
    settle,
)
from tests.web.visiting import Browser, House, rebuild
from web.app import ROUTES

MANAGER = Role.CAMPAIGN_MANAGER
READ = {"version": "0"}
"""What the page of a notice that nobody has changed sends with an approval."""

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
OPUS = b"OggS" + b"\x00" * 24 + b"OpusHead" + b"\x00" * 20
DOORS = [
    (method, route.path)
    for route in ROUTES
    for method in sorted((route.methods or set()) - {"HEAD"})
    if "notice" in route.param_convertors
]


async def find(house: House, notice_id: int) -> StoredNotice:
    async with house.database.read() as connection:
        stored = await notices.find(connection, notice_id)
    assert stored is not None
    return stored


async def standing(house: House, notice_id: int) -> Status:
    return (await find(house, notice_id)).notice.status


async def sign_in(house: House, *places: str, name: str = "Chan Sophea") -> Browser:
    """Sign a campaign manager of some places, or of the whole country, in."""
    return await house.sign_in(await house.hire(MANAGER, name=name, places=places or None))


async def send_file(browser: Browser, path: str, content: bytes) -> int:
    files = {"file": ("../../evil.png", content, "image/png")}
    form = {"csrf": browser.csrf, **FORM, "do": "save"}
    headers = {"sec-fetch-site": "same-origin"}
    return (await browser.client.post(path, data=form, files=files, headers=headers)).status_code


# Who may


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
    assert await standing(house, beyond) is Status.DRAFT


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


# Writing


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
    stored = await find(house, notice_id)
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
    assert (await find(house, notice_id)).notice == replace(stored.notice, version=2)


def read_fields(page: str) -> dict[str, list[str]]:
    """Read what a browser would send of the form of a page."""
    fields: dict[str, list[str]] = {}
    form = page.split('enctype="multipart/form-data"')[1]
    for tag in re.findall(r"<input [^>]*>", form):
        found = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
        is_ticked = " checked" in tag or found.get("type") not in ("checkbox", "radio")
        if is_ticked and found.get("type") != "file" and found["name"] != "csrf":
            fields.setdefault(found["name"], []).append(found.get("value", ""))
    for name, words in re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>\n?([^<]*)<', form):
        fields[name] = [words]
    return fields


async def test_what_cannot_be_read_is_not_saved_and_not_lost(house: House) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    draft = await add_notice(house, author, Status.DRAFT, "02")
    before = await find(house, draft)
    typed = {**FORM, "title": "My <title>", "all.registered_from": "31 of May", "do": "save"}

    answer = await browser.post(f"/notices/{draft}/edit", typed)

    assert answer.status_code == 400
    for kept in ("My &lt;title&gt;", "31 of May", CONTENT.text_km, CONTENT.text_en):
        assert kept in answer.text
    assert 'id="all.registered_from-error"' in answer.text
    assert await find(house, draft) == before


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

    for name in ("title", "text_en", "poll_km", "buttons", "send_by"):
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
    shown = re.findall(r"Application ([\d-]+)", page)
    assert {one.replace("-", "") for one in shown} <= set(numbers)
    assert page.count('<div class="phone__bubble" lang="km">') == 5
    assert "there is a registration day on Saturday." in page
    assert "{given_name}, there" not in page.split('enctype="multipart')[0]


async def test_the_audience_is_cut_to_the_authors_places(house: House) -> None:
    await add_people(house, 6)
    await add_people(house, 3, SIEM_REAP, first=20)
    browser = await sign_in(house, "02")
    path = (await browser.post("/notices")).headers["location"]

    page = (await browser.post(path, {**FORM, "do": "check"})).text

    assert "<strong>6</strong>" in page
    assert "Only within the author’s places: Battambang" in page
    assert 'name="all.place" value="17"' not in page


async def test_a_value_that_the_form_does_not_offer_is_not_dropped(house: House) -> None:
    author = await house.hire(MANAGER, places=["02"])
    browser = await house.sign_in(author)
    draft = await add_notice(house, author)
    audience = Audience(
        (Filter(Field.PLACE, ("02", "020301", "17")), Filter(Field.RECEIVED, (str(draft),)))
    )
    add = partial(
        audiences.add, name="Theirs", audience=audience, staff_id=author.id, at=house.clock()
    )
    kept = await house.database.write(add)
    path = f"/notices/{draft}/edit"

    filled = await browser.post(path, {**FORM, "saved": str(kept), "do": "use_audience"})
    await browser.post(path, {**read_fields(filled.text), "do": "save"})

    (place, codes), received = (await find(house, draft)).notice.audience["all_of"]
    assert (place, set(codes)) == ("place", {"02", "020301", "17"})
    assert received == ["received", [str(draft)]]


async def test_an_audience_is_kept_under_a_name_of_its_own(house: House) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    path = f"/notices/{await add_notice(house, author)}/edit"
    form = {**FORM, "all.sex": ["female"], "do": "save_audience"}

    nameless = await browser.post(path, form)
    named = await browser.post(path, {**form, "audience_name": "Women"})
    taken = await browser.post(path, {**form, "audience_name": "Women"})

    assert (nameless.status_code, named.status_code, taken.status_code) == (400, 200, 400)
    assert "Another audience of yours has this name." in taken.text
    assert [one.name for one in await list_kept(house)] == ["Women"]


async def test_kept_audiences_are_combined_by_ticking_them(house: House) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    draft = await add_notice(house, author)
    path = f"/notices/{draft}/edit"
    for name, sex in (("Women", "female"), ("Men", "male")):
        kept = {**FORM, "all.sex": [sex], "do": "save_audience", "audience_name": name}
        await browser.post(path, kept)
    men, women = [str(one.id) for one in await list_kept(house)]
    form = {**FORM, "all.audience": [men, women], "none.audience": [men], "do": "check"}

    checked = await browser.post(path, form)
    forged = await browser.post(path, {**form, "all.audience": ["99"]})

    assert checked.status_code == 200
    assert "In a saved audience: “Men”, “Women”" in checked.text
    assert (forged.status_code, "These audiences cannot be combined" in forged.text) == (400, True)
    assert (await find(house, draft)).notice.audience == {
        "all_of": [["audience", [men, women]]],
        "none_of": [["audience", [men]]],
    }


async def list_kept(house: House) -> list[SavedAudience]:
    async with house.database.read() as connection:
        return await audiences.list_saved(connection)


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
    assert (await find(house, draft)).title == FORM["title"]


async def test_only_a_draft_is_written(house: House) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    for status in set(Status) - {Status.DRAFT}:
        notice = await add_notice(house, author, status)
        assert (await browser.get(f"/notices/{notice}/edit")).status_code == 404, status
        assert (await browser.post(f"/notices/{notice}/edit", FORM)).status_code == 404, status


async def test_a_copy_is_a_draft_of_whoever_copies(house: House) -> None:
    author, other = await house.hire(MANAGER), await house.hire(MANAGER, name="Keo Bopha")
    notice = await add_notice(house, author, Status.COMPLETED, "02")

    answer = await (await house.sign_in(other)).post(f"/notices/{notice}/copy")

    copied = await find(house, int(answer.headers["location"].split("/")[2]))
    former = await find(house, notice)
    assert (copied.notice.author, copied.notice.status) == (other.id, Status.DRAFT)
    assert copied.notice.content == former.notice.content
    assert copied.notice.audience == former.notice.audience


# From a draft to the end


async def test_a_notice_goes_from_its_author_over_a_colleague_to_its_time(house: House) -> None:
    author = await house.hire(MANAGER, name="Chan Sophea")
    writing = await house.sign_in(author)
    approving = await sign_in(house, name="Keo Bopha")
    notice = await add_notice(house, author)
    path = f"/notices/{notice}"

    assert (await writing.post(f"{path}/submit", READ)).headers["location"] == f"{path}?done=submit"
    own = await writing.post(f"{path}/approve", READ)
    assert (own.status_code, "another colleague must approve it" in own.text) == (409, True)
    assert f'action="{path}/approve"' not in (await writing.get(path)).text
    assert "Chan Sophea wrote it." in await approving.read(path)

    await approving.post(f"{path}/approve", READ)

    assert await standing(house, notice) is Status.APPROVED
    words = await approving.read(path)
    assert "Approved by Keo Bopha" in words
    assert "Sending begins in" in words
    assert "Submitted for approval Chan Sophea" in words


async def test_a_returned_notice_tells_its_author_why(house: House) -> None:
    author = await house.hire(MANAGER)
    notice = await add_notice(house, author, Status.PENDING_APPROVAL)
    approver = await sign_in(house, name="Keo Bopha")

    silent = await approver.post(f"/notices/{notice}/return", {"note": " "})
    assert "Please write what should be changed." in silent.text
    assert await standing(house, notice) is Status.PENDING_APPROVAL
    await approver.post(f"/notices/{notice}/return", {"note": "Say <where>, please."})

    page = (await (await house.sign_in(author)).get(f"/notices/{notice}/edit")).text
    assert "Keo Bopha returned it" in page
    assert "Say &lt;where&gt;, please." in page


async def test_an_unfinished_draft_is_not_submitted_and_says_what_it_lacks(house: House) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    notice = await add_notice(house, author, title="")

    answer = await browser.post(f"/notices/{notice}/submit", READ)

    assert answer.status_code == 409
    assert "Please give it a title" in answer.text
    assert await standing(house, notice) is Status.DRAFT


async def test_an_emergency_shows_how_many_have_approved_and_asks_for_two(house: House) -> None:
    author = await house.hire(MANAGER)
    notice = await add_notice(house, author, Status.PENDING_APPROVAL, emergency=True)
    first, second = await sign_in(house), await sign_in(house, name="Keo Bopha")
    path = f"/notices/{notice}"

    await first.post(f"{path}/approve", READ)

    assert "1 of 2 approvals are given." in await first.read(path)
    assert "You have approved it already." in await first.read(path)
    await second.post(f"{path}/approve", READ)
    assert await standing(house, notice) is Status.APPROVED


async def test_the_price_is_told_before_approval_if_sending_is_paid_for(house: House) -> None:
    await add_people(house, 21)
    author = await house.hire(MANAGER)
    notice = await add_notice(house, author, Status.PENDING_APPROVAL)
    paid = rebuild(house, paid_per_second=1000)

    assert "0.1 Stars" not in await (await sign_in(house)).read(f"/notices/{notice}")
    words = await (await sign_in(paid)).read(f"/notices/{notice}")
    assert "Telegram sends 30 a second for nothing" in words
    assert "at most 3 Stars" in words


async def test_a_notice_is_paused_resumed_and_stopped_after_a_question(house: House) -> None:
    await add_people(house, 3)
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    notice = await add_notice(house, author, Status.SENDING)
    await queue_people(house, notice)
    path = f"/notices/{notice}"

    await browser.post(f"{path}/pause")
    assert await standing(house, notice) is Status.PAUSED
    await browser.post(f"{path}/resume")
    assert await standing(house, notice) is Status.SENDING
    assert "3 people are still waiting for it." in await browser.read(f"{path}/stop")
    assert await standing(house, notice) is Status.SENDING
    await browser.post(f"{path}/stop")
    assert await standing(house, notice) is Status.CANCELLED
    again = await browser.post(f"{path}/pause")
    assert again.status_code == 409
    for page in (path, "/notices"):
        assert "0 of 3 sent" in await browser.read(page)
        assert 'max="3" value="0"' in (await browser.get(page)).text


async def test_a_test_goes_to_ones_own_chat_and_says_if_there_is_none(house: House) -> None:
    author = await house.hire(MANAGER, chat_id=900)
    chatless = await sign_in(house)
    notice = await add_notice(house, author)

    await (await house.sign_in(author)).post(f"/notices/{notice}/test")
    refused = await chatless.post(f"/notices/{notice}/test")

    assert {call.call.chat_id for call in house.calls} == {900}
    assert refused.status_code == 409
    assert "does not know your chat yet" in refused.text


# Watching


@pytest.fixture
async def sent(house: House) -> int:
    """A notice that was sent to six, queued for two more."""
    await add_people(house, 8)
    author = await house.hire(MANAGER, name="Author")
    notice = await add_notice(house, author, Status.SENDING)
    await queue_people(house, notice)
    await settle(house, notice, RecipientStatus.SENT, 1, 2, 3)
    await settle(house, notice, RecipientStatus.FAILED, 4, reason="blocked")
    await settle(house, notice, RecipientStatus.UNCERTAIN, 5, 6, reason="interrupted")
    return notice


async def test_the_figures_sum_to_the_audience_and_give_the_reasons(
    house: House, sent: int
) -> None:
    page = (await (await sign_in(house)).get(f"/notices/{sent}")).text

    figures = re.findall(r"recipients\?status=(\w+)\"[^>]*><strong>(\d+)", page)
    assert dict(figures) == {
        "sent": "3",
        "queued": "2",
        "sending": "0",
        "uncertain": "2",
        "failed": "1",
        "expired": "0",
        "cancelled": "0",
        "opted_out": "0",
    }
    assert "6 of 8 done" in page
    assert "The person has blocked the bot" in page


async def test_live_figures_ask_for_themselves_and_end_with_the_sending(
    house: House, sent: int
) -> None:
    browser = await sign_in(house)
    page = (await browser.get(f"/notices/{sent}")).text
    address = re.findall(r'hx-get="([^"]+)"', page)[0].replace("&amp;", "&")
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page

    await settle(house, sent, RecipientStatus.SENT, 7)
    house.clock.advance(seconds=30)
    answer = await browser.get(address)

    assert "7 of 8 done" in answer.text
    assert "2 a minute" in answer.text
    assert "about 1 min left" in answer.text
    assert "hx-refresh" not in answer.headers
    await browser.post(f"/notices/{sent}/stop")
    assert (await browser.get(address)).headers["hx-refresh"] == "true"
    assert "hx-get" not in (await browser.get(f"/notices/{sent}")).text


async def test_a_forgotten_page_stops_asking(house: House, sent: int) -> None:
    browser = await sign_in(house)
    assert "hx-get" in (await browser.get(f"/notices/{sent}/progress", polls="599")).text
    assert "hx-get" not in (await browser.get(f"/notices/{sent}/progress", polls="600")).text


async def test_answers_are_told_by_province(house: House, sent: int) -> None:
    await add_people(house, 1, SIEM_REAP, first=20)
    await queue_people(house, sent)
    await settle(house, sent, RecipientStatus.SENT, 20)
    for chat_id, answer in ((1, "1"), (2, "2"), (20, "2"), (20, "interested")):
        change = partial(notice_answers.change, notice_id=sent, chat_id=chat_id, dropped=())
        await house.write(partial(change, added=[answer], at=house.clock()))

    words = await (await sign_in(house)).read(f"/notices/{sent}")

    assert "Province Interested Morning Afternoon" in words
    assert "Battambang 0 1 1 Siem Reap 1 0 1 All 1 1 2" in words


async def test_recipients_are_listed_by_number_and_without_names(house: House, sent: int) -> None:
    words = await (await sign_in(house)).read(f"/notices/{sent}/recipients", status="failed")
    assert "0000-0004" in words
    assert "blocked the bot" in words
    assert "Sok" not in words


async def test_the_table_has_all_recipients_and_no_formula(house: House, sent: int) -> None:
    browser = await sign_in(house)
    answer = await browser.get(f"/notices/{sent}/recipients.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert [row["status"] for row in rows].count("sent") == 3
    assert len(rows) == 8
    assert "Sok" not in answer.text
    some = await browser.get(f"/notices/{sent}/recipients.csv", status="failed")
    assert len(some.text.strip().splitlines()) == 2


async def test_a_person_sends_again_to_one_or_to_all_uncertain(house: House, sent: int) -> None:
    member = await house.hire(MANAGER, name="Keo Bopha")
    browser = await house.sign_in(member)
    path = f"/notices/{sent}"
    listed = (await browser.get(f"{path}/recipients", status="uncertain")).text
    number = re.findall(r"resend\?number=(\d+)", listed)[0]

    assert "then reads it twice" in await browser.read(f"{path}/resend", number=number)
    one = await browser.post(f"{path}/resend", {"number": number})
    assert one.headers["location"].endswith("resent=1")
    assert await count(house, sent, RecipientStatus.UNCERTAIN) == 1
    assert "It is sent again to 1 people." in await browser.read(f"{path}/resend")
    await browser.post(f"{path}/resend")
    assert await count(house, sent, RecipientStatus.UNCERTAIN) == 0
    assert await count(house, sent, RecipientStatus.QUEUED) == 4
    async with house.database.read() as connection:
        events = await audit.list_about(connection, f"notice:{sent}")
    resent = [one.event.actor_id for one in events if one.event.act == "resend_notice"]
    assert resent == [member.id, member.id]


@pytest.mark.parametrize("slip", ["", "x", "999999999"])
async def test_a_slip_in_a_number_sends_again_to_nobody(house: House, sent: int, slip: str) -> None:
    browser = await sign_in(house)
    await browser.post(f"/notices/{sent}/resend", {"number": slip})
    assert await count(house, sent, RecipientStatus.UNCERTAIN) == 2


async def count(house: House, notice_id: int, status: RecipientStatus) -> int:
    async with house.database.read() as connection:
        return (await notice_progress.count_by_status(connection, notice_id))[status]

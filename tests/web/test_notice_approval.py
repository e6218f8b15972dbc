"""Pages of notices show all that is approved, and nothing of the register that need not be seen."""

import re
from dataclasses import replace
from functools import partial

import pytest

from db import campaigns, notices
from db.notices import Beside
from domain.campaigns import Occasion
from domain.notice_content import ButtonKind, NoticeButton, PlaceOfMap
from domain.notices import Status
from domain.staff import Role
from tests.event_plan import PLAN
from tests.web.casework import list_acts
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
    send_file,
    sign_in,
)
from tests.web.visiting import House, read_words

EVIL = {**FORM, "text_en": "Pay 10 dollars at once", "do": "save"}
OFFICIAL = NoticeButton(
    ButtonKind.LINK, "https://evil.example.com/pay?to=x", "ទំព័រផ្លូវការ", "Official page"
)


def read_version(page: str) -> dict[str, str]:
    """Read what the button of a page sends besides the token."""
    return {"version": re.findall(r'name="version" value="(\d+)"', page)[0]}


# What is approved is what was read


async def test_a_tab_that_was_opened_before_a_change_approves_nothing(house: House) -> None:
    author = await house.hire(MANAGER)
    approving, writing = await sign_in(house), await house.sign_in(author)
    notice = await add_notice(house, author, Status.PENDING_APPROVAL)
    path = f"/notices/{notice}"
    read = (await approving.get(path)).text
    await writing.post(f"{path}/return", {"note": "A typo."})
    await writing.post(f"{path}/edit", EVIL)
    await writing.post(f"{path}/submit", read_version((await writing.get(path)).text))

    late = await approving.post(f"{path}/approve", read_version(read))

    assert late.status_code == 409
    assert "Please read it again." in late.text
    assert "Pay 10 dollars at once" in late.text
    assert (await get_notice(house, notice)).notice.approvals == ()
    await approving.post(f"{path}/approve", read_version(late.text))
    assert (await get_notice(house, notice)).notice.status is Status.APPROVED


@pytest.mark.parametrize("version", ["", "x", "-1", "1", "9" * 30, None])
async def test_without_the_version_of_the_page_nothing_is_submitted_or_approved(
    house: House, version: str | None
) -> None:
    author = await house.hire(MANAGER)
    browser = await sign_in(house)
    form = {} if version is None else {"version": version}
    for status, act in ((Status.DRAFT, "submit"), (Status.PENDING_APPROVAL, "approve")):
        notice = await add_notice(house, author, status)
        assert (await browser.post(f"/notices/{notice}/{act}", form)).status_code == 409
        assert (await get_notice(house, notice)).notice.status is status


async def test_whoever_edits_a_colleagues_notice_is_named_and_offered_no_approval(
    house: House,
) -> None:
    author = await house.hire(MANAGER, name="Chan Sophea")
    editing = await sign_in(house, name="Keo Bopha")
    notice = await add_notice(house, author)
    path = f"/notices/{notice}"
    await editing.post(f"{path}/edit", EVIL)
    await editing.post(f"{path}/submit", read_version((await editing.get(path)).text))

    page = (await editing.get(path)).text
    own = await editing.post(f"{path}/approve", {"version": "1"})

    assert f'action="{path}/approve"' not in page
    assert "Also written by Keo Bopha" in read_words(page)
    assert (own.status_code, "another colleague must approve it" in own.text) == (409, True)
    assert "Also written by Keo Bopha" in await (await sign_in(house)).read(path)


# What hangs on a notice


async def test_the_page_shows_where_each_button_leads(house: House) -> None:
    author = await house.hire(MANAGER)
    add = partial(campaigns.add, plan=PLAN, created_by=author.id, at=house.clock())
    day = await house.database.write(add)
    buttons = (OFFICIAL, NoticeButton(ButtonKind.RSVP, str(day)))
    content = replace(CONTENT, buttons=buttons, place=PlaceOfMap(11.5564, 104.9282))
    notice = await add_notice(house, author, Status.PENDING_APPROVAL, content=content)

    page = (await (await sign_in(house)).get(f"/notices/{notice}")).text

    assert 'href="https://evil.example.com/pay?to=x"' in page
    assert "https://<strong>evil.example.com</strong>/pay?to=x" in page
    words = read_words(page)
    assert "“ទំព័រផ្លូវការ” · “Official page”" in words
    assert "11.556400, 104.928200" in words
    assert "query=11.556400,104.928200" in page
    assert "Registration day, Battambang · " in words
    assert "ព្រឹក · Morning រសៀល · Afternoon" in words


async def test_an_answer_to_no_event_day_is_told(house: House) -> None:
    author = await house.hire(MANAGER)
    content = replace(CONTENT, buttons=(NoticeButton(ButtonKind.RSVP, "99"),))
    notice = await add_notice(house, author, Status.PENDING_APPROVAL, content=content)
    assert "There is no such event day." in await (await sign_in(house)).read(f"/notices/{notice}")


@pytest.mark.parametrize(("file", "shown"), [(PNG, '<img src="{}"'), (OPUS, 'src="{}"')])
async def test_the_file_is_seen_or_heard_on_the_page(house: House, file: bytes, shown: str) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    notice = await add_notice(house, author)
    await send_file(browser, f"/notices/{notice}/edit", file)

    answer = await browser.get(f"/notices/{notice}")

    assert shown.format(f"/notices/{notice}/file") in answer.text
    assert ("<audio controls" in answer.text) == (file is OPUS)
    assert "media-src 'self'" in answer.headers["content-security-policy"]


# To people who did not ask


async def test_pages_say_that_a_topic_reaches_people_unasked_before_and_after_it_is_chosen(
    house: House,
) -> None:
    await add_people(house, 6)
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    notice = await add_notice(house, author)
    path, said = f"/notices/{notice}", "people who did not ask for notices"
    chosen = {**FORM, "topic": "my_application", "do": "check"}

    assert f"“Reminders about their application” goes also to {said}" in await browser.read(
        f"{path}/edit"
    )
    unchosen = (await browser.post(f"{path}/edit", {**FORM, "do": "check"})).text
    assert f"This goes also to {said}" not in unchosen
    asked = await browser.post(f"{path}/edit", {**chosen, "version": "1"})
    assert f"This goes also to {said}" in asked.text
    words = await browser.read(path)
    assert "Everybody with an application, whether they want notices or not" in words
    assert f"This goes also to {said}" in words
    assert "Two colleagues look at it and approve." in words


# Of the register


async def test_a_check_is_written_down_for_the_notice_and_for_each_who_was_shown(
    house: House,
) -> None:
    numbers = await add_people(house, 9)
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    notice = await add_notice(house, author)
    shown = []
    for _ in range(3):
        answer = await browser.post(f"/notices/{notice}/edit", {**FORM, "do": "check"})
        words = read_words(answer.text)
        shown.append({one.replace("-", "") for one in re.findall(r"Application ([\d-]+)", words)})

    assert len(shown[0]) == 5
    assert shown[0] == shown[1] == shown[2]
    assert (await list_acts(house, f"notice:{notice}")).count("check_notice") == 3
    for number in numbers:
        looked = ["see_sample"] * 3 if number in shown[0] else []
        assert await list_acts(house, number) == looked


async def test_few_people_are_neither_counted_nor_shown_to_a_writer(house: House) -> None:
    numbers = await add_people(house, 3)
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    notice = await add_notice(house, author)
    form = {**FORM, "text_en": "Dear {full_name}, {number}", "do": "check"}

    page = (await browser.post(f"/notices/{notice}/edit", form)).text

    assert "Fewer than 5 people would get it" in page
    assert "An invented person" in page
    assert "Dear Sok Dara, 1234-5678-9" in read_words(page)
    for told in (page, (await browser.get(f"/notices/{notice}")).text):
        assert "<strong>3</strong>" not in told
        assert "Fewer than 5 people would get it" in told
        assert not [one for one in numbers if f"{one[:4]}-{one[4:8]}-{one[8:]}" in told]
    for number in numbers:
        assert await list_acts(house, number) == []


async def test_an_officer_there_who_writes_sees_few_as_they_are(house: House) -> None:
    await add_people(house, 2)
    member = await house.hire(MANAGER, Role.OFFICER, places=["02"])
    browser = await house.sign_in(member)
    notice = await add_notice(house, member)

    page = (await browser.post(f"/notices/{notice}/edit", {**FORM, "do": "check"})).text

    assert "<strong>2</strong>" in page
    assert page.count('<article class="sample">') == 2
    assert "An invented person" not in page


async def test_a_draft_is_not_led_beyond_the_places_of_whoever_edits_it(house: House) -> None:
    await add_people(house, 6)
    await add_people(house, 6, SIEM_REAP, first=20)
    author = await house.hire(MANAGER)
    notice = await add_notice(house, author, Status.DRAFT, "02")
    before = await get_notice(house, notice)
    local = await sign_in(house, "02")

    answer = await local.post(f"/notices/{notice}/edit", {**FORM, "do": "check"})

    assert answer.status_code == 400
    assert "That would reach people beyond your places." in answer.text
    assert '<article class="sample">' not in answer.text
    assert await get_notice(house, notice) == before


@pytest.mark.parametrize("prefix", ["all.", "none."])
async def test_answers_to_a_notice_that_one_cannot_see_are_not_asked_for(
    house: House, prefix: str
) -> None:
    author = await house.hire(MANAGER)
    national = await add_notice(house, author, Status.COMPLETED)
    local = await sign_in(house, "02")
    path = (await local.post("/notices")).headers["location"]
    form = {**FORM, f"{prefix}other": [f"answered={national}:1"], "do": "check"}

    answer = await local.post(path, form)

    assert answer.status_code == 400
    assert f'href="#{prefix}other"' in answer.text
    assert f'id="{prefix}other-error"' in answer.text
    assert '<section class="card" aria-labelledby="checked"' not in answer.text


async def test_audiences_of_other_provinces_are_neither_listed_nor_used(house: House) -> None:
    there, here = await sign_in(house, "17"), await sign_in(house, "02", name="Chan Sophea")
    kept = {**FORM, "do": "save_audience", "audience_name": "Suspected doubles"}
    for browser, place in ((there, "17"), (await sign_in(house, name="Sao Maly"), "02")):
        path = (await browser.post("/notices")).headers["location"]
        await browser.post(
            path, {**kept, "all.other": "flag=possible_duplicate", "all.place": place}
        )
    path = (await here.post("/notices")).headers["location"]

    listed = re.findall(
        r'<option value="(\d+)">([^<]*Suspected[^<]*)<', (await here.get(path)).text
    )
    used = await here.post(path, {**FORM, "do": "use_audience", "saved": "1"})
    same = await here.post(path, kept)

    assert listed == [("2", "Suspected doubles · Sao Maly")]
    assert (used.status_code, 'value="possible_duplicate" checked' in used.text) == (400, False)
    assert same.status_code == 200


async def test_an_event_day_elsewhere_is_refused_beside_the_buttons(house: House) -> None:
    author = await house.hire(MANAGER)
    plan = replace(PLAN, place="17", code="srp-2026")
    add = partial(campaigns.add, plan=plan, created_by=author.id, at=house.clock())
    day = await house.database.write(add)
    local = await sign_in(house, "02")
    path = (await local.post("/notices")).headers["location"]

    answer = await local.post(path, {**FORM, "rsvp": str(day), "do": "save"})

    assert answer.status_code == 400
    assert "That event day is not within the author’s places." in answer.text
    assert 'id="buttons-error"' in answer.text


async def test_every_page_names_a_notice_of_an_event_day_alike(house: House) -> None:
    author = await house.hire(MANAGER)
    add = partial(campaigns.add, plan=PLAN, created_by=author.id, at=house.clock())
    day = await house.database.write(add)
    notice = await add_notice(house, author, Status.SENDING, title="A title of its own")
    stored = (await get_notice(house, notice)).notice
    of_day = Beside(campaign_id=day, occasion=Occasion.REMINDER.value)
    await house.write(lambda connection: notices.save(connection, stored, **of_day))
    browser = await house.sign_in(author)
    for path in ("", "/recipients", "/resend", "/stop"):
        answer = await browser.get(f"/notices/{notice}{path}")
        assert answer.status_code == 200
        assert f"Reminder · {PLAN.name_en}" in read_words(answer.text), path


@pytest.mark.parametrize("occasion", [Occasion.INVITATION, None])
async def test_whoever_approves_an_invitation_reads_the_reminders_that_follow(
    house: House, occasion: Occasion | None
) -> None:
    author = await house.hire(MANAGER)
    add = partial(campaigns.add, plan=PLAN, created_by=author.id, at=house.clock())
    day = await house.database.write(add)
    notice = await add_notice(house, author, Status.PENDING_APPROVAL)
    stored = (await get_notice(house, notice)).notice
    of_day = Beside(campaign_id=day, occasion=occasion.value if occasion else None)
    await house.write(lambda connection: notices.save(connection, stored, **of_day))
    words = read_words((await (await sign_in(house)).get(f"/notices/{notice}")).text)
    is_shown = occasion is Occasion.INVITATION
    assert ("Reminders that follow" in words) is is_shown
    assert words.count(PLAN.venue_en) == (3 if is_shown else 0)

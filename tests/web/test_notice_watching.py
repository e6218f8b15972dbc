"""Whoever watches a notice sees its figures, its recipients and its answers, and sends again."""

import csv
import io
import re
from dataclasses import replace
from functools import partial

import pytest

from db import audit, notice_answers, notice_progress, notices
from domain.recipients import Status as RecipientStatus
from tests.web.notices import (
    MANAGER,
    SIEM_REAP,
    add_people,
    get_notice,
    queue_people,
    read_question,
    send_again,
    settle,
    sign_in,
)
from tests.web.visiting import House


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


async def test_a_list_says_why_only_if_there_is_something_to_say(house: House, sent: int) -> None:
    browser = await sign_in(house)
    for status, has_reasons in (("failed", True), ("sent", False)):
        page = (await browser.get(f"/notices/{sent}/recipients", status=status)).text
        assert ('data-label="Reason"' in page) is has_reasons


async def test_the_table_has_all_recipients_and_no_formula(house: House, sent: int) -> None:
    browser = await sign_in(house)
    answer = await browser.get(f"/notices/{sent}/recipients.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert [row["status"] for row in rows].count("sent") == 3
    assert {row["status in words"] for row in rows if row["status"] == "queued"} == {"waiting"}
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
    assert "resent=1&" in await send_again(browser, sent, number=number)
    assert await count(house, sent, RecipientStatus.UNCERTAIN) == 1
    assert "It is sent again to 1 people." in await browser.read(f"{path}/resend")
    await send_again(browser, sent)
    assert await count(house, sent, RecipientStatus.UNCERTAIN) == 0
    assert await count(house, sent, RecipientStatus.QUEUED) == 4
    async with house.database.read() as connection:
        events = await audit.list_about(connection, f"notice:{sent}")
    resent = [one.event.actor_id for one in events if one.event.act == "resend_notice"]
    assert resent == [member.id, member.id]


@pytest.mark.parametrize("slip", ["", "x", "999999999"])
async def test_a_slip_in_a_number_sends_again_to_nobody(house: House, sent: int, slip: str) -> None:
    browser = await sign_in(house)
    seen = await read_question(browser, sent)
    await browser.post(f"/notices/{sent}/resend", seen | {"number": slip})
    assert await count(house, sent, RecipientStatus.UNCERTAIN) == 2


async def test_only_those_are_sent_to_again_who_were_seen_to_be_uncertain(
    house: House, sent: int
) -> None:
    browser, colleague = await sign_in(house), await sign_in(house, name="Keo Bopha")
    seen, also_seen = await read_question(browser, sent), await read_question(colleague, sent)
    house.clock.advance(minutes=1)
    await settle(house, sent, RecipientStatus.UNCERTAIN, 7)
    done = await browser.post(f"/notices/{sent}/resend", seen)
    assert await count(house, sent, RecipientStatus.UNCERTAIN) == 1
    words = await browser.read(done.headers["location"])
    assert "Queued again: 2. Of 1 more it is uncertain now. Please look again." in words

    await settle(house, sent, RecipientStatus.UNCERTAIN, 5, 6)
    await colleague.post(f"/notices/{sent}/resend", also_seen)
    assert await count(house, sent, RecipientStatus.UNCERTAIN) == 3


@pytest.mark.parametrize("seen_at", ["", "yesterday", "2026-03-04T03:00:00"])
async def test_who_has_seen_nobody_sends_again_to_nobody(
    house: House, sent: int, seen_at: str
) -> None:
    browser = await sign_in(house)
    answer = await browser.post(f"/notices/{sent}/resend", {"seen_at": seen_at})
    assert answer.status_code == 404
    assert await count(house, sent, RecipientStatus.UNCERTAIN) == 2


async def test_after_the_time_to_send_by_the_page_says_that_it_is_too_late(
    house: House, sent: int
) -> None:
    browser = await sign_in(house)
    seen = await read_question(browser, sent)
    stored = await get_notice(house, sent)
    over = replace(stored.notice, send_by=house.clock())
    await house.write(partial(notices.save, notice=over))
    asked = await browser.get(f"/notices/{sent}/resend")
    for answer in (asked, await browser.post(f"/notices/{sent}/resend", seen)):
        words = await browser.read(answer.headers["location"])
        assert "Its “send by” time is over, so it is not sent again." in words
        assert "Send again" not in words
    assert await count(house, sent, RecipientStatus.UNCERTAIN) == 2


async def count(house: House, notice_id: int, status: RecipientStatus) -> int:
    async with house.database.read() as connection:
        return (await notice_progress.count_by_status(connection, notice_id))[status]

"""Who got a notice, what the others wait for, and what became of them, on the pages."""

import csv
import html
import io
import re
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from db import ledger, notice_answers, notices
from domain.notices import Status
from domain.recipients import Key, Verdict
from domain.recipients import Status as RecipientStatus
from domain.staff import Role
from tests.web.notices import (
    add_notice,
    add_people,
    get_notice,
    queue_people,
    send_again,
    settle,
    sign_in,
)
from tests.web.visiting import House
from web import recipient_rows
from web.views import notice_recipients


async def test_the_table_tells_language_district_answer_and_local_times(
    house: House, sent: int
) -> None:
    change = partial(notice_answers.change, notice_id=sent, chat_id=1, dropped=())
    await house.write(partial(change, added=["2", "interested"], at=house.clock()))
    browser = await sign_in(house)
    answer = await browser.get(f"/notices/{sent}/recipients.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert (rows[0]["language"], rows[0]["district"]) == ("km", "Battambang")
    assert rows[0]["answer"] == "Interested, Afternoon"
    assert rows[0]["settled_at"] == "2026-03-04 10:00:00"
    assert {row["reason"] for row in rows if row["status"] == "uncertain"} == {
        "The program ended while it was sending"
    }
    listed = await browser.read(f"/notices/{sent}/recipients", status="sent")
    assert "Interested, Afternoon" in listed
    assert "Battambang" in listed


async def test_lists_and_their_addresses_tell_neither_a_chat_nor_what_comes_after_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_recipients, "ON_A_PAGE", 2)
    monkeypatch.setattr(recipient_rows, "AT_A_TIME", 2)
    chats = (30_000_004, 30_000_003, 30_000_005, 30_000_001, 30_000_002)
    numbers = [(await add_people(house, 1, first=one))[0] for one in chats]
    author = await house.hire(Role.BENEFIT_OWNER)
    notice = await add_notice(house, author, Status.SENDING)
    await queue_people(house, notice)
    browser, path = await house.sign_in(author), f"/notices/{notice}/recipients"

    texts, address = [], f"{path}?status=queued"
    while address:
        texts.append((await browser.get(address)).text)
        found = re.search(r'href="([^"]+)" rel="next"', texts[-1])
        address = html.unescape(found[1]) if found else ""
    texts.append((await browser.get(f"{path}.csv")).text)

    listed = [re.findall(r"\b\d{4}-\d{4}-\d\b", text) for text in texts]
    told = [[one.replace("-", "") for one in some] for some in listed]
    assert told == [numbers[:2], numbers[2:4], numbers[4:], numbers]
    assert not any(str(chat) in text for chat in chats for text in texts)


async def test_errors_are_told_in_the_words_of_the_page_and_counted_together(
    house: House, sent: int
) -> None:
    await settle(house, sent, RecipientStatus.FAILED, 7, reason="Bad Request: message is too long")
    await settle(house, sent, RecipientStatus.FAILED, 8, reason="Gateway Timeout")
    browser = await sign_in(house)
    words = await browser.read(f"/notices/{sent}")
    assert "Telegram refused the message 2" in words
    assert "Gateway" not in words
    assert "Bad Request" not in await browser.read(f"/notices/{sent}/recipients", status="failed")


async def test_the_page_tells_what_a_notice_waits_for_and_no_time_left(
    house: House, sent: int
) -> None:
    browser = await sign_in(house)
    until = house.clock() + timedelta(minutes=15)
    held = Verdict(RecipientStatus.QUEUED, "form", until)
    verdicts = {Key(sent, 7): held, Key(sent, 8): held}
    await house.write(lambda connection: ledger.pass_over(connection, verdicts, house.clock()))
    house.clock.advance(seconds=30)
    mark = f"0-{int(house.clock().timestamp()) - 30}"
    words = await browser.read(f"/notices/{sent}/progress", mark=mark)
    assert "Filling in their form, left in peace until 4 March 2026, 10:15 or later: 2" in words
    assert "nobody’s turn" in words
    assert "min left" not in words
    assert "Waiting Registration days and events" in await browser.read(f"/notices/{sent}")
    house.clock.advance(hours=11)
    words = await (await sign_in(house)).read(f"/notices/{sent}/progress")
    assert "Waiting for the morning, 5 March 2026, 07:00: 2" in words


async def test_a_completed_notice_that_is_sent_again_is_not_called_sent(
    house: House, sent: int
) -> None:
    for chat_id in (7, 8):
        await settle(house, sent, RecipientStatus.SENT, chat_id)
    stored = await get_notice(house, sent)
    completed = replace(stored.notice, status=Status.COMPLETED)
    await house.write(lambda connection: notices.save(connection, completed))
    browser = await sign_in(house)
    page = (await browser.get(f"/notices/{sent}")).text
    assert "Being sent again" not in page
    assert f"/notices/{sent}/pause" not in page
    assert f"/notices/{sent}/stop" not in page
    await send_again(browser, sent)
    page = (await browser.get(f"/notices/{sent}")).text
    assert "Being sent again: 2" in page
    assert f'action="/notices/{sent}/pause"' in page
    assert f'href="/notices/{sent}/stop"' in page
    address = re.findall(r'hx-get="([^"]+)"', page)[0].replace("&amp;", "&")
    assert "hx-refresh" not in (await browser.get(address)).headers
    for chat_id in (5, 6):
        await settle(house, sent, RecipientStatus.SENT, chat_id)
    assert (await browser.get(address)).headers["hx-refresh"] == "true"

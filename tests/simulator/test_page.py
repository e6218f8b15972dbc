"""The chat page in a real Chromium; the bot is played by calls of the Bot API."""

import asyncio
import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from playwright.async_api import Browser, Locator, Page, Route, expect

from simulator.files import Upload
from simulator.methods import call_method
from simulator.server import Simulator
from tests.browser import (
    DESKTOP,
    PHONE,
    list_serious_violations,
    measure_overflow,
    open_page,
)

pytestmark = pytest.mark.browser

QUESTION = "លោកអ្នករកស៊ីបែបណា?"
ALONE = "រកស៊ីខ្លួនឯង គ្មានជួលគេ"
HIRING = "រកស៊ីខ្លួនឯង មានជួលអ្នកជួយ"
CHOICES = {
    "inline_keyboard": [
        [{"text": ALONE, "callback_data": "alone"}],
        [{"text": HIRING, "callback_data": "hiring"}],
    ]
}
SHARE_NUMBER = "ផ្ញើលេខទូរស័ព្ទរបស់ខ្ញុំ"
SHARE_PLACE = "ផ្ញើទីតាំង"
BACK = "ថយក្រោយ"
REPLY_KEYS = {
    "keyboard": [
        [{"text": SHARE_NUMBER, "request_contact": True}],
        [{"text": SHARE_PLACE, "request_location": True}, {"text": BACK}],
    ],
    "resize_keyboard": True,
    "one_time_keyboard": True,
}


@dataclass
class Stage:
    """A simulator, the bot played by the test, and one person's open page."""

    simulator: Simulator
    http: ClientSession
    person_id: int
    page: Page
    offset: int = 0

    async def call(self, method: str, **parameters: Any) -> Any:
        url = f"{self.simulator.url}/bot{self.simulator.telegram.token}/{method}"
        async with self.http.post(url, json=parameters) as response:
            answer = await response.json()
        assert answer["ok"], answer
        return answer["result"]

    async def send(self, text: str, **parameters: Any) -> int:
        message = await self.call("sendMessage", chat_id=self.person_id, text=text, **parameters)
        message_id: int = message["message_id"]
        return message_id

    async def receive(self, count: int) -> list[Any]:
        received: list[Any] = []
        while len(received) < count:
            updates = await self.call("getUpdates", offset=self.offset, timeout=3)
            assert updates, f"{count - len(received)} more updates should have come"
            self.offset = updates[-1]["update_id"] + 1
            received += updates
        assert len(received) == count
        return received

    async def receive_one(self, kind: str) -> Any:
        (update,) = await self.receive(1)
        return update[kind]

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)


@asynccontextmanager
async def set_stage(
    browser: Browser,
    *,
    size: tuple[int, int] = DESKTOP,
    started: bool = True,
    query: str = "",
    file: Path | str = ":memory:",
    window: Page | None = None,
    **look: Any,
) -> AsyncIterator[Stage]:
    async with Simulator(file=file) as simulator, ClientSession() as http:
        person = simulator.people.add("សុខ ដារ៉ា", language_code="km")
        address = f"{simulator.url}/#/people/{person.id}{query}"
        if started:
            simulator.people.start(person.id)
        opened = (
            open_page(browser, address, size, **look) if window is None else use(window, address)
        )
        async with opened as page:
            stage = Stage(simulator, http, person.id, page)
            if started:
                await stage.receive(1)
            await expect(page.locator("#bot-status")).not_to_have_attribute(
                "data-status", "connecting"
            )
            yield stage


@pytest.fixture(scope="module")
async def window(browser: Browser) -> AsyncIterator[Page]:
    """A window for all tests that need no other look; a new one for each takes twice the time."""
    async with open_page(browser, "about:blank") as page:
        yield page


@asynccontextmanager
async def use(window: Page, address: str) -> AsyncIterator[Page]:
    """Go to another address, a simulator's of its own, and leave nothing behind."""
    await window.goto(address)
    try:
        yield window
    finally:
        for page in window.context.pages:
            if page is not window:
                await page.close()
        await window.goto("about:blank")


@pytest.fixture
async def stage(browser: Browser, window: Page) -> AsyncIterator[Stage]:
    async with set_stage(browser, window=window) as ready:
        yield ready


async def test_khmer_message_shows_in_its_own_language_and_font(stage: Stage) -> None:
    await stage.send(f"<b>ផ្នែកទី ១</b>\n{QUESTION}", parse_mode="HTML")
    text = stage.page.locator(".in .text")
    await expect(text).to_have_text(f"ផ្នែកទី ១\n{QUESTION}")
    await expect(text).to_have_attribute("lang", "km")
    await expect(text.locator("b")).to_have_text("ផ្នែកទី ១")
    loaded = "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
    assert any("Noto Sans Khmer" in family for family in await stage.page.evaluate(loaded))


async def test_days_are_named_in_khmer(stage: Stage) -> None:
    day = stage.page.locator(".day:visible")
    await expect(day).to_have_text(re.compile(r"^ថ្ងៃទី[០-៩]{1,2} ខែ[ក-៓]+$"))


async def test_number_in_a_message_is_copied_by_a_press(stage: Stage) -> None:
    await stage.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await stage.send("លេខពាក្យ៖ <code>1234-5678-9</code>", parse_mode="HTML")
    await stage.button("1234-5678-9").click()
    await expect(stage.page.locator(".toast")).to_have_text("បានចម្លង")
    assert await stage.page.evaluate("navigator.clipboard.readText()") == "1234-5678-9"


async def test_text_looks_like_text_even_if_it_looks_like_html(stage: Stage) -> None:
    await stage.send("<img src=x onerror=alert(1)> & /help https://example.org.")
    text = stage.page.locator(".in .text")
    await expect(text).to_have_text("<img src=x onerror=alert(1)> & /help https://example.org.")
    await expect(text.get_by_role("link")).to_have_attribute("href", "https://example.org")
    await text.get_by_role("button", name="/help").click()
    assert (await stage.receive_one("message"))["text"] == "/help"


async def test_tap_reaches_the_bot_and_waits_for_its_answer(stage: Stage) -> None:
    message_id = await stage.send(QUESTION, reply_markup=CHOICES)
    await stage.button(ALONE).click()
    query = await stage.receive_one("callback_query")
    assert (query["data"], query["message"]["message_id"]) == ("alone", message_id)
    await expect(stage.button(ALONE)).to_have_attribute("aria-busy", "true")
    await stage.call("answerCallbackQuery", callback_query_id=query["id"], text="បានទទួល")
    await expect(stage.button(ALONE)).not_to_have_attribute("aria-busy", "true")
    await expect(stage.page.locator(".toast")).to_have_text("បានទទួល")


async def test_second_press_of_a_waiting_button_sends_nothing(stage: Stage) -> None:
    await stage.send(QUESTION, reply_markup=CHOICES)
    await stage.button(ALONE).dblclick()
    await stage.button(HIRING).click()
    first, second = await stage.receive(2)
    assert [u["callback_query"]["data"] for u in (first, second)] == ["alone", "hiring"]


async def test_alert_of_the_bot_opens_a_dialog_that_escape_closes(stage: Stage) -> None:
    await stage.send(QUESTION, reply_markup=CHOICES)
    await stage.button(ALONE).click()
    query = await stage.receive_one("callback_query")
    await stage.call(
        "answerCallbackQuery", callback_query_id=query["id"], text="សូមអាន", show_alert=True
    )
    dialog = stage.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("សូមអាន")
    await stage.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(stage.button(ALONE)).to_be_focused()


async def test_message_edited_by_the_bot_loses_its_buttons_in_place(stage: Stage) -> None:
    message_id = await stage.send(QUESTION, reply_markup=CHOICES)
    await stage.send("បន្ទាប់")
    await stage.button(ALONE).focus()
    await stage.call(
        "editMessageText", chat_id=stage.person_id, message_id=message_id, text=f"✓ {ALONE}"
    )
    edited = stage.page.locator(f"#message-{message_id}")
    await expect(edited.locator(".text")).to_have_text(f"✓ {ALONE}")
    await expect(stage.button(ALONE)).to_have_count(0)
    await expect(edited).to_be_focused()
    await expect(stage.page.locator(".in .text")).to_have_text([f"✓ {ALONE}", "បន្ទាប់"])


async def test_message_deleted_by_the_bot_vanishes(stage: Stage) -> None:
    message_id = await stage.send("លេខសម្ងាត់")
    await expect(stage.page.get_by_text("លេខសម្ងាត់")).to_be_visible()
    await stage.call("deleteMessage", chat_id=stage.person_id, message_id=message_id)
    await expect(stage.page.get_by_text("លេខសម្ងាត់")).to_have_count(0)


async def test_enter_sends_and_shift_enter_makes_a_new_line(stage: Stage) -> None:
    field = stage.page.get_by_role("textbox", name="សារ")
    await field.press_sequentially("សុខ")
    await field.press("Shift+Enter")
    await field.press_sequentially("ដារ៉ា")
    await field.press("Enter")
    assert (await stage.receive_one("message"))["text"] == "សុខ\nដារ៉ា"
    await expect(stage.page.locator(".out .text")).to_have_text("សុខ\nដារ៉ា")
    await expect(field).to_have_value("")
    await expect(field).to_be_focused()


async def test_own_message_can_be_edited_and_deleted(stage: Stage) -> None:
    sent = stage.simulator.people.type_text(stage.person_id, "សុខ ដារា")
    await stage.receive(1)
    own = stage.page.locator(f"#message-{sent.message_id}")
    await own.locator(".bubble").click(button="right")
    await stage.page.get_by_role("dialog").get_by_role("button", name="កែ").click()
    field = stage.page.get_by_role("textbox", name="សារ")
    await expect(field).to_be_focused()
    await field.fill("សុខ ដារ៉ា")
    await field.press("Enter")
    assert (await stage.receive_one("edited_message"))["text"] == "សុខ ដារ៉ា"
    await expect(own).to_contain_text("បានកែ")
    await own.get_by_role("button", name="ជម្រើសសម្រាប់សារនេះ").click()
    await stage.page.get_by_role("dialog").get_by_role("button", name="លុប").click()
    await expect(own).to_have_count(0)


async def test_own_number_is_shared_only_after_a_confirmation(stage: Stage) -> None:
    await stage.send("សូមចុចប៊ូតុងខាងក្រោម", reply_markup=REPLY_KEYS)
    await stage.button(SHARE_NUMBER).click()
    dialog = stage.page.get_by_role("dialog")
    await dialog.get_by_role("button", name="បោះបង់").click()
    await stage.button(SHARE_NUMBER).click()
    await dialog.get_by_role("button", name="ផ្ញើលេខ").click()
    contact = (await stage.receive_one("message"))["contact"]
    assert contact["user_id"] == stage.person_id
    await expect(stage.page.locator(".out .card")).to_contain_text(contact["phone_number"][-8:])


async def test_keyboard_for_one_use_goes_away_after_it(stage: Stage) -> None:
    await stage.send("សូមចុចប៊ូតុងខាងក្រោម", reply_markup=REPLY_KEYS)
    await stage.button(BACK).click()
    assert (await stage.receive_one("message"))["text"] == BACK
    await expect(stage.button(BACK)).to_have_count(0)


async def test_place_is_chosen_from_a_list_or_typed(stage: Stage) -> None:
    await stage.send("តើនៅឯណា?", reply_markup=REPLY_KEYS | {"one_time_keyboard": False})
    await stage.button(SHARE_PLACE).click()
    await stage.button("សៀមរាប").click()
    assert round((await stage.receive_one("message"))["location"]["latitude"]) == 13
    await stage.button(SHARE_PLACE).click()
    await stage.button("វាយរយៈទទឹង").click()
    await stage.page.get_by_role("spinbutton", name="រយៈទទឹង").fill("13.75")
    await stage.page.get_by_role("spinbutton", name="រយៈបណ្តោយ").fill("100.5")
    await stage.page.keyboard.press("Enter")
    location = (await stage.receive_one("message"))["location"]
    assert (location["latitude"], location["longitude"]) == (13.75, 100.5)


async def test_sample_photo_is_sent_and_shown(stage: Stage) -> None:
    await stage.button("ភ្ជាប់").click()
    await stage.button("រូបភាព").click()
    await stage.button("រូបភាពគំរូ").click()
    assert (await stage.receive_one("message"))["photo"]
    await expect(stage.page.locator(".photo img")).to_have_js_property("complete", value=True)
    assert await stage.page.locator(".photo img").evaluate("image => image.naturalWidth") > 0


async def test_an_open_menu_stays_open_while_a_message_brings_a_keyboard(stage: Stage) -> None:
    await stage.button("ភ្ជាប់").click()
    await stage.send("តើនៅឯណា?", reply_markup=REPLY_KEYS)
    await expect(stage.button(SHARE_PLACE)).to_be_visible()
    await stage.button("រូបភាព").click()
    await stage.button("រូបភាពគំរូ").click()
    assert (await stage.receive_one("message"))["photo"]


async def test_picture_is_enlarged_by_a_press_and_escape_closes_it(stage: Stage) -> None:
    stage.simulator.people.send_file(stage.person_id, "photo")
    await stage.button("ចុចដើម្បីមើលធំ").click()
    dialog = stage.page.get_by_role("dialog")
    small, large = stage.page.locator(".photo img"), dialog.locator("img")
    await expect(large).to_have_js_property("complete", value=True)
    width = "image => image.clientWidth"
    assert await large.evaluate(width) > await small.evaluate(width)
    await expect(dialog.get_by_role("link", name="ទាញយក")).to_have_attribute(
        "href", await large.get_attribute("src") or ""
    )
    await stage.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)


async def test_document_of_the_bot_shows_its_name_and_is_downloaded(stage: Stage) -> None:
    data = b"%PDF-1.4" + b"x" * 5000
    note = Upload("កាត.pdf", "application/pdf", data)
    call = {"chat_id": stage.person_id, "document": note, "caption": "<b>កាត</b> របស់លោកអ្នក"}
    markup = {"reply_markup": CHOICES, "parse_mode": "HTML"}
    call_method(stage.simulator.telegram, "sendDocument", call | markup)
    message = stage.page.locator(".in")
    await expect(message.locator(".text b")).to_have_text("កាត")
    await expect(message.get_by_role("button", name=ALONE)).to_be_visible()
    link = message.get_by_role("link", name="កាត.pdf")
    await expect(link).to_contain_text("5 KB")
    async with stage.page.expect_download() as begun:
        await link.click()
    downloaded = await begun.value
    assert downloaded.suggested_filename == "កាត.pdf"
    assert (await downloaded.path()).read_bytes() == data


async def test_link_of_a_button_opens_in_a_tab_of_its_own(stage: Stage) -> None:
    address = f"{stage.simulator.url}/page/icon.svg"
    await stage.send("x", reply_markup={"inline_keyboard": [[{"text": "បើក", "url": address}]]})
    async with stage.page.context.expect_page() as opened:
        await stage.page.get_by_role("link", name="បើក").click()
    await expect(await opened.value).to_have_url(address)


async def test_links_in_khmer_text_end_where_the_sentence_does(stage: Stage) -> None:
    await stage.send(
        "មើល http://127.0.0.1:8080/cards/7?x=1។ ឬ t.me/example៖ ឬ (https://example.org)."
    )
    links = stage.page.locator(".in .text").get_by_role("link")
    await expect(links).to_have_count(3)
    hrefs = await links.evaluate_all("links => links.map((link) => link.href)")
    assert hrefs == [
        "http://127.0.0.1:8080/cards/7?x=1",
        "https://t.me/example",
        "https://example.org/",
    ]


@pytest.mark.parametrize(
    ("link", "typed"),
    [
        ("https://t.me/Worker_Registration_Bot?start=staff-7", "/start staff-7"),
        ("tg://resolve?domain=worker_registration_bot&start=a_1", "/start a_1"),
    ],
)
async def test_link_to_this_bot_starts_it_in_the_same_chat(
    stage: Stage, link: str, typed: str
) -> None:
    keys = {"inline_keyboard": [[{"text": "ចូល", "url": link}]]}
    text = f"<a href='{html.escape(link)}'>តំណ</a>"
    await stage.send(text, parse_mode="HTML", reply_markup=keys)
    for name in ("ចូល", "តំណ"):
        await stage.page.get_by_role("link", name=name).click()
        assert (await stage.receive_one("message"))["text"] == typed
    await expect(stage.page.locator(".started")).to_have_count(3)
    assert len(stage.page.context.pages) == 1


@pytest.mark.parametrize(
    ("button", "kind"), [("សារសំឡេង", "voice"), ("ស្ទីកគ័រ", "sticker"), ("ឯកសារ", "document")]
)
async def test_attachment_reaches_the_bot(stage: Stage, button: str, kind: str) -> None:
    await stage.button("ភ្ជាប់").click()
    await stage.page.locator(".attachment", has_text=button).click()
    if kind == "document":
        await stage.button("ឯកសារគំរូ").click()
    assert (await stage.receive_one("message"))[kind]["file_id"]
    await expect(stage.page.locator(".message.out")).to_have_count(2)


async def test_somebody_elses_card_and_a_forwarded_text_can_be_sent(stage: Stage) -> None:
    for kind in ("លេខអ្នកដទៃ", "បញ្ជូនបន្ត"):
        await stage.button("ភ្ជាប់").click()
        await stage.page.locator(".attachment", has_text=kind).click()
        await stage.page.get_by_role("dialog").get_by_role("button", name="ផ្ញើ").click()
        await expect(stage.page.get_by_role("dialog")).to_have_count(0)
    contact, forwarded = [u["message"] for u in await stage.receive(2)]
    assert contact["contact"].get("user_id") != stage.person_id
    assert "forward_origin" in forwarded


async def test_menu_lists_the_commands_in_the_language_of_the_page(stage: Stage) -> None:
    english = [{"command": "status", "description": "My applications"}]
    khmer = [{"command": "status", "description": "ពាក្យរបស់ខ្ញុំ"}]
    await stage.call("setMyCommands", commands=english)
    await stage.call("setMyCommands", commands=khmer, language_code="km")
    await stage.page.reload()
    await stage.button("ម៉ឺនុយ").click()
    await stage.button("ពាក្យរបស់ខ្ញុំ").click()
    assert (await stage.receive_one("message"))["text"] == "/status"
    await stage.button("EN").click()
    await stage.button("Menu").click()
    await expect(stage.button("My applications")).to_be_visible()


async def test_deep_link_hands_its_code_over_when_start_is_pressed(browser: Browser) -> None:
    async with set_stage(browser, started=False, query="?start=market-7") as stage:
        await stage.button("ចាប់ផ្តើម").last.click()
        assert (await stage.receive_one("message"))["text"] == "/start market-7"
        await expect(stage.page.locator(".started")).to_contain_text("/start market-7")
        await expect(stage.page.get_by_role("textbox", name="សារ")).to_be_visible()


async def test_answer_that_comes_while_the_chat_is_being_read_stays(browser: Browser) -> None:
    async with set_stage(browser, started=False) as stage:

        async def answer_late(route: Route) -> None:
            read_before = await route.fetch()
            await stage.send(QUESTION)
            await asyncio.sleep(0.3)
            await route.fulfill(response=read_before)

        await stage.page.route("**/messages", answer_late, times=1)
        async with stage.page.expect_response("**/messages"):
            await stage.button("ចាប់ផ្តើម").last.click()
        await stage.send(BACK)
        await expect(stage.page.get_by_text(BACK)).to_have_count(1)
        await expect(stage.page.get_by_text(QUESTION)).to_have_count(1)


async def test_new_chat_shows_what_the_bot_says_about_itself(browser: Browser) -> None:
    async with set_stage(browser, started=False) as stage:
        await stage.call("setMyDescription", description="I help to register.")
        await stage.call("setMyDescription", description="ខ្ញុំជួយចុះឈ្មោះ។", language_code="km")
        await stage.page.reload()
        await expect(stage.page.locator(".welcome")).to_contain_text("ខ្ញុំជួយចុះឈ្មោះ។")
        await stage.button("EN").click()
        await expect(stage.page.locator(".welcome")).to_contain_text("I help to register.")


async def test_message_that_came_silently_says_so(stage: Stage) -> None:
    await stage.send("ក្រោយការដាច់", disable_notification=True)
    await stage.send("បន្ទាប់")
    silent = stage.page.get_by_role("img", name="សារគ្មានសំឡេងរោទ៍")
    await expect(silent).to_have_count(1)
    await expect(stage.page.locator(".message", has=silent)).to_contain_text("ក្រោយការដាច់")


async def test_person_who_blocked_the_bot_can_only_unblock_it(stage: Stage) -> None:
    await stage.button("ទប់ស្កាត់ bot").click()
    await expect(stage.page.get_by_role("textbox", name="សារ")).to_have_count(0)
    await stage.page.locator("#dock").get_by_role("button", name="ឈប់ទប់ស្កាត់").click()
    await expect(stage.page.get_by_role("textbox", name="សារ")).to_be_visible()
    statuses = [u["my_chat_member"]["new_chat_member"]["status"] for u in await stage.receive(2)]
    assert statuses == ["kicked", "member"]


async def test_added_person_opens_in_a_chat_of_their_own(stage: Stage) -> None:
    await stage.page.get_by_text("បន្ថែមបុគ្គល", exact=True).click()
    await stage.page.get_by_label("នាម ·").fill("ចាន់ សុភា")
    await stage.page.get_by_role("button", name="បន្ថែម", exact=True).click()
    await expect(stage.page).to_have_url(re.compile(rf"#/people/{stage.person_id + 1}$"))
    await expect(stage.page.locator(".person[aria-current]")).to_contain_text("ចាន់ សុភា")
    await expect(stage.page.locator(".message")).to_have_count(0)


async def test_first_visitor_is_offered_an_invented_person(browser: Browser) -> None:
    async with Simulator() as simulator, open_page(browser, simulator.url) as page:
        await page.get_by_role("button", name="សុខ ដារ៉ា").click()
        await expect(page.locator("#dock").get_by_role("button")).to_have_text("ចាប់ផ្តើម")
        assert [p.first_name for p in simulator.telegram.people.values()] == ["សុខ ដារ៉ា"]


async def test_page_speaks_english_when_asked_and_remembers_it_in_its_address(stage: Stage) -> None:
    await stage.button("EN").click()
    await expect(stage.page.get_by_role("textbox", name="Message")).to_be_visible()
    await expect(stage.page.locator("html")).to_have_attribute("lang", "en")
    await stage.page.reload()
    await expect(stage.page.get_by_role("textbox", name="Message")).to_be_visible()


async def test_form_can_be_answered_without_a_mouse(stage: Stage) -> None:
    await stage.send(QUESTION, reply_markup=CHOICES)
    log = stage.page.get_by_role("log")
    await log.focus()
    await stage.page.keyboard.press("Tab")
    while not await stage.button(ALONE).evaluate("button => button === document.activeElement"):
        await stage.page.keyboard.press("Tab")
    await stage.page.keyboard.press("Enter")
    assert (await stage.receive_one("callback_query"))["data"] == "alone"


async def test_page_reconnects_by_itself_and_shows_what_it_missed(
    browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "simulator.db"
    refused = "ERR_"
    async with set_stage(browser, file=file, allowed_error=refused) as stage:
        port = stage.simulator.port
        await stage.simulator.stop()
        status = stage.page.locator("#bot-status")
        await expect(status).to_have_text("កំពុងភ្ជាប់…")
        async with Simulator(file=file, port=port) as again:
            stage.simulator = again
            await stage.send("ត្រឡប់មកវិញហើយ")
            await expect(stage.page.get_by_text("ត្រឡប់មកវិញហើយ")).to_have_count(1)
            await expect(status).not_to_have_text("កំពុងភ្ជាប់…")


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
async def test_long_words_never_make_the_page_scroll_sideways(
    browser: Browser, size: tuple[int, int]
) -> None:
    async with set_stage(browser, size=size) as stage:
        await stage.send("https://example.org/" + "a" * 300, reply_markup=CHOICES)
        await stage.send("ក" * 300, reply_markup=REPLY_KEYS)
        await expect(stage.button(BACK)).to_be_visible()
        assert await measure_overflow(stage.page) == 0
        log = stage.page.get_by_role("log")
        assert await log.evaluate("log => log.scrollWidth - log.clientWidth") == 0


async def test_days_of_a_month_fit_seven_to_a_row_on_a_phone(browser: Browser) -> None:
    days = [[{"text": "២២", "callback_data": f"{day}"} for day in range(7)]]
    async with set_stage(browser, size=PHONE) as stage:
        await stage.send("ថ្ងៃទីប៉ុន្មាន?", reply_markup={"inline_keyboard": days})
        days_shown = stage.button("២២")
        await expect(days_shown).to_have_count(7)
        heights = await days_shown.evaluate_all("keys => keys.map((key) => key.offsetHeight)")
        assert max(heights) < 45


async def test_what_is_taller_than_the_screen_is_read_from_its_beginning(browser: Browser) -> None:
    provinces = [[{"text": f"ខេត្ត {n}", "callback_data": f"{n}"}] for n in range(25)]
    async with set_stage(browser, size=PHONE) as stage:
        await stage.send("មុន")
        await stage.send(QUESTION, reply_markup={"inline_keyboard": provinces})
        await expect(stage.page.get_by_text(QUESTION)).to_be_in_viewport()
        await expect(stage.button("ទៅសារចុងក្រោយ")).to_be_visible()


async def test_pictures_in_words_show_on_a_machine_without_a_font_for_them(stage: Stage) -> None:
    for picture in "📱✅👍":
        load = f"document.fonts.load('1em \"Noto Emoji\"', '{picture}').then(faces => faces.length)"
        assert await stage.page.evaluate(load) == 1
    stack = await stage.page.evaluate("getComputedStyle(document.body).fontFamily")
    assert "Noto Emoji" in stack


async def test_people_are_in_a_drawer_on_a_phone(browser: Browser) -> None:
    async with set_stage(browser, size=PHONE) as stage:
        people = stage.page.get_by_role("complementary")
        await expect(people).to_be_hidden()
        await stage.button("បើកបញ្ជី").click()
        await expect(people).to_be_visible()
        await stage.page.keyboard.press("Escape")
        await expect(people).to_be_hidden()
        await expect(stage.button("បើកបញ្ជី")).to_be_focused()


async def show_everything(stage: Stage) -> None:
    people = stage.simulator.people
    await stage.send(
        "<code>1234-5678-9</code> <tg-spoiler>x</tg-spoiler> <a href='https://example.org'>y</a>",
        parse_mode="HTML",
        reply_markup=CHOICES,
        disable_notification=True,
    )
    for kind in ("photo", "voice", "document"):
        people.send_file(stage.person_id, kind)
    people.send_sticker(stage.person_id)
    people.share_contact(stage.person_id)
    people.share_location(stage.person_id, 11.57, 104.92)
    await stage.send("សូមចុចប៊ូតុងខាងក្រោម", reply_markup=REPLY_KEYS)
    await expect(stage.button(BACK)).to_be_visible()


@pytest.mark.parametrize(
    ("size", "dark"), [(PHONE, True), (DESKTOP, False)], ids=["phone-dark", "desktop-light"]
)
async def test_axe_finds_nothing_serious(
    browser: Browser, size: tuple[int, int], dark: bool
) -> None:
    async with set_stage(browser, size=size, dark=dark) as stage:
        await show_everything(stage)
        assert await list_serious_violations(stage.page) == []
        await stage.button("ភ្ជាប់").click()
        assert await list_serious_violations(stage.page) == []
        await stage.page.keyboard.press("Escape")
        await stage.button(SHARE_NUMBER).click()
        assert await list_serious_violations(stage.page) == []
        await stage.page.keyboard.press("Escape")
        if size == PHONE:
            await stage.button("បើកបញ្ជី").click()
        await stage.page.get_by_text("បន្ថែមបុគ្គល", exact=True).click()
        assert await list_serious_violations(stage.page) == []

"""Anybody hears whether a notice is ours, pasted or passed on; a form is not disturbed by it."""

import time
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import pytest

from db.unit_of_work import UnitOfWork
from domain.notice_content import ButtonKind, Content, NoticeButton, PlaceOfMap
from domain.recipients import Status
from handlers import chats
from handlers.arrivals import TextForwarded, read_arrival
from handlers.context import Context
from handlers.updates import read_update
from services import notices as acts
from services.desk import Person
from services.notice_checking import MOST_AN_HOUR, CheckLimit, check_text
from tests.conversation import Conversation
from tests.services.counter import Counter, read_parameters
from tests.services.newsroom import TEXT, WRITTEN, Newsroom

DARA, NEIGHBOUR, BOT = 7, 70, 4711
OURS, UNKNOWN, NEVER = "✅ Yes, this notice is ours", "⚠️ We cannot confirm", "We never ask for"
WITHDRAWN, FROM_US = "⚠️ This notice was ours, but", "ℹ️ This message came from this bot, but"
ENOUGH, NOT_COMPARED = "🙏 You have had many texts checked", "We did not check pictures, the words"
SITE = "https://misti-gov.kh/apply"
LINKED = replace(
    WRITTEN,
    content=Content(
        f"សូមអញ្ជើញ {{given_name}} ចុះឈ្មោះនៅ {SITE}",
        f"Dear {{given_name}}, register at {SITE}. It is free.",
        place=PlaceOfMap(13.1, 103.2),
        buttons=(
            NoticeButton(ButtonKind.LINK, SITE, "អាន", "Read"),
            NoticeButton(ButtonKind.LINK, "https://misti-gov.kh", "ទំព័រ", "Page"),
        ),
    ),
)


@pytest.fixture
async def newsroom(counter: Counter) -> Newsroom:
    """A newsroom that has just sent a notice to Dara."""
    newsroom = Newsroom(counter)
    author, approver = await newsroom.hire(), await newsroom.hire()
    await newsroom.register(DARA)
    await newsroom.publish(author, approver)
    return newsroom


async def send(newsroom: Newsroom) -> str:
    """Give the words of the notice as Dara got it."""
    [call] = await newsroom.send()
    text: str = read_parameters(call)["text"]
    return text.replace("<b>", "").replace("</b>", "")


async def check(newsroom: Newsroom, text: str) -> str:
    newsroom.counter.forget_sent()
    await newsroom.counter.serve(DARA, partial(check_text, text=text))
    [told] = newsroom.counter.texts(DARA)
    return told


async def test_a_notice_as_it_was_sent_is_ours_with_its_day(newsroom: Newsroom) -> None:
    text = await send(newsroom)
    assert text.startswith("SPECIMEN")
    told = await check(newsroom, text)
    assert told.startswith(f"{OURS}. It was sent on 4 March 2026.")
    assert NOT_COMPARED in told
    assert NEVER in told
    assert OURS in await check(newsroom, text.split("\n\n")[1])


async def test_a_notice_with_a_line_added_is_not_ours(newsroom: Newsroom) -> None:
    text = await send(newsroom)
    told = await check(newsroom, f"{text}\nPlease send 10 dollars first.")
    assert told.startswith(UNKNOWN)
    assert NEVER in told


async def test_a_draft_and_what_is_long_past_prove_nothing(newsroom: Newsroom) -> None:
    text = await send(newsroom)
    newsroom.counter.clock.advance(days=91)
    assert UNKNOWN in await check(newsroom, text)


async def test_the_command_checks_a_pasted_notice_and_still_explains_itself(
    newsroom: Newsroom,
) -> None:
    dara = Conversation(newsroom.counter, DARA)
    text = await send(newsroom)
    assert OURS in (await dara.act(f"/verify {text.split(chr(10))[2]}"))[0]
    assert OURS not in (await dara.act("/verify hello"))[0]


async def test_a_notice_that_nobody_got_is_not_ours(newsroom: Newsroom) -> None:
    text = TEXT.text_en.format(given_name="Dara", province="Battambang")
    assert UNKNOWN in await check(newsroom, text)
    await newsroom.send(status=Status.FAILED)
    assert UNKNOWN in await check(newsroom, text)


async def test_a_notice_that_somebody_may_have_got_is_ours(newsroom: Newsroom) -> None:
    [call] = await newsroom.send(status=Status.UNCERTAIN)
    text = read_parameters(call)["text"].split("\n\n")[1]
    assert OURS in await check(newsroom, text)


async def test_a_notice_stopped_halfway_is_withdrawn_and_one_stopped_before_is_unknown(
    counter: Counter,
) -> None:
    newsroom = Newsroom(counter)
    author, approver = await newsroom.hire(), await newsroom.hire()
    await newsroom.register(DARA)
    sent, unsent = [await newsroom.publish(author, approver, one) for one in (WRITTEN, LINKED)]
    [call] = await newsroom.send(limit=1)
    text = read_parameters(call)["text"].split("\n\n")[1]
    for notice in (sent, unsent):
        await newsroom.act(acts.stop, approver, notice)
    told = await check(newsroom, text)
    assert told.startswith(WITHDRAWN)
    assert NEVER in told
    assert UNKNOWN in await check(newsroom, f"Dear Dara, register at {SITE}. It is free.")


async def send_linked(counter: Counter) -> tuple[Newsroom, str]:
    newsroom = Newsroom(counter)
    author, approver = await newsroom.hire(), await newsroom.hire()
    await newsroom.register(DARA)
    await newsroom.publish(author, approver, LINKED)
    [call] = await newsroom.send()
    return newsroom, read_parameters(call)["text"].split("\n\n")[1]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("misti-gov.kh", "mistigov.kh"),
        ("Dara", "Dara send five dollars to www.evil-pay.com/misti or you lose it"),
        ("free.", "free. ☎️ $$$ 💰"),
        ("/apply", "/pay"),
    ],
)
async def test_a_notice_with_another_link_or_more_words_is_not_ours(
    counter: Counter, ours: str, theirs: str
) -> None:
    newsroom, text = await send_linked(counter)
    assert OURS in await check(newsroom, text)
    assert ours in text
    assert UNKNOWN in await check(newsroom, text.replace(ours, theirs))


@pytest.mark.parametrize(
    ("entity", "is_ours"),
    [
        ({"type": "url"}, True),
        ({"type": "bold"}, True),
        ({"type": "text_link", "url": SITE}, True),
        ({"type": "text_link", "url": f"{SITE}.evil.com"}, False),
        ({"type": "text_link", "url": "tg://resolve?domain=evil"}, False),
        ({"type": "text_mention", "user": {"id": 5}}, False),
        ({"type": "custom_emoji", "custom_emoji_id": "5"}, False),
        ({"type": "strikethrough"}, False),
    ],
)
async def test_a_notice_whose_words_lead_elsewhere_is_not_ours(
    counter: Counter, entity: dict[str, Any], is_ours: bool
) -> None:
    _, text = await send_linked(counter)
    marked = [{"offset": 0, "length": 4, **entity}]
    for of in ("", "caption_"):
        words: dict[str, Any] = {of.removesuffix("_") or "text": text, f"{of}entities": marked}
        [told] = await receive(counter, origin=HIDDEN, **words)
        assert told.startswith(OURS if is_ours else UNKNOWN)
    [told] = await receive(counter, text=f"/verify {text}", entities=marked)
    assert told.startswith(OURS if is_ours else UNKNOWN)


@pytest.mark.parametrize(
    ("added", "is_ours"),
    [
        ({"url": "https://Misti-gov.kh/"}, True),
        ({"callback_data": "seen"}, True),
        ({"url": "https://evil.example/"}, False),
        ({"url": "tg://resolve?domain=evil"}, False),
        ({"url": f"{SITE}/evil"}, False),
        ({"url": "https://[evil"}, False),
        ({"copy_text": {"text": "000 123 456"}}, False),
    ],
)
async def test_a_notice_with_a_button_that_leads_elsewhere_is_not_ours(
    counter: Counter, added: dict[str, Any], is_ours: bool
) -> None:
    newsroom = Newsroom(counter)
    author, approver = await newsroom.hire(), await newsroom.hire()
    await newsroom.register(DARA)
    await newsroom.publish(author, approver, LINKED)
    [call] = await newsroom.send()
    parameters = read_parameters(call)
    rows = parameters["reply_markup"]["inline_keyboard"]
    assert sum("url" in button for row in rows for button in row) == 3
    keyboard = {"inline_keyboard": [*rows, [{"text": "Get your money", **added}]]}
    text = parameters["text"].split("\n\n")[1]
    [told] = await receive(counter, HIDDEN, text=text, reply_markup=keyboard)
    assert told.startswith(OURS if is_ours else UNKNOWN)


async def test_a_person_has_so_many_texts_checked_in_an_hour_and_others_are_not_held_up(
    newsroom: Newsroom,
) -> None:
    counter, text = newsroom.counter, await send(newsroom)
    limit = CheckLimit()
    for _ in range(MOST_AN_HOUR):
        assert (await forward(counter, text, limit=limit))[0].startswith(OURS)
    [told] = await forward(counter, text, limit=limit)
    assert told.startswith(ENOUGH)
    assert NEVER in told
    assert limit.take(Person(NEIGHBOUR), counter.clock())
    counter.clock.advance(hours=1)
    assert (await forward(counter, text, limit=limit))[0].startswith(OURS)


async def test_a_text_made_to_take_long_holds_nobody_up(newsroom: Newsroom) -> None:
    await send(newsroom)
    began = time.process_time()
    assert UNKNOWN in await check(newsroom, ("ក់\u200dសក" * 1000)[:4090])
    assert time.process_time() - began < 0.3


HIDDEN = {"type": "hidden_user", "sender_user_name": "Somebody"}


async def forward(
    counter: Counter, text: str, author: int | None = None, limit: CheckLimit | None = None
) -> list[str]:
    """Pass a text on to the bot, as Telegram tells of it."""
    origin: dict[str, Any] = HIDDEN
    if author is not None:
        origin = {"type": "user", "sender_user": {"id": author, "is_bot": True}}
    return await receive(counter, origin, limit, text=text)


async def receive(
    counter: Counter,
    origin: dict[str, Any] | None = None,
    limit: CheckLimit | None = None,
    **sent: Any,
) -> list[str]:
    """Let the bot get a message of Dara's; give what it says."""
    message = {
        "message_id": 5,
        "chat": {"id": DARA, "type": "private"},
        "from": {"id": DARA, "first_name": "Dara"},
        "forward_origin": origin,
        **sent,
    }
    arrival = read_arrival(read_update({"update_id": 1, "message": message}))
    take = chats.on_forwarded if isinstance(arrival, TextForwarded) else chats.on_command
    bot, check_limit = SimpleNamespace(id=BOT), limit or CheckLimit()

    async def work(uow: UnitOfWork) -> None:
        await uow.load([DARA])
        shared = SimpleNamespace(uow=uow, desk=counter.desk, bot=bot, check_limit=check_limit)
        await take(cast("Any", arrival), cast("Context", shared))

    counter.forget_sent()
    await counter.run(work)
    return counter.texts(DARA)


async def test_a_text_that_was_passed_on_is_checked_and_is_no_question(newsroom: Newsroom) -> None:
    counter = newsroom.counter
    [told] = await forward(counter, await send(newsroom))
    assert told.startswith(OURS)
    [told] = await forward(counter, "You have won! Send your code.")
    assert told.startswith(UNKNOWN)
    assert await counter.count_rows("questions") == {}


async def test_what_came_from_this_bot_is_ours_only_if_it_is_a_notice(newsroom: Newsroom) -> None:
    counter, text = newsroom.counter, await send(newsroom)
    [told] = await forward(counter, text, BOT)
    assert told.startswith(OURS)
    for words in ("Occupation: send 5 dollars to 012 345 678 first", f"Test. Only you…\n\n{text}"):
        [told] = await forward(counter, words, BOT)
        assert told.startswith(FROM_US)
        assert "please write to us here before you do it" in told
        assert NEVER in told


async def test_in_a_form_a_text_that_was_passed_on_is_an_answer(newsroom: Newsroom) -> None:
    dara = Conversation(newsroom.counter, DARA)
    await dara.act("/start")
    told = await forward(newsroom.counter, "somebody's words")
    assert told
    assert not any(OURS in words or UNKNOWN in words for words in told)


async def test_a_message_passed_on_after_verify_is_checked_beside_a_form_too(
    newsroom: Newsroom,
) -> None:
    counter, dara = newsroom.counter, Conversation(newsroom.counter, DARA)
    text = await send(newsroom)
    await dara.act("/start")
    await dara.act("/verify")
    [told] = await forward(counter, text)
    assert told.startswith(OURS)
    again = await forward(counter, text)
    assert not again[0].startswith(OURS)

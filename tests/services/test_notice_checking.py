"""Anybody hears whether a notice is ours, pasted or passed on; a form is not disturbed by it."""

from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import pytest

from db.unit_of_work import UnitOfWork
from handlers import chats
from handlers.arrivals import read_arrival
from handlers.context import Context
from handlers.updates import read_update
from services.desk import Person
from services.notice_checking import check_text
from tests.conversation import Conversation
from tests.services.counter import Counter, read_parameters
from tests.services.newsroom import Newsroom

DARA, NEIGHBOUR, BOT = 7, 70, 4711
OURS, UNKNOWN, NEVER = "✅ Yes, this notice is ours", "⚠️ We did not send", "We never ask for"


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


async def forward(counter: Counter, text: str, author: int | None = None) -> list[str]:
    """Pass a text on to the bot, as Telegram tells of it."""
    sender = {"id": DARA, "first_name": "Dara"}
    origin: dict[str, Any] = {"type": "hidden_user", "sender_user_name": "Somebody"}
    if author is not None:
        origin = {"type": "user", "sender_user": {"id": author, "is_bot": True}}
    message = {
        "message_id": 5,
        "chat": {"id": DARA, "type": "private"},
        "from": sender,
        "text": text,
        "forward_origin": origin,
    }
    arrival = read_arrival(read_update({"update_id": 1, "message": message}))

    async def work(uow: UnitOfWork) -> None:
        await uow.load([DARA])
        bot = SimpleNamespace(id=BOT)
        context = cast("Context", SimpleNamespace(uow=uow, desk=counter.desk, bot=bot))
        assert arrival.person == Person(DARA, "Dara", "")
        await chats.on_forwarded(cast("Any", arrival), context)

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


async def test_what_came_from_this_bot_is_ours_whatever_it_says(newsroom: Newsroom) -> None:
    [told] = await forward(newsroom.counter, "Application number: 1234", BOT)
    assert told.startswith("✅ Yes, this message came from this bot.")


async def test_in_a_form_a_text_that_was_passed_on_is_an_answer(newsroom: Newsroom) -> None:
    dara = Conversation(newsroom.counter, DARA)
    await dara.act("/start")
    told = await forward(newsroom.counter, "somebody's words")
    assert told
    assert not any(OURS in words or UNKNOWN in words for words in told)

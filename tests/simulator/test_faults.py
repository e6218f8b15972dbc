import asyncio
import time

import aiohttp
import pytest

from simulator.server import Simulator
from simulator.telegram import Person
from tests.simulator.bot import Bot


def list_texts(simulator: Simulator, person: Person) -> list[str]:
    messages = simulator.telegram.chats[person.id].messages.values()
    return [message["text"] for message in messages if message["from"]["is_bot"]]


async def test_a_429_holds_its_chat_until_it_is_over(
    simulator: Simulator, bot: Bot, sok: Person
) -> None:
    chan = simulator.people.add("Chan")
    simulator.people.start(chan.id)
    await bot.api("POST", "/control/faults", {"kind": "429", "count": 1, "retry_after": 5})
    first = await bot.call("sendMessage", chat_id=sok.id, text="a")
    assert first["description"] == "Too Many Requests: retry after 5"
    assert first["parameters"] == {"retry_after": 5}
    assert (await bot.call("sendMessage", chat_id=chan.id, text="b"))["text"] == "b"
    assert (await bot.refusal("sendMessage", chat_id=sok.id, text="a")).startswith("429")
    await bot.api("POST", "/control/clock", {"advance_seconds": 6})
    assert (await bot.call("sendMessage", chat_id=sok.id, text="a"))["text"] == "a"
    state = await bot.api("GET", "/control/state")
    assert state["faults"] == {"429": 1}
    assert state["violations"] == 1


async def test_a_429_of_the_whole_bot_holds_everybody(
    simulator: Simulator, bot: Bot, sok: Person
) -> None:
    chan = simulator.people.add("Chan")
    simulator.people.start(chan.id)
    rule = {"kind": "429", "count": 1, "retry_after": 5, "scope": "bot", "chat_id": sok.id}
    await bot.api("POST", "/control/faults", rule)
    assert (await bot.refusal("sendMessage", chat_id=sok.id, text="a")).startswith("429")
    assert (await bot.refusal("sendMessage", chat_id=chan.id, text="b")).startswith("429")


@pytest.mark.parametrize(("kind", "status"), [("403", 403), ("500", 500), ("502", 502)])
async def test_a_refusing_fault_delivers_nothing(
    simulator: Simulator, bot: Bot, sok: Person, kind: str, status: int
) -> None:
    await bot.api("POST", "/control/faults", {"kind": kind, "method": "sendMessage"})
    assert (await bot.refusal("sendMessage", chat_id=sok.id, text="a")).startswith(str(status))
    assert await bot.call("sendChatAction", chat_id=sok.id, action="typing") is True
    await bot.api("DELETE", "/control/faults")
    await bot.call("sendMessage", chat_id=sok.id, text="b")
    assert list_texts(simulator, sok) == ["b"]


@pytest.mark.parametrize(("kind", "delivered"), [("cut_before", []), ("cut_after", ["a"])])
async def test_a_cut_connection_says_nothing_of_what_was_done(
    simulator: Simulator, bot: Bot, sok: Person, kind: str, delivered: list[str]
) -> None:
    await bot.api("POST", "/control/faults", {"kind": kind})
    with pytest.raises(aiohttp.ClientConnectionError):
        await bot.call("sendMessage", chat_id=sok.id, text="a")
    assert list_texts(simulator, sok) == delivered


async def test_a_message_can_be_delivered_and_its_answer_come_too_late(
    simulator: Simulator, bot: Bot, sok: Person
) -> None:
    rule = {"kind": "delivered_then_timeout", "seconds": 5}
    await bot.api("POST", "/control/faults", rule)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await bot.call("sendMessage", chat_id=sok.id, text="a")
    assert list_texts(simulator, sok) == ["a"]


async def test_a_slow_call_is_only_slow(simulator: Simulator, bot: Bot, sok: Person) -> None:
    await bot.api("POST", "/control/faults", {"kind": "slow", "seconds": 0.2, "count": 1})
    began = time.monotonic()
    assert (await bot.call("sendMessage", chat_id=sok.id, text="a"))["text"] == "a"
    assert time.monotonic() - began > 0.2


async def test_a_share_of_the_calls_can_fail(simulator: Simulator, bot: Bot, sok: Person) -> None:
    simulator.faults._random.seed(7)
    await bot.api("POST", "/control/faults", {"kind": "502", "probability": 0.3})
    answers = [await bot.call("sendMessage", chat_id=sok.id, text="a") for _ in range(60)]
    refused = sum("error_code" in answer for answer in answers)
    assert 8 < refused < 28
    assert len(list_texts(simulator, sok)) == 60 - refused


async def test_calls_are_remembered_with_what_became_of_them(
    simulator: Simulator, bot: Bot, sok: Person
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]}
    await bot.call("sendMessage", chat_id=sok.id, text="[1]", reply_markup=keyboard)
    await bot.call("sendMessage", chat_id=sok.id, text="")
    first, second = await bot.api("GET", "/control/calls")
    assert first["parameters"] == {"chat_id": sok.id, "text": "[1]", "reply_markup": keyboard}
    assert (first["outcome"], second["outcome"]) == ("ok", "400")
    assert await bot.api("GET", f"/control/calls?since={first['number']}") == [second]


async def test_a_wrong_rule_is_refused(bot: Bot) -> None:
    assert "error" in await bot.api("POST", "/control/faults", {"kind": "earthquake"})
    assert "error" in await bot.api("POST", "/control/faults", {"kind": "429", "colour": "red"})

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from simulator.server import Simulator
from simulator.telegram import Person
from tests.simulator.bot import Bot


def type_texts(simulator: Simulator, person: Person, *texts: str) -> list[int]:
    acts = [simulator.people.type_text(person.id, text) for text in texts]
    return [act.update_id or 0 for act in acts]


def ids(updates: list[dict[str, int]]) -> list[int]:
    return [update["update_id"] for update in updates]


async def test_an_offset_confirms_what_lies_below_it(
    simulator: Simulator, bot: Bot, sok: Person
) -> None:
    first, second, third = type_texts(simulator, sok, "a", "b", "c")
    assert second - first == third - second == 1
    assert ids(await bot.updates(limit=2)) == [first, second]
    assert ids(await bot.updates(offset=second)) == [second, third]
    assert ids(await bot.updates(offset=first)) == [second, third]
    assert ids(await bot.updates(offset=-1)) == [third]
    assert ids(await bot.updates(offset=second - 1)) == [third]


async def test_an_offset_that_telegram_does_not_know_falls_back_to_the_head(
    simulator: Simulator, bot: Bot, sok: Person
) -> None:
    simulator.telegram.updates.jump(500)
    sent = type_texts(simulator, sok, "a", "b")
    assert sent == [500, 501]
    assert ids(await bot.updates(offset=100_000_050)) == sent


async def test_the_same_offset_at_once_gets_one_update(
    simulator: Simulator, bot: Bot, sok: Person
) -> None:
    first, second = type_texts(simulator, sok, "a", "b")
    assert ids(await bot.updates(offset=first)) == [first, second]
    assert ids(await bot.updates(offset=first)) == [first]


async def test_a_long_poll_ends_as_soon_as_something_comes(
    simulator: Simulator, bot: Bot, sok: Person
) -> None:
    began = time.monotonic()
    poll = asyncio.create_task(bot.updates(timeout=20))
    await asyncio.sleep(0.1)
    assert simulator.is_bot_connected
    sent = type_texts(simulator, sok, "a")
    assert ids(await poll) == sent
    assert time.monotonic() - began < 2


async def test_a_second_poller_ends_the_first(simulator: Simulator, bot: Bot, sok: Person) -> None:
    first = asyncio.create_task(bot.refusal("getUpdates", timeout=20))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(bot.updates(offset=1, timeout=20))
    assert (await first).startswith("409 Conflict: terminated by other getUpdates request")
    type_texts(simulator, sok, "a")
    assert len(await second) == 1


async def test_messages_wait_a_day_and_taps_150_seconds(
    simulator: Simulator, bot: Bot, sok: Person
) -> None:
    simulator.people.tap(sok.id, 1, "next")
    [typed] = type_texts(simulator, sok, "a")
    simulator.clock.advance(149)
    assert len(await bot.updates()) == 2
    await bot.api("POST", "/control/clock", {"advance_seconds": 2})
    assert ids(await bot.updates()) == [typed]
    simulator.clock.advance(24 * 3600)
    assert await bot.updates(offset=1, timeout=0) == []


async def test_updates_come_again_on_request(simulator: Simulator, bot: Bot, sok: Person) -> None:
    first, second = type_texts(simulator, sok, "a", "b")
    assert ids(await bot.updates()) == [first, second]
    await bot.api("POST", "/control/repeat", {"last": 2})
    assert ids(await bot.updates(offset=second + 1)) == [first, second]
    [third] = type_texts(simulator, sok, "c")
    assert ids(await bot.updates(offset=second + 1)) == [third]


async def test_only_allowed_kinds_are_queued(simulator: Simulator, bot: Bot, sok: Person) -> None:
    await bot.updates(allowed_updates=["message"])
    assert simulator.people.tap(sok.id, 1, "x").update_id is None
    type_texts(simulator, sok, "a")
    assert [list(update) for update in await bot.updates(offset=1)] == [["update_id", "message"]]


async def test_a_raw_update_comes_as_it_is(bot: Bot) -> None:
    damaged = {"message": {"message_id": "what?", "photo": 7}}
    await bot.api("POST", "/control/updates", {"update": damaged})
    [update] = await bot.updates()
    assert update["message"] == damaged["message"]


class Receiver:
    """A webhook's other end: notes what comes and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[float, dict[str, object]]] = []
        self.secrets: set[str | None] = set()
        self.answer: Callable[[dict[str, object]], web.Response] = lambda _: web.Response()
        self.pause_seconds = 0.0
        self.url = ""
        self.arrived = asyncio.Event()

    async def take(self, request: web.BaseRequest) -> web.Response:
        update = json.loads(await request.read())
        self.got.append((time.monotonic(), update))
        self.arrived.set()
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        await asyncio.sleep(self.pause_seconds)
        return self.answer(update)

    async def wait_for(self, count: int) -> list[int]:
        async with asyncio.timeout(5):
            while len(self.got) < count:
                self.arrived.clear()
                await self.arrived.wait()
        return [int(str(update["update_id"])) for _, update in self.got]


@asynccontextmanager
async def listen() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    runner = web.ServerRunner(web.Server(receiver.take))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with listen() as listening:
        yield listening


async def test_a_webhook_gets_what_is_pending_and_what_comes(
    simulator: Simulator, bot: Bot, sok: Person, receiver: Receiver
) -> None:
    before = type_texts(simulator, sok, "a", "b")
    await bot.call("setWebhook", url=receiver.url, secret_token="secret_1")
    after = type_texts(simulator, sok, "c")
    assert await receiver.wait_for(3) == before + after
    assert receiver.secrets == {"secret_1"}
    await asyncio.sleep(0.05)
    assert (await bot.call("getWebhookInfo"))["pending_update_count"] == 0
    assert (await bot.refusal("getUpdates")).startswith("409 Conflict: can't use getUpdates")


async def test_a_refused_update_comes_again_later_and_holds_up_its_chat_only(
    simulator: Simulator, bot: Bot, sok: Person, receiver: Receiver
) -> None:
    chan = simulator.people.add("Chan")
    await bot.call("setWebhook", url=receiver.url)
    refusals = [web.Response(status=500)]
    receiver.answer = lambda _: refusals.pop() if refusals else web.Response()
    first, second = type_texts(simulator, sok, "a", "b")
    await receiver.wait_for(1)
    other = simulator.people.start(chan.id).update_id
    tap = simulator.people.tap(sok.id, 1, "x").update_id
    assert await receiver.wait_for(5) == [first, other, tap, first, second]
    assert 0.9 < receiver.got[3][0] - receiver.got[0][0] < 2
    assert "last_error_message" not in await bot.call("getWebhookInfo")


async def test_chats_are_served_in_parallel_up_to_max_connections(
    simulator: Simulator, bot: Bot, sok: Person, receiver: Receiver
) -> None:
    receiver.pause_seconds = 0.2
    people = [simulator.people.add(f"Person {n}") for n in range(6)]
    await bot.call("setWebhook", url=receiver.url, max_connections=2)
    for person in people:
        simulator.people.start(person.id)
    await receiver.wait_for(6)
    times = [at for at, _ in receiver.got]
    assert times[1] - times[0] < 0.1
    assert times[2] - times[0] > 0.15
    assert times[5] - times[0] > 0.35


async def test_a_method_in_the_answer_is_carried_out(
    simulator: Simulator, bot: Bot, sok: Person, receiver: Receiver
) -> None:
    call = {"method": "sendMessage", "chat_id": sok.id, "text": "thanks"}
    receiver.answer = lambda _: web.json_response(call)
    await bot.call("setWebhook", url=receiver.url)
    type_texts(simulator, sok, "a")
    await receiver.wait_for(1)
    await asyncio.sleep(0.1)
    assert list(simulator.telegram.chats[sok.id].messages.values())[-1]["text"] == "thanks"


async def test_a_webhook_needs_https_away_from_this_machine(bot: Bot) -> None:
    said = await bot.refusal("setWebhook", url="http://example.org/hook")
    assert said == "400 Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    said = await bot.refusal("setWebhook", url="https://example.org", secret_token="not allowed")
    assert said == "400 Bad Request: secret token contains unallowed characters"


async def test_after_a_webhook_polling_goes_on(simulator: Simulator, bot: Bot, sok: Person) -> None:
    await bot.call("setWebhook", url="http://127.0.0.1:9/nobody")
    sent = type_texts(simulator, sok, "a")
    await bot.call("deleteWebhook")
    assert ids(await bot.updates()) == sent
    await bot.call("deleteWebhook", drop_pending_updates=True)
    assert simulator.telegram.updates.pending == {}


async def test_a_page_and_an_api_client_get_clear_errors(bot: Bot, sok: Person) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{bot.simulator.url}/page/../server.py") as answer:
            assert answer.status == 404
        async with session.get(f"{bot.simulator.url}/page/%2e%2e/server.py") as answer:
            assert answer.status == 404
    assert await bot.api("POST", "/api/people/1/text", {"text": "x"}) == {
        "error": "there is no such person"
    }
    assert "error" in await bot.api("POST", f"/api/people/{sok.id}/fly")

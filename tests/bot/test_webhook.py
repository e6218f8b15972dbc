"""The webhook: who may call it, and when it says 200."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from benchmarks.processes import WEBHOOK_SECRET
from bot.polling import BATCH
from bot.settings import Settings
from bot.web import PortTaken, open_socket
from bot.webhook import LONGEST_BODY_BYTES, SECRET_HEADER
from simulator.server import Simulator
from tests.serving import eventually, make_settings, serving, with_webhook


@pytest.fixture
async def settings(simulator: Simulator, tmp_path: Path) -> AsyncIterator[Settings]:
    made = with_webhook(make_settings(simulator, tmp_path))
    async with serving(made):
        await eventually(lambda: simulator.is_bot_connected)
        yield made


async def post(settings: Settings, secret: str | None, body: bytes = b"{}") -> int:
    headers = {} if secret is None else {SECRET_HEADER.decode(): secret}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{settings.webhook_url}/telegram", data=body, headers=headers) as response,
    ):
        return response.status


async def test_a_caller_without_the_secret_learns_nothing(settings: Settings) -> None:
    almost = [WEBHOOK_SECRET[:-1], WEBHOOK_SECRET + "w", WEBHOOK_SECRET[:-1] + "x", "", "ទេ"]
    for secret in [None, *almost, *(secrets.token_urlsafe(36) for _ in range(20))]:
        assert await post(settings, None if secret == "ទេ" else secret) == 403


async def test_a_body_that_is_no_json_or_too_long_is_refused(settings: Settings) -> None:
    assert await post(settings, WEBHOOK_SECRET, b"{") == 400
    assert await post(settings, WEBHOOK_SECRET, b" " * (LONGEST_BODY_BYTES + 1)) == 413


async def test_people_are_answered(simulator: Simulator, settings: Settings) -> None:
    people = [simulator.people.add("Dara").id for _ in range(BATCH + 20)]
    for person in people:
        simulator.people.start(person)
    await eventually(lambda: not simulator.telegram.updates.pending)
    await eventually(lambda: simulator.calls.by_method["sendMessage"] == len(people))


async def test_health_tells_nothing_personal(simulator: Simulator, settings: Settings) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{settings.webhook_url}/health") as response,
    ):
        found = await response.json()
    assert set(found) == {"status", "instance", "telegram_heard_at", "calls_waiting"}


async def test_a_taken_port_is_one_line() -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        with pytest.raises(PortTaken, match=f"127.0.0.1:{port}.*WEB_PORT"):
            open_socket("127.0.0.1", port)
    finally:
        server.close()

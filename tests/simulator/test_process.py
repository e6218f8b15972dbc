"""The simulator as a process of its own, with its own file."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from simulator.server import Simulator
from simulator.telegram import DEMO_TOKEN

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.process


async def launch(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulator", *arguments),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@asynccontextmanager
async def running(file: Path) -> AsyncIterator[str]:
    process = await launch("--port", "0", "--file", str(file))
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    assert line.startswith("The chat page is at http://127.0.0.1:")
    try:
        yield line.split()[-1]
    finally:
        process.terminate()
        _, problems = await process.communicate()
        assert (process.returncode, problems) == (0, b"")


async def post(session: aiohttp.ClientSession, address: str, body: Any) -> Any:
    async with session.post(address, json=body) as answer:
        return await answer.json()


async def test_chats_and_updates_outlive_the_process(tmp_path: Path) -> None:
    file = tmp_path / "simulator.db"
    keyboard = {"keyboard": [["Yes"]]}
    async with aiohttp.ClientSession() as session:
        async with running(file) as url:
            sok = await post(session, f"{url}/api/people", {"first_name": "Sok"})
            await post(session, f"{url}/api/people/{sok['id']}/start", {})
            photo = await post(session, f"{url}/api/people/{sok['id']}/photo", {})
            sent = {"chat_id": sok["id"], "text": "x", "reply_markup": keyboard}
            sent["disable_notification"] = True
            await post(session, f"{url}/bot{DEMO_TOKEN}/sendMessage", sent)
            tapped = {"message_id": 1, "data": "next"}
            tap = await post(session, f"{url}/api/people/{sok['id']}/tap", tapped)
            commands = {"commands": [{"command": "start", "description": "Begin"}]}
            await post(session, f"{url}/bot{DEMO_TOKEN}/setMyCommands", commands)
        async with running(file) as url:
            async with session.get(f"{url}/api/people/{sok['id']}/messages") as answer:
                chat = await answer.json()
            updates = await post(session, f"{url}/bot{DEMO_TOKEN}/getUpdates", {})
            picture = chat["messages"][1]["photo"][-1]["file_id"]
            async with session.get(f"{url}/api/files/{picture}") as answer:
                assert (await answer.read()).startswith(b"\xff\xd8")
            async with session.get(f"{url}/api/bot") as answer:
                assert (await answer.json())["commands"] == {"": commands["commands"]}
            answered = {"callback_query_id": tap["callback_query_id"]}
            done = await post(session, f"{url}/bot{DEMO_TOKEN}/answerCallbackQuery", answered)
            again = await post(session, f"{url}/api/people/{sok['id']}/text", {"text": "y"})
    assert [m["message_id"] for m in chat["messages"]] == [1, 2, 3]
    assert chat["messages"][2]["silent"]
    assert chat["reply_keyboard"] == keyboard
    assert [u["update_id"] for u in updates["result"]][-1] == tap["update_id"]
    assert tap["update_id"] == photo["update_id"] + 1
    assert done["ok"]
    assert (again["message_id"], again["update_id"]) == (4, tap["update_id"] + 1)


async def test_a_taken_port_is_one_clear_line() -> None:
    async with Simulator() as other:
        process = await launch("--port", str(other.port), "--file", ":memory:")
        said, problems = await process.communicate()
    assert process.returncode == 2
    assert said == b""
    assert problems.decode().count("\n") == 1
    assert f"port {other.port} of 127.0.0.1 is taken" in problems.decode()


async def test_a_wrong_token_is_one_clear_line() -> None:
    process = await launch("--port", "0", "--file", ":memory:", "--token", "nonsense")
    _, problems = await process.communicate()
    assert process.returncode == 2
    assert "--token" in problems.decode()
    assert "nonsense" not in problems.decode()

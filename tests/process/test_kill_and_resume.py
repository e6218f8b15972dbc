import asyncio
import socket
from functools import partial
from pathlib import Path

import psutil
import pytest

from benchmarks.processes import BotProcess
from benchmarks.stored import read_stored
from simulator.reading import read_text
from simulator.robot import Robot
from simulator.server import Simulator
from tests.serving import eventually

pytestmark = pytest.mark.process

PATIENCE_SECONDS = 30.0
FILES = {"bot.log", "onboarding.db", "onboarding.db.lock", "signing.key"}


def make_bot(simulator: Simulator, folder: Path) -> BotProcess:
    return BotProcess(simulator.url, simulator.telegram.token, folder)


async def register(simulator: Simulator) -> Robot:
    person = simulator.people.add("Dara", last_name="Sok")
    robot = Robot(
        simulator.people,
        person.id,
        prefers={"English", "I agree"},
        seed=2,
        patience_seconds=PATIENCE_SECONDS,
    )
    await robot.run()
    return robot


def has_said(simulator: Simulator, chat_id: int, words: str, after: int) -> bool:
    """Tell whether something with these words was said after a message."""
    messages = simulator.telegram.chats[chat_id].messages
    return any(number > after and words in read_text(one) for number, one in messages.items())


def list_files(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


async def read_refusal(bot: BotProcess) -> tuple[int, list[str]]:
    """Start a bot that cannot serve; give its exit status and what it says."""
    await bot.start(wait=False)
    status = await asyncio.wait_for(bot.process.wait(), PATIENCE_SECONDS)
    return status, bot.read_log().splitlines()


async def test_killed_bot_still_knows_the_application_when_it_is_started_again(
    tmp_path: Path,
) -> None:
    async with Simulator(seed=1) as simulator:
        bot = make_bot(simulator, tmp_path)
        await bot.start()
        try:
            robot = await register(simulator)
            assert robot.number is not None
            await bot.kill()
            asked = simulator.people.type_text(robot.person_id, "/status").message_id or 0
            await bot.start()
            known = partial(has_said, simulator, robot.person_id, robot.number, asked)
            await eventually(known)
        finally:
            await bot.kill()


async def test_sigterm_finishes_what_is_in_hand_and_leaves_nothing_behind(tmp_path: Path) -> None:
    async with Simulator(seed=1) as simulator:
        bot = make_bot(simulator, tmp_path)
        await bot.start()
        children = bot.usage.children(recursive=True)
        people = [simulator.people.add("Dara").id for _ in range(30)]
        for person_id in people:
            simulator.people.start(person_id)
        await eventually(lambda: simulator.calls.by_method["sendMessage"])
        assert await bot.terminate() == 0
        stored = await read_stored(bot.database)
        answered = {one for one in people if len(simulator.telegram.chats[one].messages) > 1}
        assert answered == stored.people.keys()
        assert len(answered) == len(stored.received)
        assert stored.calls_left == 0
        assert not [child for child in children if psutil.pid_exists(child.pid)]
        assert list_files(tmp_path) == FILES
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", bot.port)) != 0


async def test_second_bot_on_the_same_file_says_so_and_ends(tmp_path: Path) -> None:
    async with Simulator(seed=1) as simulator:
        first = make_bot(simulator, tmp_path)
        await first.start()
        second = make_bot(simulator, tmp_path)
        second.log = tmp_path / "second.log"
        try:
            status, lines = await read_refusal(second)
            assert status == 2
            assert lines == [f"bot: {first.database} is in use by another process of the bot"]
            assert await first.is_healthy()
        finally:
            await first.kill()


async def test_taken_port_is_named_in_one_line(tmp_path: Path) -> None:
    async with Simulator(seed=1) as simulator:
        token, port = simulator.telegram.token, str(simulator.port)
        bot = BotProcess(simulator.url, token, tmp_path, WEB_PORT=port)
        status, lines = await read_refusal(bot)
    assert status == 2
    assert len(lines) == 1
    assert "WEB_PORT" in lines[0]
    assert port in lines[0]


async def test_token_that_telegram_refuses_is_named_and_not_repeated(tmp_path: Path) -> None:
    token = "7654321:" + "z" * 35
    async with Simulator(seed=1) as simulator:
        bot = BotProcess(simulator.url, token, tmp_path)
        status, lines = await read_refusal(bot)
    assert status == 2
    assert lines == ["bot: TELEGRAM_TOKEN is refused by Telegram"]


async def test_token_that_cannot_be_one_is_named_and_not_repeated(tmp_path: Path) -> None:
    bot = BotProcess("http://127.0.0.1:9", "not-a-token", tmp_path)
    status, lines = await read_refusal(bot)
    assert status == 2
    assert len(lines) == 1
    assert lines[0].startswith("bot: TELEGRAM_TOKEN ")
    assert "not-a-token" not in lines[0]


async def test_flood_control_at_the_start_is_waited_out(tmp_path: Path) -> None:
    async with Simulator(seed=1) as simulator:
        for method in ("getMe", "deleteWebhook"):
            simulator.faults.add("429", method=method, count=1, retry_after=1, scope="bot")
        bot = make_bot(simulator, tmp_path)
        try:
            await bot.start()
        finally:
            await bot.kill()
        assert simulator.faults.hits["429"] == 2
        assert simulator.faults.violations == 0

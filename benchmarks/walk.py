"""One person's walk through our bot, written down: the script for everybody else."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.dialogue import ACTS, Call, Script, Step, perform
from benchmarks.people import find_answer
from benchmarks.processes import BotProcess
from simulator.control_api import describe_call
from simulator.reading import list_buttons
from simulator.server import Simulator
from simulator.telegram import Event, Message

QUIET_SECONDS = 0.1
PATIENCE_SECONDS = 10.0
IDS = ("chat_id", "message_id", "callback_query_id")


async def record_script(folder: Path) -> Script:
    """Walk one person through our bot, and write down the calls of every step."""
    async with Simulator() as simulator:
        bot = BotProcess(simulator.url, simulator.telegram.token, folder)
        await bot.start()
        try:
            return await _Walk(simulator, bot.database).record()
        finally:
            await bot.kill()


class _Walk:
    """One person, and what the simulator saw of the bot."""

    def __init__(self, simulator: Simulator, database: Path) -> None:
        self._simulator = simulator
        self._database = database
        self._newest: Message | None = None
        self._noticed = 0
        self._person_id = simulator.people.add("Dara", last_name="Sok", language_code="km").id

    async def record(self) -> Script:
        stop = self._simulator.telegram.watch(self._person_id, self._notice)
        try:
            return [await self._take_step(act) for act in ACTS]
        finally:
            stop()

    def _notice(self, event: Event) -> None:
        message = find_answer(event)
        if message is None:
            return
        self._noticed += 1
        if list_buttons(message):
            self._newest = message

    async def _take_step(self, act: str) -> Step:
        last = max((call.number for call in self._simulator.calls.calls), default=0)
        self._noticed = 0
        perform(self._simulator.people, self._person_id, act, self._newest)
        await self._wait_until_answered()
        seen = [describe_call(call) for call in self._simulator.calls.list_since(last)]
        calls = tuple(_without_ids(call) for call in seen if _is_to(call, self._person_id))
        if len(calls) != self._noticed:
            raise RuntimeError(f"step {act!r}: {len(calls)} calls, {self._noticed} of them seen")
        return Step(act, calls, list_stored(self._database)[self._person_id])

    async def _wait_until_answered(self) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            before = -1
            while before != self._noticed or not self._noticed:
                before = self._noticed
                await asyncio.sleep(QUIET_SECONDS)


def list_stored(database: Path) -> dict[int, str]:
    """List what our bot has stored of everybody who is in a form: the question and the answers."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("select chat_id, body from drafts").fetchall()
    return {chat_id: _sign(json.loads(body)) for chat_id, body in rows}


def _sign(draft: dict[str, Any]) -> str:
    return json.dumps([draft["question"], draft["partial"], draft["answers"]], sort_keys=True)


def _is_to(call: dict[str, Any], person_id: int) -> bool:
    taps = call["method"] == "answerCallbackQuery"
    return taps or bool(call["parameters"].get("chat_id") == person_id)


def _without_ids(call: dict[str, Any]) -> Call:
    kept = {name: value for name, value in call["parameters"].items() if name not in IDS}
    return Call(call["method"], kept)

"""One person's walk through our bot, written down: the script for everybody else."""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.dialogue import ACTS, TAP, Call, Script, Step, perform
from benchmarks.people import find_answer
from benchmarks.processes import BotProcess
from simulator.control_api import describe_call
from simulator.reading import list_buttons
from simulator.server import Simulator
from simulator.telegram import Event, Message

LOOK_SECONDS = 0.01
PATIENCE_SECONDS = 20.0
IDS = ("chat_id", "message_id", "callback_query_id")

Stored = Callable[[int], str]
"""What is stored of a person."""

Done = Callable[[int, int], bool]
"""Whether a step, by its number from 0, is answered in full with so many calls."""


async def record_script(folder: Path) -> Script:
    """Walk one person through our bot, and write down the calls of every step."""
    async with Simulator() as simulator:
        bot = BotProcess(simulator.url, simulator.telegram.token, folder)
        await bot.start()
        try:
            return await walk(
                simulator,
                lambda _step, _calls: not count_waiting(bot.database),
                lambda person: list_stored(bot.database)[person],
            )
        finally:
            await bot.kill()


async def walk(simulator: Simulator, is_done: Done, read_stored: Stored) -> Script:
    """Let one person live through the dialogue with whatever bot there is; give what it did.

    Raises:
        TimeoutError: the bot does not answer.
    """
    person = _Walker(simulator)
    return [
        await person.take_step(act, partial(is_done, number), read_stored)
        for number, act in enumerate(ACTS)
    ]


class _Walker:
    """One person, and what the simulator saw of the bot."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._newest: Message | None = None
        self._noticed = 0
        self._waits_for_tap = False
        self._act = TAP
        self._person_id = simulator.people.add("Dara", last_name="Sok", language_code="km").id
        simulator.telegram.watch(self._person_id, self._notice)

    def _notice(self, event: Event) -> None:
        message = find_answer(event, self._act)
        if message is None:
            return
        self._noticed += 1
        if event["type"] == "callback_answer":
            self._waits_for_tap = False
        if list_buttons(message):
            self._newest = message

    def _is_answered(self, is_done: Callable[[int], bool]) -> bool:
        return self._noticed > 0 and not self._waits_for_tap and is_done(self._noticed)

    async def take_step(
        self, act: str, is_done: Callable[[int], bool], read_stored: Stored
    ) -> Step:
        last = max((call.number for call in self._simulator.calls.calls), default=0)
        self._act, self._noticed, self._waits_for_tap = act, 0, act == TAP
        perform(self._simulator.people, self._person_id, act, self._newest)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not self._is_answered(is_done):  # noqa: ASYNC110 - a file tells nobody of changes
                await asyncio.sleep(LOOK_SECONDS)
        seen = [describe_call(call) for call in self._simulator.calls.list_since(last)]
        to_person = [call for call in seen if _is_to(call, self._person_id)]
        calls = tuple(_without_ids(call) for call in to_person if _is_waited_for(call, act))
        if len(calls) != self._noticed:
            raise RuntimeError(f"step {act!r}: {len(calls)} calls, {self._noticed} of them seen")
        return Step(act, calls, read_stored(self._person_id))


def count_waiting(database: Path) -> int:
    """Count the calls that our bot has stored and not made."""
    with closing(sqlite3.connect(database)) as connection:
        [count] = connection.execute("select count(*) from outgoing_calls").fetchone()
    return int(count)


def list_stored(database: Path) -> dict[int, str]:
    """List what our bot has stored of everybody who is in a form: the question and the answers."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("select chat_id, body from drafts").fetchall()
    return {chat_id: _sign(json.loads(body)) for chat_id, body in rows}


def _sign(draft: dict[str, Any]) -> str:
    return json.dumps([draft["question"], draft["partial"], draft["answers"]], sort_keys=True)


def _is_waited_for(call: dict[str, Any], act: str) -> bool:
    return act == TAP or not call["method"].startswith("edit")


def _is_to(call: dict[str, Any], person_id: int) -> bool:
    taps = call["method"] == "answerCallbackQuery"
    return taps or bool(call["parameters"].get("chat_id") == person_id)


def _without_ids(call: dict[str, Any]) -> Call:
    kept = {name: value for name, value in call["parameters"].items() if name not in IDS}
    return Call(call["method"], kept)

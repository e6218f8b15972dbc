"""The bot as it is, but for the words of its notices: `python -m benchmarks.notice_bot`."""

import asyncio
import json
import signal
from collections.abc import Sequence

import uvloop

from bot.run import serve
from bot.settings import load_settings
from bot.supply import Prepared
from db.staff import Connection
from domain.outbox import Call, Lane
from domain.recipients import ReadyRecipient

MARK = "សេចក្តីជូនដំណឹង"
WORDS = f"{MARK} {{}}: " + "អតិថិជនអាចចុះឈ្មោះនៅសាលាខេត្ត។ " * 6


async def prepare(_: Connection, ready: Sequence[ReadyRecipient]) -> list[Prepared]:
    """Write a message of a usual length to everybody."""
    return [(row, _write(row)) for row in ready]


def _write(row: ReadyRecipient) -> Call:
    parameters = {"chat_id": row.chat_id, "text": WORDS.format(row.notice_id)}
    return Call(row.chat_id, "sendMessage", json.dumps(parameters), Lane.BULK)


async def run() -> None:
    """Serve until told to stop."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    await serve(load_settings(), stop, make_prepare=lambda _desk: prepare)


if __name__ == "__main__":
    uvloop.run(run())

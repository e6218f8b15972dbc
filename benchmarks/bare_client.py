"""The simulator's ceiling: a client that makes the same calls with no bot behind them.

It counts on which step a person is, puts the ids into calls that are written already, and keeps
nothing: raw keep-alive connections, by polling or by webhook.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvloop

from benchmarks.dialogue import Call, Script, read_script

CONNECTIONS = 48
WAIT_SECONDS = 25


async def run(api_url: str, token: str, script: Path, webhook_port: int) -> None:
    """Answer everybody until killed; port 0 is polling."""
    client = BareClient(api_url, token, read_script(script))
    if not webhook_port:
        await client.poll()
    server = await asyncio.start_server(client.receive, "127.0.0.1", webhook_port)
    await client.post("setWebhook", json.dumps({"url": f"http://127.0.0.1:{webhook_port}/"}))
    await server.serve_forever()


class BareClient:
    """The calls of the script, made for whoever is at a step."""

    def __init__(self, api_url: str, token: str, script: Script) -> None:
        address = urlsplit(api_url)
        self._host, self._port = address.hostname, address.port
        self._path = f"/bot{token}/"
        self._answers = [[_write(call) for call in step.calls] for step in script]
        self._steps: Counter[int] = Counter()
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._slots = asyncio.Semaphore(CONNECTIONS)
        self._tasks: set[asyncio.Task[None]] = set()

    async def poll(self) -> None:
        """Fetch updates for ever, and confirm them at once."""
        offset = 0
        while True:
            wanted = {"offset": offset, "timeout": WAIT_SECONDS}
            batch = json.loads(await self.post("getUpdates", json.dumps(wanted)))["result"]
            self.answer(batch)
            offset = batch[-1]["update_id"] + 1 if batch else offset

    async def receive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take updates from one connection of the webhook."""
        try:
            while True:
                self.answer([json.loads(await _read(reader))])
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def answer(self, batch: Sequence[dict[str, Any]]) -> None:
        """Start to answer some updates."""
        for update in batch:
            task = asyncio.create_task(self._answer(update))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, update: dict[str, Any]) -> None:
        tap = update.get("callback_query")
        message = tap["message"] if tap else update["message"]
        chat_id = message["chat"]["id"]
        step = self._steps[chat_id] % len(self._answers)
        self._steps[chat_id] += 1
        ids = {
            "sendMessage": f'"chat_id":{chat_id}',
            "editMessageText": f'"chat_id":{chat_id},"message_id":{message["message_id"]}',
            "answerCallbackQuery": f'"callback_query_id":"{tap["id"]}"' if tap else "",
        }
        async with self._slots:
            for method, rest in self._answers[step]:
                await self.post(method, f"{{{ids[method]}{rest}")

    async def post(self, method: str, body: str) -> bytes:
        """Make one call over a connection that is kept."""
        if not self._idle:
            self._idle.append(await asyncio.open_connection(self._host, self._port, limit=2**20))
        reader, writer = self._idle.pop()
        data = body.encode()
        head = (
            f"POST {self._path}{method} HTTP/1.1\r\nHost: {self._host}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        writer.write(head.encode() + data)
        answer = await _read(reader)
        self._idle.append((reader, writer))
        return answer


def _write(call: Call) -> tuple[str, str]:
    rest = json.dumps(call.parameters, ensure_ascii=False)[1:]
    return call.method, f",{rest}" if call.parameters else rest


async def _read(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
    return await reader.readexactly(int(length))


if __name__ == "__main__":
    uvloop.run(run(sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])))

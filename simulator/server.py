"""The simulator's server: the Bot API, the chat page, and JSON for people and for tests.

Bot API
    GET or POST `/bot<token>/<method>`; `/file/bot<token>/<path>` sends a file. JSON, urlencoded
    and multipart bodies. Stricter than Telegram in one thing: what it does not know it refuses.

People, all JSON; an act that a Telegram app would not allow answers 409 with `{"error": ...}`
    GET  `/api/bot` -> `{username, first_name, description, short_description, commands,
         connected}`; descriptions and commands by language, "" for everybody else
    GET  `/api/people` -> list of persons; POST `/api/people` `{first_name, last_name?, username?,
         language_code?, phone_number?}` -> person `{id, first_name, ..., started, blocked}`
    GET  `/api/people/{id}/messages` -> `{person, messages, reply_keyboard, typing, bot_connected}`;
         messages are the Bot API's, oldest first, each with `from_bot` and perhaps `silent`
    GET  `/api/people/{id}/events` -> Server-Sent Events, each one JSON object with a `type`:
         `message` and `edited` (`message`), `deleted` (`message_id`), `callback_answer`
         (`callback_query_id`, `text`, `show_alert`), `keyboard` (`reply_keyboard` or null),
         `typing` (`action`), `bot_state` (`connected`), `person` (`person`)
    POST `/api/people/{id}/` + `start` {payload?} | `text` {text} | `tap` {message_id, data} |
         `contact` {} or {phone_number, first_name, user_id?} | `location` {latitude, longitude} |
         `photo`, `voice`, `document` ({caption?} for a sample, or multipart with `file`) |
         `sticker` | `forward` {text} | `edit` {message_id, text} | `delete` {message_id} |
         `block` | `unblock` -> `{update_id, message_id, callback_query_id}`, null where none
    GET  `/api/files/{file_id}` -> the file's bytes
    POST `/api/demo-group` {text, person_id?}, `/api/demo-channel` {text}

Tests
    POST `/control/faults` {kind, method?, chat_id?, count?, probability?, retry_after?, seconds?,
         scope?: chat | bot} -> {id}; DELETE `/control/faults`
    GET  `/control/state`, GET `/control/calls?since=N`
    POST `/control/clock` {advance_seconds}, `/control/repeat` {last}, `/control/jump` {to},
         `/control/updates` {update}, `/control/stop`

Page
    `/` is simulator/page/index.html, `/page/*` the files beside it.
"""

import asyncio
import mimetypes
import time
from pathlib import Path
from typing import Any

from aiohttp import web

from simulator.bot_api import BotApi
from simulator.clock import Clock
from simulator.control_api import add_control_routes
from simulator.errors import CannotDoThis
from simulator.faults import CallLog, Faults
from simulator.people import People
from simulator.people_api import Subscribers, add_people_routes
from simulator.polling import Polling
from simulator.routing import Router, answer_json
from simulator.store import Store
from simulator.telegram import DEMO_TOKEN, Telegram
from simulator.webhook import Webhook

PAGE = Path(__file__).parent / "page"
LARGEST_BODY = 50 * 1024 * 1024
CONNECTED_SECONDS = 5.0
LOOK_SECONDS = 0.5
SHUTDOWN_SECONDS = 0.5
NO_PAGE = "The chat page is not here; the Bot API and /api are.\n"


class Simulator:
    """A local Telegram that listens; `async with Simulator() as simulator:` starts and stops it."""

    def __init__(
        self,
        token: str = DEMO_TOKEN,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        file: str | Path = ":memory:",
        seed: int | None = None,
    ) -> None:
        self.host, self.port = host, port
        self.store = None if str(file) == ":memory:" else Store(Path(file))
        self.clock = Clock()
        self.telegram = Telegram(token, clock=self.clock, journal=self.store)
        if self.store is not None:
            self.telegram.restore(self.store)
        self.people = People(self.telegram)
        self.faults = Faults(self.clock, seed)
        self.calls = CallLog(self.clock)
        self.bot_api = BotApi(self)
        self.polling = Polling(self.telegram)
        self.webhook = Webhook(self.telegram, self.bot_api.run_from_webhook)
        self.subscribers = Subscribers()
        self.stopped = asyncio.Event()
        self._router = Router()
        add_people_routes(self._router, self)
        add_control_routes(self._router, self)
        self._runner: web.ServerRunner | None = None
        self._watch: asyncio.Task[None] | None = None

    def _build_server(self) -> web.Server:
        loop = asyncio.get_running_loop()

        def build_request(
            message: Any, payload: Any, protocol: Any, writer: Any, task: Any
        ) -> web.BaseRequest:
            parts = (message, payload, protocol, writer, task, loop)
            return web.BaseRequest(*parts, client_max_size=LARGEST_BODY)

        return web.Server(
            self._answer,
            request_factory=build_request,
            handler_cancellation=True,
            access_log=None,
            keepalive_timeout=75,
        )

    @property
    def url(self) -> str:
        """Return the root address, which is also the chat page's."""
        return f"http://{self.host}:{self.port}"

    @property
    def is_bot_connected(self) -> bool:
        """Tell whether a bot fetches updates or takes them by webhook."""
        recently = time.monotonic() - self.polling.last_seen < CONNECTED_SECONDS
        polls = self.polling.is_waiting or (self.polling.last_seen > 0 and recently)
        return polls or self.webhook.is_healthy

    async def start(self) -> None:
        """Listen and deliver; OSError if the port is taken."""
        self._runner = web.ServerRunner(self._build_server(), shutdown_timeout=SHUTDOWN_SECONDS)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port)
        await site.start()
        self.port = int(self._runner.addresses[0][1])
        if self.store is not None:
            self.store.start()
        self.webhook.resume()
        self._watch = asyncio.create_task(self._watch_bot())

    async def stop(self) -> None:
        """Stop in order and write everything that is not written yet."""
        self.stopped.set()
        self.subscribers.close()
        self.polling.release()
        if self._watch is not None:
            self._watch.cancel()
        await self.webhook.close()
        if self._runner is not None:
            await self._runner.cleanup()
        if self.store is not None:
            await self.store.close()

    async def __aenter__(self) -> "Simulator":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _watch_bot(self) -> None:
        before = self.is_bot_connected
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if self.is_bot_connected != before:
                before = not before
                self.telegram.emit_to_all({"type": "bot_state", "connected": before})

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith("/bot"):
            return await self.bot_api.answer(request)
        if path.startswith("/file/"):
            return await self.bot_api.download(request)
        if path.startswith(("/api/", "/control/")):
            return await self._answer_json(request)
        return _serve_page(path)

    async def _answer_json(self, request: web.BaseRequest) -> web.StreamResponse:
        found = self._router.find(request.method, request.path)
        if found is None:
            return answer_json({"error": "there is no such address"}, 404)
        handler, arguments = found
        try:
            answer = await handler(request, **arguments)
        except CannotDoThis as error:
            return answer_json({"error": str(error)}, 409)
        except (KeyError, TypeError, ValueError) as error:
            return answer_json({"error": f"{type(error).__name__}: {error}"}, 400)
        return answer if isinstance(answer, web.StreamResponse) else answer_json(answer)


def _serve_page(path: str) -> web.StreamResponse:
    name = "index.html" if path == "/" else path.removeprefix("/page/")
    file = (PAGE / name).resolve()
    if file.is_file() and file.is_relative_to(PAGE.resolve()):
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        headers = {"Cache-Control": "no-cache", "Content-Type": kind}
        # Read at once: a browser that leaves early would otherwise leave the file open.
        return web.Response(body=file.read_bytes(), headers=headers)
    if path == "/":
        return web.Response(text=NO_PAGE)
    return web.Response(status=404, text="Not Found\n")

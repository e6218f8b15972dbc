"""Delivery by webhook: queues by chat and for taps, retried until taken or expired."""

import asyncio
import json
import re
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from simulator.errors import Refusal, bad_request
from simulator.parameters import (
    Check,
    as_array,
    as_flag,
    as_integer,
    as_text,
    read_parameters,
)
from simulator.telegram import Telegram
from simulator.updates import Entry

SET: dict[str, Check] = {
    "url": as_text,
    "ip_address": as_text,
    "max_connections": as_integer,
    "allowed_updates": as_array,
    "drop_pending_updates": as_flag,
    "secret_token": as_text,
}
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
CONNECTIONS = 40
ANSWER_SECONDS = 60
FIRST_RETRY_SECONDS = 1.0
LONGEST_RETRY_SECONDS = 60.0
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Webhook:
    """Push updates to the bot's address while one is set.

    `execute` runs the method call that a bot may put into its answer.
    """

    def __init__(
        self, telegram: Telegram, execute: Callable[[str, dict[str, Any]], object]
    ) -> None:
        self.telegram = telegram
        self._execute = execute
        self._queues: dict[str, deque[Entry]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self._slots = asyncio.Semaphore(CONNECTIONS)
        self._last_error: tuple[int, str] | None = None
        telegram.updates.on_add.append(self._push)

    @property
    def is_set(self) -> bool:
        """Tell whether the bot takes updates by webhook."""
        return bool(self.telegram.webhook.get("url"))

    @property
    def is_healthy(self) -> bool:
        """Tell whether a webhook is set and its last delivery was taken."""
        return self.is_set and self._last_error is None

    def set(self, given: dict[str, Any]) -> bool:
        """Set or, with an empty address, remove the webhook."""
        values = read_parameters(given, SET, ("url",))
        _check_address(values["url"])
        if not SECRET.fullmatch(values.get("secret_token", "x")):
            raise bad_request("secret token contains unallowed characters")
        self._halt()
        self._keep({name: v for name, v in values.items() if name != "drop_pending_updates"})
        if "allowed_updates" in values:
            self.telegram.updates.allowed = frozenset(values["allowed_updates"])
            allowed = sorted(values["allowed_updates"])
            self.telegram.journal.record("setting", "allowed_updates", allowed)
        if values.get("drop_pending_updates"):
            self.telegram.updates.clear()
        self.resume()
        return True

    def delete(self, given: dict[str, Any]) -> bool:
        """Remove the webhook; what is pending waits for getUpdates."""
        values = read_parameters(given, {"drop_pending_updates": as_flag}, ())
        self._halt()
        self._keep({})
        if values.get("drop_pending_updates"):
            self.telegram.updates.clear()
        return True

    def describe(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return the Bot API's WebhookInfo."""
        read_parameters(given, {}, ())
        webhook = self.telegram.webhook
        info: dict[str, Any] = {
            "url": webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self.telegram.updates.pending),
        }
        if self.is_set:
            info["max_connections"] = webhook.get("max_connections", CONNECTIONS)
        if self.is_set and self._last_error:
            info["last_error_date"], info["last_error_message"] = self._last_error
        if self.telegram.updates.allowed:
            info["allowed_updates"] = sorted(self.telegram.updates.allowed)
        return info

    def resume(self) -> None:
        """Deliver whatever is pending, as after a restart."""
        if self.is_set:
            most = min(max(self.telegram.webhook.get("max_connections", CONNECTIONS), 1), 100)
            self._slots = asyncio.Semaphore(most)
            for entry in list(self.telegram.updates.pending.values()):
                self._push(entry)

    async def close(self) -> None:
        """Stop delivering; pending updates stay pending."""
        tasks = tuple(self._tasks)
        self._halt()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def _keep(self, webhook: dict[str, Any]) -> None:
        self.telegram.webhook = webhook
        self._last_error = None
        self.telegram.journal.record("setting", "webhook", webhook)

    def _halt(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._queues.clear()

    def _push(self, entry: Entry) -> None:
        if not self.is_set:
            return
        self.telegram.updates.repeats.clear()
        waiting = self._queues.get(entry.queue)
        if waiting is not None:
            waiting.append(entry)
            return
        self._queues[entry.queue] = deque([entry])
        task = asyncio.get_running_loop().create_task(self._drain(entry.queue))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, queue: str) -> None:
        waiting = self._queues[queue]
        while waiting:
            await self._deliver(waiting[0])
            waiting.popleft()
        del self._queues[queue]

    async def _deliver(self, entry: Entry) -> None:
        pause = FIRST_RETRY_SECONDS
        while entry.expires_at > self.telegram.clock.now():
            async with self._slots:
                taken, retry_after = await self._post(entry)
            if taken:
                break
            await asyncio.sleep(retry_after or pause)
            pause = min(pause * 2, LONGEST_RETRY_SECONDS)
        self.telegram.updates.forget(entry.update_id)

    async def _post(self, entry: Entry) -> tuple[bool, float]:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS),
                connector=aiohttp.TCPConnector(limit=0),
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
            )
        webhook = self.telegram.webhook
        headers = {"Content-Type": "application/json"}
        if "secret_token" in webhook:
            headers[SECRET_HEADER] = webhook["secret_token"]
        try:
            body = entry.body.encode()
            async with self._session.post(
                _parse_url(webhook["url"]), data=body, headers=headers
            ) as answer:
                return self._judge(answer, await answer.read())
        except (aiohttp.ClientError, TimeoutError) as error:
            self._fail(f"Connection failed: {type(error).__name__}")
            return False, 0.0

    def _judge(self, answer: aiohttp.ClientResponse, body: bytes) -> tuple[bool, float]:
        if 200 <= answer.status < 300:
            self._last_error = None
            self._run_answer(body)
            return True, 0.0
        self._fail(f"Wrong response from the webhook: {answer.status} {answer.reason}")
        wait = answer.headers.get("Retry-After", "")
        return False, min(float(wait), 3600.0) if wait.isdecimal() else 0.0

    def _fail(self, words: str) -> None:
        self._last_error = (self.telegram.now(), words)

    def _run_answer(self, body: bytes) -> None:
        if not body.startswith(b"{"):
            return
        with suppress(ValueError, Refusal):
            call = json.loads(body)
            if isinstance(call, dict) and "method" in call:
                self._execute(call.pop("method"), call)


@lru_cache
def _parse_url(url: str) -> URL:
    return URL(url)


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if url and not secure:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")

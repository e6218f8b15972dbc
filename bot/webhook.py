"""Where Telegram brings updates: it is told 200 only when they are stored."""

import asyncio
import hmac
import json
from collections.abc import Sequence

import structlog
from starlette.types import Receive, Scope, Send

from bot.intake import Intake
from bot.polling import BATCH
from db.errors import DatabaseUnavailable

log = structlog.get_logger(__name__)

SECRET_HEADER = b"x-telegram-bot-api-secret-token"
NO_CONTENT = [(b"content-length", b"0")]
LONGEST_BODY_BYTES = 1_000_000

Waiting = tuple[object, asyncio.Future[bool]]


class Webhook:
    """Gathers what arrives at the same time into batches, as polling would bring it."""

    def __init__(self, intake: Intake, secret: str) -> None:
        self._intake = intake
        self._secret = secret.encode()
        self._waiting: list[Waiting] = []
        self._wake = asyncio.Event()
        self._stopping = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request of Telegram's, by a status only (an ASGI application)."""
        status = await self._receive(scope, receive)
        await send({"type": "http.response.start", "status": status, "headers": NO_CONTENT})
        await send({"type": "http.response.body"})

    async def _receive(self, scope: Scope, receive: Receive) -> int:
        """Take the update of a request; a stranger learns nothing."""
        if scope["method"] != "POST":
            return 405
        given = dict(scope["headers"]).get(SECRET_HEADER, b"")
        if not hmac.compare_digest(given, self._secret):
            return 403
        body = await _read_body(receive)
        if body is None:
            return 413
        try:
            raw = json.loads(body)
        except ValueError:
            return 400
        return 200 if await self._take(raw) else 503

    async def run(self) -> None:
        """Take batches until `stop`, and what has arrived by then."""
        while not (self._stopping and not self._waiting):
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                await self._take_batch(batch)

    def stop(self) -> None:
        """Take what has arrived and no more."""
        self._stopping = True
        self._wake.set()

    async def _take(self, raw: object) -> bool:
        if self._stopping:
            return False
        stored: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((raw, stored))
        self._wake.set()
        return await stored

    async def _take_batch(self, batch: Sequence[Waiting]) -> None:
        try:
            await self._intake.take([raw for raw, _ in batch])
        except DatabaseUnavailable as error:
            log.warning("batch not stored, Telegram will bring it again", reason=str(error))
            _tell(batch, stored=False)
        except BaseException:
            _tell(batch, stored=False)
            raise
        else:
            _tell(batch, stored=True)


def _tell(batch: Sequence[Waiting], *, stored: bool) -> None:
    for _, future in batch:
        if not future.done():
            future.set_result(stored)


async def _read_body(receive: Receive) -> bytes | None:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > LONGEST_BODY_BYTES:
            return None
        if not message.get("more_body"):
            return body

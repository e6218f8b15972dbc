"""Where Telegram brings updates: it is told 200 only when they are stored."""

import asyncio
import hmac
import json
from collections.abc import Sequence

import structlog
from starlette.requests import Request
from starlette.responses import Response

from bot.intake import Intake
from bot.polling import BATCH
from db.errors import DatabaseUnavailable

log = structlog.get_logger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
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

    async def receive(self, request: Request) -> Response:
        """Answer one request of Telegram's; a stranger learns nothing."""
        given = request.headers.get(SECRET_HEADER, "").encode()
        if not hmac.compare_digest(given, self._secret):
            return Response(status_code=403)
        body = await _read_body(request)
        if body is None:
            return Response(status_code=413)
        try:
            raw = json.loads(body)
        except ValueError:
            return Response(status_code=400)
        stored = await self._take(raw)
        return Response(status_code=200 if stored else 503)

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


async def _read_body(request: Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY_BYTES:
            return None
    return bytes(body)

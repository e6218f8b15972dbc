"""The way to Telegram: python-telegram-bot's request class over aiohttp.

httpx, the library's own choice, scans every idle connection at each request and costs many times
the processor time (docs/decisions). The token is in every address, so no address is ever logged
or put into an error.
"""

import json
from functools import lru_cache
from io import BytesIO
from typing import Any

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.attachments import Attachment
from db.database import writing

READ_SECONDS = 20.0
UPLOAD_SECONDS = 60.0
CONNECT_SECONDS = 5.0
JSON_HEADERS = {"Content-Type": "application/json"}


class SentFromTransaction(RuntimeError):
    """A call of Telegram was tried while a unit of work was open."""


class Transport(BaseRequest):
    """Requests over kept-alive connections."""

    def __init__(self, connections: int = 64) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds until an answer is given up."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Open the session; a second time does nothing."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
                timeout=_make_timeout(READ_SECONDS),
            )

    async def shutdown(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(
        self, url: str, body: str, read_seconds: float = READ_SECONDS
    ) -> tuple[int, bytes]:
        """Make a call whose parameters are a JSON text; give the status and the answer's text.

        Raises:
            aiohttp.ClientError, TimeoutError: no answer came (see `bot.outcomes`).
            SentFromTransaction: a unit of work is open.
        """
        content = body.encode("utf-8", "replace")
        return await self._post(url, read_seconds, data=content, headers=JSON_HEADERS)

    async def upload(self, url: str, body: str, attachment: Attachment) -> tuple[int, bytes]:
        """Make a call that carries a file; otherwise like `call`, with more time for the answer."""
        return await self._post(url, UPLOAD_SECONDS, data=_make_upload(body, attachment))

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        """Make a request for python-telegram-bot, with its errors."""
        seconds = read_timeout if isinstance(read_timeout, int | float) else READ_SECONDS
        try:
            return await self._post(url, seconds, data=_make_form(request_data))
        except TimeoutError:
            raise TimedOut from None
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from None

    async def _post(self, url: str, read_seconds: float, **content: Any) -> tuple[int, bytes]:
        if writing.get():
            raise SentFromTransaction("store the call instead: it is made after the commit")
        if self._session is None:
            raise RuntimeError("the transport is not open")
        opening = self._session.post(
            _parse_url(url), timeout=_make_timeout(read_seconds), **content
        )
        async with opening as response:
            return response.status, await response.read()


@lru_cache
def _parse_url(url: str) -> URL:
    """Parse an address; there is one for each method, and parsing costs as much as sending."""
    return URL(url)


@lru_cache
def _make_timeout(read_seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=read_seconds)


def _make_upload(body: str, attachment: Attachment) -> aiohttp.FormData:
    """Write the parameters as Telegram wants them beside a file: each a field, nested ones JSON."""
    form = aiohttp.FormData(quote_fields=False)  # a quoted name would be shown with its signs
    for name, value in json.loads(body).items():
        text = value if isinstance(value, str) else json.dumps(value)
        form.add_field(name, text.encode("utf-8", "replace").decode())
    content = BytesIO(attachment.content)
    form.add_field(
        attachment.field, content, filename=attachment.filename, content_type=attachment.mime
    )
    return form


def _make_form(request_data: RequestData | None) -> aiohttp.FormData | dict[str, str] | None:
    if request_data is None:
        return None
    if not request_data.contains_files:
        return dict(request_data.json_parameters)
    form = aiohttp.FormData(request_data.json_parameters)
    for name, (filename, content, mime) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form

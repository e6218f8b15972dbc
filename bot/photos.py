"""Fetches pictures that workers sent, through the bot: no browser ever sees the token."""

import aiohttp
import structlog
from telegram.error import TelegramError
from telegram.ext import ExtBot

from web.office import Photo

log = structlog.get_logger(__name__)

LARGEST_BYTES = 10_000_000
PATIENCE = aiohttp.ClientTimeout(total=20)

SIGNATURES = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"WEBP", 8, "image/webp"),
)
"""How the kinds of pictures that we show begin, at which byte."""


class Photos:
    """The pictures that Telegram keeps for the bot."""

    def __init__(self, bot: ExtBot[None]) -> None:
        self._bot = bot

    async def fetch(self, file_id: str) -> Photo | None:
        """Fetch a picture; None if there is none, if it is too large, or if Telegram is away."""
        try:
            file = await self._bot.get_file(file_id)
            if not file.file_path or (file.file_size or 0) > LARGEST_BYTES:
                return None
            content = await _download(file.file_path)
        except (TelegramError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("a photo was not fetched", reason=type(error).__name__)
            return None
        media_type = find_media_type(content) if content else None
        return Photo(content, media_type) if content and media_type else None


def find_media_type(content: bytes) -> str | None:
    """Tell by its first bytes which kind of picture a file is, whatever it calls itself."""
    for signature, at, media_type in SIGNATURES:
        if content[at : at + len(signature)] == signature:
            return media_type
    return None


async def _download(address: str) -> bytes | None:
    """Download a file, or stop as soon as it is too large."""
    async with (
        aiohttp.ClientSession(timeout=PATIENCE, cookie_jar=aiohttp.DummyCookieJar()) as session,
        session.get(address, allow_redirects=False) as response,
    ):
        if response.status != 200:
            return None
        content = bytearray()
        async for part in response.content.iter_chunked(65_536):
            content += part
            if len(content) > LARGEST_BYTES:
                return None
        return bytes(content)

"""Pictures fetched through the bot."""

import logging

import pytest
from telegram.ext import ExtBot

from bot.application import build_bot
from bot.photos import LARGEST_BYTES, Photos, find_media_type
from bot.transport import Transport
from simulator.files import Upload
from simulator.server import Simulator


@pytest.fixture
async def bot(simulator: Simulator, transport: Transport) -> ExtBot[None]:
    return build_bot(simulator.telegram.token, simulator.url, transport)


def keep(simulator: Simulator, data: bytes) -> str:
    return simulator.telegram.files.add("photo", Upload("photo.jpg", "image/jpeg", data)).file_id


async def test_a_picture_comes_with_its_kind(simulator: Simulator, bot: ExtBot[None]) -> None:
    data = b"\xff\xd8\xff\xe0 invented"
    photo = await Photos(bot).fetch(keep(simulator, data))
    assert photo is not None
    assert (photo.content, photo.media_type) == (data, "image/jpeg")


@pytest.mark.parametrize("data", [b"<svg onload='x'>", b"<html>", b"", b"GIF89a", b"%PDF-1.7"])
async def test_what_is_no_picture_is_not_shown(
    simulator: Simulator, bot: ExtBot[None], data: bytes
) -> None:
    assert await Photos(bot).fetch(keep(simulator, data)) is None


async def test_a_huge_file_is_not_fetched(simulator: Simulator, bot: ExtBot[None]) -> None:
    assert await Photos(bot).fetch(keep(simulator, b"\xff\xd8\xff" + bytes(LARGEST_BYTES))) is None


async def test_an_unknown_picture_is_none_and_no_log_tells_the_token(
    simulator: Simulator, bot: ExtBot[None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert await Photos(bot).fetch("nothing") is None
    await simulator.stop()
    assert await Photos(bot).fetch("nothing") is None
    assert simulator.telegram.token not in caplog.text


def test_the_kinds_are_known_by_their_first_bytes() -> None:
    assert find_media_type(b"\x89PNG\r\n\x1a\n....") == "image/png"
    assert find_media_type(b"RIFF....WEBPVP8 ") == "image/webp"
    assert find_media_type(b"RIFF....WAVE") is None

"""Pictures and documents that the bot sends and people send reach the other side unchanged."""

import json
import struct
from typing import Any

import pytest
from aiohttp import FormData

from simulator.files import Upload, read_sample
from simulator.telegram import Person
from tests.simulator.bot import Bot

PDF = b"%PDF-1.4 specimen"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 1011, 638)
FILES = [
    ("sendDocument", "document", Upload("កាត សុខ.pdf", "application/pdf", PDF)),
    ("sendPhoto", "photo", Upload("card.png", "image/png", PNG)),
]
GONE = {"document": "attach://gone"}
KEYS = {
    "inline_keyboard": [
        [{"text": "Site", "url": "http://127.0.0.1:8080/card"}],
        [{"text": "Seen", "callback_data": "seen"}],
    ]
}


async def send(bot: Bot, method: str, form: FormData) -> dict[str, Any]:
    async with bot.session.post(bot.root + method, data=form) as answer:
        body: dict[str, Any] = await answer.json()
    return body


def make_form(person: Person, part: str, upload: Upload, **parameters: Any) -> FormData:
    form = FormData(quote_fields=False)
    for name, value in {"chat_id": person.id, **parameters}.items():
        form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    form.add_field(part, upload.data, filename=upload.name, content_type=upload.content_type)
    return form


async def download(bot: Bot, file_id: str) -> bytes:
    file = await bot.call("getFile", file_id=file_id)
    token = bot.simulator.telegram.token
    address = f"{bot.simulator.url}/file/bot{token}/{file['file_path']}"
    async with bot.session.get(address) as answer:
        assert answer.status == 200
        return await answer.read()


@pytest.mark.parametrize("attached", [False, True], ids=["in its field", "attached"])
@pytest.mark.parametrize(("method", "field", "upload"), FILES)
async def test_a_file_is_sent_with_caption_and_buttons(
    bot: Bot, sok: Person, method: str, field: str, upload: Upload, attached: bool
) -> None:
    place = {field: "attach://part_1"} if attached else {}
    words = {"caption": "<b>Card</b>", "parse_mode": "HTML", "reply_markup": KEYS}
    part = "part_1" if attached else field
    answer = await send(bot, method, make_form(sok, part, upload, **place, **words))
    sent = answer["result"]
    assert (sent["caption"], sent["reply_markup"]) == ("Card", KEYS)
    assert sent["caption_entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    file = sent[field][-1] if field == "photo" else sent[field]
    assert file["file_size"] == len(upload.data)
    assert await download(bot, file["file_id"]) == upload.data


async def test_a_document_keeps_its_name_and_kind(bot: Bot, sok: Person) -> None:
    note = Upload("កំណត់ចំណាំ ១.txt", "text/plain; charset=utf-8", "សួស្តី".encode())
    answer = await send(bot, "sendDocument", make_form(sok, "document", note))
    document = answer["result"]["document"]
    assert (document["file_name"], document["mime_type"]) == (note.name, "text/plain")
    async with bot.session.get(f"{bot.simulator.url}/api/files/{document['file_id']}") as shown:
        assert (shown.content_type, await shown.read()) == ("text/plain", note.data)


@pytest.mark.parametrize(
    ("part", "upload", "words"),
    [
        ("photo", Upload("a.png", "image/png", PDF), "IMAGE_PROCESS_FAILED"),
        ("photo", Upload("a.png", "image/png", b""), "file must be non-empty"),
        ("thumbnail", FILES[1][2], "wrong file_id"),
    ],
)
async def test_a_file_that_telegram_would_not_take_is_refused(
    bot: Bot, sok: Person, part: str, upload: Upload, words: str
) -> None:
    method, place = ("sendPhoto", {}) if part == "photo" else ("sendDocument", GONE)
    answer = await send(bot, method, make_form(sok, part, upload, **place))
    assert answer["error_code"] == 400
    assert words in answer["description"]


async def test_what_a_person_sends_comes_back_from_getfile(bot: Bot, sok: Person) -> None:
    picture = read_sample("market.jpg", "image/jpeg").data
    form = FormData()
    form.add_field("file", picture, filename="stall.jpg", content_type="image/jpeg")
    address = f"{bot.simulator.url}/api/people/{sok.id}/photo"
    async with bot.session.post(address, data=form) as answer:
        assert answer.status == 200
    [update] = await bot.updates()
    for size in update["message"]["photo"]:
        assert await download(bot, size["file_id"]) == picture


async def test_a_file_is_not_given_to_who_does_not_know_the_token(bot: Bot, sok: Person) -> None:
    bot.simulator.people.send_file(sok.id, "photo")
    address = f"{bot.simulator.url}/file/bot7654321:{'x' * 35}/photos/file_1.jpg"
    async with bot.session.get(address) as answer:
        assert answer.status == 401

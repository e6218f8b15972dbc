"""The QR code at the door is drawn when it is sent, with a link that our house takes back."""

import io
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image

from bot.attachments import Attachment, route_attachments
from bot.entry_codes import make_entry_attach
from documents.check_in import Ticket, read_link
from services.desk import Desk
from tests.services.office import NUMBER, SIGNING_KEY


async def test_the_drawn_code_opens_the_bot_with_the_persons_link(desk: Desk) -> None:
    attach = make_entry_attach(replace(desk, signing_key=SIGNING_KEY), lambda: "OfficeTestBot")
    made = await attach(f"entry:3:{NUMBER}:png")
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(made.content)))
    address, _, argument = code.text.partition("?start=")
    assert address == "https://t.me/OfficeTestBot"
    assert read_link(SIGNING_KEY, argument) == Ticket(3, NUMBER)
    assert (made.field, made.mime) == ("photo", "image/png")


async def test_without_a_key_there_is_no_code(desk: Desk) -> None:
    with pytest.raises(LookupError):
        await make_entry_attach(desk, str)(f"entry:3:{NUMBER}:png")


async def test_each_kind_of_file_is_made_by_its_maker() -> None:
    async def make(reference: str) -> Attachment:
        return Attachment("photo", reference, "image/png", b"")

    attach = route_attachments({"entry": make})
    assert (await attach("entry:1:png")).filename == "entry:1:png"
    for unknown in ("card:1:png", "", "entryx:1"):
        with pytest.raises(LookupError):
            await attach(unknown)

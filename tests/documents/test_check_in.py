"""The code at the door: only we can make it, and a camera reads it."""

import io

import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from documents.check_in import LINK, Ticket, draw_code, make_code, read_link, write_link
from documents.signatures import SigningKey

KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))
OTHER = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(31) + b"1"))
NUMBER = "123456789"
TICKET = Ticket(12, NUMBER)


def test_a_link_is_read_back_by_its_own_house_alone() -> None:
    assert read_link(KEY, write_link(KEY, TICKET)) == TICKET
    assert read_link(KEY, write_link(OTHER, TICKET)) is None


def test_a_code_says_nothing_about_another_number_or_another_day() -> None:
    code = make_code(KEY, TICKET)
    for other in (Ticket(12, "123456780"), Ticket(13, NUMBER), Ticket(1, NUMBER)):
        assert make_code(KEY, other) != code
        assert read_link(KEY, f"{LINK}{other.campaign_id}_{other.number}_{code}") is None


@given(st.text(max_size=80))
def test_whatever_else_is_scanned_is_no_number(text: str) -> None:
    assert read_link(KEY, text) is None


def test_a_start_code_is_short_enough_for_telegram() -> None:
    assert len(write_link(KEY, TICKET)) <= 64


def test_a_camera_reads_the_drawn_code() -> None:
    address = f"https://t.me/OfficeTestBot?start={write_link(KEY, TICKET)}"
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(draw_code(address))))
    assert code.text == address

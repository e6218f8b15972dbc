"""The code at the door: only we can make it, and a camera reads it."""

import io

import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from documents.check_in import LINK, draw_code, make_code, read_link, write_link
from documents.signatures import SigningKey

KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))
OTHER = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(31) + b"1"))
NUMBER = "123456789"


def test_a_link_is_read_back_by_its_own_house_alone() -> None:
    assert read_link(KEY, write_link(KEY, NUMBER)) == NUMBER
    assert read_link(KEY, write_link(OTHER, NUMBER)) is None


def test_a_code_says_nothing_about_another_number() -> None:
    assert make_code(KEY, NUMBER) != make_code(KEY, "123456780")
    assert read_link(KEY, f"{LINK}123456780_{make_code(KEY, NUMBER)}") is None


@given(st.text(max_size=80))
def test_whatever_else_is_scanned_is_no_number(text: str) -> None:
    assert read_link(KEY, text) is None


def test_a_start_code_is_short_enough_for_telegram() -> None:
    assert len(write_link(KEY, NUMBER)) <= 64


def test_a_camera_reads_the_drawn_code() -> None:
    address = f"https://t.me/OfficeTestBot?start={write_link(KEY, NUMBER)}"
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(draw_code(address))))
    assert code.text == address

"""The code with which a registered person is checked in: only who has seen it knows it."""

import hmac
import io
import re
from base64 import b32encode
from hashlib import sha256

import segno

from documents.signatures import SigningKey

LINK = "in_"
"""What the start code of somebody's own QR code begins with."""

PIXELS_A_MODULE = 14
_PURPOSE = b"check-in"
_CODE_BYTES = 5  # eight characters of base 32
_LINK = re.compile(rf"{LINK}([0-9]{{9}})_([a-z2-7]{{8}})")


def write_link(key: SigningKey, number: str) -> str:
    """Write the start code by which somebody is checked in."""
    return f"{LINK}{number}_{make_code(key, number)}"


def read_link(key: SigningKey, text: str) -> str | None:
    """Read the number from a start code that we have written; None of any other."""
    found = _LINK.fullmatch(text)
    if found is None or not hmac.compare_digest(found[2], make_code(key, found[1])):
        return None
    return found[1]


def make_code(key: SigningKey, number: str) -> str:
    """Make the code that belongs to an application's number."""
    secret = hmac.digest(key.private.private_bytes_raw(), _PURPOSE, sha256)
    digest = hmac.digest(secret, number.encode(), sha256)
    return b32encode(digest[:_CODE_BYTES]).decode().lower()


def draw_code(address: str) -> bytes:
    """Draw the QR code that opens an address, as a PNG that a phone's camera reads at once."""
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="png", scale=PIXELS_A_MODULE, border=4)
    return drawn.getvalue()

"""The code with which a registered person is checked in at one event day, and at no other."""

import hmac
import io
import re
from base64 import b32encode
from dataclasses import dataclass
from hashlib import sha256

import segno

from documents.signatures import SigningKey

LINK = "in_"
"""What the start code of somebody's own QR code begins with."""

PIXELS_A_MODULE = 14
_PURPOSE = b"check-in"
_CODE_BYTES = 5  # eight characters of base 32
_LINK = re.compile(rf"{LINK}([1-9][0-9]{{0,11}})_([0-9]{{9}})_([a-z2-7]{{8}})")


@dataclass(frozen=True)
class Ticket:
    """Whom a code belongs to, and the id of the event day for which it was made."""

    campaign_id: int
    number: str


def write_link(key: SigningKey, ticket: Ticket) -> str:
    """Write the start code by which somebody is checked in."""
    return f"{LINK}{ticket.campaign_id}_{ticket.number}_{make_code(key, ticket)}"


def read_link(key: SigningKey, text: str) -> Ticket | None:
    """Read a start code that we have written; None of any other."""
    found = _LINK.fullmatch(text)
    if found is None:
        return None
    ticket = Ticket(int(found[1]), found[2])
    return ticket if hmac.compare_digest(found[3], make_code(key, ticket)) else None


def make_code(key: SigningKey, ticket: Ticket) -> str:
    """Make the code that belongs to an application at an event day."""
    secret = hmac.digest(key.private.private_bytes_raw(), _PURPOSE, sha256)
    digest = hmac.digest(secret, f"{ticket.campaign_id}:{ticket.number}".encode(), sha256)
    return b32encode(digest[:_CODE_BYTES]).decode().lower()


def draw_code(address: str) -> bytes:
    """Draw the QR code that opens an address, as a PNG that a phone's camera reads at once."""
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="png", scale=PIXELS_A_MODULE, border=4)
    return drawn.getvalue()

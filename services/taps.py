"""What an inline button carries: at most 64 bytes, and whatever comes back is untrusted."""

import re

from domain.replies import Tap

LIMIT_BYTES = 64

CHAT = "chat"
"""In place of a draft's tag: a button that belongs to the chat, not to a draft."""

_PATTERN = re.compile(r"([^/\s]{1,16})/([^/\s]{1,32})/([^\s]{0,48})")


def encode_tap(tap: Tap) -> str:
    """Write a tap as callback data."""
    data = f"{tap.draft}/{tap.question}/{tap.choice}"
    if len(data.encode()) > LIMIT_BYTES or decode_tap(data) != tap:
        raise ValueError(f"a button cannot carry {data!r}")
    return data


def decode_tap(data: str) -> Tap | None:
    """Read callback data, which may be anything."""
    matched = _PATTERN.fullmatch(data)
    return Tap(*matched.groups()) if matched else None

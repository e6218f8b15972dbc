"""Checking a certificate without the network, by its token or the address in its QR code."""

import re
from collections.abc import Iterable

from documents.signatures import Flaw, NotGenuine, PublicKey, read_key_id, verify
from domain.certificates import Claim


def check_token(text: str, public_keys: Iterable[PublicKey]) -> Claim:
    """Return the claim of a token, or of an address that ends with one, if a key has signed it.

    Raises:
        NotGenuine: with the reason.
    """
    address = re.split("[?#]", text.strip())[0]
    token = address.rstrip("/").rpartition("/")[2]
    key_id = read_key_id(token)
    for public_key in public_keys:
        if public_key.id == key_id:
            return verify(public_key, token)
    raise NotGenuine(Flaw.UNKNOWN_KEY)

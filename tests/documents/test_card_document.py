"""docs/card.md says how to check a certificate, and its example is true."""

import re
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from documents.checking import check_token
from documents.signatures import (
    SigningKey,
    public_key_text,
    read_public_key,
    read_signature,
    sign,
)
from domain.certificates import CATEGORY_NAMES, read_claim, short_code

DOCUMENT = (Path(__file__).parents[2] / "docs" / "card.md").read_text("utf-8")
_, PUBLIC_KEY, CLAIM, TOKEN, PROGRAM = re.findall(
    r"```(?:python)?\n(.*?)\n```", DOCUMENT, re.DOTALL
)
RFC_8032_SECRET = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(RFC_8032_SECRET)))
ADDRESS = f"https://register.example.org/v/{TOKEN}"


def run_program() -> dict[str, Any]:
    """Run the program that the document shows."""
    names: dict[str, Any] = {}
    exec(PROGRAM, names)
    return names


def test_the_example_is_what_we_sign() -> None:
    claim = read_claim(CLAIM.encode())
    assert claim is not None
    assert sign(KEY, claim) == TOKEN
    assert public_key_text(KEY.public) == PUBLIC_KEY


def test_the_example_is_what_we_accept() -> None:
    assert check_token(ADDRESS, [read_public_key(PUBLIC_KEY)]) == read_claim(CLAIM.encode())


def test_the_program_of_the_document_agrees() -> None:
    assert run_program()["check"](ADDRESS, [PUBLIC_KEY]) == CLAIM.split(";")


def test_the_program_of_the_document_refuses_a_changed_token() -> None:
    check = run_program()["check"]
    start = len(TOKEN.partition(".")[0]) + 1
    for position in range(start, len(TOKEN)):
        char = "A" if TOKEN[position] != "A" else "B"
        changed = TOKEN[:position] + char + TOKEN[position + 1 :]
        with pytest.raises((InvalidSignature, ValueError)):
            check(changed, [PUBLIC_KEY])


def test_every_field_of_the_table_is_the_example_s() -> None:
    examples = re.findall(r"^\| (?!field|-).*\| `([^`]+)` \|$", DOCUMENT, re.MULTILINE)
    assert examples == CLAIM.split(";")


def test_every_category_is_in_the_document() -> None:
    assert all(f"`{category}`" in DOCUMENT for category in CATEGORY_NAMES)


def test_the_short_code_of_the_document_is_the_example_s() -> None:
    assert f"`{short_code(read_signature(TOKEN))}`" in DOCUMENT

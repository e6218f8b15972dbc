"""A signature holds without the network, and breaks with the smallest change."""

import string
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import assume, given
from hypothesis import strategies as st

from documents.checking import check_token
from documents.signatures import (
    Flaw,
    NotGenuine,
    SigningKey,
    WrongKey,
    public_key_text,
    read_public_key,
    read_signature,
    sign,
    verify,
)
from domain.certificates import Claim
from domain.numbers import draw_number

KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))
OTHER_KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(31) + b"1"))
NUMBER = draw_number(12345678)
CLAIM = Claim(NUMBER, "SD", "self_employed", date(2026, 3, 4), True, KEY.public.id)
TOKEN = sign(KEY, CLAIM)
URL_ALPHABET = string.ascii_letters + string.digits + "-_.~"


def encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decode_claim(token: str) -> bytes:
    written = token.partition(".")[0]
    return urlsafe_b64decode(written + "=" * (-len(written) % 4))


def find_flaw(token: str, key: SigningKey = KEY) -> Flaw:
    with pytest.raises(NotGenuine) as refused:
        verify(key.public, token)
    return refused.value.reason


def test_a_signed_claim_is_genuine() -> None:
    assert verify(KEY.public, TOKEN) == CLAIM


def test_a_token_needs_no_escaping_in_an_address() -> None:
    assert set(TOKEN) <= set(URL_ALPHABET)


def test_the_same_claim_gives_the_same_token() -> None:
    assert sign(KEY, CLAIM) == TOKEN


@given(st.integers(0, len(TOKEN) - 1), st.sampled_from(URL_ALPHABET + "=+/ ក"))
def test_no_character_of_a_token_can_be_changed(position: int, char: str) -> None:
    assume(TOKEN[position] != char)
    find_flaw(TOKEN[:position] + char + TOKEN[position + 1 :])


@given(st.integers(0, 63), st.integers(1, 255))
def test_no_byte_of_a_signature_can_be_changed(position: int, change: int) -> None:
    signature = bytearray(read_signature(TOKEN))
    signature[position] ^= change
    assert (
        find_flaw(f"{TOKEN.partition('.')[0]}.{encode(bytes(signature))}") is Flaw.WRONG_SIGNATURE
    )


@given(st.data())
def test_no_byte_of_a_claim_can_be_changed(data: st.DataObject) -> None:
    written = bytearray(decode_claim(TOKEN))
    position = data.draw(st.integers(0, len(written) - 1))
    written[position] ^= data.draw(st.integers(1, 255))
    find_flaw(f"{encode(bytes(written))}.{TOKEN.partition('.')[2]}")


@given(st.text(max_size=300))
def test_whatever_text_comes_it_is_refused(text: str) -> None:
    with pytest.raises(NotGenuine):
        check_token(text, [KEY.public])


def test_a_better_claim_needs_a_new_signature() -> None:
    better = sign(KEY, replace(CLAIM, specimen=False))
    mixed = f"{better.partition('.')[0]}.{TOKEN.partition('.')[2]}"
    assert find_flaw(mixed) is Flaw.WRONG_SIGNATURE


def test_another_key_is_not_believed() -> None:
    forged = sign(OTHER_KEY, replace(CLAIM, key_id=OTHER_KEY.public.id))
    assert find_flaw(forged) is Flaw.UNKNOWN_KEY


def test_another_key_under_a_known_id_is_not_believed() -> None:
    written = decode_claim(TOKEN)
    forged = f"{encode(written)}.{encode(OTHER_KEY.private.sign(written))}"
    assert find_flaw(forged) is Flaw.WRONG_SIGNATURE


def test_a_claim_is_only_signed_by_the_key_that_it_names() -> None:
    with pytest.raises(ValueError, match="another key"):
        sign(OTHER_KEY, CLAIM)


def test_a_newer_version_is_called_so() -> None:
    newer = decode_claim(TOKEN).replace(b"KHIE1", b"KHIE2")
    assert find_flaw(f"{encode(newer)}.{encode(KEY.private.sign(newer))}") is Flaw.UNKNOWN_VERSION


@pytest.mark.parametrize("token", ["", ".", TOKEN[:-1], TOKEN + "A", TOKEN + ".", TOKEN + "=="])
def test_a_torn_token_is_unreadable(token: str) -> None:
    assert find_flaw(token) is Flaw.UNREADABLE


def test_a_public_key_can_be_published_and_read_back() -> None:
    assert read_public_key(public_key_text(KEY.public) + "\n") == KEY.public


@pytest.mark.parametrize("text", ["", "ក", "AAAA", "A" * 43, "A" * 48])
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(WrongKey):
        read_public_key(text)


@pytest.mark.parametrize(
    "address",
    [
        TOKEN,
        f"  {TOKEN}\n",
        f"https://register.example.org/v/{TOKEN}",
        f"https://register.example.org/v/{TOKEN}/?lang=km#top",
    ],
)
def test_a_token_and_its_address_are_checked_alike(address: str) -> None:
    assert check_token(address, [OTHER_KEY.public, KEY.public]) == CLAIM


def test_a_certificate_of_an_older_key_stays_genuine() -> None:
    newer = sign(OTHER_KEY, replace(CLAIM, key_id=OTHER_KEY.public.id))
    keys = [KEY.public, OTHER_KEY.public]
    assert check_token(TOKEN, keys) == CLAIM
    assert check_token(newer, keys).key_id == OTHER_KEY.public.id


def test_without_the_right_key_nothing_is_genuine() -> None:
    with pytest.raises(NotGenuine, match="unknown key"):
        check_token(TOKEN, [OTHER_KEY.public])


def test_a_key_does_not_show_itself() -> None:
    assert "private" not in repr(KEY)

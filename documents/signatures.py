"""Signatures of certificates: Ed25519, so that anyone can check one without the network."""

from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.certificates import CLAIM_VERSION, Claim, read_claim, write_claim

_SIGNATURE_BYTES = 64
_ANY_VERSION = CLAIM_VERSION.rstrip("0123456789").encode()


class Flaw(StrEnum):
    """Why a certificate is not genuine, as far as a check without the network can tell."""

    UNREADABLE = "unreadable"
    UNKNOWN_VERSION = "unknown_version"
    UNKNOWN_KEY = "unknown_key"
    WRONG_SIGNATURE = "wrong_signature"


class NotGenuine(Exception):
    """A token that no known key has signed, or that was changed afterwards."""

    def __init__(self, reason: Flaw) -> None:
        super().__init__(f"this is not a genuine certificate: {reason.replace('_', ' ')}")
        self.reason = reason


class WrongKey(Exception):
    """A public key that cannot be read."""


@dataclass(frozen=True)
class PublicKey:
    """What everybody may know, to check signatures with."""

    raw: bytes

    @property
    def id(self) -> str:
        """The first eight hexadecimal digits of the key's SHA-256, which claims name."""
        return sha256(self.raw).hexdigest()[:8]


@dataclass(frozen=True)
class SigningKey:
    """What only this installation has, to sign with."""

    private: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> PublicKey:
        """The key that checks what this one signs."""
        return PublicKey(self.private.public_key().public_bytes_raw())


def sign(key: SigningKey, claim: Claim) -> str:
    """Make the token of a claim, which must name this key; the same claim gives the same token."""
    if claim.key_id != key.public.id:
        raise ValueError("the claim names another key")
    written = write_claim(claim)
    return f"{_encode(written)}.{_encode(key.private.sign(written))}"


def verify(public_key: PublicKey, token: str) -> Claim:
    """Return the claim of a token that this key has signed.

    Raises:
        NotGenuine: with the reason.
    """
    written, signature = _split(token)
    claim = _read(written)
    if claim.key_id != public_key.id:
        raise NotGenuine(Flaw.UNKNOWN_KEY)
    try:
        Ed25519PublicKey.from_public_bytes(public_key.raw).verify(signature, written)
    except InvalidSignature:
        raise NotGenuine(Flaw.WRONG_SIGNATURE) from None
    return claim


def read_key_id(token: str) -> str:
    """Return the id of the key that a token names, without any check of its signature."""
    return _read(_split(token)[0]).key_id


def read_signature(token: str) -> bytes:
    """Return the 64 bytes of a token's signature, without any check."""
    return _split(token)[1]


def public_key_text(key: PublicKey) -> str:
    """Write a public key so that it can be published: base64 of its 32 bytes."""
    return b64encode(key.raw).decode()


def read_public_key(text: str) -> PublicKey:
    """Read a published key.

    Raises:
        WrongKey: it is not the base64 of 32 bytes that are a key.
    """
    try:
        raw = b64decode(text.strip(), validate=True)
        Ed25519PublicKey.from_public_bytes(raw)
    except ValueError:
        raise WrongKey("a public key is 44 characters of base64") from None
    return PublicKey(raw)


def _read(written: bytes) -> Claim:
    claim = read_claim(written)
    if claim is not None:
        return claim
    is_ours = written.startswith(_ANY_VERSION)
    is_newer = is_ours and not written.startswith(CLAIM_VERSION.encode() + b";")
    raise NotGenuine(Flaw.UNKNOWN_VERSION if is_newer else Flaw.UNREADABLE)


def _split(token: str) -> tuple[bytes, bytes]:
    claim, _, signature = token.partition(".")
    parts = _decode(claim), _decode(signature)
    if len(parts[1]) != _SIGNATURE_BYTES:
        raise NotGenuine(Flaw.UNREADABLE)
    return parts


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    """Decode base64url; of several ways to write the same bytes only one is taken."""
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise NotGenuine(Flaw.UNREADABLE) from None
    if _encode(data) != text:
        raise NotGenuine(Flaw.UNREADABLE)
    return data

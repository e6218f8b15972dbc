"""Checks a certificate at the command line, without the network."""

from pathlib import Path

from bot.settings import Settings
from documents.checking import check_token
from documents.keys import load_or_create_key
from documents.signatures import NotGenuine, PublicKey, WrongKey, public_key_text, read_public_key
from domain.certificates import Claim
from domain.numbers import format_number

KEY_FILE = "signing.key"


class CannotVerify(Exception):
    """The command was not given what it needs; the message says what."""


def show_public_key(settings: Settings) -> str:
    """Give the key by which others check our certificates, as a line of text.

    Raises:
        CannotVerify: this installation has signed nothing yet.
        DamagedKey: its key file cannot be used.
    """
    return public_key_text(_load_own(settings))


def verify(settings: Settings, text: str, keys: list[str]) -> tuple[bool, list[str]]:
    """Check a token, or the address in a QR code, by the keys given or else by our own.

    Returns whether it is genuine, and what to print.
    """
    try:
        claim = check_token(text, _read_keys(keys) or [_load_own(settings)])
    except NotGenuine as problem:
        return False, [f"not genuine: {problem.reason.replace('_', ' ')}"]
    return True, _describe(claim)


def _read_keys(texts: list[str]) -> list[PublicKey]:
    try:
        return [read_public_key(text) for text in texts]
    except WrongKey as problem:
        raise CannotVerify(f"--key {problem}") from None


def _load_own(settings: Settings) -> PublicKey:
    path = settings.data_dir / KEY_FILE
    if not Path(path).exists():
        raise CannotVerify(f"{path} is not there: give the issuer's public key with --key")
    return load_or_create_key(path).public


def _describe(claim: Claim) -> list[str]:
    marked = ["SPECIMEN: not an official registration"] if claim.specimen else []
    return [
        "genuine: the signature fits",
        *marked,
        f"number    {format_number(claim.number)}",
        f"initials  {claim.initials}",
        f"category  {claim.category}",
        f"issued    {claim.issued_on.isoformat()}",
        "Whether it was revoked since, only the page behind the QR code knows.",
    ]

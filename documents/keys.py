"""Where the signing key lies: a PEM file that only its owner can read."""

import os
import tempfile
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from documents.signatures import SigningKey


class DamagedKey(Exception):
    """A key file that cannot be used; the message names the file and what to do."""


def load_or_create_key(path: Path) -> SigningKey:
    """Load the signing key, made at the first call, in a folder that exists.

    However many processes begin at once, and whenever one of them dies, all have the same key
    and the file is whole.

    Raises:
        DamagedKey: the file is there, but holds no Ed25519 key.
    """
    try:
        return _load(path)
    except FileNotFoundError:
        _create(path)
        return _load(path)


def _load(path: Path) -> SigningKey:
    written = path.read_bytes()
    try:
        private = load_pem_private_key(written, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        private = None
    if not isinstance(private, Ed25519PrivateKey):
        raise DamagedKey(f"{path} holds no Ed25519 key: bring it back from a backup")
    return SigningKey(private)


def _create(path: Path) -> None:
    """Write a new key beside its place and link it there, unless another came first."""
    written = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        _link(Path(draft), path)
    finally:
        Path(draft).unlink()


def _link(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

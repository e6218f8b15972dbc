"""Lists that were sent and wait until somebody confirms them: people's data, kept no longer."""

import hashlib
import os
import secrets
import shutil
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

FOLDER = "lists"
FOR_ITS_OWNER = 0o600
_ANEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


class ListGone(Exception):
    """A kept list is not there any more, or is not the one that was kept."""


@dataclass(frozen=True)
class KeptList:
    """A list in the data folder, with what it was called and the SHA-256 of all that is in it."""

    file: Path
    filename: str
    digest: str


def keep_list(folder: Path, sent: BinaryIO, filename: str) -> KeptList:
    """Copy a list into a folder, where only the program may read it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / secrets.token_hex(16)
    sent.seek(0)
    try:
        with os.fdopen(os.open(file, _ANEW, FOR_ITS_OWNER), "wb") as kept:
            shutil.copyfileobj(sent, kept)
        with file.open("rb") as copied:
            return KeptList(file, filename, _digest(copied))
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def open_kept(kept: KeptList) -> BufferedReader:
    """Open a kept list; what is open can be read to its end even when it is dropped.

    Raises:
        ListGone: it was dropped or changed.
    """
    try:
        opened = kept.file.open("rb")
    except FileNotFoundError:
        raise ListGone from None
    if _digest(opened) != kept.digest:
        opened.close()
        raise ListGone
    opened.seek(0)
    return opened


def drop_list(kept: KeptList) -> None:
    """Delete a kept list."""
    kept.file.unlink(missing_ok=True)


def drop_all(folder: Path) -> None:
    """Delete what an earlier process has kept."""
    shutil.rmtree(folder, ignore_errors=True)


def _digest(file: BufferedReader) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()

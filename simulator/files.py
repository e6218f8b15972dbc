"""Files that people and the bot have sent: their bytes, identifiers and Bot API descriptions."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.errors import bad_request
from simulator.store import Journal

SAMPLES = Path(__file__).parent / "samples"
LARGEST_DOWNLOAD = 20 * 1024 * 1024
FOLDERS = {"photo": "photos", "voice": "voice", "document": "documents", "sticker": "stickers"}
PREFIXES = {"photo": "AgACAgUAAxkB", "voice": "AwACAgUAAxkB", "document": "BQACAgUAAxkB"}
START_OF_FRAME = frozenset({0xC0, 0xC1, 0xC2, 0xC3})


@dataclass(frozen=True, slots=True)
class Upload:
    """The bytes of a file as they came."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that Telegram keeps."""

    file_id: str
    kind: str
    path: str
    content_type: str
    data: bytes


def read_sample(name: str, content_type: str) -> Upload:
    """Read one of the files that come with the simulator."""
    return Upload(name, content_type, (SAMPLES / name).read_bytes())


class FileShelf:
    """Keep files by their identifiers."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._files: dict[str, StoredFile] = {}

    def add(self, kind: str, upload: Upload) -> StoredFile:
        """Keep a file and give it an identifier."""
        number = len(self._files) + 1
        suffix = Path(upload.name).suffix or ".bin"
        file_id = f"{PREFIXES.get(kind, 'CAACAgUAAxkB')}{number:012x}"
        path = f"{FOLDERS[kind]}/file_{number}{suffix}"
        stored = StoredFile(file_id, kind, path, upload.content_type, upload.data)
        self._files[file_id] = stored
        described = {"kind": kind, "path": path, "content_type": upload.content_type}
        self._journal.record("file", file_id, described)
        self._journal.record("bytes", file_id, upload.data)
        return stored

    def restore(self, file_id: str, described: dict[str, str], data: bytes) -> None:
        """Put back a file read from the store."""
        self._files[file_id] = StoredFile(file_id=file_id, data=data, **described)

    def get(self, file_id: str) -> StoredFile:
        """Return a file, or refuse an identifier that Telegram never gave."""
        stored = self._files.get(file_id.split(".", maxsplit=1)[0])
        if stored is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        return stored

    def find_by_path(self, path: str) -> StoredFile | None:
        """Find a file by the path that getFile gave."""
        return next((f for f in self._files.values() if f.path == path), None)


def describe_file(stored: StoredFile) -> dict[str, Any]:
    """Return the fields that every kind of file has."""
    return {
        "file_id": stored.file_id,
        "file_unique_id": f"AQAD{stored.file_id[-12:]}",
        "file_size": len(stored.data),
    }


def describe_photo(stored: StoredFile) -> list[dict[str, Any]]:
    """Return the sizes of a photo, smallest first; all of them lead to the same bytes."""
    width, height = measure_picture(stored.data)
    longest = max(width, height)
    sides = [side for side in (90, 320, 800) if side < longest]
    scales = [side / longest for side in sides] + [1.0]
    return [
        describe_file(stored)
        | {"file_id": f"{stored.file_id}.{size}" if scale < 1 else stored.file_id}
        | {"file_unique_id": f"AQAD{stored.file_id[-12:]}{size}"}
        | {"width": round(width * scale), "height": round(height * scale)}
        for size, scale in enumerate(scales)
    ]


def measure_picture(data: bytes) -> tuple[int, int]:
    """Read width and height of a JPEG or PNG, or refuse what is neither."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data[:2] == b"\xff\xd8":
        return _measure_jpeg(data)
    raise bad_request("IMAGE_PROCESS_FAILED")


def _measure_jpeg(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if marker in START_OF_FRAME:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    raise bad_request("IMAGE_PROCESS_FAILED")

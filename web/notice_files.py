"""Files that go with a notice: which are taken, told by their first bytes and not by their name."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.notice_content import FileKind
from domain.texts import Text, message

MEGABYTE = 1_000_000
LARGEST_PHOTO = 5
LARGEST_VOICE = 1
"""In megabytes; Telegram would take ten of a photo."""

LARGEST: Mapping[FileKind, int] = {FileKind.PHOTO: LARGEST_PHOTO, FileKind.VOICE: LARGEST_VOICE}
_OPUS_BEGINS_AT = 28


@dataclass(frozen=True)
class NoticeFile:
    """A file that can be sent; its name is ours."""

    kind: FileKind
    filename: str
    mime: str
    content: bytes


class WrongFile(Exception):
    """A file that cannot be sent; `words` say kindly why."""

    def __init__(self, words: Text) -> None:
        super().__init__(words.id)
        self.words = words


def read_file(content: bytes) -> NoticeFile:
    """Tell what a file is.

    Raises:
        WrongFile: it is nothing that a notice can bring, or it is too large.
    """
    found = _recognise(content)
    if found is None:
        raise WrongFile(message("notices.wrong.file_kind"))
    if len(content) > LARGEST[found.kind] * MEGABYTE:
        raise WrongFile(message("notices.wrong.file_size", most=LARGEST[found.kind]))
    return found


def _recognise(content: bytes) -> NoticeFile | None:
    if content.startswith(b"\xff\xd8\xff"):
        return NoticeFile(FileKind.PHOTO, "notice.jpg", "image/jpeg", content)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return NoticeFile(FileKind.PHOTO, "notice.png", "image/png", content)
    if content.startswith(b"OggS") and content[_OPUS_BEGINS_AT:].startswith(b"OpusHead"):
        return NoticeFile(FileKind.VOICE, "notice.ogg", "audio/ogg", content)
    return None

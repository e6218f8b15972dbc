"""Files that go with calls: stored as a reference, made when the call is made."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Attachment:
    """A file and the parameter that carries it, such as `photo` or `document`.

    That of a notice names it, so that it is uploaded once and not for each recipient.
    """

    field: str
    filename: str
    mime: str
    content: bytes
    notice_id: int | None = None


Attach: TypeAlias = Callable[[str], Awaitable[Attachment]]
"""Makes the file of a reference; a LookupError says that there never will be one."""


async def attach_nothing(reference: str) -> Attachment:
    """Know no attachment."""
    raise LookupError(reference)


def route_attachments(makers: Mapping[str, Attach]) -> Attach:
    """Make a file by whoever makes its kind, which is what a reference begins with."""

    async def attach(reference: str) -> Attachment:
        kind, _, _ = reference.partition(":")
        return await makers.get(kind, attach_nothing)(reference)

    return attach

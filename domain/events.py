"""What a person did in the chat, in the past tense."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Started:
    """Sent /start, perhaps through a link that carries a source code."""

    source: str | None = None


@dataclass(frozen=True)
class Answered:
    """Typed something, in the message with this id."""

    text: str
    message_id: int | None = None


@dataclass(frozen=True)
class ChoiceMade:
    """Tapped a button: of which draft, under which question, which choice, on which message."""

    draft: str
    question: str
    choice: str
    message_id: int | None = None


@dataclass(frozen=True)
class ContactShared:
    """Shared a contact; `own` only when Telegram itself says that it is the sender's."""

    phone: str
    own: bool
    message_id: int | None = None


@dataclass(frozen=True)
class PlaceShared:
    """Shared a pin on the map, in degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class PhotoSent:
    """Sent a photo, kept by Telegram under this file id."""

    file_id: str


@dataclass(frozen=True)
class VoiceSent:
    """Sent a voice note, kept by Telegram under this file id."""

    file_id: str


@dataclass(frozen=True)
class SomethingElseSent:
    """Sent what no question asks for: a sticker, a document, a poll..."""

    kind: str


@dataclass(frozen=True)
class WentBack:
    """Asked for the question before."""


@dataclass(frozen=True)
class Skipped:
    """Asked to leave the open question unanswered."""


@dataclass(frozen=True)
class EditRequested:
    """Asked to change one answer from the review."""

    question: str


@dataclass(frozen=True)
class AskedAgain:
    """Needs the open question once more: after an outage, a nudge, or a change of language."""

    reason: str


@dataclass(frozen=True)
class HelpRequested:
    """Asked for help with the open question."""


@dataclass(frozen=True)
class Cancelled:
    """Asked to erase the draft."""


Event: TypeAlias = (
    Started
    | Answered
    | ChoiceMade
    | ContactShared
    | PlaceShared
    | PhotoSent
    | VoiceSent
    | SomethingElseSent
    | WentBack
    | Skipped
    | EditRequested
    | AskedAgain
    | HelpRequested
    | Cancelled
)

"""What the bot answers with: plain values that are rendered for their reader later."""

from dataclasses import dataclass
from typing import TypeAlias

from domain.texts import Text


@dataclass(frozen=True)
class Tap:
    """What an inline button says when it is pressed."""

    draft: str
    question: str
    choice: str


@dataclass(frozen=True)
class Button:
    """An inline button: a tap, a text to copy, or a page to open."""

    label: Text | str
    tap: Tap | None = None
    copies: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Buttons:
    """An inline keyboard under its message."""

    rows: tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class Key:
    """A key of the keyboard below the chat; what it asks the phone for, if anything."""

    label: Text
    asks_contact: bool = False
    asks_place: bool = False


@dataclass(frozen=True)
class Keys:
    """A keyboard below the chat, in place of typing."""

    rows: tuple[tuple[Key, ...], ...]
    once: bool = False


@dataclass(frozen=True)
class NoKeys:
    """Put the keyboard below the chat away."""


Keyboard: TypeAlias = Buttons | Keys | NoKeys


@dataclass(frozen=True)
class Say:
    """A new message; its paragraphs are joined by an empty line."""

    paragraphs: tuple[Text, ...]
    keyboard: Keyboard | None = None
    silent: bool = False


@dataclass(frozen=True)
class Rewrite:
    """Put other words and buttons into a message that is already there."""

    message_id: int
    paragraphs: tuple[Text, ...]
    keyboard: Buttons | None = None


@dataclass(frozen=True)
class Unbutton:
    """Take the buttons off a message, and leave its words."""

    message_id: int


@dataclass(frozen=True)
class Remove:
    """Delete a message, the person's own with a secret in it for instance."""

    message_id: int


@dataclass(frozen=True)
class Toast:
    """A short line shown over the chat in answer to a tap; it is not kept."""

    text: Text


Reply: TypeAlias = Say | Rewrite | Unbutton | Remove | Toast

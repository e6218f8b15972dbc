"""What an update amounts to, before anybody acts on it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from domain.events import (
    Answered,
    ContactShared,
    Event,
    PhotoSent,
    PlaceShared,
    SomethingElseSent,
    VoiceSent,
)
from domain.khmer import clean
from domain.replies import Tap as ButtonTap
from handlers.updates import KINDS, InlineKeyboard, MembershipChange, Message, Tap, Update, User
from services.desk import Person
from services.taps import decode_tap

LONGEST_TEXT = 1000
"""Characters of a typed answer that are read: no question asks for more."""

LONGEST_FORWARDED = 4096
"""Characters of a text that is checked: as long as a message may be."""

DECEIVING = frozenset({"text_link", "text_mention", "custom_emoji", "strikethrough"})
"""What an entity may do so that its words are not read as they are written."""

OTHER_BUTTON = "button"
"""What stands for the address of a button of a kind that we never send."""

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True)
class Arrival:
    """Something that a person did in a private chat with the bot."""

    person: Person


@dataclass(frozen=True)
class CommandSent(Arrival):
    """A command, with what was typed behind it; `hidden` is what that does without showing it."""

    name: str
    argument: str = ""
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True)
class ButtonTapped(Arrival):
    """A tap on an inline button; None if its data says nothing that we could have put there."""

    tap_id: str
    tap: ButtonTap | None
    message_id: int | None


@dataclass(frozen=True)
class MessageSent(Arrival):
    """Anything else that was sent, as an event of the dialogue.

    `text` is all of its words, `hidden` what they do without showing it, as for a command.
    """

    event: Event
    text: str = ""
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True)
class TextForwarded(MessageSent):
    """Words that somebody else wrote, passed on; `author` is their id, if Telegram tells it."""

    author: int | None = None


@dataclass(frozen=True)
class MessageEdited(Arrival):
    """An earlier message was changed."""


@dataclass(frozen=True)
class BotBlocked(Arrival):
    """The person does not want to hear from the bot."""


@dataclass(frozen=True)
class BotUnblocked(Arrival):
    """The person can be reached again."""


@dataclass(frozen=True)
class NothingForUs(Arrival):
    """Groups, channels, kinds that the bot does not know: no one waits for an answer."""

    person: Person = field(default_factory=lambda: Person(0))


def read_arrival(update: Update) -> Arrival:
    """Say what an update amounts to."""
    if update.message is not None:
        return _read_message(update.message)
    if update.callback_query is not None:
        return _read_tap(update.callback_query)
    if update.edited_message is not None:
        edited = update.edited_message
        if edited.chat.type == "private" and edited.sender is not None:
            return MessageEdited(_person(edited.sender))
    if update.my_chat_member is not None:
        return _read_membership(update.my_chat_member)
    return NothingForUs()


def find_chat_id(update: Update) -> int | None:
    """Find the private chat that an update is about, before it is read closely."""
    for kind in KINDS:
        part = getattr(update, kind)
        if part is not None and part.sender is not None:
            return int(part.sender.id)
    return None


def _person(user: User) -> Person:
    """Name the person's private chat: its id is the person's own."""
    return Person(user.id, clean(user.first_name)[:64], clean(user.last_name or "")[:64])


def _read_message(sent: Message) -> Arrival:
    if sent.chat.type != "private" or sent.sender is None:
        return NothingForUs()
    person = _person(sent.sender)
    event, hidden = _read_event(sent), _list_hidden(sent)
    text = (sent.text or sent.caption or "")[:LONGEST_FORWARDED]
    if sent.forward_origin is not None and text and not sent.contact:
        return TextForwarded(person, event, text, hidden, _find_author(sent.forward_origin))
    if sent.text is not None:
        command = _COMMAND.fullmatch(text)
        if command:
            return CommandSent(person, command[1].lower(), command[2] or "", hidden)
    return MessageSent(person, event, text, hidden)


def _list_hidden(sent: Message) -> tuple[str, ...]:
    """List where links lead whose words say something else, and what else changes the meaning."""
    entities = (sent.entities or []) + (sent.caption_entities or [])
    marked = (one.url or one.type for one in entities if one.type in DECEIVING)
    return *marked, *_list_led(sent.reply_markup)


def _list_led(keyboard: InlineKeyboard | None) -> Iterator[str]:
    """List where the buttons of a message lead; those that only tell their bot lead nowhere."""
    rows = keyboard.inline_keyboard if keyboard else []
    for button in chain.from_iterable(rows):
        if button.callback_data is None:
            yield button.url or OTHER_BUTTON


def _find_author(origin: object) -> int | None:
    """Find who wrote a message that was passed on; people may hide it."""
    user = origin.get("sender_user") if isinstance(origin, dict) else None
    author = user.get("id") if isinstance(user, dict) else None
    return author if isinstance(author, int) else None


def _read_event(sent: Message) -> Event:
    if sent.text is not None:
        return Answered(sent.text[:LONGEST_TEXT], sent.message_id)
    if sent.contact is not None:
        forwarded = sent.forward_origin is not None or sent.via_bot is not None
        own = sent.sender is not None and sent.contact.user_id == sent.sender.id
        return ContactShared(sent.contact.phone_number, own and not forwarded, sent.message_id)
    if sent.location is not None:
        return PlaceShared(float(sent.location.latitude), float(sent.location.longitude))
    if sent.photo:
        return PhotoSent(sent.photo[-1].file_id)
    if sent.voice is not None:
        return VoiceSent(sent.voice.file_id)
    return SomethingElseSent("other")


def _read_tap(tapped: Tap) -> Arrival:
    message = tapped.message
    if message is not None and message.chat.type != "private":
        return NothingForUs()
    tap = decode_tap(tapped.data) if tapped.data is not None else None
    message_id = message.message_id if message is not None else None
    return ButtonTapped(_person(tapped.sender), tapped.id, tap, message_id)


def _read_membership(change: MembershipChange) -> Arrival:
    if change.chat.type != "private":
        return NothingForUs()
    person = _person(change.sender)
    if change.new_chat_member.status == "kicked":
        return BotBlocked(person)
    return BotUnblocked(person)

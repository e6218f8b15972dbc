"""The part of Telegram's updates that this bot reads, checked strictly.

Whatever is not named here is ignored, so a new field at Telegram's side never stops the bot; a
damaged field that is named makes the update unreadable.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

Id = Annotated[int, Field(ge=-(2**63), lt=2**63)]


class Part(BaseModel):
    """A part of an update: strict about types, blind to what it does not know."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class User(Part):
    """Who did it."""

    id: Id
    first_name: str
    last_name: str | None = None


class Chat(Part):
    """Where it happened."""

    id: Id
    type: Literal["private", "group", "supergroup", "channel"]


class Contact(Part):
    """A shared contact; Telegram sets `user_id`, whatever the sender's app says."""

    phone_number: str
    user_id: Id | None = None


class Location(Part):
    """A pin on the map, in degrees."""

    latitude: float = Field(ge=-90, le=90, allow_inf_nan=False)
    longitude: float = Field(ge=-180, le=180, allow_inf_nan=False)


class File(Part):
    """A file at Telegram's."""

    file_id: str


class Entity(Part):
    """What Telegram does with a part of a text; `url` is where a hidden link leads."""

    type: str
    url: str | None = None


class InlineButton(Part):
    """A button below a message; `url` is where it leads, `callback_data` what it tells its bot."""

    url: str | None = None
    callback_data: str | None = None


class InlineKeyboard(Part):
    """The buttons below a message, row by row."""

    inline_keyboard: list[list[InlineButton]] = []


class Message(Part):
    """What was sent; of the contents, at most one is there."""

    message_id: Id
    chat: Chat
    sender: User | None = Field(None, alias="from")
    text: str | None = None
    caption: str | None = None
    entities: list[Entity] | None = None
    caption_entities: list[Entity] | None = None
    reply_markup: InlineKeyboard | None = None
    contact: Contact | None = None
    location: Location | None = None
    photo: list[File] | None = None
    voice: File | None = None
    forward_origin: Any = None
    via_bot: Any = None


class TappedMessage(Part):
    """The message whose button was tapped."""

    message_id: Id
    chat: Chat


class Tap(Part):
    """A tap on an inline button; its data may be anything."""

    id: str
    sender: User = Field(alias="from")
    message: TappedMessage | None = None
    data: str | None = None


class ChatMember(Part):
    """What somebody is in a chat."""

    status: Literal["creator", "administrator", "member", "restricted", "left", "kicked"]


class MembershipChange(Part):
    """The bot was blocked, unblocked, added or removed."""

    chat: Chat
    sender: User = Field(alias="from")
    new_chat_member: ChatMember


class Update(Part):
    """One update; of the kinds, at most one is there, and an unknown kind leaves all empty."""

    update_id: Id
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Tap | None = None
    my_chat_member: MembershipChange | None = None


KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that Telegram is asked for."""

_adapter = TypeAdapter(Update)


class UnreadableUpdate(Exception):
    """An update that does not have the shape it should; the message names places, not values."""


def read_update(raw: object) -> Update:
    """Read one update as it came.

    Raises:
        UnreadableUpdate: a part that the bot needs is missing or damaged.
    """
    try:
        return _adapter.validate_python(raw)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
        where = "; ".join(
            f"{'.'.join(str(step) for step in one['loc'])}: {one['type']}" for one in found[:5]
        )
        raise UnreadableUpdate(where) from None

"""How the bot puts messages into a chat: the methods that send."""

from typing import Any

from simulator.entities import Entity, parse_html, utf16_length
from simulator.errors import bad_request
from simulator.files import Upload, describe_file, describe_photo, measure_picture
from simulator.keyboards import Markup, is_inline
from simulator.parameters import as_integer
from simulator.telegram import Chat, Message, Telegram

Parameters = dict[str, Any]

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
CHAT_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


def send_message(telegram: Telegram, given: Parameters) -> Message:
    """Send text."""
    chat = telegram.get_writable_chat(given["chat_id"])
    content = read_text(given, "text", TEXT_UNITS)
    if not content["text"]:
        raise bad_request("message text is empty")
    if "link_preview_options" in given:
        content["link_preview_options"] = given["link_preview_options"]
    return post_message(telegram, chat, given, content)


def read_text(given: Parameters, name: str, most: int) -> dict[str, Any]:
    """Read a text with its entities, by parse mode or as given."""
    text = given[name].replace("\r", "").replace("\0", "")
    mode = given.get("parse_mode", "").lower()
    entities: list[Entity] = given.get("caption_entities" if name == "caption" else "entities", [])
    if mode == "html":
        text, entities = parse_html(text)
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        text = text.strip() if not entities else text.rstrip()
    if len(text) * 2 > most and utf16_length(text) > most:
        raise bad_request(
            "message is too long" if name == "text" else "message caption is too long"
        )
    content: dict[str, Any] = {name: text}
    if entities:
        content["caption_entities" if name == "caption" else "entities"] = entities
    return content


def post_message(telegram: Telegram, chat: Chat, given: Parameters, content: Message) -> Message:
    """Post a bot's message with what any method may add: a reply, protection, a markup."""
    markup: Markup = given.get("reply_markup", {})
    if "reply_parameters" in given:
        content |= _read_reply(chat, given["reply_parameters"])
    if given.get("protect_content"):
        content["has_protected_content"] = True
    if markup.get("inline_keyboard"):
        content["reply_markup"] = markup
    chat.action = None
    silent = bool(given.get("disable_notification"))
    message = telegram.post(chat, telegram.bot, content, silent=silent)
    if markup and not is_inline(markup):
        _apply_keyboard(telegram, chat, markup, message["message_id"])
    return message


def _read_reply(chat: Chat, given: dict[str, Any]) -> dict[str, Any]:
    replied = chat.messages.get(_read_message_id(given))
    if replied is not None:
        return {"reply_to_message": {k: v for k, v in replied.items() if k != "reply_to_message"}}
    if given.get("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")


def _read_message_id(given: dict[str, Any]) -> int:
    try:
        return as_integer(given.get("message_id"))
    except TypeError as error:
        raise bad_request("message identifier is not specified") from error


def _apply_keyboard(telegram: Telegram, chat: Chat, markup: Markup, message_id: int) -> None:
    chat.uneditable.add(message_id)
    telegram.journal_chat(chat)
    if "keyboard" in markup:
        telegram.show_keyboard(chat, markup, message_id)
    elif "remove_keyboard" in markup:
        telegram.show_keyboard(chat, None, None)


def send_photo(telegram: Telegram, given: Parameters) -> Message:
    """Send a photo, uploaded or known."""
    return _send_file(telegram, given, "photo")


def send_voice(telegram: Telegram, given: Parameters) -> Message:
    """Send a voice message, uploaded or known."""
    return _send_file(telegram, given, "voice")


def send_document(telegram: Telegram, given: Parameters) -> Message:
    """Send a document, uploaded or known."""
    return _send_file(telegram, given, "document")


def _send_file(telegram: Telegram, given: Parameters, kind: str) -> Message:
    chat = telegram.get_writable_chat(given["chat_id"])
    content = describe_media(telegram, kind, given[kind])
    if given.get("caption"):
        content |= read_text(given, "caption", CAPTION_UNITS)
    return post_message(telegram, chat, given, content)


def describe_media(telegram: Telegram, kind: str, source: Upload | str) -> dict[str, Any]:
    """Return the content of a message that carries this file, and keep the file if it is new."""
    if isinstance(source, str):
        if source.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        stored = telegram.files.get(source)
        if stored.kind != kind:
            raise bad_request(f"can't use file of type {stored.kind.title()} as {kind.title()}")
    else:
        if not source.data:
            raise bad_request("file must be non-empty")
        if kind == "photo":
            describe_photo_size(source)
        stored = telegram.files.add(kind, source)
    if kind == "photo":
        return {"photo": describe_photo(stored)}
    extra: dict[str, dict[str, Any]] = {
        "voice": {"duration": 1, "mime_type": "audio/ogg"},
        "document": {"file_name": _file_name(source), "mime_type": stored.content_type},
    }
    return {kind: describe_file(stored) | extra[kind]}


def describe_photo_size(source: Upload) -> None:
    """Refuse a picture that Telegram would not take as a photo."""
    width, height = measure_picture(source.data)
    if width + height > 10_000 or not width or not height:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def _file_name(source: Upload | str) -> str:
    return source.name if isinstance(source, Upload) else "file"


def send_location(telegram: Telegram, given: Parameters) -> Message:
    """Send a point on the map."""
    chat = telegram.get_writable_chat(given["chat_id"])
    point = {"latitude": given["latitude"], "longitude": given["longitude"]}
    if abs(point["latitude"]) > 90 or abs(point["longitude"]) > 180:
        raise bad_request("wrong location specified")
    return post_message(telegram, chat, given, {"location": point})


def send_contact(telegram: Telegram, given: Parameters) -> Message:
    """Send a phone contact."""
    chat = telegram.get_writable_chat(given["chat_id"])
    fields = ("phone_number", "first_name", "last_name", "vcard")
    contact = {name: given[name] for name in fields if given.get(name)}
    return post_message(telegram, chat, given, {"contact": contact})


def send_poll(telegram: Telegram, given: Parameters) -> Message:
    """Send a poll."""
    chat = telegram.get_writable_chat(given["chat_id"])
    options = [_read_option(option) for option in given["options"]]
    if not 2 <= len(options) <= 12:
        raise bad_request("poll must have 2-12 answer options")
    if not 1 <= utf16_length(given["question"]) <= 300:
        raise bad_request("poll question must be 1-300 characters long")
    poll = {
        "id": str(telegram.next_message_id),
        "question": given["question"],
        "options": [
            {"persistent_id": str(number), "text": option, "voter_count": 0}
            for number, option in enumerate(options)
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": given.get("is_anonymous", True),
        "type": given.get("type", "regular"),
        "allows_multiple_answers": given.get("allows_multiple_answers", False),
        "allows_revoting": True,
        "members_only": False,
    }
    return post_message(telegram, chat, given, {"poll": poll})


def _read_option(option: Any) -> str:
    text = option.get("text") if isinstance(option, dict) else option
    if not isinstance(text, str) or not 1 <= utf16_length(text) <= 100:
        raise bad_request("poll options length must be 1-100")
    return text


def send_chat_action(telegram: Telegram, given: Parameters) -> bool:
    """Show that the bot is busy."""
    chat = telegram.get_writable_chat(given["chat_id"])
    if given["action"] not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.action = given["action"]
    telegram.emit(chat.id, {"type": "typing", "action": given["action"]})
    return True

"""How the bot changes, deletes, copies, forwards and pins messages that are already there."""

from simulator.errors import Refusal, bad_request
from simulator.keyboards import Markup, is_inline
from simulator.sending import CAPTION_UNITS, TEXT_UNITS, Parameters, post_message, read_text
from simulator.telegram import Chat, Message, Telegram

BOT_DELETES_SECONDS = 48 * 3600
MEDIA = ("photo", "voice", "document", "sticker")
NOT_COPIED = frozenset(
    [
        "message_id",
        "from",
        "sender_chat",
        "chat",
        "date",
        "edit_date",
        "reply_markup",
        "reply_to_message",
    ]
)


def _find_own(telegram: Telegram, given: Parameters) -> tuple[Chat, Message]:
    if "chat_id" not in given:
        raise bad_request("message identifier is not specified")
    chat = telegram.get_writable_chat(given["chat_id"])
    message = chat.messages.get(given["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    own = message.get("from", {}).get("id") == telegram.bot["id"] or "sender_chat" in message
    if not own or message["message_id"] in chat.uneditable or "forward_origin" in message:
        raise bad_request("message can't be edited")
    return chat, message


def edit_message_text(telegram: Telegram, given: Parameters) -> Message:
    """Change the text of a message and its inline keyboard."""
    chat, message = _find_own(telegram, given)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    content = read_text(given, "text", TEXT_UNITS)
    if not content["text"]:
        raise bad_request("message text is empty")
    if "link_preview_options" in given:
        content["link_preview_options"] = given["link_preview_options"]
    kept = {
        k: v for k, v in message.items() if k not in ("text", "entities", "link_preview_options")
    }
    return _edit(telegram, chat, message, kept | content, given)


def edit_message_caption(telegram: Telegram, given: Parameters) -> Message:
    """Change the caption of a message and its inline keyboard."""
    chat, message = _find_own(telegram, given)
    if not any(kind in message for kind in MEDIA):
        raise bad_request("there is no caption in the message to edit")
    content = read_text(given, "caption", CAPTION_UNITS) if given.get("caption") else {}
    kept = {k: v for k, v in message.items() if k not in ("caption", "caption_entities")}
    return _edit(telegram, chat, message, kept | content, given)


def edit_message_reply_markup(telegram: Telegram, given: Parameters) -> Message:
    """Change the inline keyboard of a message."""
    chat, message = _find_own(telegram, given)
    return _edit(telegram, chat, message, dict(message), given)


def _edit(telegram: Telegram, chat: Chat, old: Message, new: Message, given: Parameters) -> Message:
    markup: Markup = given.get("reply_markup", {})
    if markup and not is_inline(markup):
        raise bad_request("inline keyboard expected")
    new.pop("reply_markup", None)
    if markup.get("inline_keyboard"):
        new["reply_markup"] = markup
    if new == old:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly"
            " the same as a current content and reply markup of the message"
        )
    new["edit_date"] = telegram.now()
    telegram.replace(chat, new)
    return new


def delete_message(telegram: Telegram, given: Parameters) -> bool:
    """Delete one message of the chat, for everybody in it."""
    chat = _get_chat(telegram, given)
    message = chat.messages.get(given["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    if telegram.clock.now() - message["date"] > BOT_DELETES_SECONDS:
        raise bad_request("message can't be deleted")
    telegram.remove(chat, message["message_id"])
    return True


def delete_messages(telegram: Telegram, given: Parameters) -> bool:
    """Delete up to 100 messages; those that cannot be found are skipped."""
    if not 1 <= len(given["message_ids"]) <= 100:
        raise bad_request("there are too many message identifiers to delete")
    for message_id in given["message_ids"]:
        try:
            delete_message(telegram, {"chat_id": given["chat_id"], "message_id": message_id})
        except Refusal as refusal:
            if "not found" not in refusal.description:
                raise
    return True


def _get_chat(telegram: Telegram, given: Parameters) -> Chat:
    chat = telegram.find_chat(given["chat_id"])
    if chat is None:
        raise bad_request("chat not found")
    return chat


def _find_source(telegram: Telegram, given: Parameters, what: str) -> Message:
    source = telegram.find_chat(given["from_chat_id"])
    if source is None:
        raise bad_request("chat not found")
    message = source.messages.get(given["message_id"])
    if message is None:
        raise bad_request(f"message to {what} not found")
    return message


def copy_message(telegram: Telegram, given: Parameters) -> dict[str, int]:
    """Send the content of a message again, as the bot's own."""
    chat = telegram.get_writable_chat(given["chat_id"])
    message = _find_source(telegram, given, "copy")
    content = {k: v for k, v in message.items() if k not in NOT_COPIED | {"forward_origin"}}
    if "caption" in given:
        content |= read_text(given, "caption", CAPTION_UNITS)
    return {"message_id": post_message(telegram, chat, given, content)["message_id"]}


def forward_message(telegram: Telegram, given: Parameters) -> Message:
    """Forward a message with its origin."""
    chat = telegram.get_writable_chat(given["chat_id"])
    message = _find_source(telegram, given, "forward")
    content = {k: v for k, v in message.items() if k not in NOT_COPIED}
    origin = {"type": "user", "sender_user": message.get("from"), "date": message["date"]}
    return post_message(telegram, chat, {}, {"forward_origin": origin} | content)


def pin_chat_message(telegram: Telegram, given: Parameters) -> bool:
    """Pin a message."""
    chat = telegram.get_writable_chat(given["chat_id"])
    if given["message_id"] not in chat.messages:
        raise bad_request("message to pin not found")
    chat.pinned_message_id = given["message_id"]
    telegram.journal_chat(chat)
    return True

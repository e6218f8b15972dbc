"""The Bot API's methods: which exist, which parameters each takes, and what each answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator import editing, sending
from simulator.errors import Refusal, bad_request
from simulator.files import LARGEST_DOWNLOAD, Upload, describe_file
from simulator.keyboards import check_markup
from simulator.parameters import (
    Check,
    as_array,
    as_chat_id,
    as_fields,
    as_flag,
    as_integer,
    as_integers,
    as_number,
    as_object,
    as_text,
    read_parameters,
)
from simulator.profile import check_language
from simulator.telegram import Chat, Telegram

Parameters = dict[str, Any]

ANSWER_SECONDS = 30
ANSWER_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Method:
    """One method: what it does, which parameters it knows, and which it must have."""

    run: Callable[[Telegram, Parameters], Any]
    known: dict[str, Check]
    required: tuple[str, ...] = ()


def call_method(telegram: Telegram, name: str, given: Parameters) -> Any:
    """Run a method and return its result, or raise the Refusal that Telegram would answer."""
    method = METHODS.get(name.lower())
    if method is None:
        raise Refusal(404, "Not Found")
    return method.run(telegram, read_parameters(given, method.known, method.required))


def _as_file(value: object) -> Upload | str:
    if isinstance(value, Upload | str):
        return value
    raise TypeError("must be a file or its identifier")


def _get_me(telegram: Telegram, _: Parameters) -> dict[str, Any]:
    own: dict[str, Any] = telegram.bot | {
        "first_name": telegram.profile.get_text("name", "") or telegram.bot["first_name"],
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
    }
    return own


def _get_chat(telegram: Telegram, given: Parameters) -> dict[str, Any]:
    chat = telegram.find_chat(given["chat_id"])
    if chat is None or not _has_met(telegram, chat):
        raise bad_request("chat not found")
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
    full: dict[str, Any] = chat.info | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys((*gifts, "gifts_from_channels"), False),
    }
    if chat.pinned_message_id in chat.messages:
        full["pinned_message"] = chat.messages[chat.pinned_message_id]
    return full


def _has_met(telegram: Telegram, chat: Chat) -> bool:
    person = telegram.people.get(chat.id)
    return person is None or person.started


def _get_file(telegram: Telegram, given: Parameters) -> dict[str, Any]:
    stored = telegram.files.get(given["file_id"])
    if len(stored.data) > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return describe_file(stored) | {"file_path": stored.path}


def _answer_callback_query(telegram: Telegram, given: Parameters) -> bool:
    person_id, asked_at = telegram.callback_queries.get(given["callback_query_id"], (0, 0.0))
    if telegram.clock.now() - asked_at > ANSWER_SECONDS:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(given.get("text", "")) > ANSWER_CHARACTERS:
        raise bad_request("MESSAGE_TOO_LONG")
    telegram.emit(
        person_id,
        {
            "type": "callback_answer",
            "callback_query_id": given["callback_query_id"],
            "text": given.get("text", ""),
            "show_alert": given.get("show_alert", False),
        },
    )
    return True


def _set_commands(telegram: Telegram, given: Parameters) -> bool:
    commands, scope = given.get("commands", []), given.get("scope", {})
    telegram.profile.set_commands(commands, scope, given.get("language_code", ""))
    telegram.journal_profile()
    return True


def _get_commands(telegram: Telegram, given: Parameters) -> list[dict[str, str]]:
    return telegram.profile.get_commands(given.get("scope", {}), given.get("language_code", ""))


def _set_text(kind: str) -> Callable[[Telegram, Parameters], bool]:
    def run(telegram: Telegram, given: Parameters) -> bool:
        telegram.profile.set_text(kind, given.get(kind, ""), given.get("language_code", ""))
        telegram.journal_profile()
        return True

    return run


def _get_text(kind: str) -> Callable[[Telegram, Parameters], dict[str, str]]:
    def run(telegram: Telegram, given: Parameters) -> dict[str, str]:
        language = given.get("language_code", "")
        check_language(language)
        text = telegram.profile.get_text(kind, language)
        return {kind: text or (str(telegram.bot["first_name"]) if kind == "name" else "")}

    return run


def _set_menu_button(telegram: Telegram, given: Parameters) -> bool:
    button = given.get("menu_button", {"type": "default"})
    if button.get("type") not in ("default", "commands", "web_app"):
        raise bad_request("MenuButton has unsupported type")
    telegram.profile.menu_buttons[str(given.get("chat_id", ""))] = button
    telegram.journal_profile()
    return True


def _get_menu_button(telegram: Telegram, given: Parameters) -> dict[str, Any]:
    buttons = telegram.profile.menu_buttons
    own = buttons.get(str(given.get("chat_id", "")))
    button: dict[str, Any] = own or buttons.get("") or {"type": "commands"}
    return button


REPLY_PARAMETERS = as_fields(
    "message_id",
    "chat_id",
    "allow_sending_without_reply",
    "quote",
    "quote_parse_mode",
    "quote_entities",
    "quote_position",
    "checklist_task_id",
)
LINK_PREVIEW_OPTIONS = as_fields(
    "is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text"
)
CHAT: dict[str, Check] = {"chat_id": as_chat_id}
SEND: dict[str, Check] = CHAT | {
    "business_connection_id": as_text,
    "message_thread_id": as_integer,
    "direct_messages_topic_id": as_integer,
    "disable_notification": as_flag,
    "protect_content": as_flag,
    "allow_paid_broadcast": as_flag,
    "message_effect_id": as_text,
    "suggested_post_parameters": as_object,
    "reply_parameters": REPLY_PARAMETERS,
    "reply_markup": check_markup,
}
CAPTION: dict[str, Check] = {
    "caption": as_text,
    "parse_mode": as_text,
    "caption_entities": as_array,
    "show_caption_above_media": as_flag,
}
TEXT: dict[str, Check] = {
    "text": as_text,
    "parse_mode": as_text,
    "entities": as_array,
    "link_preview_options": LINK_PREVIEW_OPTIONS,
}
EDIT: dict[str, Check] = CHAT | {
    "business_connection_id": as_text,
    "message_id": as_integer,
    "inline_message_id": as_text,
    "reply_markup": check_markup,
}
ONE: dict[str, Check] = CHAT | {"message_id": as_integer}
LANGUAGE: dict[str, Check] = {"language_code": as_text}
COMMANDS: dict[str, Check] = LANGUAGE | {"scope": as_object}
COPY: dict[str, Check] = SEND | {
    "from_chat_id": as_chat_id,
    "message_id": as_integer,
    "video_start_timestamp": as_integer,
}
POLL: dict[str, Check] = {
    "question": as_text,
    "question_parse_mode": as_text,
    "question_entities": as_array,
    "options": as_array,
    "is_anonymous": as_flag,
    "type": as_text,
    "allows_multiple_answers": as_flag,
    "correct_option_id": as_integer,
    "explanation": as_text,
    "explanation_parse_mode": as_text,
    "explanation_entities": as_array,
    "open_period": as_integer,
    "close_date": as_integer,
    "is_closed": as_flag,
}
LOCATION: dict[str, Check] = {
    "latitude": as_number,
    "longitude": as_number,
    "horizontal_accuracy": as_number,
    "live_period": as_integer,
    "heading": as_integer,
    "proximity_alert_radius": as_integer,
}
CONTACT: dict[str, Check] = dict.fromkeys(
    ("phone_number", "first_name", "last_name", "vcard"), as_text
)
DOCUMENT: dict[str, Check] = {
    "document": _as_file,
    "thumbnail": _as_file,
    "disable_content_type_detection": as_flag,
}
ANSWER: dict[str, Check] = {
    "callback_query_id": as_text,
    "text": as_text,
    "show_alert": as_flag,
    "url": as_text,
    "cache_time": as_integer,
}

METHODS: dict[str, Method] = {
    name.lower(): method
    for name, method in {
        "getMe": Method(_get_me, {}),
        "getChat": Method(_get_chat, CHAT, ("chat_id",)),
        "getFile": Method(_get_file, {"file_id": as_text}, ("file_id",)),
        "sendMessage": Method(sending.send_message, SEND | TEXT, ("chat_id", "text")),
        "sendPhoto": Method(
            sending.send_photo,
            SEND | CAPTION | {"photo": _as_file, "has_spoiler": as_flag},
            ("chat_id", "photo"),
        ),
        "sendVoice": Method(
            sending.send_voice,
            SEND | CAPTION | {"voice": _as_file, "duration": as_integer},
            ("chat_id", "voice"),
        ),
        "sendDocument": Method(
            sending.send_document, SEND | CAPTION | DOCUMENT, ("chat_id", "document")
        ),
        "sendLocation": Method(
            sending.send_location, SEND | LOCATION, ("chat_id", "latitude", "longitude")
        ),
        "sendContact": Method(
            sending.send_contact, SEND | CONTACT, ("chat_id", "phone_number", "first_name")
        ),
        "sendPoll": Method(sending.send_poll, SEND | POLL, ("chat_id", "question", "options")),
        "sendChatAction": Method(
            sending.send_chat_action,
            CHAT
            | {"action": as_text, "message_thread_id": as_integer}
            | {"business_connection_id": as_text},
            ("chat_id", "action"),
        ),
        "editMessageText": Method(editing.edit_message_text, EDIT | TEXT, ("message_id", "text")),
        "editMessageCaption": Method(editing.edit_message_caption, EDIT | CAPTION, ("message_id",)),
        "editMessageReplyMarkup": Method(editing.edit_message_reply_markup, EDIT, ("message_id",)),
        "deleteMessage": Method(editing.delete_message, ONE, ("chat_id", "message_id")),
        "deleteMessages": Method(
            editing.delete_messages, CHAT | {"message_ids": as_integers}, ("chat_id", "message_ids")
        ),
        "copyMessage": Method(
            editing.copy_message, COPY | CAPTION, ("chat_id", "from_chat_id", "message_id")
        ),
        "forwardMessage": Method(
            editing.forward_message, COPY, ("chat_id", "from_chat_id", "message_id")
        ),
        "pinChatMessage": Method(
            editing.pin_chat_message,
            ONE | {"disable_notification": as_flag, "business_connection_id": as_text},
            ("chat_id", "message_id"),
        ),
        "answerCallbackQuery": Method(_answer_callback_query, ANSWER, ("callback_query_id",)),
        "setMyCommands": Method(_set_commands, COMMANDS | {"commands": as_array}, ("commands",)),
        "deleteMyCommands": Method(_set_commands, COMMANDS),
        "getMyCommands": Method(_get_commands, COMMANDS),
        "setChatMenuButton": Method(_set_menu_button, CHAT | {"menu_button": as_object}),
        "getChatMenuButton": Method(_get_menu_button, CHAT),
        "setMyName": Method(_set_text("name"), LANGUAGE | {"name": as_text}),
        "getMyName": Method(_get_text("name"), LANGUAGE),
        "setMyDescription": Method(_set_text("description"), LANGUAGE | {"description": as_text}),
        "getMyDescription": Method(_get_text("description"), LANGUAGE),
        "setMyShortDescription": Method(
            _set_text("short_description"), LANGUAGE | {"short_description": as_text}
        ),
        "getMyShortDescription": Method(_get_text("short_description"), LANGUAGE),
    }.items()
}

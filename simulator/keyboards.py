"""Strict checks of the markup under a message: inline and reply keyboards."""

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from simulator.entities import utf16_length
from simulator.errors import bad_request
from simulator.parameters import check_encoding

Markup = dict[str, Any]

DATA_BYTES = 64
COPY_CHARACTERS = 256
ROW_BUTTONS = 8
INLINE_BUTTONS = 100
REPLY_BUTTONS = 300
PLACEHOLDER_CHARACTERS = 64

INLINE_ACTIONS = frozenset(
    [
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    ]
)
REPLY_ACTIONS = frozenset(
    [
        "request_users",
        "request_chat",
        "request_contact",
        "request_location",
        "request_poll",
        "web_app",
    ]
)
LOOKS = frozenset({"text", "icon_custom_emoji_id", "style"})
REPLY_OPTIONS = frozenset(
    [
        "keyboard",
        "is_persistent",
        "resize_keyboard",
        "one_time_keyboard",
        "input_field_placeholder",
        "selective",
    ]
)


def check_markup(value: object) -> Markup:
    """Return the markup if Telegram would take it, or refuse it."""
    text = value if isinstance(value, str) else json.dumps(value)
    return _check_text(text)


@lru_cache(maxsize=4096)
def _check_text(text: str) -> Markup:
    try:
        markup = json.loads(text)
    except ValueError as error:
        raise bad_request("can't parse reply keyboard markup JSON object") from error
    check_encoding(json.dumps(markup, ensure_ascii=False))
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    for field, check in _CHECKS.items():
        if field in markup:
            check(markup)
            return markup
    if markup:
        raise bad_request(f"unknown reply markup {sorted(markup)}")
    return markup


def is_inline(markup: Markup) -> bool:
    """Tell whether the markup belongs to its message, and so may be shown and edited with it."""
    return "inline_keyboard" in markup


def _check_inline(markup: Markup) -> None:
    _refuse_unknown(markup, {"inline_keyboard"})
    _check_rows(markup["inline_keyboard"], _check_inline_button, INLINE_BUTTONS)


def _check_reply(markup: Markup) -> None:
    _refuse_unknown(markup, REPLY_OPTIONS)
    _check_rows(markup["keyboard"], _check_reply_button, REPLY_BUTTONS)
    _check_placeholder(markup)


def _check_remove(markup: Markup) -> None:
    _refuse_unknown(markup, {"remove_keyboard", "selective"})
    if markup["remove_keyboard"] is not True:
        raise bad_request("field remove_keyboard must be true")


def _check_force_reply(markup: Markup) -> None:
    _refuse_unknown(markup, {"force_reply", "input_field_placeholder", "selective"})
    _check_placeholder(markup)


_CHECKS: dict[str, Callable[[Markup], None]] = {
    "inline_keyboard": _check_inline,
    "keyboard": _check_reply,
    "remove_keyboard": _check_remove,
    "force_reply": _check_force_reply,
}


def _check_rows(rows: object, check: Callable[[Any], None], most: int) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse keyboard: an Array of Array of buttons is expected")
    if check is _check_reply_button and not rows:
        raise bad_request("reply keyboard has no rows")
    if any(not row for row in rows):
        raise bad_request("a row of the keyboard is empty")
    if any(len(row) > ROW_BUTTONS for row in rows) or sum(map(len, rows)) > most:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    for row in rows:
        for button in row:
            check(button)


def _check_inline_button(button: Any) -> None:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: Object expected")
    _check_text_field(button, "inline keyboard button")
    actions = button.keys() & INLINE_ACTIONS
    _refuse_unknown(button, INLINE_ACTIONS | LOOKS)
    if not actions:
        raise bad_request("text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request(f"inline keyboard button has more than one action: {sorted(actions)}")
    _check_action(next(iter(actions)), button)


def _check_action(action: str, button: Markup) -> None:
    value = button[action]
    if action == "callback_data" and not _is_callback_data(value):
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url" and not _is_url(value):
        raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    if action == "copy_text":
        text = value.get("text") if isinstance(value, dict) else None
        if not isinstance(text, str) or not 1 <= len(text) <= COPY_CHARACTERS:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _is_callback_data(value: object) -> bool:
    return isinstance(value, str) and 1 <= len(value.encode()) <= DATA_BYTES


def _is_url(value: object) -> bool:
    if not isinstance(value, str):
        return False
    parts = urlsplit(value)
    if parts.scheme in {"http", "https"}:
        return "." in (parts.hostname or "")
    return parts.scheme in {"tg", "ton"} and bool(parts.netloc)


def _check_reply_button(button: Any) -> None:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad_request("can't parse keyboard button: Object expected")
    _check_text_field(button, "keyboard button")
    _refuse_unknown(button, REPLY_ACTIONS | LOOKS)
    if len(button.keys() & REPLY_ACTIONS) > 1:
        raise bad_request("keyboard button has more than one action")


def _check_text_field(button: Markup, what: str) -> None:
    text = button.get("text")
    if text is None:
        raise bad_request(f"can't parse {what}: Can't find field \"text\"")
    if not isinstance(text, str):
        raise bad_request(f'can\'t parse {what}: Field "text" must be of type String')
    if not text.strip():
        raise bad_request(f"{what} text must be non-empty")


def _check_placeholder(markup: Markup) -> None:
    placeholder = markup.get("input_field_placeholder")
    if placeholder is None:
        return
    if (
        not isinstance(placeholder, str)
        or not 1 <= utf16_length(placeholder) <= PLACEHOLDER_CHARACTERS
    ):
        raise bad_request("input field placeholder must be 1-64 characters long")


def _refuse_unknown(markup: Markup, known: frozenset[str] | set[str]) -> None:
    unknown = markup.keys() - known
    if unknown:
        raise bad_request(f"unknown field {sorted(unknown)} in reply markup")

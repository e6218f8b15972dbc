"""How a reply becomes a call of the Bot API: the only way to an outbox row."""

import json
from typing import Any, Literal

from domain.outbox import Call, Lane
from domain.replies import (
    Button,
    Buttons,
    Key,
    Keyboard,
    Keys,
    NoKeys,
    Remove,
    Rewrite,
    Say,
    Unbutton,
)
from domain.texts import Text
from locales.catalogue import Names, render, render_plain
from services.taps import encode_tap

Writable = Say | Rewrite | Unbutton | Remove


def write_call(
    reply: Writable,
    chat_id: int,
    locale: str,
    names: Names,
    lane: Lane = Lane.REPLY,
    question: int | None = None,
) -> Call:
    """Write a reply for its reader, as the call that will show it."""
    writer = _Writer(locale, names)
    match reply:
        case Say():
            method, parameters = "sendMessage", writer.say(reply)
        case Rewrite():
            method, parameters = "editMessageText", writer.rewrite(reply)
        case Unbutton():
            method, parameters = "editMessageReplyMarkup", {"message_id": reply.message_id}
        case Remove():
            method, parameters = "deleteMessage", {"message_id": reply.message_id}
    body = json.dumps({"chat_id": chat_id, **parameters}, ensure_ascii=False)
    return Call(chat_id, method, body, lane, question)


def write_file(
    method: Literal["sendPhoto", "sendDocument"],
    attachment: str,
    caption: tuple[Text, ...],
    chat_id: int,
    locale: str,
    names: Names,
) -> Call:
    """Write a call that brings a file, by its reference, with some words below it."""
    parameters = {
        "chat_id": chat_id,
        "caption": _join(caption, locale, names),
        "parse_mode": "HTML",
    }
    body = json.dumps(parameters, ensure_ascii=False)
    return Call(chat_id, method, body, attachment=attachment)


def write_keyboard(keyboard: Keyboard, locale: str, names: Names) -> dict[str, Any]:
    """Write a keyboard as the parameter `reply_markup`."""
    return _Writer(locale, names).keyboard(keyboard)


class _Writer:
    """One reader's language."""

    def __init__(self, locale: str, names: Names) -> None:
        self.locale = locale
        self.names = names

    def say(self, reply: Say) -> dict[str, Any]:
        parameters = self._text(reply.paragraphs)
        if reply.keyboard is not None:
            parameters["reply_markup"] = self.keyboard(reply.keyboard)
        if reply.silent:
            parameters["disable_notification"] = True
        return parameters

    def rewrite(self, reply: Rewrite) -> dict[str, Any]:
        parameters = {"message_id": reply.message_id, **self._text(reply.paragraphs)}
        if reply.keyboard is not None:
            parameters["reply_markup"] = self.keyboard(reply.keyboard)
        return parameters

    def _text(self, paragraphs: tuple[Text, ...]) -> dict[str, Any]:
        return {
            "text": _join(paragraphs, self.locale, self.names),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }

    def keyboard(self, keyboard: Keyboard) -> dict[str, Any]:
        match keyboard:
            case Buttons(rows):
                return {"inline_keyboard": [[self._button(one) for one in row] for row in rows]}
            case Keys(rows, once):
                return {
                    "keyboard": [[self._key(key) for key in row] for row in rows],
                    "resize_keyboard": True,
                    "one_time_keyboard": once,
                    "is_persistent": not once,
                }
            case NoKeys():
                return {"remove_keyboard": True}

    def _button(self, button: Button) -> dict[str, Any]:
        shown = {"text": self._label(button.label)}
        if button.copies is not None:
            return {**shown, "copy_text": {"text": button.copies}}
        if button.url is not None:
            return {**shown, "url": button.url}
        if button.tap is None:
            raise ValueError("a button needs a tap, a text to copy or a page")
        return {**shown, "callback_data": encode_tap(button.tap)}

    def _key(self, key: Key) -> dict[str, Any]:
        shown: dict[str, Any] = {"text": self._label(key.label)}
        if key.asks_contact:
            shown["request_contact"] = True
        if key.asks_place:
            shown["request_location"] = True
        return shown

    def _label(self, label: Text | str) -> str:
        return label if isinstance(label, str) else render_plain(label, self.locale, self.names)


def _join(paragraphs: tuple[Text, ...], locale: str, names: Names) -> str:
    return "\n\n".join(render(text, locale, names) for text in paragraphs)

"""What anybody can read off a message: its buttons, an example, an application number."""

import json
import re
from typing import Any

from simulator.telegram import Message

NUMBER = re.compile(r"(?<![\d-])\d{4}-\d{4}-\d(?![\d-])")
EXAMPLE = re.compile(r"(?:ឧ\.|ឧទាហរណ៍|e\.g\.|for example)[\s:,៖]*(.+)", re.IGNORECASE)
QUOTED = re.compile(r"[«“\"](.+?)[»”\"]")
END = re.compile(r"[)(។;\n]|\.(?=\s|$)|,\s")

Button = dict[str, Any]


def find_number(text: str) -> str | None:
    """Find an application number in a text."""
    match = NUMBER.search(text)
    return match.group() if match else None


def find_example(text: str) -> str | None:
    """Find the example that stands after «ឧ.» or "e.g."."""
    match = EXAMPLE.search(text)
    if match is None:
        return None
    quoted = QUOTED.match(match[1])
    example = quoted[1] if quoted else END.split(match[1], maxsplit=1)[0]
    return example.strip() or None


def read_text(message: Message) -> str:
    """Return a message's text or caption."""
    text: str = message.get("text") or message.get("caption") or ""
    return text


def list_buttons(message: Message) -> list[Button]:
    """List the inline buttons that send something to the bot."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row if "callback_data" in button]


def list_keys(keyboard: dict[str, Any] | None) -> list[Button]:
    """List the buttons of a reply keyboard."""
    rows = keyboard["keyboard"] if keyboard else []
    return [key if isinstance(key, dict) else {"text": key} for row in rows for key in row]


def describe_state(message: Message) -> str:
    """Return what a message shows now, so that an edited message counts as another one."""
    return json.dumps([message["message_id"], read_text(message), message.get("reply_markup")])

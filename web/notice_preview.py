"""A notice as a phone would show it."""

import html
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from db.audiences import RecipientFacts
from domain.notice_content import Content
from domain.outbox import Call
from locales.catalogue import LOCALES, TAG
from services.desk import Desk
from services.notice_messages import write_notice
from services.notice_trials import EXAMPLE


@dataclass(frozen=True)
class Preview:
    """A message as a phone would show it: its words, and its buttons row by row."""

    words: str
    rows: tuple[tuple[str, ...], ...] = ()
    picture: str | None = None
    voice: str | None = None


def preview(
    desk: Desk, content: Content, notice_id: int, facts: RecipientFacts = EXAMPLE
) -> dict[str, Preview]:
    """Show a notice to one of its recipients, in each language."""
    return {
        locale: read_call(
            write_notice(content, notice_id, facts, locale, desk.names, desk.specimen), notice_id
        )
        for locale in LOCALES
    }


def read_call(call: Call, notice_id: int) -> Preview:
    """Read a message back from the call that sends it."""
    parameters: Mapping[str, Any] = json.loads(call.parameters)
    file = f"/notices/{notice_id}/file"
    return Preview(
        words=html.unescape(TAG.sub("", parameters.get("text") or parameters.get("caption", ""))),
        rows=tuple(_list_rows(parameters.get("reply_markup"))),
        picture=file if call.method == "sendPhoto" else None,
        voice=file if call.method == "sendVoice" else None,
    )


def _list_rows(markup: Any) -> Iterator[tuple[str, ...]]:
    keyboard = (json.loads(markup) if isinstance(markup, str) else markup) or {}
    for row in keyboard.get("inline_keyboard", ()):
        yield tuple(button["text"] for button in row)

"""HTML of the Bot API: text with tags becomes plain text and its entities, or is refused."""

import re
from dataclasses import dataclass
from typing import Any, NoReturn

from simulator.errors import bad_request

Entity = dict[str, Any]

SIMPLE_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
NAMED_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
CHARACTER = re.compile(r"&(?:#(\d+)|#x([0-9a-fA-F]+)|(lt|gt|amp|quot));?")
TAG_NAME = re.compile(r"[^\s>/]*")
ATTRIBUTE = re.compile(
    r"""\s*([a-zA-Z0-9-]+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([a-zA-Z0-9.-]+)))?"""
)
COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w+)?")


def utf16_length(text: str) -> int:
    """Count UTF-16 code units, Telegram's measure of text."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def find_commands(text: str) -> list[Entity]:
    """Find the bot commands which a client marks in typed text."""
    if "/" not in text:
        return []
    return [
        {
            "type": "bot_command",
            "offset": utf16_length(text[: match.start()]),
            "length": utf16_length(match.group()),
        }
        for match in COMMAND.finditer(text)
    ]


def parse_html(markup: str) -> tuple[str, list[Entity]]:
    """Split HTML into plain text and entities, or refuse it in Telegram's words."""
    if "<" not in markup and "&" not in markup:
        return _trim(markup, [])
    return _trim(*_Parser(markup).parse())


@dataclass(slots=True)
class _OpenTag:
    name: str
    start: int
    extra: Entity


class _Parser:
    """Read the markup once, from left to right."""

    def __init__(self, markup: str) -> None:
        self.markup = markup
        self.at = 0
        self.parts: list[str] = []
        self.units = 0
        self.open: list[_OpenTag] = []
        self.entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.markup):
            if self.markup.startswith("</", self.at):
                self._close_tag()
            elif self.markup[self.at] == "<":
                self._open_tag()
            elif self.markup[self.at] == "&":
                self._read_character()
            else:
                self._read_plain()
        if self.open:
            tag = self.open[-1].name
            _refuse(f'Can\'t find end tag corresponding to start tag "{tag}"')
        self.entities.sort(key=lambda e: (e["offset"], -e["length"]))
        return "".join(self.parts), self.entities

    def _write(self, text: str) -> None:
        self.parts.append(text)
        self.units += utf16_length(text)

    def _read_plain(self) -> None:
        match = re.compile(r"[^<&]+").match(self.markup, self.at)
        assert match is not None  # noqa: S101 - the caller saw another character
        self._write(match.group())
        self.at = match.end()

    def _read_character(self) -> None:
        match = CHARACTER.match(self.markup, self.at)
        self._write(_decode(match) if match else "&")
        self.at = match.end() if match else self.at + 1

    def _open_tag(self) -> None:
        begin, byte = self.at, self._byte()
        name_match = TAG_NAME.match(self.markup, begin + 1)
        name = name_match.group().lower() if name_match else ""
        if name not in SIMPLE_TAGS:
            _refuse(f'Unsupported start tag "{name}" at byte offset {byte}')
        self.at = begin + 1 + len(name)
        attributes = self._read_attributes(name, byte)
        self.open.append(_OpenTag(name, self.units, _extra(name, attributes, byte)))

    def _read_attributes(self, name: str, byte: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            self._skip_spaces()
            if self.at >= len(self.markup):
                _refuse(f'Unclosed start tag "{name}" at byte offset {byte}')
            if self.markup[self.at] == ">":
                self.at += 1
                return attributes
            match = ATTRIBUTE.match(self.markup, self.at)
            if match is None:
                _refuse(f'Empty attribute name in the tag "{name}" at byte offset {byte}')
            value = next(v for v in (*match.groups()[1:], "") if v is not None)
            attributes[match[1].lower()] = CHARACTER.sub(_decode, value)
            self.at = match.end()

    def _skip_spaces(self) -> None:
        while self.at < len(self.markup) and self.markup[self.at].isspace():
            self.at += 1

    def _close_tag(self) -> None:
        byte = self._byte()
        end = self.markup.find(">", self.at)
        if end < 0:
            _refuse(f"Unclosed end tag at byte offset {byte}")
        if not self.open:
            _refuse(f"Unexpected end tag at byte offset {byte}")
        name = self.markup[self.at + 2 : end].strip().lower()
        tag = self.open.pop()
        if name not in ("", tag.name):
            _refuse(
                f"Unmatched end tag at byte offset {byte},"
                f' expected "</{tag.name}>", found "</{name}>"'
            )
        self.at = end + 1
        self._finish(tag)

    def _finish(self, tag: _OpenTag) -> None:
        length = self.units - tag.start
        if length:
            kind = {"type": SIMPLE_TAGS[tag.name], "offset": tag.start, "length": length}
            self.entities.append(kind | tag.extra)

    def _byte(self) -> int:
        return len(self.markup[: self.at].encode())


def _decode(match: re.Match[str]) -> str:
    code = int(match[1]) if match[1] else int(match[2], 16) if match[2] else 0
    if code > 0x10FFFF:
        return match.group()
    return chr(code) if code else NAMED_CHARACTERS.get(match[3] or "", "&")


def _extra(name: str, attributes: dict[str, str], byte: int) -> Entity:
    if name == "span" and attributes.get("class") != "tg-spoiler":
        _refuse(f'Tag "span" must have class "tg-spoiler" at byte offset {byte}')
    if name == "a":
        return {"url": attributes.get("href", "")}
    if name == "tg-emoji":
        return {"custom_emoji_id": attributes.get("emoji-id", "")}
    if name == "blockquote" and "expandable" in attributes:
        return {"type": "expandable_blockquote"}
    return {}


def _trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    lead = utf16_length(text) - utf16_length(text.lstrip())
    trimmed = text.strip()
    end = utf16_length(trimmed) if entities else 0
    kept = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        stop = min(entity["offset"] - lead + entity["length"], end)
        if stop > start:
            kept.append(entity | {"offset": start, "length": stop - start})
    return trimmed, kept


def _refuse(words: str) -> NoReturn:
    raise bad_request(f"can't parse entities: {words}")

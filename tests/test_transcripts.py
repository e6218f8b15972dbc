"""Conversations that a ministry can read: each file is replayed line by line.

`RENEW_TRANSCRIPTS=1 make test` writes down what the bot answers now; read the difference before
you commit it. tests/transcripts/README.md says how to read and write a file.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.dialogue import Context, Turn
from domain.events import (
    AskedAgain,
    Cancelled,
    ChoiceMade,
    ContactShared,
    Event,
    HelpRequested,
    PhotoSent,
    PlaceShared,
    Skipped,
    SomethingElseSent,
    Started,
    VoiceSent,
    WentBack,
)
from domain.facts import Fact, LanguageChosen
from domain.replies import (
    Buttons,
    Keyboard,
    Keys,
    NoKeys,
    Remove,
    Reply,
    Rewrite,
    Say,
    Toast,
    Unbutton,
)
from tests.chat import Chat

FOLDER = Path(__file__).parent / "transcripts"
EVENTS: dict[str, Event] = {
    "/back": WentBack(),
    "/skip": Skipped(),
    "/help": HelpRequested(),
    "/cancel": Cancelled(),
    "(voice note)": VoiceSent("voice"),
    "(photo)": PhotoSent("photo"),
    "(sticker)": SomethingElseSent("sticker"),
    "(pin)": PlaceShared(13.0957, 103.2022),
    "(somebody else's contact)": ContactShared("+85512999888", own=False),
    "(own contact from abroad)": ContactShared("+66812345678", own=True),
    "(after an outage)": AskedAgain("outage"),
    "(a day later)": AskedAgain("nudge"),
}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_conversation_goes_as_written(path: Path) -> None:
    written = path.read_text("utf-8")
    said = "\n".join(replay(written.splitlines())) + "\n"
    if os.environ.get("RENEW_TRANSCRIPTS"):
        path.write_text(said, "utf-8")
    assert said == path.read_text("utf-8")


def replay(lines: list[str]) -> Iterator[str]:
    """Keep headings and what the person does, and write anew what the bot answers."""
    chat = Chat()
    for line in lines:
        if line.startswith("#") or (not line and not chat.acts):
            yield line
        elif line.startswith("@ "):
            chat.context = set_up(chat.context, line)
            yield line
        elif line.startswith("> "):
            yield line
            yield from write_turn(chat, act(chat, line.removeprefix("> ")))


def set_up(context: Context, line: str) -> Context:
    match line.removeprefix("@ ").split(": "):
        case "language", locale:
            return replace(context, locale=locale)
        case "Telegram name", name:
            first, _, last = name.partition(" ")
            return replace(context, first_name=first, last_name=last)
        case "has registered before", number:
            return replace(context, registered_before=True, helper_phone=number)
        case ["official"]:
            return replace(context, specimen=False)
        case _:
            raise ValueError(line)


def act(chat: Chat, what: str) -> Turn:
    if what in EVENTS:
        return chat.do(EVENTS[what])
    if what.startswith("/start"):
        return chat.do(Started(what.removeprefix("/start").strip() or None))
    if what.startswith("(language "):
        chat.context = replace(chat.context, locale=what[-3:-1])
        return chat.do(AskedAgain("language"))
    if what == "(the same tap again)":
        return chat.do(next(one for one in reversed(chat.acts) if isinstance(one, ChoiceMade)))
    if what == "(10,000 letters)":
        return chat.type("ក" * 10_000)
    if label := re.fullmatch(r"\[(.+)\]", what):
        return chat.press(label[1])
    return chat.type(what)


def write_turn(chat: Chat, turn: Turn) -> Iterator[str]:
    for reply in turn.replies:
        yield from write_reply(chat, reply)
    for fact in turn.facts:
        yield f"= {write_fact(fact)}"


def write_reply(chat: Chat, reply: Reply) -> Iterator[str]:
    match reply:
        case Say(paragraphs, keyboard, silent):
            sign = "< (silently) " if silent else "< "
            yield sign + indent(chat.write(paragraphs))
            yield from write_keyboard(chat, keyboard)
        case Rewrite(_, paragraphs, keyboard):
            yield "~ " + indent(chat.write(paragraphs))
            yield from write_keyboard(chat, keyboard)
        case Toast(text):
            yield "! " + chat.write((text,))
        case Unbutton():
            yield "~ (the buttons above are gone)"
        case Remove():
            yield "x (the person's message is removed)"


def write_keyboard(chat: Chat, keyboard: Keyboard | None) -> Iterator[str]:
    match keyboard:
        case Buttons(rows):
            for row in rows:
                yield "  " + " ".join(f"[{chat.write_label(button.label)}]" for button in row)
        case Keys(rows):
            for keys in rows:
                yield "  ⌨ " + " ".join(f"[{chat.write_label(key.label)}]" for key in keys)
        case NoKeys():
            yield "  ⌨ (away)"


def indent(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.split("\n")).strip()


def write_fact(fact: Fact) -> str:
    name = type(fact).__name__
    return f"{name} {fact.locale}" if isinstance(fact, LanguageChosen) else name

"""A worker's chat with the whole bot behind it: what is sent there, and what the worker presses."""

import html
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

from db.drafts import Shown, note_shown
from db.unit_of_work import UnitOfWork
from domain.events import Answered, ContactShared, Event
from domain.outbox import Call
from handlers import chats
from handlers.arrivals import ButtonTapped, CommandSent, MessageSent
from handlers.context import Context
from services.desk import Person
from services.notice_checking import CheckLimit
from services.taps import decode_tap
from tests.chat import HAPPY_PATH, OWN_NUMBER
from tests.services.counter import Counter, read_parameters

Buttons = list[list[dict[str, Any]]]


@dataclass
class Message:
    """A message of the bot on the screen."""

    id: int
    buttons: Buttons


@dataclass
class Conversation:
    """Does what a worker does, through the handlers, and shows what comes of it as lines."""

    counter: Counter
    chat_id: int = 7
    screen: list[Message] = field(default_factory=list)
    keys: list[dict[str, Any]] = field(default_factory=list)
    last_id: int = 0

    async def act(self, what: str) -> list[str]:
        """Type something, send a command, or press what is in square brackets."""
        self.counter.forget_sent()
        self.last_id += 1
        if label := re.fullmatch(r"\[(.+)\]", what):
            await self._press(label[1])
        elif command := re.fullmatch(r"/(\w+) ?(.*)", what):
            await self._do(chats.on_command, CommandSent(self._person, command[1], command[2]))
        else:
            await self.send(Answered(what, self.last_id))
        return await self.read()

    async def send(self, event: Event) -> None:
        """Send a message of any kind."""
        await self._do(chats.on_message, MessageSent(self._person, event))

    async def submit(self, locale: str = "km") -> None:
        """Register without a mistake."""
        await self.act("/start")
        for one in HAPPY_PATH[locale]:
            await self.act(one.removeprefix("= ") if one.startswith("= ") else f"[{one}]")
        self.counter.forget_sent()

    async def read(self) -> list[str]:
        """Read what has come since the last look: messages, changed ones, short lines."""
        mine = [call for call in self.counter.sent if call.chat_id == self.chat_id]
        lines = [line for call in mine for line in await self._show(call)]
        lines += [f"! {words}" for words in self.counter.toasts if words]
        self.counter.forget_sent()
        return lines

    def labels(self) -> list[str]:
        """List the buttons of the newest message that has some."""
        newest = next((one for one in reversed(self.screen) if one.buttons), Message(0, []))
        return [button["text"] for row in newest.buttons for button in row]

    @property
    def _person(self) -> Person:
        return Person(self.chat_id, "Dara", "Sok")

    async def _do(self, handler: Callable[[Any, Context], Awaitable[None]], arrival: Any) -> None:
        async def work(uow: UnitOfWork) -> None:
            await uow.load([self.chat_id])
            shared = SimpleNamespace(uow=uow, desk=self.counter.desk, check_limit=CheckLimit())
            context = cast("Context", shared)
            await chats.on_any(arrival, context)
            await handler(arrival, context)

        await self.counter.run(work)

    async def _press(self, label: str) -> None:
        for key in self.keys:
            if key["text"] == label:
                shares = key.get("request_contact", False)
                shared = ContactShared(OWN_NUMBER, own=True)
                await self.send(shared if shares else Answered(label, self.last_id))
                return
        for message in reversed(self.screen):
            for button in (button for row in message.buttons for button in row):
                if button["text"] == label:
                    tap = decode_tap(button["callback_data"])
                    tapped = ButtonTapped(self._person, "tap", tap, message.id)
                    await self._do(chats.on_tap, tapped)
                    return
        raise LookupError(f"no button {label}; there are {self.labels()}")

    async def _show(self, call: Call) -> list[str]:
        parameters = read_parameters(call)
        markup = parameters.get("reply_markup", {})
        match call.method:
            case "sendMessage" | "sendPhoto" | "sendDocument":
                return await self._show_new(call, parameters, markup)
            case "editMessageText" | "editMessageReplyMarkup":
                buttons = markup.get("inline_keyboard", [])
                for message in self.screen:
                    if message.id == parameters["message_id"]:
                        message.buttons = buttons
                words = write(parameters.get("text", "")) or "(the buttons above are gone)"
                return [f"~ {words}", *write_rows(buttons, "")]
            case _:
                return ["x (the person's message is removed)"]

    async def _show_new(
        self, call: Call, parameters: dict[str, Any], markup: dict[str, Any]
    ) -> list[str]:
        self.last_id += 1
        buttons, keys = markup.get("inline_keyboard", []), markup.get("keyboard", [])
        self.screen.append(Message(self.last_id, buttons))
        if keys or "remove_keyboard" in markup:
            self.keys = [key for row in keys for key in row]
        if call.question is not None:
            await self._tell_id(Shown(self.chat_id, call.question, self.last_id))
        kinds = {"sendPhoto": "(a picture) ", "sendDocument": "(a document) "}
        kind = kinds.get(call.method, "")
        words = write(parameters.get("text") or parameters.get("caption", ""))
        return [f"< {kind}{words}", *write_rows(buttons, ""), *write_rows(keys, "⌨ ")]

    async def _tell_id(self, shown: Shown) -> None:
        """Tell the draft which message shows its question, as the sender does."""

        async def work(uow: UnitOfWork) -> None:
            uow.write(partial(note_shown, shown=[shown]))

        await self.counter.run(work)


def write(text: str) -> str:
    """Write a message without its markup, further lines indented."""
    words = html.unescape(re.sub("<[^>]+>", "", text))
    return "\n".join(f"  {line}".rstrip() for line in words.split("\n")).strip()


def write_rows(rows: Buttons, sign: str) -> list[str]:
    """Write the rows of a keyboard."""
    return [f"  {sign}" + " ".join(f"[{one['text']}]" for one in row) for row in rows]

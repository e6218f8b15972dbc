"""A simulated person who knows nothing of the form and does what the newest messages ask for.

It shares what it is asked to share, presses what it is shown, types the example after «ឧ.» or
"e.g.", and is content with an application number. It waits for the bot and repeats nothing.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from simulator.people import Act, People
from simulator.reading import (
    Button,
    describe_state,
    find_example,
    find_number,
    list_buttons,
    list_keys,
    read_text,
)
from simulator.telegram import Event, Message

PHNOM_PENH = (11.5564, 104.9282)
TYPES_BESIDE_BUTTONS = 0.8
POLICIES = ("curious", "random", "first")


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that the robot did: start, tap, type, press, contact or location."""

    kind: str
    what: str
    at: float
    update_id: int | None
    message_id: int | None = None


class Robot:
    """Play one person until an application number appears.

    Policies: "curious" prefers buttons seen and pressed least often, so that "back" and "cancel"
    do not hold it up; "random" takes any, "first" the first; each prefers what it has not pressed
    on the message as it stands. Labels in `prefers`, such as a language's name, are pressed once as
    soon as they show. `impatient` says start again when no answer comes, instead of giving up.
    With nothing to do it waits `idle_seconds` more: a question may still be on its way.
    """

    def __init__(
        self,
        people: People,
        person_id: int,
        *,
        policy: str = "curious",
        prefers: Collection[str] = (),
        seed: int | None = None,
        quiet_seconds: float = 0.05,
        patience_seconds: float = 10.0,
        idle_seconds: float = 0.5,
        impatient: bool = False,
        most_deeds: int = 300,
    ) -> None:
        if policy not in POLICIES:
            raise ValueError(f"policy is one of {', '.join(POLICIES)}")
        self.people = people
        self.person_id = person_id
        self.deeds: list[Deed] = []
        self.seen: list[Message] = []
        self.number: str | None = None
        self._chat = people.telegram.chats[person_id]
        self._policy = policy
        self._prefers = prefers
        self._random = random.Random(seed)  # noqa: S311 - no secret
        self._quiet_seconds = quiet_seconds
        self._patience_seconds = patience_seconds
        self._idle_seconds = idle_seconds
        self._impatient = impatient
        self._most_deeds = most_deeds
        self._news = asyncio.Event()
        self._pressed: Counter[tuple[str, str]] = Counter()
        self._labels_seen: Counter[str] = Counter()
        self._labels_pressed: Counter[str] = Counter()
        self._typed: set[str] = set()
        self._shared: set[int | None] = set()

    def count(self, *kinds: str) -> int:
        """Count the deeds of these kinds, or all."""
        return sum(1 for deed in self.deeds if not kinds or deed.kind in kinds)

    async def run(self, payload: str = "", *, start: bool = True) -> str | None:
        """Live until there is a number; return it, or None when the bot leaves nothing to do."""
        end = self.people.telegram.watch(self.person_id, self._notice)
        try:
            if start:
                self._start(payload)
            waits = self._patience_seconds
            while self.number is None and len(self.deeds) < self._most_deeds:
                if await self._hear(waits):
                    acted = self.number is not None or self._act()
                    waits = self._patience_seconds if acted else self._idle_seconds
                elif self._impatient and waits == self._patience_seconds:
                    self._start(payload)
                else:
                    break
            return self.number
        finally:
            end()

    def _notice(self, event: Event) -> None:
        message = event.get("message")
        if event["type"] in ("message", "edited") and message and message["from_bot"]:
            self._read(message)
            self._news.set()
        elif event["type"] == "keyboard" or event.get("text"):
            self._news.set()

    def _read(self, message: Message) -> None:
        self.seen.append(message)
        self._labels_seen.update(button["text"] for button in list_buttons(message))
        text = read_text(message)
        number = find_number(text)
        if number and number not in (find_example(text) or ""):
            self.number = number

    async def _hear(self, seconds: float) -> bool:
        """Wait for the bot, then until it is quiet; tell whether anything came."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        while self._news.is_set():
            self._news.clear()
            await asyncio.sleep(self._quiet_seconds)
        return True

    def _act(self) -> bool:
        """Do one thing that the chat asks for; tell whether there was any."""
        return self._share_what_is_asked() or self._answer_newest_question() or self._press_key()

    def _start(self, payload: str) -> None:
        self._note("start", payload, lambda: self.people.start(self.person_id, payload))

    def _note(self, kind: str, what: str, act: Callable[[], Act]) -> bool:
        self._news.clear()
        at = self.people.telegram.clock.now()
        done = act()
        self.deeds.append(Deed(kind, what, at, done.update_id, done.message_id))
        return True

    def _share_what_is_asked(self) -> bool:
        if self._chat.keyboard_message_id in self._shared:
            return False
        for key in list_keys(self._chat.keyboard):
            if key.keys() & {"request_contact", "request_location"}:
                self._shared.add(self._chat.keyboard_message_id)
            if key.get("request_contact"):
                return self._note(
                    "contact", key["text"], lambda: self.people.share_contact(self.person_id)
                )
            if key.get("request_location"):
                return self._note("location", key["text"], self._share_location)
        return False

    def _share_location(self) -> Act:
        return self.people.share_location(self.person_id, *PHNOM_PENH)

    def _answer_newest_question(self) -> bool:
        bot_id = self.people.telegram.bot["id"]
        for message in reversed(tuple(self._chat.messages.values())):
            if message["from"]["id"] != bot_id:
                continue
            buttons = list_buttons(message)
            if self._wants_to_type(message, buttons):
                return self._type_example(message)
            if buttons:
                return self._tap(message, buttons)
        return False

    def _wants_to_type(self, message: Message, buttons: list[Button]) -> bool:
        if find_example(read_text(message)) is None or describe_state(message) in self._typed:
            return False
        return not buttons or self._random.random() < TYPES_BESIDE_BUTTONS

    def _type_example(self, message: Message) -> bool:
        example = find_example(read_text(message)) or ""
        self._typed.add(describe_state(message))
        return self._note("type", example, lambda: self.people.type_text(self.person_id, example))

    def _tap(self, message: Message, buttons: list[Button]) -> bool:
        state = describe_state(message)
        button = self._choose(buttons, state)
        self._pressed[state, button["callback_data"]] += 1
        self._labels_pressed[button["text"]] += 1
        message_id, data = message["message_id"], button["callback_data"]
        return self._note(
            "tap", button["text"], lambda: self.people.tap(self.person_id, message_id, data)
        )

    def _choose(self, buttons: list[Button], state: str) -> Button:
        least = min(self._pressed[state, button["callback_data"]] for button in buttons)
        fresh = [b for b in buttons if self._pressed[state, b["callback_data"]] == least]
        liked = [b for b in fresh if b["text"] in self._prefers]
        if liked and not self._labels_pressed[liked[0]["text"]]:
            return liked[0]
        if self._policy == "first":
            return fresh[0]
        if self._policy == "random":
            return self._random.choice(fresh)
        return self._random.choices(fresh, [self._interest(b["text"]) for b in fresh])[0]

    def _interest(self, label: str) -> float:
        known = self._labels_seen[label] + 4 * self._labels_pressed[label]
        return 1 / (1 + known) ** 3

    def _press_key(self) -> bool:
        keys: list[dict[str, Any]] = list_keys(self._chat.keyboard)
        if not keys:
            return False
        key = self._choose([k | {"callback_data": k["text"]} for k in keys], "keyboard")
        self._pressed["keyboard", key["text"]] += 1
        return self._note(
            "press", key["text"], lambda: self.people.type_text(self.person_id, key["text"])
        )

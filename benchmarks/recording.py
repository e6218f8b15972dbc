"""What really happened at Telegram: every act of the people, every message that reached them."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from simulator.reading import find_example, list_buttons, list_keys, read_text
from simulator.server import Simulator
from simulator.telegram import Event, Telegram
from simulator.updates import Entry


@dataclass(frozen=True)
class Act:
    """What a person did: the update that came of it, exactly as Telegram gives it."""

    update_id: int
    queue: str
    raw: dict[str, Any]

    @property
    def chat_id(self) -> int:
        """The private chat, which has the person's own number."""
        return int(self.queue.partition(":")[2])


class Recorder:
    """Watches the simulator from inside, whatever the bot says of itself."""

    def __init__(self, simulator: Simulator) -> None:
        self.telegram = simulator.telegram
        self.acts: dict[int, Act] = {}
        self.expired: set[int] = set()
        self.messages: Counter[int] = Counter()
        self.heard_at: dict[int, float] = {}
        self.answers = 0
        self._ends: dict[int, float] = {}
        self.telegram.updates.on_add.append(self._note_act)
        self.telegram.updates.on_forget.append(self._note_forgotten)

    def follow(self, chat_id: int) -> None:
        """Count what the bot says in a chat."""
        self.telegram.watch(chat_id, lambda event: self._note_event(chat_id, event))

    def list_waiting(self) -> set[int]:
        """List the updates that the bot has not confirmed."""
        return set(self.telegram.updates.pending)

    def _note_act(self, entry: Entry) -> None:
        if entry.update_id not in self.acts:
            self.acts[entry.update_id] = Act(entry.update_id, entry.queue, json.loads(entry.body))
            self._ends[entry.update_id] = entry.expires_at

    def _note_forgotten(self, update_id: int) -> None:
        if self._ends[update_id] <= self.telegram.clock.now():
            self.expired.add(update_id)

    def _note_event(self, chat_id: int, event: Event) -> None:
        message = event.get("message")
        if event["type"] == "callback_answer":
            self.heard_at[chat_id] = self.telegram.clock.now()
        if event["type"] in ("message", "edited") and message and message["from_bot"]:
            self.heard_at[chat_id] = self.telegram.clock.now()
            self.answers += 1
            self.messages[chat_id] += event["type"] == "message"


def has_open_question(telegram: Telegram, chat_id: int, question: str) -> bool:
    """Tell whether a person sees the buttons of a question, keys, or an example to type."""
    chat = telegram.chats[chat_id]
    said = [one for one in chat.messages.values() if one["from"]["id"] == telegram.bot["id"]]
    taps = [button["callback_data"] for message in said for button in list_buttons(message)]
    if list_keys(chat.keyboard) or any(tap.startswith(question) for tap in taps):
        return True
    return bool(said) and find_example(read_text(said[-1])) is not None

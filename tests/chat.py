"""A chat without Telegram: a person on one side, the dialogue on the other, a screen between."""

import html
import json
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from db.reference import load_gazetteer, load_occupations
from domain.dialogue import Context, Turn, take_turn
from domain.drafts import Draft, read_draft, write_draft
from domain.events import Answered, ChoiceMade, ContactShared, Event, PlaceShared, WentBack
from domain.facts import Fact, LanguageChosen
from domain.form import Form
from domain.registration_form import REGISTRATION_FORM
from domain.replies import (
    Button,
    Buttons,
    Key,
    Keyboard,
    Keys,
    NoKeys,
    Remove,
    Reply,
    Rewrite,
    Say,
    Tap,
    Toast,
    Unbutton,
)
from domain.texts import Text
from locales.catalogue import Names, render, render_plain

NAMES = Names(load_gazetteer(), load_occupations())
OWN_NUMBER = "+85512345678"
CONTEXT = Context(
    now=datetime(2026, 11, 23, 2, 0, tzinfo=UTC),
    today=date(2026, 11, 23),
    gazetteer=NAMES.gazetteer,
    occupations=NAMES.occupations,
    locale=None,
    first_name="Dara",
    last_name="Sok",
    new_tag="abc234",
)

HAPPY_PATH = {
    "km": (
        *("ខ្មែរ", "យល់ព្រម", "លក់ដូរ និងម្ហូបអាហារ", "អាជីវករលក់នៅផ្សារ"),
        *("រកស៊ីខ្លួនឯង គ្មានជួលគេ", "៣-៥ ឆ្នាំ", "៤០-៨០ ម៉ឺន"),
        *("បាត់ដំបង", "បាត់ដំបង", "ស្វាយប៉ោ", "កំពង់ក្របី"),
        *("ក្នុងភូមិដែលខ្ញុំរស់នៅ", "= សុខ ដារ៉ា", "SOK DARA", "ស្រី"),
        *("១៩៩០-១៩៩៩", "១៩៩០", "មេសា", "១៥", "📱 ផ្ញើលេខទូរស័ព្ទរបស់ខ្ញុំ", "= ១២៣៤៥៦៧៨៩"),
        *("បណ្តុះបណ្តាលជំនាញ", "✅ រួចរាល់", "រំលង", "មិនចង់ទទួល", "✅ ចុះឈ្មោះ"),
    ),
    "en": (
        *("English", "I agree", "Trade and food", "Market stall vendor"),
        *("For myself, hiring nobody", "3-5 years", "400,000-800,000"),
        *("Battambang", "Battambang", "Svay Por", "Kampong Krabei"),
        *("In my home village", "= សុខ ដារ៉ា", "SOK DARA", "Woman"),
        *("1990-1999", "1990", "April", "15", "📱 Send my phone number", "= 123456789"),
        *("Skills training", "✅ Done", "Skip", "No, thank you", "✅ Register"),
    ),
}
"""What a person presses, and after `= ` types, from the language to the declaration."""


@dataclass
class Shown:
    """A message of the bot on the screen."""

    id: int
    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()


@dataclass
class Chat:
    """A person's chat; the draft is written to JSON and read back at every wait.

    Telegram has told the id of the last message with buttons, unless `knows_question` is false.
    """

    context: Context = CONTEXT
    form: Form = REGISTRATION_FORM
    stored: str | None = None
    screen: list[Shown] = field(default_factory=list)
    keys: tuple[tuple[Key, ...], ...] = ()
    facts: list[Fact] = field(default_factory=list)
    acts: list[Event] = field(default_factory=list)
    turn: Turn = field(default_factory=lambda: Turn(None))
    last_id: int = 0
    question_id: int | None = None
    knows_question: bool = True
    empty_edits: int = 0

    @property
    def draft(self) -> Draft | None:
        return read_draft(json.loads(self.stored)) if self.stored else None

    @property
    def locale(self) -> str:
        return self.context.locale or "km"

    def do(self, event: Event) -> Turn:
        """Let something happen, and put the answer on the screen."""
        self.acts.append(event)
        known = self.question_id if self.knows_question else None
        context = replace(self.context, question_message_id=known)
        self.turn = take_turn(self.form, self.draft, event, context)
        self.store(self.turn.draft)
        self.facts += self.turn.facts
        for fact in self.turn.facts:
            if isinstance(fact, LanguageChosen):
                self.context = replace(self.context, locale=fact.locale)
        for reply in self.turn.replies:
            self._show(reply)
        return self.turn

    def store(self, draft: Draft | None) -> None:
        """Keep a draft as JSON."""
        self.stored = json.dumps(write_draft(draft)) if draft else None

    def type(self, text: str) -> Turn:
        """Type a message."""
        self.last_id += 1
        return self.do(Answered(text, self.last_id))

    def press(self, label: str) -> Turn:
        """Press what carries this label: a key below the chat, or the newest button."""
        for key in (key for row in self.keys for key in row):
            if self.write_label(key.label) == label:
                return self.do(self._event_of(key))
        return self.do(self.find_tap(label))

    def walk(self, acts: tuple[str, ...]) -> None:
        """Press one label after the other; what begins with `= ` is typed."""
        for one in acts:
            if one.startswith("= "):
                self.type(one.removeprefix("= "))
            else:
                self.press(one)

    def find_tap(self, label: str) -> ChoiceMade:
        """Find the newest button with this label."""
        for shown in reversed(self.screen):
            for button in (button for row in shown.buttons for button in row):
                if button.tap and self.write_label(button.label) == label:
                    return tapped(button.tap, shown.id)
        raise LookupError(f"no button {label}; there are {self.labels()}")

    def labels(self) -> list[str]:
        """List what can be pressed now: keys, then the buttons of the newest message with some."""
        keys = [self.write_label(key.label) for row in self.keys for key in row]
        newest = next((shown for shown in reversed(self.screen) if shown.buttons), None)
        rows = newest.buttons if newest else ()
        return keys + [self.write_label(button.label) for row in rows for button in row]

    def write(self, paragraphs: tuple[Text, ...]) -> str:
        """Write a message as the person reads it."""
        written = "\n\n".join(render(text, self.locale, NAMES) for text in paragraphs)
        return html.unescape(re.sub("<[^>]+>", "", written))

    def write_label(self, label: Text | str) -> str:
        """Write what is on a button."""
        return label if isinstance(label, str) else render_plain(label, self.locale, NAMES)

    def _event_of(self, key: Key) -> Event:
        if key.asks_contact:
            return ContactShared(OWN_NUMBER, own=True)
        if key.asks_place:
            return PlaceShared(13.0957, 103.2022)
        return WentBack()

    def _show(self, reply: Reply) -> None:
        match reply:
            case Say(paragraphs, keyboard):
                self.last_id += 1
                self.screen.append(Shown(self.last_id, self.write(paragraphs), rows_of(keyboard)))
                self._change_keys(keyboard)
                if isinstance(keyboard, Buttons):
                    self.question_id = self.last_id
            case Rewrite(message_id, paragraphs, keyboard):
                self._rewrite(message_id, self.write(paragraphs), rows_of(keyboard))
            case Unbutton(message_id):
                self._find(message_id).buttons = ()
            case Remove() | Toast():
                pass

    def _rewrite(self, message_id: int, text: str, buttons: tuple[tuple[Button, ...], ...]) -> None:
        shown = self._find(message_id)
        self.empty_edits += (shown.text, shown.buttons) == (text, buttons)
        shown.text, shown.buttons = text, buttons

    def _find(self, message_id: int) -> Shown:
        found = (shown for shown in self.screen if shown.id == message_id)
        return next(found, Shown(message_id, ""))

    def _change_keys(self, keyboard: Keyboard | None) -> None:
        if isinstance(keyboard, Keys):
            self.keys = keyboard.rows
        if isinstance(keyboard, NoKeys):
            self.keys = ()


def rows_of(keyboard: Keyboard | None) -> tuple[tuple[Button, ...], ...]:
    """Return the rows of an inline keyboard."""
    return keyboard.rows if isinstance(keyboard, Buttons) else ()


def tapped(tap: Tap, message_id: int | None = None) -> ChoiceMade:
    """Return the event of a tap."""
    return ChoiceMade(tap.draft, tap.question, tap.choice, message_id)

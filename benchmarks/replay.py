"""What must come of a person's acts: the rules of the dialogue alone, without bot and database.

It knows how arrivals become events and what the facts of a turn establish, and nothing of batches,
transactions, retries or sending. The bot's database is held against it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from domain.context import Context
from domain.dialogue import take_turn
from domain.drafts import Draft, write_draft
from domain.events import (
    Answered,
    AskedAgain,
    Cancelled,
    ChoiceMade,
    Event,
    HelpRequested,
    Skipped,
    Started,
    WentBack,
)
from domain.facts import Declined, DraftErased, Fact, LanguageChosen, Submitted
from domain.registrations import Registration
from domain.replies import Say
from handlers.arrivals import Arrival, ButtonTapped, CommandSent, MessageSent
from handlers.words import find_command
from services.around import LANGUAGE
from services.desk import Desk
from services.taps import CHAT

SAYS_AFTER_SUBMISSION = 2
FORM_COMMANDS: dict[str, Event] = {
    "back": WentBack(),
    "skip": Skipped(),
    "continue": AskedAgain("returned"),
    "help": HelpRequested(),
    "cancel": Cancelled(),
}


@dataclass(frozen=True)
class Taken:
    """An act as it was read, and the moment at which it was taken."""

    arrival: Arrival
    taken_at: datetime


@dataclass(frozen=True)
class Outcome:
    """Where a person stands: the draft, the applications, what is known of the chat.

    `said` counts the messages that the person was sent.
    """

    draft: dict[str, Any] | None = None
    applications: tuple[dict[str, Any], ...] = ()
    locale: str | None = None
    wants_notices: bool = False
    said: int = 0


class Replay:
    """One person's acts, taken one after the other, each exactly once."""

    def __init__(self, desk: Desk, acts: Sequence[Taken]) -> None:
        self._desk = desk
        self._acts = acts
        self._tags: set[str] = set()
        self._draft: Draft | None = None
        self._applications: list[dict[str, Any]] = []
        self._locale: str | None = None
        self._wants_notices = False
        self._said = 0

    def run(self) -> Outcome:
        """Take every act, and say where that leads."""
        for position, act in enumerate(self._acts):
            self._take(position, act)
        return Outcome(
            draft=as_json(write_draft(self._draft)) if self._draft else None,
            applications=tuple(self._applications),
            locale=self._locale,
            wants_notices=self._wants_notices,
            said=self._said,
        )

    def _take(self, position: int, act: Taken) -> None:
        match act.arrival:
            case CommandSent(name=name, argument=argument):
                self._take_command(position, name, argument)
            case MessageSent(event=Answered(text=text)) if command := find_command(text):
                self._take_command(position, command, "")
            case MessageSent(event=event):
                self._take_event(position, event)
            case ButtonTapped(tap=tap, message_id=message_id) if tap and tap.draft != CHAT:
                event = ChoiceMade(tap.draft, tap.question, tap.choice, message_id)
                self._take_event(position, event)
            case ButtonTapped(tap=tap) if tap:
                self._choose_language(position, tap.choice)
            case _:
                pass

    def _take_command(self, position: int, name: str, argument: str) -> None:
        if name == "start":
            self._take_event(position, Started(argument.strip()[:64] or None))
        elif name in FORM_COMMANDS and self._draft is not None:
            self._take_event(position, FORM_COMMANDS[name])
        else:
            if name in ("stop", "notices"):
                self._wants_notices = name == "notices"
            self._said += 1

    def _choose_language(self, position: int, locale: str) -> None:
        if self._draft is not None and self._draft.question == LANGUAGE:
            self._take_event(position, ChoiceMade(self._draft.tag, LANGUAGE, locale))
            return
        self._locale = locale
        if self._draft is not None:
            self._take_event(position, AskedAgain("language"))
        else:
            self._said += 1

    def _take_event(self, position: int, event: Event) -> None:
        if self._draft is None and not isinstance(event, Started):
            self._said += not isinstance(event, ChoiceMade)
            return
        act = self._acts[position]
        tag = self._draft.tag if self._draft else self._find_tag(position)
        context = self._make_context(act, tag)
        turn = take_turn(self._desk.form, self._draft, event, context)
        self._draft = turn.draft
        self._tags.add(tag)
        self._said += sum(isinstance(reply, Say) for reply in turn.replies)
        for fact in turn.facts:
            self._keep(fact, tag)

    def _find_tag(self, position: int) -> str:
        """Find the tag that a new draft was given: its buttons carry it."""
        for act in self._acts[position:]:
            tap = act.arrival.tap if isinstance(act.arrival, ButtonTapped) else None
            if tap and tap.draft != CHAT and tap.draft not in self._tags:
                return tap.draft
        return "untapped"

    def _make_context(self, act: Taken, tag: str) -> Context:
        desk, person = self._desk, act.arrival.person
        return Context(
            now=act.taken_at,
            today=act.taken_at.astimezone(desk.time_zone).date(),
            gazetteer=desk.gazetteer,
            occupations=desk.occupations,
            locale=self._locale,
            first_name=person.first_name,
            last_name=person.last_name,
            specimen=desk.specimen,
            minimum_age=desk.minimum_age,
            registered_before=bool(self._applications),
            new_tag=tag,
        )

    def _keep(self, fact: Fact, tag: str) -> None:
        match fact:
            case LanguageChosen(locale):
                self._locale = locale
            case Submitted(registration, answers):
                self._applications.append(describe_application(registration, answers, tag))
                self._wants_notices = self._wants_notices or registration.wants_notices
                self._said += SAYS_AFTER_SUBMISSION
            case Declined() | DraftErased() if not self._applications:
                self._locale, self._wants_notices = None, False


def describe_application(
    registration: Registration, answers: Mapping[str, Any], tag: str
) -> dict[str, Any]:
    """Describe a submitted registration as plain values, in the shape of its rows."""
    values = asdict(registration) | {"flags": sorted(registration.flags)}
    del values["wants_notices"]
    consents = _by_purpose(values["consents"])
    return dict(as_json({"tag": tag, **values, "consents": consents, "answers": answers}))


def _by_purpose(consents: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(consents, key=lambda consent: str(consent["purpose"]))


def as_json(value: object) -> Any:
    """Return a value as it comes back from JSON, so that two of them can be compared."""
    return json.loads(json.dumps(value))

"""What one transaction reads and changes, kept in memory and stored in bulk at its end."""

import copy
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from db import applications, audit, cases, chat_questions, claims, contacts, drafts, outbox, updates
from db.claims import Claim, Giving
from db.database import Database
from db.drafts import StoredDraft
from db.errors import told_apart
from db.updates import DeadLetter
from domain.applications import Application, ApplicationSummary
from domain.audit import AuditEvent
from domain.cases import Case
from domain.contacts import Contact
from domain.outbox import Acknowledgement, Call, OutgoingCall
from domain.questions import Question

Write = Callable[[AsyncConnection], Awaitable[None]]
"""Something to be written at the end of a unit of work, in the order in which it was asked for."""


@dataclass
class Changes:
    """What is to be stored; None in place of a value means that it is to be erased."""

    contacts: dict[int, Contact | None] = field(default_factory=dict)
    drafts: dict[int, StoredDraft | None] = field(default_factory=dict)
    applications: list[Application] = field(default_factory=list)
    cases: dict[str, Case] = field(default_factory=dict)
    questions: dict[int, Question] = field(default_factory=dict)
    writes: list[Write] = field(default_factory=list)
    events: list[AuditEvent] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    acknowledgements: dict[str, Acknowledgement] = field(default_factory=dict)
    unreachable: set[int] = field(default_factory=set)
    claims: dict[int, Claim | None] = field(default_factory=dict)
    claimed: set[int] = field(default_factory=set)
    received: list[int] = field(default_factory=list)
    dead_letters: list[DeadLetter] = field(default_factory=list)

    def copied(self) -> "Changes":
        """Copy the lists, not the values in them, which never change."""
        return Changes(**{name: copy.copy(value) for name, value in vars(self).items()})


class UnitOfWork:
    """One transaction's view of the people it is about.

    Reads see the changes made so far. Nothing reaches the database before `flush`, except that
    the transaction is open all along, so that nobody else writes in between.
    """

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self.connection = connection
        self.now = now
        self.changes = Changes()
        self._contacts: dict[int, Contact] = {}
        self._drafts: dict[int, StoredDraft] = {}
        self._claims: dict[int, Claim] = {}
        self._registered: set[int] = set()

    async def load(self, chat_ids: Collection[int]) -> None:
        """Load all that is usually needed of some chats, beside those loaded before."""
        if chat_ids:
            loaded, registered = await contacts.load(self.connection, chat_ids)
            self._contacts.update(loaded)
            self._registered.update(registered)
            self._drafts.update(await drafts.load(self.connection, chat_ids))
            self._claims.update(await claims.load(self.connection, chat_ids))

    @contextmanager
    def part(self) -> Iterator[None]:
        """Undo, in memory, what a part of the work changed before it failed."""
        before = self.changes.copied()
        try:
            yield
        except BaseException:
            self.changes = before
            raise

    def find_contact(self, chat_id: int) -> Contact | None:
        """Find a loaded contact as it is now."""
        if chat_id in self.changes.contacts:
            return self.changes.contacts[chat_id]
        return self._contacts.get(chat_id)

    def save_contact(self, contact: Contact) -> None:
        """Store a contact with the rest."""
        self.changes.contacts[contact.chat_id] = contact

    def erase_contact(self, chat_id: int) -> None:
        """Forget a contact who has nothing with us."""
        self.changes.contacts[chat_id] = None

    def find_draft(self, chat_id: int) -> StoredDraft | None:
        """Find the draft of a loaded chat as it is now."""
        if chat_id in self.changes.drafts:
            return self.changes.drafts[chat_id]
        return self._drafts.get(chat_id)

    def save_draft(self, stored: StoredDraft) -> None:
        """Store a draft with the rest."""
        self.changes.drafts[stored.chat_id] = stored

    def erase_draft(self, chat_id: int) -> None:
        """Erase a chat's draft, if it has one."""
        self.changes.drafts[chat_id] = None

    def is_registered(self, chat_id: int) -> bool:
        """Tell whether an application was submitted in this chat."""
        return (
            chat_id in self._registered
            or chat_id in self.changes.claimed
            or any(new.chat_id == chat_id for new in self.changes.applications)
        )

    def find_claim(self, chat_id: int) -> Claim | None:
        """Find what a loaded chat wants to claim, as it is now."""
        if chat_id in self.changes.claims:
            return self.changes.claims[chat_id]
        return self._claims.get(chat_id)

    def save_claim(self, claim: Claim) -> None:
        """Store what a chat wants to claim with the rest."""
        self.changes.claims[claim.chat_id] = claim

    def give_claimed(self, giving: Giving) -> None:
        """Give an application of another register to the chat that has claimed it."""
        self.changes.claims[giving.chat_id] = None
        self.changes.claimed.add(giving.chat_id)
        self.write(partial(claims.give, giving=giving, now=self.now))

    def add_application(self, application: Application) -> None:
        """Store a new application with the rest."""
        self.changes.applications.append(application)

    async def is_number_taken(self, number: str) -> bool:
        """Tell whether some application, stored or new, has this number."""
        if any(new.number == number for new in self.changes.applications):
            return True
        with told_apart():
            return await applications.is_number_taken(self.connection, number)

    async def list_applications(self, chat_id: int) -> list[ApplicationSummary]:
        """List the applications of a chat, new ones last."""
        with told_apart():
            stored = await applications.list_of_chat(self.connection, chat_id)
        fresh = [new.summary for new in self.changes.applications if new.chat_id == chat_id]
        return stored + fresh

    async def find_case(self, number: str) -> Case | None:
        """Find the standing of an application as it is now; nobody else changes it meanwhile."""
        if number in self.changes.cases:
            return self.changes.cases[number]
        for new in self.changes.applications:
            if new.number == number:
                return Case(number, new.chat_id, new.office, due_at=new.due_at)
        with told_apart():
            return await cases.find(self.connection, number)

    def save_case(self, case: Case) -> None:
        """Store the standing of an application with the rest."""
        self.changes.cases[case.number] = case

    async def find_question(self, chat_id: int) -> Question | None:
        """Find what a chat asks an office, if it is open or waits to hear for which office."""
        known = self.changes.questions.get(chat_id)
        if known is not None:
            return known if known.is_current else None
        with told_apart():
            return await chat_questions.find(self.connection, chat_id)

    def save_question(self, question: Question) -> None:
        """Store the question of a chat with the rest, and one that has just ended as well."""
        former = self.changes.questions.get(question.chat_id)
        if former is not None and not former.is_current:
            self.write(partial(chat_questions.save, changed=[former]))
        self.changes.questions[question.chat_id] = question

    def write(self, write: Write) -> None:
        """Have something else written with the rest, after the applications and their standing."""
        self.changes.writes.append(write)

    def record(self, event: AuditEvent) -> None:
        """Add an event to the audit log with the rest."""
        self.changes.events.append(event)

    async def find_own_phone(self, chat_id: int) -> str | None:
        """Find the number that the owner of a chat has proven to be theirs."""
        with told_apart():
            return await applications.find_own_phone(self.connection, chat_id)

    def send(self, call: Call) -> None:
        """Have a call made once everything is stored."""
        self.changes.calls.append(call)

    def acknowledge(self, tap_id: str, text: str | None = None) -> None:
        """Have a tap answered once everything is stored; the last words given are said."""
        known = self.changes.acknowledgements.get(tap_id)
        if text is not None or known is None:
            self.changes.acknowledgements[tap_id] = Acknowledgement(tap_id, text)

    def cancel_calls(self, chat_id: int) -> None:
        """Drop what still waits to be sent to a chat."""
        self.changes.unreachable.add(chat_id)

    async def find_received(self, update_ids: Collection[int]) -> set[int]:
        """Find which of these updates were taken before."""
        return await updates.find_received(self.connection, update_ids)

    def receive(self, update_id: int | None) -> None:
        """Remember that an update was taken, if it has an id."""
        if update_id is not None:
            self.changes.received.append(update_id)

    def bury(self, update_id: int | None, reason: str, body: str) -> None:
        """Keep an update that could not be taken; the reason must hold nobody's words."""
        self.changes.dead_letters.append(DeadLetter(update_id, reason, body, self.now))

    async def flush(self) -> list[OutgoingCall]:
        """Store every change in bulk and give the calls back with their ids."""
        changes, connection = self.changes, self.connection
        await updates.mark_received(connection, changes.received, self.now)
        await updates.bury(connection, changes.dead_letters)
        await contacts.save(connection, present(changes.contacts))
        await drafts.save(connection, present(changes.drafts))
        await applications.add(connection, changes.applications)
        await cases.save(connection, changes.cases.values())
        await chat_questions.save(connection, changes.questions.values())
        await claims.save(connection, present(changes.claims))
        await claims.erase(connection, absent(changes.claims))
        for write in changes.writes:
            await write(connection)
        await audit.append(connection, changes.events, self.now)
        await drafts.erase(connection, absent(changes.drafts))
        await contacts.erase(connection, absent(changes.contacts))
        for chat_id in changes.unreachable:
            await outbox.cancel_to(connection, chat_id)
        return await outbox.add(connection, changes.calls, self.now)


async def run_unit(
    database: Database, now: datetime, work: Callable[[UnitOfWork], Awaitable[None]]
) -> tuple[Changes, list[OutgoingCall]]:
    """Do some work in one unit and store it; give what changed and the calls to be made."""

    async def run(connection: AsyncConnection) -> tuple[Changes, list[OutgoingCall]]:
        uow = UnitOfWork(connection, now)
        await work(uow)
        return uow.changes, await uow.flush()

    return await database.write(run)


def present(values: dict[int, Any]) -> list[Any]:
    """List the values that are to be stored."""
    return [value for value in values.values() if value is not None]


def absent(values: dict[int, Any]) -> list[int]:
    """List the keys whose values are to be erased."""
    return [key for key, value in values.items() if value is None]

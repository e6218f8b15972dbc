"""The counter where people are served: use cases over a real database, and what is sent."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from sqlalchemy import func, select

from db.database import Database
from db.drafts import StoredDraft
from db.tables import metadata
from db.unit_of_work import UnitOfWork, run_unit
from domain.contacts import Contact
from domain.drafts import Draft
from domain.events import ChoiceMade, Event, Started
from domain.outbox import Call
from services.desk import Desk, Person
from services.registration import take_event
from tests.chat import CONTEXT, HAPPY_PATH, Chat
from tests.conftest import Clock
from tests.samples import make_contact

UseCase = Callable[[UnitOfWork, Desk, Person], Awaitable[None] | None]


@dataclass
class Counter:
    """Takes what people do, each act in a unit of work of its own, and keeps what was sent."""

    database: Database
    desk: Desk
    clock: Clock
    sent: list[Call] = field(default_factory=list)
    toasts: list[str | None] = field(default_factory=list)

    async def run(self, work: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        """Do some work and store it; this is how timers run theirs."""
        changes, outgoing = await run_unit(self.database, self.clock(), work)
        self.sent += [one.call for one in outgoing]
        self.toasts += [one.text for one in changes.acknowledgements.values()]

    async def serve(self, chat_id: int, use_case: UseCase) -> None:
        """Do one use case for a person."""

        async def work(uow: UnitOfWork) -> None:
            await uow.load([chat_id])
            waiting = use_case(uow, self.desk, Person(chat_id, "Dara", "Sok"))
            if waiting is not None:
                await waiting

        await self.run(work)

    async def take(self, chat_id: int, *events: Event) -> None:
        """Take what a person did, one event after the other."""
        for event in events:
            await self.serve(chat_id, partial(take_event, event=event, tap_id="tap"))

    async def finish_form(self, chat_id: int, locale: str = "km") -> None:
        """Let a person go the whole way from /start to the declaration."""
        for event in list_acts(locale):
            await self.take(chat_id, await self.retag(chat_id, event))

    async def retag(self, chat_id: int, event: Event) -> Event:
        """Aim a tap of the script at the person's own draft."""
        stored = await self.find_draft(chat_id)
        if isinstance(event, ChoiceMade) and stored is not None:
            return replace(event, draft=stored.draft.tag)
        return event

    async def leave_draft(self, chat_id: int, locale: str = "km", acts: int = 4) -> StoredDraft:
        """Store a draft as somebody leaves it after some acts, touched now."""
        draft = replace(make_draft(locale, acts), tag=f"tag{chat_id}")
        now = self.clock()
        stored = StoredDraft(chat_id, draft, started_at=now, active_at=now)
        await self.save(make_contact(chat_id, locale=locale, created_at=now, active_at=now))
        await self.save(stored)
        return stored

    async def save(self, *values: Contact | StoredDraft) -> None:
        """Store contacts and drafts as they are."""

        async def work(uow: UnitOfWork) -> None:
            for value in values:
                if isinstance(value, Contact):
                    uow.save_contact(value)
                else:
                    uow.save_draft(value)

        await run_unit(self.database, self.clock(), work)

    async def find_contact(self, chat_id: int) -> Contact | None:
        """Find a contact as it is stored."""
        return (await self._look(chat_id)).find_contact(chat_id)

    async def find_draft(self, chat_id: int) -> StoredDraft | None:
        """Find a draft as it is stored."""
        return (await self._look(chat_id)).find_draft(chat_id)

    async def _look(self, chat_id: int) -> UnitOfWork:
        async with self.database.read() as connection:
            uow = UnitOfWork(connection, self.clock())
            await uow.load([chat_id])
            return uow

    async def count_rows(self, *tables: str) -> dict[str, int]:
        """Count the rows of these tables, or else of all about people; empty ones are left out."""
        names = tables or metadata.tables.keys() - {"outgoing_calls"}
        async with self.database.read() as connection:
            counted = {
                name: await connection.scalar(select(func.count()).select_from(table)) or 0
                for name, table in metadata.tables.items()
                if name in names
            }
        return {name: count for name, count in counted.items() if count}

    def forget_sent(self) -> None:
        """Look only at what comes from now on."""
        self.sent.clear()
        self.toasts.clear()

    def texts(self, chat_id: int) -> list[str]:
        """List the words that were sent to somebody."""
        sent = [read_parameters(call) for call in self.sent if call.chat_id == chat_id]
        return [parameters["text"] for parameters in sent if "text" in parameters]


def read_parameters(call: Call) -> dict[str, Any]:
    """Read what a call carries."""
    parameters: dict[str, Any] = json.loads(call.parameters)
    return parameters


def list_labels(call: Call) -> list[str]:
    """List what is on the buttons and keys of a message."""
    markup = read_parameters(call).get("reply_markup", {})
    rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
    return [button["text"] for row in rows for button in row]


def list_acts(locale: str) -> Sequence[Event]:
    """List the acts of somebody who fills the form in without a mistake."""
    return walk(locale, len(HAPPY_PATH[locale])).acts


def make_draft(locale: str, acts: int) -> Draft:
    """Make the draft of somebody after some acts."""
    draft = walk(locale, acts).draft
    assert draft is not None
    return draft


def walk(locale: str, acts: int) -> Chat:
    """Let somebody go so many acts into the form."""
    chat = Chat(CONTEXT)
    chat.do(Started())
    chat.walk(HAPPY_PATH[locale][:acts])
    return chat

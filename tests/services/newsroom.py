"""People who want notices, the staff who write to them, and the ledger in the sender's place."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from db import ledger, notice_progress, notices, ready_recipients, staff
from db.notices import StoredNotice
from db.unit_of_work import UnitOfWork
from domain.audiences import EVERYBODY, Audience
from domain.notice_content import Content
from domain.notices import Topic
from domain.numbers import draw_number
from domain.outbox import Call
from domain.recipients import Key, ReadyRecipient, Rules, Settlement, Status
from domain.staff import Role
from services import notice_writing
from services import notices as acts
from services.desk import Actor
from services.notice_clock import NoticeClock
from services.notice_messages import prepare
from services.notice_writing import Written
from tests.samples import REGISTRATION, make_application, make_contact, make_worker
from tests.services.counter import Counter

AUTHOR_CHAT, APPROVER_CHAT = 901, 902
TEXT = Content(
    "សូមអញ្ជើញ {given_name} មកចូលរួមវគ្គបណ្តុះបណ្តាលឥតគិតថ្លៃ",
    "Dear {given_name}, please come to the free training course in {province}.",
)
WRITTEN = Written("Training", Topic.BENEFITS, TEXT)


@dataclass
class Newsroom:
    """Writes notices, approves them, lets time pass, and sends as the broadcaster does."""

    counter: Counter

    async def hire(
        self,
        role: Role = Role.CAMPAIGN_MANAGER,
        places: Collection[str] | None = None,
        chat_id: int | None = None,
    ) -> Actor:
        """Take somebody on, perhaps with a chat."""
        hired = []

        async def work(uow: UnitOfWork) -> None:
            if chat_id is not None:
                uow.save_contact(make_contact(chat_id, locale="en"))
            hired.append(await staff.add(uow.connection, uow.now, "Bopha", [role], places, chat_id))

        await self.counter.run(work)
        return Actor(hired[0], "web 127.0.0.1")

    async def register(self, *chat_ids: int, home: str = "02030105", locale: str = "en") -> None:
        """Let people register who want notices."""

        async def work(uow: UnitOfWork) -> None:
            for chat_id in chat_ids:
                worker = make_worker(chat_id, home=home)
                uow.save_contact(make_contact(chat_id, locale=locale, wants_notices=True))
                uow.add_application(
                    make_application(
                        chat_id,
                        number=draw_number(chat_id),
                        registration=replace(REGISTRATION, worker=worker),
                    )
                )

        await self.counter.run(work)

    async def act(self, use_case: Any, actor: Actor, *terms: Any) -> Any:
        """Do one use case that needs the desk; give what it gives.

        Who submits or approves has read the notice as it is, unless a version is given.
        """
        if use_case in (acts.submit, acts.approve) and len(terms) == 1:
            terms = (*terms, (await self.get(terms[0])).notice.version)
        return await self.run(use_case, self.counter.desk, actor, *terms)

    async def run(self, use_case: Any, *terms: Any) -> Any:
        """Do one use case in a unit of work of its own; give what it gives."""
        given = []

        async def work(uow: UnitOfWork) -> None:
            given.append(await use_case(uow, *terms))

        await self.counter.run(work)
        return given[0]

    async def write(
        self, author: Actor, written: Written = WRITTEN, audience: Audience = EVERYBODY
    ) -> int:
        """Write a draft, and give its id."""
        notice_id: int = await self.run(notice_writing.begin, author)
        await self.run(notice_writing.edit, author, notice_id, replace(written, audience=audience))
        return notice_id

    async def publish(
        self,
        author: Actor,
        approver: Actor,
        written: Written = WRITTEN,
        audience: Audience = EVERYBODY,
    ) -> int:
        """Bring a notice so far that it is being sent."""
        notice_id = await self.approve(author, approver, written, audience)
        await self.tend()
        return notice_id

    async def approve(
        self,
        author: Actor,
        approver: Actor,
        written: Written = WRITTEN,
        audience: Audience = EVERYBODY,
    ) -> int:
        """Bring a notice so far that it is due."""
        notice_id = await self.write(author, written, audience)
        await self.act(acts.submit, author, notice_id)
        await self.act(acts.approve, approver, notice_id)
        self.counter.clock.advance(minutes=10)
        return notice_id

    async def tend(self) -> None:
        """Let the clock look once."""
        counter = self.counter
        await NoticeClock(counter.run, counter.database, counter.desk).look(counter.clock())

    async def send(self, limit: int = 100, status: Status = Status.SENT) -> list[Call]:
        """Send to so many recipients, with the same outcome for all; give their calls."""
        now, rules = self.counter.clock(), Rules(self.counter.desk.time_zone)
        async with self.counter.database.read() as connection:
            ready = await ready_recipients.list_ready(connection, now, limit, rules)
            prepared = await prepare(connection, ready, self.counter.desk)

        async def work(uow: UnitOfWork) -> None:
            claimed = await ledger.claim(uow.connection, ready, now, rules)
            settled = [Settlement(Key(*key_of(one)), status) for one in claimed]
            await ledger.settle(uow.connection, settled, now)

        await self.counter.run(work)
        return [call for _, call in prepared]

    async def get(self, notice_id: int) -> StoredNotice:
        """Get a notice as it is stored."""
        async with self.counter.database.read() as connection:
            stored = await notices.find(connection, notice_id)
        assert stored is not None
        return stored

    async def count(self, notice_id: int) -> dict[str, int]:
        """Count the recipients by status; what is nobody's is left out."""
        async with self.counter.database.read() as connection:
            counts = await notice_progress.count_by_status(connection, notice_id)
        return {status.value: count for status, count in counts.items() if count}


def key_of(ready: ReadyRecipient) -> tuple[int, int]:
    """Name a recipient."""
    return ready.notice_id, ready.chat_id

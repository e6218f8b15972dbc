"""Somebody who watches notices as time passes, and what is said of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from db import ledger, outbox
from db.outbox import Marks
from domain.recipients import Key, Status, Verdict
from services.desk import Actor
from services.notice_watch import Watch
from services.notice_writing import Written
from tests.services.counter import Counter, read_parameters
from tests.services.newsroom import WRITTEN, Newsroom

MESSAGE_ID = 77


@dataclass
class Lookout:
    """Keeps an eye on notices of an author whom a colleague approves."""

    newsroom: Newsroom
    author: Actor
    approver: Actor
    watch: Watch

    @property
    def counter(self) -> Counter:
        """The counter of the newsroom."""
        return self.newsroom.counter

    async def publish(self, *chats: int, written: Written = WRITTEN) -> int:
        """Let some people register, and begin to send a notice to them."""
        await self.newsroom.register(*chats)
        return await self.newsroom.publish(self.author, self.approver, written)

    async def publish_and_tell(self, *chats: int) -> int:
        """Do the same, and let the author's message arrive."""
        notice_id = await self.publish(*chats)
        await self.look()
        await self.note_progress(notice_id)
        return notice_id

    async def look(self, *, is_limited: bool = False) -> list[str]:
        """Look once, and give what was said to whom; Telegram takes it unless it limits us."""
        self.counter.forget_sent()
        await self.watch.look(self.counter.clock())
        if not is_limited:
            await self.mark_made()
        return [
            f"{call.chat_id} {call.method} {read_parameters(call)['text']}"
            for call in self.counter.sent
        ]

    def anew(self) -> "Lookout":
        """Watch as after a start."""
        return replace(self, watch=watch(self.counter))

    async def look_anew(self) -> list[str]:
        """Look once as after a start."""
        return await self.anew().look()

    async def note_progress(self, notice_id: int) -> None:
        """Tell the message's id, as the sender does."""
        await self.mark_made(progress={notice_id: MESSAGE_ID})

    async def mark_made(self, **beside: Any) -> None:
        """Make what waits, as the sender does."""
        async with self.counter.database.read() as connection:
            made = [one.id for one in await outbox.list_queued(connection)]
        marks = Marks(made, **beside)
        await self.counter.database.write(lambda connection: outbox.write_marks(connection, marks))

    async def pass_over(self, notice_id: int, chats: Sequence[int], **why: object) -> None:
        """Put some off, as the sender does when they are not to be sent to yet."""
        verdict = replace(Verdict(Status.QUEUED), **why)  # type: ignore[arg-type]  # any field of it
        verdicts = {Key(notice_id, chat): verdict for chat in chats}
        now = self.counter.clock()
        await self.counter.database.write(lambda c: ledger.pass_over(c, verdicts, now))

    async def wait(self, minutes: int, every: int = 1) -> list[str]:
        """Let time pass, looking every so many minutes; give all that was said."""
        said = []
        for _ in range(minutes // every):
            self.counter.clock.advance(minutes=every)
            said += await self.look()
        return said


def watch(counter: Counter) -> Watch:
    """Begin to watch, as after a start."""
    return Watch(counter.run, counter.database, counter.desk)

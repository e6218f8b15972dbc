"""What became of calls, written down as fast as the database takes it."""

import asyncio
from functools import partial, reduce

import structlog

from bot.attachments import Attachment
from bot.outcomes import find_file_id, find_message_id
from db import outbox
from db.database import Database
from db.drafts import Shown
from db.errors import DatabaseUnavailable
from db.notice_files import Uploaded
from db.outbox import Marks
from domain.outbox import Call

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 1.0


class Marking:
    """Gathers marks, and writes together those of which it was told by `wake`."""

    def __init__(self, database: Database) -> None:
        self.marks = Marks()
        self._database = database
        self._wake = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Have the marks written."""
        self._wake.set()

    def note_message(self, call: Call, answer: bytes) -> None:
        """Remember the message that shows a question, or tells how far a notice is."""
        if call.question is None and call.progress_of is None:
            return
        message_id = find_message_id(answer)
        if message_id is not None and call.question is not None:
            self.marks.shown.append(Shown(call.chat_id, call.question, message_id))
        if message_id is not None and call.progress_of is not None:
            self.marks.progress[call.progress_of] = message_id

    def note_upload(self, made: Attachment, answer: bytes) -> None:
        """Remember what Telegram calls the file of a notice, which then is not uploaded again."""
        telegram_id = find_file_id(answer, made.field)
        if made.notice_id is not None and telegram_id is not None:
            self.marks.uploaded.append(Uploaded(made.notice_id, made.content, telegram_id))
            self.wake()

    async def run(self) -> None:
        """Write marks until `stop`, and then those that are left, unless the database is away."""
        while self.marks or not self._stopping:
            await self._wake.wait()
            self._wake.clear()
            marks, self.marks = self.marks, Marks()
            if marks and not await self._write(marks):
                if self._stopping:
                    return
                await asyncio.sleep(AGAIN_SECONDS)

    def stop(self) -> None:
        """Write what is left, once; nothing more will be noted."""
        self._stopping = True
        self._wake.set()

    async def _write(self, marks: Marks) -> bool:
        """Write marks, and tell whether the database is there."""
        try:
            await self._store(marks)
        except DatabaseUnavailable as error:
            self._keep(marks, error)
            return False
        except Exception as error:
            log.warning("outcomes refused", reason=type(error).__name__)
            return await self._write_each(list(marks.apart()))
        return True

    async def _write_each(self, left: list[Marks]) -> bool:
        """Write one by one, so that what cannot be written holds nothing else up."""
        while left:
            try:
                await self._store(left[0])
            except DatabaseUnavailable as error:
                self._keep(reduce(Marks.joined, left), error)
                return False
            except Exception as error:
                log.error("outcome refused", reason=type(error).__name__)
            left.pop(0)
        return True

    async def _store(self, marks: Marks) -> None:
        await self._database.write(partial(outbox.write_marks, marks=marks))

    def _keep(self, marks: Marks, error: DatabaseUnavailable) -> None:
        log.warning("outcomes not written yet", reason=str(error))
        self.marks = marks.joined(self.marks)
        self._wake.set()

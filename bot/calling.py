"""One call of the Bot API, with the file that goes with it."""

import asyncio

import structlog

from bot.attachments import Attach, Attachment
from bot.outcomes import NO_ANSWER, Kind, Outcome, read_answer, read_failure
from bot.transport import Transport
from db.errors import DatabaseUnavailable
from domain.outbox import Call

log = structlog.get_logger(__name__)

ATTACHMENT_SECONDS = 30.0


class Caller:
    """Makes calls and tells what became of them; what happens to one is told, not raised."""

    def __init__(self, transport: Transport, address: str, attach: Attach) -> None:
        self._transport = transport
        self._address = address
        self._attach = attach

    async def make(self, call: Call) -> tuple[Outcome, bytes, Attachment | None]:
        """Make a call; give the outcome, the answer and the file that went with it."""
        made = None if call.attachment is None else await self._make_attachment(call.attachment)
        if isinstance(made, Outcome):
            return made, b"", None
        return *await self.send(call.method, call.parameters, made), made

    async def send(
        self, method: str, parameters: str, attachment: Attachment | None = None
    ) -> tuple[Outcome, bytes]:
        """Make a call of a method; give the outcome and the answer."""
        url = self._address + method
        try:
            status, answer = await (
                self._transport.upload(url, parameters, attachment)
                if attachment
                else self._transport.call(url, parameters)
            )
        except NO_ANSWER as error:
            return read_failure(error), b""
        return read_answer(status, answer), answer

    async def _make_attachment(self, reference: str) -> Attachment | Outcome:
        """Make a file, or tell what its absence means; an error's words may quote somebody's."""
        try:
            async with asyncio.timeout(ATTACHMENT_SECONDS):
                return await self._attach(reference)
        except LookupError:
            return Outcome(Kind.REJECTED, "no such attachment")
        except DatabaseUnavailable:
            return Outcome(Kind.NOT_DELIVERED, "attachment cannot be read now")
        except Exception as error:
            log.error("attachment not made", reason=type(error).__name__)
            return Outcome(Kind.UNATTACHED, f"attachment not made: {type(error).__name__}")

"""The only place that calls Telegram for somebody: what is stored is made, in order and in pace."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.attachments import Attach, attach_nothing
from bot.attempts import LONGEST_BACKOFF_SECONDS, Attempts
from bot.calling import Caller
from bot.clock import Clock, now_utc
from bot.marking import Marking
from bot.outcomes import Kind, Outcome
from bot.schedule import Delivery, Schedule
from bot.transport import Transport
from db import lane_rests, outbox
from db.database import Database
from db.lane_rests import Rest
from domain.outbox import Acknowledgement, Call, Lane, OutgoingCall
from domain.recipients import INTERRUPTED

log = structlog.get_logger(__name__)

ACKNOWLEDGEMENTS_AT_ONCE = 16
ACKNOWLEDGEMENT_SECONDS = 10.0


LATE = Outcome(Kind.WITHDRAWN, "not begun in time")


class TokenRefused(Exception):
    """Telegram does not know the bot's token any more."""


class Sender:
    """Makes stored calls, several chats at a time, each chat's in order.

    Replies are made at least once: after a crash or an ambiguous error a call is made again. What
    somebody else keeps is made once, and its outcome told.
    """

    def __init__(
        self,
        database: Database,
        transport: Transport,
        address: str,
        per_second: int = 28,
        at_once: int = 48,
        attach: Attach | None = None,
        clock: Clock = now_utc,
        *,
        bulk_per_second: int | None = None,
        begins_at: float = 0.0,
    ) -> None:
        self._database = database
        self._caller = Caller(transport, address, attach or attach_nothing)
        self._clock = clock
        self._schedule = Schedule(per_second, bulk_per_second, begins_at)
        self._wake = asyncio.Event()
        self._slots = asyncio.Semaphore(at_once)
        self._acknowledging = asyncio.Semaphore(ACKNOWLEDGEMENTS_AT_ONCE)
        self._attempts = Attempts(clock)
        self._marking = Marking(database)
        self._under_way: set[asyncio.Task[None]] = set()
        self._moved: dict[int, int] = {}
        self._refused: TokenRefused | None = None
        self._stopping = False

    def offer(
        self, calls: Iterable[OutgoingCall], acknowledgements: Iterable[Acknowledgement] = ()
    ) -> None:
        """Make these calls, which are stored, and answer these taps, once."""
        for acknowledgement in acknowledgements:
            self._start(self._acknowledge(acknowledgement))
        for call in calls:
            self._schedule.add(call)
        self._wake.set()

    async def deliver(
        self, call: Call, begin: Callable[[], None], seconds: float
    ) -> tuple[Outcome, bytes]:
        """Make a call that is kept elsewhere, once, in its turn; give the outcome and the answer.

        `begin` is called when its turn has come; if that takes so many seconds, the call is given
        back as withdrawn. While its lane must wait, such calls are given back as limited. Neither
        has been made.
        """
        if rest := self.count_rest(call.lane):
            return Outcome(Kind.LIMITED, "lane rests", rest), b""
        loop = asyncio.get_running_loop()
        delivery = Delivery(call, begin, time.monotonic() + seconds, loop.create_future())
        self._schedule.add(delivery)
        self._wake.set()
        timer = loop.call_later(seconds, self._give_back_late, call.lane, delivery.ends_at)
        try:
            return await delivery.ended
        finally:
            timer.cancel()

    def give_back(self, lane: Lane, outcome: Outcome) -> None:
        """End the deliveries of a lane that have not begun with an outcome."""
        _end(self._schedule.withdraw_deliveries(lane), outcome)

    def _give_back_late(self, lane: Lane, now: float) -> None:
        _end(self._schedule.withdraw_deliveries(lane, now), LATE)

    def rest(self, lane: Lane, outcome: Outcome) -> None:
        """Let a lane wait as long as an outcome says; what is ready goes back to who keeps it."""
        self._schedule.hold_lane(lane, time.monotonic() + outcome.retry_after_seconds)
        now = self._clock()
        until = now + timedelta(seconds=self.count_rest(lane))
        self._marking.marks.rests[lane] = Rest(now, until)
        self._marking.wake()
        self.give_back(lane, outcome)

    def find_moved(self, chat_id: int) -> int | None:
        """Find the new id of a chat, if a reply has met it."""
        return self._moved.get(chat_id)

    def count_rest(self, lane: Lane) -> float:
        """Count the seconds that a lane still has to wait."""
        return self._schedule.count_rest(lane, time.monotonic())

    def count_waiting(self) -> int:
        """Count the calls that are not made yet."""
        return len(self._schedule)

    async def load(self) -> None:
        """Take up what was stored and not made before the program ended, and rest as it had to."""
        after = 0
        async with self._database.read() as connection:
            self._rest_on(await lane_rests.load(connection))
            while queued := await outbox.list_queued(connection, after):
                self.offer(queued)
                after = queued[-1].id

    def _rest_on(self, rests: Mapping[Lane, Rest]) -> None:
        now, today = time.monotonic(), self._clock()
        for lane, rest in rests.items():
            self._schedule.hold_lane(lane, now + rest.count_left(today).total_seconds())

    async def run(self) -> None:
        """Make calls until `stop`.

        Raises:
            TokenRefused: Telegram does not know the token.
        """
        marking = asyncio.create_task(self._marking.run())
        try:
            while not self._stopping:
                if self._refused is not None:
                    raise self._refused
                if marking.done():
                    marking.result()
                await self._make_next()
        finally:
            self._stopping = True
            await self._settle_under_way()
            self._marking.stop()
            await marking

    def stop(self) -> None:
        """Begin no further call; `run` returns when those under way have ended."""
        self._stopping = True
        self._wake.set()

    async def _make_next(self) -> None:
        await self._slots.acquire()
        self._wake.clear()
        # A busy program may look here before it looks at its timers.
        self._give_back_late(Lane.BULK, time.monotonic())
        found = None if self._stopping else self._schedule.take(time.monotonic())
        if isinstance(found, OutgoingCall):
            self._start(self._make_in_slot(found))
            return
        self._slots.release()
        if isinstance(found, Delivery):
            self._start(self._make_delivery(found))
            return
        try:
            await asyncio.wait_for(self._wake.wait(), found)
        except TimeoutError:
            return

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _make_in_slot(self, call: OutgoingCall) -> None:
        try:
            outcome, answer = await self._make_call(call.call)
            if outcome.kind is Kind.DELIVERED:
                self._marking.note_message(call.call, answer)
            self._settle(call, outcome)
            self._marking.wake()
        except Exception as error:
            log.error("call not made", method=call.call.method, reason=type(error).__name__)
            self._hold(call, self._attempts.note_failure(call))
        finally:
            self._slots.release()
            self._wake.set()

    async def _make_delivery(self, delivery: Delivery) -> None:
        """Make a call that somebody else keeps; whatever is not known to be else is ambiguous."""
        outcome, answer = Outcome(Kind.AMBIGUOUS, INTERRUPTED), b""
        try:
            delivery.begin()
            outcome, answer = await self._make_call(delivery.call)
        except Exception as error:
            log.error("call not made", method=delivery.call.method, reason=type(error).__name__)
        finally:
            self._schedule.finish(delivery)
            self._obey(delivery.call.lane, outcome)
            if not delivery.ended.done():
                delivery.ended.set_result((outcome, answer))

    def _obey(self, lane: Lane, outcome: Outcome) -> None:
        if outcome.kind is Kind.LIMITED:
            self.rest(lane, outcome)
        elif outcome.kind is Kind.UNAUTHORIZED:
            self._refused = TokenRefused(outcome.reason)
            self._wake.set()

    async def _make_call(self, call: Call) -> tuple[Outcome, bytes]:
        try:
            outcome, answer, attachment = await self._caller.make(call)
        finally:
            self._schedule.note_answer(call, time.monotonic())
            self._wake.set()
        if attachment is not None and outcome.kind is Kind.DELIVERED:
            self._marking.note_upload(attachment, answer)
        return outcome, answer

    def _settle(self, call: OutgoingCall, outcome: Outcome) -> None:
        match outcome.kind:
            case Kind.DELIVERED | Kind.POINTLESS:
                self._finish(call)
            case Kind.LIMITED:
                self._wait(call, outcome)
            case Kind.UNREACHABLE:
                self._forget(call)
                unreached = outbox.Unreached(call.id, call.created_at, self._clock())
                self._marking.marks.unreachable[call.call.chat_id] = unreached
            case Kind.MOVED if outcome.moved_to and outcome.moved_to != call.call.chat_id:
                self._follow(call, outcome.moved_to)
            case Kind.UNAUTHORIZED:
                self._refused = TokenRefused(outcome.reason)
                self._hold(call, LONGEST_BACKOFF_SECONDS)
            case _ if (seconds := self._attempts.note(call, outcome)) is not None:
                self._hold(call, seconds)
            case _:
                log.warning("call refused", method=call.call.method, reason=outcome.reason)
                self._forget(call)
                self._marking.marks.failed[call.id] = outcome.reason

    def _finish(self, call: OutgoingCall) -> None:
        self._forget(call)
        self._marking.marks.made.append(call.id)

    def _forget(self, call: OutgoingCall) -> None:
        self._attempts.forget(call)
        self._schedule.finish(call)

    def _follow(self, call: OutgoingCall, moved_to: int) -> None:
        """Make a call again to the new id of its chat."""
        self._schedule.finish(call)
        self._moved[call.call.chat_id] = self._marking.marks.moved[call.call.chat_id] = moved_to
        self.offer([replace(call, call=call.call.readdressed(moved_to))])

    def _wait(self, call: OutgoingCall, outcome: Outcome) -> None:
        """Obey a limit: for a reply it is this chat's own, otherwise the whole lane's."""
        self._hold(call, outcome.retry_after_seconds)
        if call.call.lane is not Lane.REPLY:
            self.rest(call.call.lane, outcome)

    def _hold(self, call: OutgoingCall, seconds: float) -> None:
        self._schedule.hold(call, time.monotonic() + seconds)

    async def _acknowledge(self, acknowledgement: Acknowledgement) -> None:
        try:
            async with asyncio.timeout(ACKNOWLEDGEMENT_SECONDS), self._acknowledging:
                await self._caller.send("answerCallbackQuery", acknowledgement.parameters)
        except TimeoutError:
            return

    async def _settle_under_way(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=ACKNOWLEDGEMENT_SECONDS)
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)


def _end(deliveries: Iterable[Delivery], outcome: Outcome) -> None:
    for delivery in deliveries:
        if not delivery.ended.done():
            delivery.ended.set_result((outcome, b""))

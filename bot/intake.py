"""A batch of updates becomes one transaction; what cannot be taken is buried, never in the way."""

import json
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.units import Units
from db.errors import DatabaseUnavailable, FlushRefused
from db.unit_of_work import UnitOfWork
from handlers.arrivals import Arrival, ButtonTapped, NothingForUs, find_chat_id, read_arrival
from handlers.context import BotApplication
from handlers.updates import UnreadableUpdate, read_update
from services.around import apologise
from services.desk import Desk

log = structlog.get_logger(__name__)

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Letter:
    """An update as it came, and what could be read of it."""

    raw: object
    update_id: int | None
    chat_id: int | None
    arrival: Arrival
    problem: str | None = None


class Intake:
    """Takes updates. An update that was taken before does nothing."""

    def __init__(self, units: Units, application: BotApplication, desk: Desk) -> None:
        self._units = units
        self._application = application
        self._desk = desk

    async def take(self, batch: Sequence[object]) -> None:
        """Take a batch: when this returns, all of it is stored and Telegram may forget it.

        Raises:
            DatabaseUnavailable: nothing is stored; the batch must come again.
        """
        letters = [open_letter(raw) for raw in batch]
        try:
            await self._take_together(letters)
        except DatabaseUnavailable:
            raise
        except Exception:
            for letter in letters:
                await self._take_alone(letter)

    async def _take_together(self, letters: Sequence[Letter]) -> None:
        async def work(uow: UnitOfWork) -> None:
            fresh = await _leave_out_known(uow, letters)
            await uow.load({letter.chat_id for letter in fresh if letter.chat_id is not None})
            for letter in fresh:
                await self._take_one(uow, letter)

        await self._units.run(work)

    async def _take_alone(self, letter: Letter) -> None:
        try:
            await self._take_together([letter])
        except DatabaseUnavailable:
            raise
        except Exception as error:
            await self._bury_alone(letter, describe(error))

    async def _bury_alone(self, letter: Letter, reason: str) -> None:
        """Bury a letter without looking at its chat, which may be what is wrong."""

        async def work(uow: UnitOfWork) -> None:
            self._bury(uow, letter, reason)

        await self._units.run(work)

    async def _take_one(self, uow: UnitOfWork, letter: Letter) -> None:
        if letter.problem is not None:
            self._bury(uow, letter, letter.problem)
            return
        try:
            with uow.part():
                self._application.bot_data.uow = uow
                await self._application.process_update(letter.arrival)
        except (DatabaseUnavailable, FlushRefused):
            raise
        except Exception as error:
            self._bury(uow, letter, describe(error))
            if isinstance(letter.arrival, ButtonTapped):
                uow.acknowledge(letter.arrival.tap_id)
        else:
            uow.receive(letter.update_id)

    def _bury(self, uow: UnitOfWork, letter: Letter, reason: str) -> None:
        log.warning("update buried", update_id=letter.update_id, reason=reason)
        uow.bury(letter.update_id, reason, json.dumps(letter.raw, default=repr))
        uow.receive(letter.update_id)
        if letter.chat_id is not None:
            apologise(uow, self._desk, letter.chat_id)


def open_letter(raw: object) -> Letter:
    """Read an update as far as it can be read."""
    try:
        update = read_update(raw)
    except UnreadableUpdate as error:
        return Letter(raw, find_update_id(raw), find_sender(raw), NothingForUs(), str(error))
    chat_id = find_chat_id(update)
    try:
        return Letter(raw, update.update_id, chat_id, read_arrival(update))
    except Exception as error:
        return Letter(raw, update.update_id, chat_id, NothingForUs(), describe(error))


def find_update_id(raw: object) -> int | None:
    """Find the id of an update, however damaged the rest is."""
    update_id = raw.get("update_id") if isinstance(raw, dict) else None
    return update_id if isinstance(update_id, int) and abs(update_id) < 2**63 else None


def find_sender(raw: object) -> int | None:
    """Find whom to apologise to for a damaged update: the owner of a private chat, or nobody."""
    parts = raw.values() if isinstance(raw, dict) else ()
    for part in parts:
        if not isinstance(part, dict):
            continue
        message = part.get("message", part)
        chat = message.get("chat") if isinstance(message, dict) else None
        if isinstance(chat, dict) and chat.get("type") == "private":
            chat_id = chat.get("id")
            return chat_id if isinstance(chat_id, int) and 0 < chat_id < 2**52 else None
    return None


def describe(error: Exception) -> str:
    """Name an error and where it was raised, without the values that it speaks of."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    path = Path(frame.filename)
    place = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name
    return f"{type(error).__name__} at {place}:{frame.lineno}"


async def _leave_out_known(uow: UnitOfWork, letters: Sequence[Letter]) -> list[Letter]:
    known = await uow.find_received(
        {letter.update_id for letter in letters if letter.update_id is not None}
    )
    fresh = []
    for letter in letters:
        if letter.update_id not in known:
            fresh.append(letter)
        if letter.update_id is not None:
            known.add(letter.update_id)
    return fresh

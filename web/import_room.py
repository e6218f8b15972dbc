"""Where lists wait to be imported: one of each officer, for an hour at most, and one at work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

import structlog
from starlette.requests import Request

from domain.texts import Text
from services.desk import Actor
from services.import_lists import CannotImport, OpenedList, open_list
from services.import_trials import Trial, try_list
from services.importing import Order, begin_import, run_import, stop_import
from services.kept_lists import FOLDER, KeptList, drop_all, drop_list, keep_list, open_kept
from web.office import Office
from web.security import find_place

log = structlog.get_logger(__name__)

KEPT_SECONDS = 3600.0


class ImportRunning(Exception):
    """Another list is being imported at this moment."""


@dataclass
class Waiting:
    """A list that is tried, or was, and waits to be confirmed; if it is none, `refused` says so."""

    kept: KeptList
    source: str
    opened: OpenedList | None = None
    refused: Text | None = None
    trial: Trial = field(default_factory=Trial)
    task: asyncio.Task[None] | None = None
    timer: asyncio.TimerHandle | None = None


@dataclass
class Running:
    """The import that goes on, or the last that did; one that is unwanted ends at its next part."""

    import_id: int | None = None
    has_ended: bool = False
    is_unwanted: bool = False
    task: asyncio.Task[None] | None = None


class ImportRoom:
    """The lists of this process; those that an earlier one left behind are deleted."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._folder = office.data_dir / FOLDER
        self._waiting: dict[int, Waiting] = {}
        self.running: Running | None = None
        drop_all(self._folder)

    @property
    def at_work(self) -> Running | None:
        """The import that goes on, if any does."""
        return self.running if self.running and not self.running.has_ended else None

    def find(self, staff_id: int) -> Waiting | None:
        """Find the list that an officer has sent."""
        return self._waiting.get(staff_id)

    async def receive(self, staff_id: int, sent: BinaryIO, filename: str, source: str) -> None:
        """Keep a list, in the place of an earlier one of this officer, and begin to try it."""
        kept = await asyncio.to_thread(keep_list, self._folder, sent, filename)
        try:
            file = await asyncio.to_thread(open_kept, kept)
        except BaseException:
            drop_list(kept)
            raise
        self.drop(staff_id)
        waiting = Waiting(kept, source)
        self._waiting[staff_id] = waiting
        waiting.task = asyncio.create_task(self._try(waiting, file))
        waiting.task.add_done_callback(lambda _: file.close())
        loop = asyncio.get_running_loop()
        waiting.timer = loop.call_later(KEPT_SECONDS, self._drop_this, staff_id, waiting)

    def drop(self, staff_id: int) -> None:
        """Forget the list of an officer, and delete it."""
        waiting = self._waiting.pop(staff_id, None)
        if waiting is None:
            return
        drop_list(waiting.kept)
        if waiting.timer:
            waiting.timer.cancel()
        if waiting.task:
            waiting.task.cancel()

    async def confirm(self, staff_id: int, waiting: Waiting, order: Order) -> int:
        """Begin to import a list that was tried; give the id of the import.

        Raises:
            ImportRunning: another import goes on; the list goes on waiting.
            ListGone: it is not there any more.
        """
        if self.at_work:
            raise ImportRunning
        running = self.running = Running()
        try:
            file = await asyncio.to_thread(open_kept, waiting.kept)
        except BaseException:
            running.has_ended = True
            raise
        try:
            import_id = await begin_import(self._office.database, order, self._office.clock())
        except BaseException:
            running.has_ended = True
            file.close()
            raise
        running.import_id = import_id
        running.task = asyncio.create_task(self._import(running, file, order, import_id))
        running.task.add_done_callback(lambda _: file.close())
        self._drop_this(staff_id, waiting)
        return import_id

    async def stop(self, import_id: int, actor: Actor) -> None:
        """Let an import take no further part of its list; one that has ended stays as it is."""
        running = self.at_work
        if running is None or running.import_id != import_id or running.is_unwanted:
            return
        await stop_import(self._office.database, actor, import_id, self._office.clock())
        running.is_unwanted = True

    def _drop_this(self, staff_id: int, waiting: Waiting) -> None:
        if self._waiting.get(staff_id) is waiting:
            self.drop(staff_id)

    async def _try(self, waiting: Waiting, file: BinaryIO) -> None:
        office = self._office
        try:
            async with _opened(file, waiting.kept.filename) as opened:
                waiting.opened = opened
                await try_list(
                    office.database,
                    office.desk,
                    opened,
                    waiting.source,
                    office.clock,
                    waiting.trial,
                )
        except CannotImport as error:
            waiting.refused, waiting.trial.has_ended = error.words, True
            drop_list(waiting.kept)
        except Exception as error:
            waiting.trial.reason, waiting.trial.has_ended = "damaged", True
            log.error("a trial failed", reason=type(error).__name__, where=find_place(error))

    async def _import(self, running: Running, file: BinaryIO, order: Order, import_id: int) -> None:
        office = self._office
        try:
            async with _opened(file, order.filename) as opened:
                await run_import(
                    office.database,
                    office.desk,
                    opened,
                    order,
                    import_id,
                    office.clock,
                    is_wanted=lambda: not running.is_unwanted,
                )
        except Exception as error:
            log.error("an import failed", reason=type(error).__name__, where=find_place(error))
        finally:
            running.has_ended = True


def get_room(request: Request) -> ImportRoom:
    """Return where the lists of this process wait."""
    room: ImportRoom = request.app.state.imports
    return room


@asynccontextmanager
async def _opened(file: BinaryIO, filename: str) -> AsyncIterator[OpenedList]:
    """Open a list, and let nobody read it any further in the end, not even in a thread."""
    opened = await asyncio.to_thread(open_list, file, filename)
    try:
        yield opened
    finally:
        opened.file.is_unwanted.set()

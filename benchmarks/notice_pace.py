"""A notice to everybody at the default pace, on a virtual clock: how long, and the worst second.

The ledger, the broadcaster, the sender and their pace are those of the product, on a database like
any other; Telegram is an answer that comes after a while. What is not looked at here: real
connections, their jitter, and a machine that is busy. The runs on a real clock look at these.
"""

import asyncio
import json
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from benchmarks.notice_audience import store_audience
from benchmarks.processes import ROOT
from benchmarks.virtual_time import StillDatabase, VirtualClock, run_virtually
from bot.broadcaster import Broadcaster
from bot.sender import Sender
from bot.transport import Transport
from db import enlistment, notice_progress, notices
from db.staff import Connection
from db.tables import applications
from domain.notices import Status as NoticeStatus
from domain.outbox import Call, Lane
from domain.recipients import ReadyRecipient, Rules, Status
from simulator.clock import Clock
from simulator.faults import CallLog

PER_SECOND = 28
WAY_SECONDS = (0.03, 0.08)
"""A call is on its way, and its answer on the way back, as long as chance says between these.

What varies by more than some 70 ms brings a message more into a second than its pace allows for.
"""

MEMORY = Path("/dev/shm")
"""Where files need no disk: its time is not counted anyway."""

RULES = Rules(ZoneInfo("Asia/Phnom_Penh"))
BEGAN = datetime(2026, 11, 23, 2, tzinfo=UTC)
LOOK_SECONDS = 1.0


@dataclass(frozen=True)
class PaceResult:
    """What came of it; `seconds` are those of the virtual clock."""

    name: str
    recipients: int
    sent: int
    seconds: float
    minutes: float
    rate: float
    worst_second: int


class _ClockOfCalls(Clock):
    """The clock by which calls are counted, which is the virtual one."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__()
        self._clock = clock

    def now(self) -> float:
        """Return the present moment in seconds."""
        return self._clock()


class _Telegram(Transport):
    """Answers every call after a while, and counts."""

    def __init__(self, clock: VirtualClock, seed: int) -> None:
        super().__init__()
        self.log = CallLog(_ClockOfCalls(clock))
        self.arrivals: list[float] = []
        self._clock, self._random = clock, random.Random(seed)

    async def call(self, url: str, body: str, read_seconds: float = 0.0) -> tuple[int, bytes]:
        """Take a message when it has come, and answer."""
        await asyncio.sleep(self._random.uniform(*WAY_SECONDS))
        self.log.note(url.rpartition("/")[2], {}, "ok")
        self.arrivals.append(self._clock())
        await asyncio.sleep(self._random.uniform(*WAY_SECONDS))
        return 200, b'{"ok":true,"result":{"message_id":1}}'


async def _prepare(
    _: Connection, ready: Sequence[ReadyRecipient]
) -> list[tuple[ReadyRecipient, Call]]:
    return [
        (one, Call(one.chat_id, "sendMessage", json.dumps({"text": "notice"}), Lane.BULK))
        for one in ready
    ]


async def _begin(connection: Connection, notice_id: int) -> None:
    stored = await notices.find(connection, notice_id)
    if stored is not None:
        await notices.save(
            connection, replace(stored.notice, status=NoticeStatus.SENDING, send_by=None)
        )
    everybody = select(applications.c.chat_id, applications.c.id.label("application_id"))
    await enlistment.enlist(connection, notice_id, everybody, BEGAN)


async def _send_all(
    file: Path, notice_id: int, recipients: int, clock: VirtualClock, seed: int
) -> PaceResult:
    database = StillDatabase(f"sqlite+aiosqlite:///{file}", clock)
    telegram = _Telegram(clock, seed)
    await database.write(partial(_begin, notice_id=notice_id))
    sender = Sender(database, telegram, "/bot/", PER_SECOND)
    tell_time = partial(_tell_time, clock, clock())
    broadcaster = Broadcaster(database, sender, _prepare, RULES, tell_time, PER_SECOND)
    tasks = [asyncio.create_task(one.run()) for one in (sender, broadcaster)]
    while len(telegram.arrivals) < recipients:
        await asyncio.sleep(LOOK_SECONDS)
        for task in tasks:
            if task.done():
                task.result()
    broadcaster.stop()
    await tasks[1]
    sender.stop()
    await tasks[0]
    async with database.read() as connection:
        counts = await notice_progress.count_by_status(connection, notice_id)
    await database.close()
    return make_result(telegram.arrivals, counts[Status.SENT], recipients, telegram.log)


def _tell_time(clock: VirtualClock, began: float) -> datetime:
    return BEGAN + timedelta(seconds=clock() - began)


def make_result(arrivals: Sequence[float], sent: int, recipients: int, log: CallLog) -> PaceResult:
    """Sum up when messages arrived."""
    seconds = arrivals[-1] - arrivals[0]
    return PaceResult(
        name="everybody, virtual clock",
        recipients=recipients,
        sent=sent,
        seconds=round(seconds, 1),
        minutes=round(seconds / 60, 2),
        rate=round((len(arrivals) - 1) / seconds, 2),
        worst_second=log.worst_second,
    )


def measure(recipients: int, seed: int) -> PaceResult:
    """Send to so many; from then on this process has no real clock any more."""
    place = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="notices-", dir=place) as folder:
        file = Path(folder) / "onboarding.db"
        stored = asyncio.run(store_audience(file, recipients, seed, eventful=False))
        clock = VirtualClock()
        return run_virtually(clock, _send_all(file, stored.notice_id, recipients, clock, seed))


async def measure_apart(recipients: int, seed: int) -> PaceResult:
    """Measure in a process of its own, since the clock is everybody's."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.notice_pace", str(recipients), str(seed)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    written, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("the virtual run failed")
    return PaceResult(**json.loads(written))


if __name__ == "__main__":
    print(json.dumps(asdict(measure(int(sys.argv[1]), int(sys.argv[2])))))

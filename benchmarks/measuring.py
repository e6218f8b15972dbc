"""One round of one contestant: started, loaded, measured, killed, and asked what it kept."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from benchmarks.contestants import Contestant, Kept, Setting
from benchmarks.dialogue import Script, write_script
from benchmarks.people import Answer, Crowd, Member
from benchmarks.processes import START_SECONDS, BotProcess, PythonProcess
from simulator.server import Simulator

LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class Row:
    """What was measured; a contestant that stores nothing has no answers to lose."""

    name: str
    updates_per_second: float
    p50_ms: float
    p99_ms: float
    cpu_s_per_1000: float
    rss_mb: float
    lost_at_kill: int | None
    answered_before_kill: int
    alone_p50_ms: float
    calls_per_update: float


@dataclass(frozen=True)
class Plan:
    """How a round is run: the work, how many people at once, and how long."""

    script: Script
    people: int
    seconds: float


@dataclass(frozen=True)
class Load:
    """What happened while everybody was busy."""

    answers: Sequence[Answer]
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    calls: int


async def measure(contestant: Contestant, plan: Plan, folder: Path) -> Row:
    """Run one round: a person alone first, then everybody, and a kill in the middle of it.

    Raises:
        RuntimeError: the contestant ended, stands still, or had a call refused.
    """
    script_file = folder / "script.json"
    write_script(plan.script, script_file)
    async with Simulator() as simulator:
        setting = Setting(simulator, folder, plan.script, script_file)
        process = contestant.make(setting)
        try:
            await _start(process, simulator)
            alone = await _walk_alone(simulator, plan, process)
            crowd = Crowd(simulator.people, plan.script, plan.people)
            try:
                load = await _load(crowd, process, contestant, simulator, plan)
            finally:
                crowd.stop()
        finally:
            await process.kill()
        _check_calls(simulator)
        kept = contestant.count_kept(setting) if contestant.count_kept else None
        return _make_row(contestant.name, load, alone, crowd.members, kept)


async def _start(process: PythonProcess, simulator: Simulator) -> None:
    if isinstance(process, BotProcess):
        await process.start()
    else:
        await process.launch()
    async with asyncio.timeout(START_SECONDS):
        while not simulator.is_bot_connected:
            process.check_alive()
            await asyncio.sleep(0.05)


async def _walk_alone(simulator: Simulator, plan: Plan, process: PythonProcess) -> float:
    """Let one person live through the script alone; give the median of the waits."""
    crowd = Crowd(simulator.people, plan.script, 1, spread=False)
    try:
        await _wait_until_settled(crowd, process)
    finally:
        crowd.stop()
    return median(answer.seconds for answer in crowd.answers[: len(plan.script)])


async def _wait_until_settled(crowd: Crowd, process: PythonProcess) -> None:
    """Wait until every step is as frequent as any other."""
    before = -1
    while not crowd.settled.is_set():
        process.check_alive()
        if before == len(crowd.answers):
            raise RuntimeError(f"nobody is answered any more: {process.read_log()[-2000:]}")
        before = len(crowd.answers)
        try:
            await asyncio.wait_for(crowd.settled.wait(), START_SECONDS)
        except TimeoutError:
            continue


async def _load(
    crowd: Crowd,
    process: PythonProcess,
    contestant: Contestant,
    simulator: Simulator,
    plan: Plan,
) -> Load:
    await _wait_until_settled(crowd, process)
    usage = process.usage if contestant.is_bot else psutil.Process()
    calls, cpu, began = _count_calls(simulator), _cpu_seconds(usage), time.perf_counter()
    peak = await _watch(usage, began + plan.seconds)
    process.check_alive()
    calls, cpu, ended = (
        _count_calls(simulator) - calls,
        _cpu_seconds(usage) - cpu,
        time.perf_counter(),
    )
    await process.kill()
    return Load(crowd.list_answers(began, ended), ended - began, cpu, peak, calls)


async def _watch(usage: psutil.Process, until: float) -> int:
    """Wait, and give the most memory that was seen."""
    peak = 0
    while (left := until - time.perf_counter()) > 0:
        await asyncio.sleep(min(left, LOOK_SECONDS))
        peak = max(peak, usage.memory_info().rss)
    return peak


def _cpu_seconds(usage: psutil.Process) -> float:
    times = usage.cpu_times()
    return float(times.user + times.system)


def _count_calls(simulator: Simulator) -> int:
    return sum(simulator.calls.by_method.values())


def _check_calls(simulator: Simulator) -> None:
    outcomes = Counter(call.outcome for call in simulator.calls.calls)
    if set(outcomes) - {"ok"}:
        raise RuntimeError(f"the simulator refused calls: {dict(outcomes)}")


def count_lost(members: Sequence[Member], kept: Kept) -> int:
    """Count the answers that people saw acknowledged and that are not stored."""
    return sum(max(0, member.answered - kept.get(member.person_id, 0)) for member in members)


def _make_row(
    name: str, load: Load, alone: float, members: Sequence[Member], kept: Kept | None
) -> Row:
    waits = sorted(answer.seconds for answer in load.answers)
    if not waits:
        raise RuntimeError(f"{name} answered nobody")
    return Row(
        name=name,
        updates_per_second=len(waits) / load.seconds,
        p50_ms=find_percentile(waits, 0.5) * 1000,
        p99_ms=find_percentile(waits, 0.99) * 1000,
        cpu_s_per_1000=load.cpu_seconds / len(waits) * 1000,
        rss_mb=load.peak_bytes / 2**20,
        lost_at_kill=None if kept is None else count_lost(members, kept),
        answered_before_kill=sum(member.answered for member in members),
        alone_p50_ms=alone * 1000,
        calls_per_update=load.calls / len(waits),
    )


def find_percentile(ordered: Sequence[float], share: float) -> float:
    """Find the value that this share of the ordered values does not exceed."""
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]

"""The speed comparison: the same work for everybody, and a loss is counted as one."""

import asyncio
import contextlib
import json
import pickle
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from benchmarks.contestants import (
    CONTESTANTS,
    Contestant,
    Setting,
    count_kept_by_ours,
    count_kept_by_usual,
)
from benchmarks.dialogue import ACTS, Call, Script, Step, count_calls, write_script
from benchmarks.measuring import Plan, Row, count_lost, find_percentile
from benchmarks.people import Crowd
from benchmarks.throughput import compare, summarise
from benchmarks.walk import list_stored, record_script, walk
from simulator.methods import call_method
from simulator.server import Simulator
from simulator.updates import Entry

ANSWER = Call("sendMessage", {"text": "ok"})
TYPED = [Step(act, (ANSWER,), act) for act in ("/start", "one", "two", "three")]


def find_contestant(name: str) -> Contestant:
    return next(one for one in CONTESTANTS if one.name == name)


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Script:
    return asyncio.run(record_script(tmp_path_factory.mktemp("script")))


@contextlib.asynccontextmanager
async def running(name: str, script: Script, folder: Path) -> AsyncIterator[Simulator]:
    script_file = folder / "script.json"
    write_script(script, script_file)
    async with Simulator() as simulator:
        process = find_contestant(name).make(Setting(simulator, folder, script, script_file))
        await process.launch()
        try:
            async with asyncio.timeout(30):
                while not simulator.is_bot_connected:
                    process.check_alive()
                    await asyncio.sleep(0.05)
            yield simulator
        finally:
            await process.kill()


@pytest.fixture
async def echoing() -> AsyncIterator[Simulator]:
    """A simulator whose every update is answered at once, by no bot at all."""
    async with Simulator() as simulator:

        def answer(entry: Entry) -> None:
            chat_id = json.loads(entry.body)["message"]["chat"]["id"]
            given = {"chat_id": chat_id, **ANSWER.parameters}
            asyncio.get_running_loop().call_soon(
                call_method, simulator.telegram, "sendMessage", given
            )

        simulator.telegram.updates.on_add.append(answer)
        yield simulator


@pytest.mark.process
def test_dialogue_is_twenty_steps_that_all_move_our_bot_on(script: Script) -> None:
    assert [step.act for step in script] == list(ACTS)
    assert len({step.stored for step in script}) == len(script) == 20
    assert sum(steps for _, steps in count_calls(script)) == 20


@pytest.mark.process
@pytest.mark.parametrize("name", ["ptb usual", "simulator polling", "simulator webhook"])
async def test_others_make_the_calls_of_our_bot_at_every_step(
    name: str, script: Script, tmp_path: Path
) -> None:
    async with running(name, script, tmp_path) as simulator:
        walked = await walk(
            simulator, lambda step, calls: calls >= len(script[step].calls), lambda _: ""
        )
    assert [step.calls for step in walked] == [step.calls for step in script]


@pytest.mark.process
@pytest.mark.thorough
async def test_short_comparison_gives_everybody_a_row(script: Script, tmp_path: Path) -> None:
    rows = await compare(CONTESTANTS, Plan(script, people=3, seconds=0.4), 1, tmp_path)
    by_name = {row.name: row for row in rows}
    assert list(by_name) == [contestant.name for contestant in CONTESTANTS]
    for row in rows:
        assert row.updates_per_second > 0
        assert 0 < row.p50_ms <= row.p99_ms
        assert row.rss_mb > 10
    for name in ("ours polling", "ours webhook"):
        assert by_name[name].lost_at_kill == 0
        assert by_name[name].answered_before_kill >= 20
    usual = by_name["ptb usual"]
    assert usual.lost_at_kill == usual.answered_before_kill
    assert by_name["simulator polling"].lost_at_kill is None


async def test_seat_is_taken_by_somebody_new_once_the_script_is_done(echoing: Simulator) -> None:
    crowd = Crowd(echoing.people, TYPED, 2, spread=False)
    await asyncio.wait_for(crowd.settled.wait(), 5)
    await asyncio.sleep(0.05)
    crowd.stop()
    assert [member.answered for member in crowd.members[:4]] == [4, 4, 4, 4]
    assert len(crowd.answers) == sum(member.answered for member in crowd.members)


async def test_every_step_is_as_frequent_as_any_other_once_settled(echoing: Simulator) -> None:
    crowd = Crowd(echoing.people, TYPED, 4)
    await asyncio.wait_for(crowd.settled.wait(), 5)
    steps = sorted(m.answered % 4 for m in crowd.members[-4:])
    crowd.stop()
    assert steps == [0, 1, 2, 3]


async def test_nobody_acts_after_a_stop(echoing: Simulator) -> None:
    crowd = Crowd(echoing.people, TYPED, 2)
    await asyncio.sleep(0.05)
    crowd.stop()
    answered = len(crowd.answers)
    await asyncio.sleep(0.05)
    assert len(crowd.answers) == answered > 0


async def test_answer_that_was_shown_and_is_not_stored_is_lost(echoing: Simulator) -> None:
    crowd = Crowd(echoing.people, TYPED, 1)
    await asyncio.wait_for(crowd.settled.wait(), 5)
    crowd.stop()
    first = crowd.members[0]
    others = {member.person_id: member.answered for member in crowd.members[1:]}
    assert count_lost(crowd.members, {first.person_id: 4, **others}) == 0
    assert count_lost(crowd.members, {first.person_id: 1, **others}) == 3
    assert count_lost(crowd.members, others) == 4


def make_setting(simulator: Simulator, folder: Path, script: Script) -> Setting:
    return Setting(simulator, folder, script, folder / "script.json")


async def test_our_draft_counts_as_far_as_it_agrees_with_the_script(
    echoing: Simulator, tmp_path: Path
) -> None:
    drafts: list[dict[str, object]] = [
        {"question": name, "partial": None, "answers": {}} for name in ("a", "b", "other")
    ]
    with contextlib.closing(sqlite3.connect(tmp_path / "onboarding.db")) as connection:
        connection.execute("create table drafts (chat_id, body)")
        rows = [(chat_id, json.dumps(body)) for chat_id, body in enumerate(drafts, start=1)]
        connection.executemany("insert into drafts values (?, ?)", rows)
        connection.commit()
    stored = list_stored(tmp_path / "onboarding.db")
    script = [Step("/start", (), stored[1]), Step("one", (), stored[2])]
    kept = count_kept_by_ours(make_setting(echoing, tmp_path, script))
    assert kept == {1: 1, 2: 2, 3: 0}


async def test_pickle_counts_its_answers_and_one_cut_off_has_none(
    echoing: Simulator, tmp_path: Path
) -> None:
    setting = make_setting(echoing, tmp_path, TYPED)
    assert count_kept_by_usual(setting) == {}
    written = pickle.dumps({"user_data": {7: {0: "/start", 1: "one"}}})
    file = tmp_path / "persistence.pickle"
    file.write_bytes(written)
    assert count_kept_by_usual(setting) == {7: 2}
    file.write_bytes(written[:-9])
    assert count_kept_by_usual(setting) == {}


def test_row_of_several_rounds_has_medians_and_every_loss() -> None:
    rounds = [
        Row("x", speed, 1.0, 2.0, 3.0, memory, lost, 100, 4.0, 2.0)
        for speed, memory, lost in ((100.0, 50.0, 0), (300.0, 40.0, 2), (200.0, 45.0, 0))
    ]
    row = summarise(rounds)
    assert (row.updates_per_second, row.rss_mb, row.lost_at_kill) == (200.0, 50.0, 2)
    assert row.answered_before_kill == 300


def test_percentile_is_a_measured_value() -> None:
    values = [float(number) for number in range(1, 101)]
    assert find_percentile(values, 0.5) == 51.0
    assert find_percentile(values, 0.99) == 100.0
    assert find_percentile([7.0], 0.99) == 7.0

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from benchmarks.oracle import Findings, examine, list_taken
from benchmarks.population import Life
from benchmarks.recording import Recorder
from benchmarks.replay import Outcome, Replay, Taken
from benchmarks.stored import Stored, StoredPerson, read_stored
from bot.desk import make_desk
from handlers.arrivals import ButtonTapped
from services.desk import Desk
from simulator.robot import Robot
from simulator.server import Simulator
from tests.serving import eventually, make_settings, serving

ANSWERS_BEFORE_THE_BREAK = 28


@dataclass(frozen=True)
class Evidence:
    """What a run left behind: one who has finished, and one in the middle of the form."""

    desk: Desk
    recorder: Recorder
    lives: list[Life]
    stored: Stored

    def examine(self, stored: Stored | None = None) -> Findings:
        return examine(self.desk, self.recorder, self.lives, stored or self.stored)

    def list_taken(self, life: Life) -> list[Taken]:
        return list_taken(self.recorder.acts.values(), self.stored, life.robot.person_id)

    def plant(self, life: Life, faulty: list[Taken]) -> Stored:
        """Return what would be stored by a bot that had taken these acts instead."""
        outcome = Replay(self.desk, faulty).run()
        people = {**self.stored.people, life.robot.person_id: as_stored(outcome, life)}
        return replace(self.stored, people=people)


def as_stored(outcome: Outcome, life: Life) -> StoredPerson:
    return StoredPerson(
        outcome.draft,
        outcome.applications,
        (life.robot.number,) if life.robot.number else (),
        outcome.locale,
        outcome.wants_notices,
    )


async def gather_evidence(folder: Path) -> Evidence:
    async with Simulator(seed=1) as simulator:
        recorder = Recorder(simulator)
        settings = make_settings(simulator, folder)
        async with serving(settings):
            finished = await live(simulator, recorder, until_number=True)
            unfinished = await live(simulator, recorder, until_number=False)
        stored = await read_stored(folder / "onboarding.db")
        return Evidence(make_desk(settings), recorder, [finished, unfinished], stored)


async def live(simulator: Simulator, recorder: Recorder, *, until_number: bool) -> Life:
    """Let somebody register, who agrees to what must be agreed to."""
    person = simulator.people.add("Dara", last_name="Sok")
    recorder.follow(person.id)
    robot = Robot(
        simulator.people,
        person.id,
        prefers={"English", "I agree", "Skills training", "Food hygiene"},
        seed=3,
        quiet_seconds=0.01,
        most_deeds=300 if until_number else ANSWERS_BEFORE_THE_BREAK,
    )
    await robot.run()
    await eventually(lambda: not recorder.list_waiting())
    return Life(robot)


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return asyncio.run(gather_evidence(tmp_path_factory.mktemp("evidence")))


def test_undisturbed_run_has_no_fault(evidence: Evidence) -> None:
    findings = evidence.examine()
    assert findings.notes == []
    assert findings.finished == 1
    assert findings.answers_sent == sum(len(life.robot.deeds) for life in evidence.lives)
    assert findings.duplicate_replies == 0
    assert evidence.stored.get_person(evidence.lives[1].robot.person_id).draft is not None


@pytest.mark.thorough
@pytest.mark.parametrize("who", [0, 1])
def test_answers_left_out_are_found_lost(evidence: Evidence, who: int) -> None:
    life = evidence.lives[who]
    acts = evidence.list_taken(life)
    every_third = range(0, len(acts), 3)
    planted = {place: evidence.plant(life, leave_out(acts, place)) for place in every_third}
    telling = [place for place, one in planted.items() if differs(evidence, life, one)]
    assert len(telling) > len(planted) / 2
    places = (telling[0], telling[len(telling) // 2], telling[-1])
    found = [evidence.examine(planted[place]) for place in places]
    assert all(one.answers_lost + one.counted_twice == 1 for one in found)
    assert any(one.answers_lost for one in found)


def test_a_choice_applied_twice_is_counted_twice(evidence: Evidence) -> None:
    life = evidence.lives[0]
    acts = evidence.list_taken(life)
    toggle = next(place for place, act in enumerate(acts) if is_toggle(act))
    findings = evidence.examine(evidence.plant(life, double(acts, toggle)))
    assert findings.counted_twice == 1


def test_a_second_application_is_counted_twice(evidence: Evidence) -> None:
    chat_id = evidence.lives[0].robot.person_id
    person = evidence.stored.get_person(chat_id)
    twice = replace(person, applications=person.applications * 2)
    stored = replace(evidence.stored, people={**evidence.stored.people, chat_id: twice})
    assert evidence.examine(stored).counted_twice == 1


def test_an_update_that_telegram_forgot_and_nobody_took_is_lost(evidence: Evidence) -> None:
    received = dict(evidence.stored.received)
    received.pop(evidence.lives[1].robot.deeds[-1].update_id or 0)
    assert evidence.examine(replace(evidence.stored, received=received)).answers_lost >= 1


def test_a_buried_update_is_lost(evidence: Evidence) -> None:
    buried = frozenset({evidence.lives[0].robot.deeds[5].update_id})
    assert evidence.examine(replace(evidence.stored, buried=buried)).answers_lost == 1


@pytest.mark.parametrize(("surplus", "duplicates", "stuck"), [(2, 2, 0), (-1, 0, 1)])
def test_messages_beyond_or_below_what_was_due_are_found(
    evidence: Evidence, surplus: int, duplicates: int, stuck: int
) -> None:
    chat_id = evidence.lives[0].robot.person_id
    evidence.recorder.messages[chat_id] += surplus
    try:
        findings = evidence.examine()
    finally:
        evidence.recorder.messages[chat_id] -= surplus
    assert (findings.duplicate_replies, findings.stuck) == (duplicates, stuck)


def test_a_person_who_sees_no_question_is_stuck(evidence: Evidence) -> None:
    chat = evidence.recorder.telegram.chats[evidence.lives[1].robot.person_id]
    shown, keyboard = dict(chat.messages), chat.keyboard
    chat.messages.clear()
    chat.keyboard = None
    try:
        assert evidence.examine().stuck == 1
    finally:
        chat.messages.update(shown)
        chat.keyboard = keyboard


def leave_out(acts: list[Taken], place: int) -> list[Taken]:
    return acts[:place] + acts[place + 1 :]


def double(acts: list[Taken], place: int) -> list[Taken]:
    return acts[: place + 1] + acts[place:]


def differs(evidence: Evidence, life: Life, planted: Stored) -> bool:
    chat_id = life.robot.person_id
    return planted.get_person(chat_id) != evidence.stored.get_person(chat_id)


def is_toggle(act: Taken) -> bool:
    tap = act.arrival.tap if isinstance(act.arrival, ButtonTapped) else None
    return tap is not None and tap.question == "support"

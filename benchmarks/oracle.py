"""Judges a run: was an answer lost, counted twice, or a person left without a question?

The witness is what Telegram saw. Of the bot's database only the moment of each update is believed;
everything else in it is compared with a replay of the acts.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.population import Life
from benchmarks.recording import Act, Recorder, has_open_question
from benchmarks.replay import Outcome, Replay, Taken
from benchmarks.stored import Stored, StoredPerson
from handlers.arrivals import read_arrival
from handlers.updates import read_update
from services.desk import Desk


@dataclass
class Findings:
    """What a run came to; `notes` say where each fault was found."""

    answers_sent: int = 0
    answers_lost: int = 0
    counted_twice: int = 0
    stuck: int = 0
    duplicate_replies: int = 0
    finished: int = 0
    notes: list[str] = field(default_factory=list)


def examine(desk: Desk, recorder: Recorder, lives: Iterable[Life], stored: Stored) -> Findings:
    """Hold everything that happened against everything that is stored."""
    findings = Findings(answers_sent=len(recorder.acts))
    _look_for_untaken(recorder, stored, findings)
    for life in lives:
        chat_id = life.robot.person_id
        acts = list_taken(recorder.acts.values(), stored, chat_id)
        expected = Replay(desk, acts).run()
        person = stored.get_person(chat_id)
        _compare(desk, acts, expected, person, f"chat {chat_id}", findings)
        _look_at_the_end(recorder, life, expected, person, findings)
    return findings


def _look_for_untaken(recorder: Recorder, stored: Stored, findings: Findings) -> None:
    """Every update was taken, or Telegram still has it, or let it expire."""
    waiting = recorder.list_waiting()
    for update_id in recorder.acts.keys() - stored.received.keys() - waiting - recorder.expired:
        findings.answers_lost += 1
        findings.notes.append(f"update {update_id} is gone and was not taken")
    for buried in stored.buried:
        findings.answers_lost += 1
        findings.notes.append(f"update {buried} was buried")
    for update_id in stored.received.keys() - recorder.acts.keys():
        findings.counted_twice += 1
        findings.notes.append(f"update {update_id} was taken and never sent")


def list_taken(acts: Iterable[Act], stored: Stored, chat_id: int) -> list[Taken]:
    """List a person's acts that the bot took, in the order in which it took them.

    By polling that is the order of their numbers; by webhook taps and messages may overtake each
    other, each kind for itself stays in order.
    """
    own = [act for act in acts if act.chat_id == chat_id and act.update_id in stored.received]
    own.sort(key=lambda act: (stored.received[act.update_id], act.update_id))
    for queue in {act.queue for act in own}:
        numbers = [act.update_id for act in own if act.queue == queue]
        if numbers != sorted(numbers):
            raise AssertionError(f"updates of one queue were taken out of order: {numbers}")
    return [
        Taken(read_arrival(read_update(act.raw)), stored.received[act.update_id]) for act in own
    ]


def _compare(
    desk: Desk,
    acts: Sequence[Taken],
    expected: Outcome,
    person: StoredPerson,
    name: str,
    findings: Findings,
) -> None:
    """Find which fault explains what is stored; a tick lost looks like a tick counted twice."""
    if agrees(expected, person):
        return
    if len(person.applications) > len(expected.applications):
        findings.counted_twice += 1
        findings.notes.append(f"{name}: more applications than were submitted")
    elif any(agrees(Replay(desk, more).run(), person) for more in take_one_twice(acts)):
        findings.counted_twice += 1
        findings.notes.append(f"{name}: stored as if one answer had been given twice")
    elif any(agrees(Replay(desk, fewer).run(), person) for fewer in leave_one_out(acts)):
        findings.answers_lost += 1
        findings.notes.append(f"{name}: stored as if one answer had not been given")
    else:
        findings.answers_lost += 1
        findings.notes.append(f"{name}: stored otherwise than answered: {_tell(expected, person)}")


def agrees(expected: Outcome, person: StoredPerson) -> bool:
    """Tell whether what is stored is what the acts lead to."""
    return not _tell(expected, person)


def _tell(expected: Outcome, person: StoredPerson) -> list[str]:
    """Name what differs, without anybody's words."""
    pairs: dict[str, tuple[Any, Any]] = {
        "draft": (_untagged(expected.draft), _untagged(person.draft)),
        "applications": (expected.applications, person.applications),
        "locale": (expected.locale, person.locale),
        "wants_notices": (expected.wants_notices, person.wants_notices),
    }
    return [what for what, (wanted, found) in pairs.items() if wanted != found]


def _untagged(draft: dict[str, Any] | None) -> dict[str, Any] | None:
    """Leave out the tag, which the bot draws and only a tap gives away."""
    return draft and {**draft, "tag": ""}


def leave_one_out(acts: Sequence[Taken]) -> Iterator[list[Taken]]:
    """List the acts as often as there are acts, each time without another one."""
    return ([*acts[:place], *acts[place + 1 :]] for place in reversed(range(len(acts))))


def take_one_twice(acts: Sequence[Taken]) -> Iterator[list[Taken]]:
    """List the acts as often as there are acts, each time with another one twice."""
    return ([*acts[:place], acts[place], *acts[place:]] for place in reversed(range(len(acts))))


def _look_at_the_end(
    recorder: Recorder, life: Life, expected: Outcome, person: StoredPerson, findings: Findings
) -> None:
    """See that the person got every message once, knows the number, or sees what to do next."""
    chat_id, number = life.robot.person_id, life.robot.number
    surplus = recorder.messages[chat_id] - expected.said
    findings.duplicate_replies += max(0, surplus)
    findings.finished += number is not None
    problems = {
        "a message never came": surplus < 0,
        "no question is open": person.draft is not None
        and not _sees_question(recorder, chat_id, person.draft),
        "no answer to the last act": person.draft is not None
        and life.gave_up
        and recorder.heard_at.get(chat_id, 0.0) < life.robot.deeds[-1].at,
        "the number is not stored": number is not None and number not in person.numbers,
    }
    if any(problems.values()):
        findings.stuck += 1
        words = ", ".join(problem for problem, holds in problems.items() if holds)
        last = life.robot.deeds[-1]
        findings.notes.append(f"chat {chat_id}: {words}; last act {last.kind} {last.update_id}")


def _sees_question(recorder: Recorder, chat_id: int, draft: dict[str, Any]) -> bool:
    question = f"{draft['tag']}/{draft['question']}/"
    return has_open_question(recorder.telegram, chat_id, question)

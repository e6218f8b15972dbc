"""The dialogue that every bot is given: 20 steps, and the calls that answer each of them.

People do the same for everyone. What the answer to a step is was recorded from our own bot
(`benchmarks.walk`), so no bot is given other words, other buttons or fewer calls.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from simulator.people import Act, People
from simulator.reading import list_buttons
from simulator.telegram import Message

TAP = "tap the first button"
ACTS = ("/start", *[TAP] * 12, "សុខ ដារ៉ា", "SOK DARA", *[TAP] * 5)
"""From the greeting to the day of birth: language, consent, work, home, names, sex, birth date."""


@dataclass(frozen=True)
class Call:
    """A call of the Bot API that is part of an answer, without the ids of chat and message."""

    method: str
    parameters: dict[str, Any]


@dataclass(frozen=True)
class Step:
    """What a person does, the calls that answer it, and what our bot has stored by then."""

    act: str
    calls: tuple[Call, ...]
    stored: str = ""


Script = Sequence[Step]


def write_script(script: Script, file: Path) -> None:
    """Write a script for another process."""
    file.write_text(json.dumps([asdict(step) for step in script]), encoding="utf-8")


def read_script(file: Path) -> Script:
    """Read a script that `write_script` wrote."""
    steps = json.loads(file.read_text(encoding="utf-8"))
    return [
        Step(step["act"], tuple(Call(**call) for call in step["calls"]), step["stored"])
        for step in steps
    ]


def count_calls(script: Script) -> list[tuple[str, int]]:
    """Count the steps that are answered alike: the calls' names, and how many steps."""
    kinds: dict[str, int] = {}
    for step in script:
        kind = " + ".join(call.method for call in step.calls)
        kinds[kind] = kinds.get(kind, 0) + 1
    return sorted(kinds.items(), key=lambda kind: -kind[1])


def perform(people: People, person_id: int, act: str, newest: Message | None) -> Act:
    """Let a person act; a tap is on the newest message that has buttons."""
    if act.startswith("/start"):
        return people.start(person_id)
    if act != TAP:
        return people.type_text(person_id, act)
    if newest is None:
        raise RuntimeError("there is no button to tap")
    return people.tap(person_id, newest["message_id"], list_buttons(newest)[0]["callback_data"])

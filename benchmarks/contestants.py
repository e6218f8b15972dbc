"""Who takes part: how each is started, and how many answers it still has after a kill."""

import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.dialogue import Script
from benchmarks.processes import BotProcess, PythonProcess, find_free_port
from benchmarks.walk import list_stored
from simulator.server import Simulator

Kept = Mapping[int, int]
"""How many answers of a person are stored."""


@dataclass(frozen=True)
class Setting:
    """Where a contestant runs: a simulator, a folder of its own, and the script for all."""

    simulator: Simulator
    folder: Path
    script: Script
    script_file: Path


@dataclass(frozen=True)
class Contestant:
    """A bot's name, its process, and the way to count what it has stored; None if it stores."""

    name: str
    make: Callable[[Setting], PythonProcess]
    count_kept: Callable[[Setting], Kept] | None = None

    @property
    def is_bot(self) -> bool:
        """Whether this is a bot, and not the bare client that shows the simulator's ceiling."""
        return self.count_kept is not None


def _make_ours(setting: Setting, webhook: bool) -> PythonProcess:
    simulator = setting.simulator
    token = simulator.telegram.token
    return BotProcess(simulator.url, token, setting.folder, webhook=webhook)


def _make_other(setting: Setting, module: str, *arguments: str) -> PythonProcess:
    simulator = setting.simulator
    command = (module, simulator.url, simulator.telegram.token, str(setting.script_file))
    return PythonProcess(setting.folder, *command, *arguments, environment={})


def _make_usual(setting: Setting) -> PythonProcess:
    return _make_other(setting, "benchmarks.usual_bot", str(setting.folder / "persistence.pickle"))


def _make_bare(setting: Setting, webhook: bool) -> PythonProcess:
    port = find_free_port() if webhook else 0
    return _make_other(setting, "benchmarks.bare_client", str(port))


def count_kept_by_ours(setting: Setting) -> Kept:
    """Count the answers in the drafts of our bot's database; a draft that is wrong has none."""
    positions = {step.stored: number for number, step in enumerate(setting.script, start=1)}
    stored = list_stored(setting.folder / "onboarding.db")
    return {person_id: positions.get(draft, 0) for person_id, draft in stored.items()}


def count_kept_by_usual(setting: Setting) -> Kept:
    """Count the answers in the pickle of the usual build; one that is cut off has none."""
    try:
        with (setting.folder / "persistence.pickle").open("rb") as file:
            stored = pickle.load(file)
    except (FileNotFoundError, EOFError, pickle.UnpicklingError):
        return {}
    return {person_id: len(answers) for person_id, answers in stored["user_data"].items()}


CONTESTANTS = (
    Contestant("ours polling", lambda s: _make_ours(s, webhook=False), count_kept_by_ours),
    Contestant("ours webhook", lambda s: _make_ours(s, webhook=True), count_kept_by_ours),
    Contestant("ptb usual", _make_usual, count_kept_by_usual),
    Contestant("simulator polling", lambda s: _make_bare(s, webhook=False)),
    Contestant("simulator webhook", lambda s: _make_bare(s, webhook=True)),
)

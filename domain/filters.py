"""What an officer wants to see of the applications, as the query of an address says it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self, TypeVar
from urllib.parse import urlencode

from domain.applications import Status
from domain.cases import Waiting
from domain.occupations import Occupations
from domain.places import Gazetteer

FLAGS = ("no_card", "eight_digits", "minor", "possible_duplicate")
"""What about an application an officer should know at first sight."""

_SOURCE = re.compile(r"[A-Za-z0-9_-]{1,64}")

Choice = TypeVar("Choice", bound=StrEnum)


class Assigned(StrEnum):
    """Who has taken a case."""

    ME = "me"
    NOBODY = "nobody"


class Age(StrEnum):
    """How a promise stands: broken, or about to break."""

    OVERDUE = "overdue"
    CLOSE = "close"


@dataclass(frozen=True)
class Filters:
    """Which applications are wanted; what is not set does not matter.

    `place` is the code of a home's province, district or commune; `work` the key of an occupation
    or of a group, `flag` one of `FLAGS`, `source` the word of the link by which somebody came.
    """

    place: str | None = None
    status: Status | None = None
    waiting: Waiting | None = None
    work: str | None = None
    source: str | None = None
    flag: str | None = None
    assigned: Assigned | None = None
    age: Age | None = None

    @classmethod
    def read(cls, query: Mapping[str, str], gazetteer: Gazetteer, occupations: Occupations) -> Self:
        """Read the query of an address; what nobody can have chosen is left out."""
        place, work, source = (query.get(name, "").strip() for name in ("place", "work", "source"))
        flag = query.get("flag", "")
        return cls(
            place=place if len(place) <= _COMMUNE and gazetteer.find(place) else None,
            status=_choose(Status, query.get("status")),
            waiting=_choose(Waiting, query.get("waiting")),
            work=work if list_keys(work, occupations) else None,
            source=source if _SOURCE.fullmatch(source) else None,
            flag=flag if flag in FLAGS else None,
            assigned=_choose(Assigned, query.get("assigned")),
            age=_choose(Age, query.get("age")),
        )

    @property
    def is_set(self) -> bool:
        """Whether anything at all is asked for."""
        return self != Filters()

    def write(self, **more: str) -> str:
        """Write the query of an address that reads the same, with some more in it."""
        chosen = {name: str(value) for name, value in vars(self).items() if value is not None}
        return urlencode({**chosen, **more})

    def without(self, name: str) -> Self:
        """Ask for the same but for one thing."""
        return replace(self, **{name: None})


_COMMUNE = len("020301")


def list_keys(work: str, occupations: Occupations) -> tuple[str, ...]:
    """List the occupations that a key stands for: those of a group, or one, or none."""
    if work in occupations.groups():
        return tuple(one.key for one in occupations.of_group(work))
    return (work,) if occupations.find(work) else ()


def _choose(choices: type[Choice], chosen: str | None) -> Choice | None:
    return choices(chosen) if chosen in list(choices) else None

"""People who do not exist, with usual names, in real villages."""

from dataclasses import replace
from difflib import SequenceMatcher
from functools import cache
from random import Random

from db.reference import load_gazetteer
from domain.demo.names import FAMILY_NAMES, GIVEN_NAMES, WrittenName
from domain.registrations import Worker

_NEAR = 0.7
_PREFIXES = ("10", "11", "12", "15", "16", "17", "69", "70", "77", "81", "86", "92", "93", "98")


class Inventor:
    """Makes up people, their villages and numbers; the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self._places = load_gazetteer()
        self._villages = self.list_inside(None, 8)

    def invent(self) -> Worker:
        """Make up somebody."""
        family = self.random.choice(FAMILY_NAMES)
        given = self.random.choice(GIVEN_NAMES)
        return Worker(
            family_km=family.khmer,
            given_km=given.khmer,
            family_latin=family.latin[0],
            given_latin=given.latin[0],
            sex=self.random.choice(("female", "male")),
            born=self.invent_birth(self.random.randint(1950, 2007)),
            phone=self.invent_phone(),
            phone_is=self.random.choice(("own", "own", "typed")),
            id_number=self.invent_id() if self.random.random() < 0.75 else None,
            no_id_reason=None,
            home=self.random.choice(self._villages),
        )

    def invent_birth(self, year: int) -> str:
        """Make up a birth in a year; a quarter of the people do not know the day."""
        day = f"{year}-{self.random.randint(1, 12):02}-{self.random.randint(1, 28):02}"
        return day[: self.random.choices((10, 7, 4), (75, 8, 17))[0]]

    def invent_phone(self) -> str:
        """Make up a mobile number."""
        return f"+855{self.random.choice(_PREFIXES)}{self.random.randrange(10**6):06}"

    def invent_id(self) -> str:
        """Make up nine digits."""
        return f"{self.random.randrange(10**9):09}"

    def rename(self, worker: Worker, *, near: bool) -> Worker:
        """Give another given name, one that is spelt nearly the same if so wished."""
        now = worker.given_km
        others = [name for name in GIVEN_NAMES if name.khmer != now]
        alike = [name for name in others if _is_near(name, worker.given_latin)]
        name = self.random.choice(alike if near and alike else others)
        return replace(worker, given_km=name.khmer, given_latin=name.latin[0])

    def list_inside(self, code: str | None, length: int) -> tuple[str, ...]:
        """List the codes of this length inside a place."""
        codes: tuple[str | None, ...] = (code,)
        while codes and len(codes[0] or "") < length:
            codes = tuple(child.code for each in codes for child in self._places.children(each))
        return tuple(each for each in codes if each)

    def move(self, worker: Worker, *, within: int, away_from: int) -> Worker:
        """Move a worker inside the place of so many digits, out of the one of so many."""
        around = worker.home[:within] or None
        left = worker.home[:away_from]
        there = [code for code in self.list_inside(around, 8) if not code.startswith(left)]
        return replace(worker, home=self.random.choice(there)) if there else worker


@cache
def _is_near(name: WrittenName, latin: str) -> bool:
    return SequenceMatcher(None, name.latin[0], latin).ratio() >= _NEAR

"""Cambodia's places, from province to village, by their official codes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from domain.place_search import Entry, PlaceIndex

Level = Literal["province", "district", "commune", "village"]

_LEVEL_OF_LENGTH: dict[int, Level] = {2: "province", 4: "district", 6: "commune", 8: "village"}


@dataclass(frozen=True, slots=True)
class Place:
    """A place with its official code; the code of its parent is the code less two digits."""

    code: str
    name_km: str
    name_en: str
    level: Level
    type_km: str
    type_en: str

    @classmethod
    def of(cls, code: str, name_km: str, name_en: str, type_km: str, type_en: str) -> "Place":
        """Make a place whose level follows from the length of its code."""
        return cls(code, name_km, name_en, _LEVEL_OF_LENGTH[len(code)], type_km, type_en)

    @property
    def parent_code(self) -> str | None:
        """The code of the place around it; a province has none."""
        return self.code[:-2] or None


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name by which people know a place."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Matches:
    """The best places for a search, and whether others fit about as well."""

    places: tuple[Place, ...]
    more: bool


class Gazetteer:
    """All places: looked up, listed, described and searched."""

    def __init__(self, places: Iterable[Place], aliases: Iterable[Alias] = ()) -> None:
        self._places = {place.code: place for place in sorted(places, key=lambda one: one.code)}
        self._aliases = tuple(aliases)
        children: defaultdict[str | None, list[Place]] = defaultdict(list)
        for place in self._places.values():
            children[place.parent_code].append(place)
        self._children = {code: tuple(places) for code, places in children.items()}

    def __len__(self) -> int:
        return len(self._places)

    def get(self, code: str) -> Place:
        """Return the place with this code, or raise KeyError."""
        return self._places[code]

    def find(self, code: str) -> Place | None:
        """Return the place with this code, if there is one."""
        return self._places.get(code)

    def children(self, code: str | None) -> tuple[Place, ...]:
        """Return the places directly inside a place in order of code; provinces for None."""
        return self._children.get(code, ())

    def path(self, code: str) -> tuple[Place, ...]:
        """Return a place and all that contain it, the province first."""
        self.get(code)
        return tuple(self._places[code[:end]] for end in range(2, len(code) + 1, 2))

    def short(self, code: str, locale: str) -> str:
        """Name one place without its kind and path, as in a list of what lies in another place."""
        place = self.get(code)
        return place.name_km if locale == "km" else place.name_en

    def describe(self, code: str, locale: str) -> str:
        """Name a place with its whole path, the smallest first."""
        separator = " " if locale == "km" else ", "
        return separator.join(_with_kind(place, locale) for place in reversed(self.path(code)))

    def search(self, text: str, within: str | None = None, limit: int = 6) -> Matches:
        """Find places by a few letters, Khmer or Latin, misspelt too, best first.

        Names of places around it and words like ភូមិ or "commune" may be part of the text.
        With `within`, only places inside that one are found.
        """
        found = self._index.search(text, within or "")
        places = tuple(self._places[code] for code in found[:limit])
        return Matches(places, more=len(found) > limit)

    def prepare(self) -> None:
        """Build the search index now, so that the first person need not wait for it."""
        _ = self._index

    @cached_property
    def _index(self) -> PlaceIndex:
        named = [
            Entry(p.code, name) for p in self._places.values() for name in (p.name_km, p.name_en)
        ]
        return PlaceIndex([*named, *(Entry(alias.code, alias.name) for alias in self._aliases)])


def _with_kind(place: Place, locale: str) -> str:
    if locale != "km":
        return f"{place.name_en} {place.type_en}"
    is_named_after_its_kind = place.name_km.startswith(place.type_km)
    return place.name_km if is_named_after_its_kind else place.type_km + place.name_km

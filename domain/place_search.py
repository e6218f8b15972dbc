"""An index of place names that finds them by a few letters, in Khmer or Latin, misspelt too."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from domain.khmer import search_key, to_latin_digits
from domain.place_queries import VILLAGE, Reading, read_place
from domain.place_surroundings import CERTAIN, CLOSE_TO_BEST, LEAST_SCORE, Areas, Surroundings
from domain.spellings import has_khmer, likeness, sound_key, write_numbers_in_digits

_MOST_FUZZY = 100
_FOR_LEVEL = {2: 6.0, 4: 4.0, 6: 1.5, 8: 0.0}
_FOR_SAID_LEVEL = 6.0
_NOT_IN_KEY = re.compile(r"""[\s"'«».;,()/-]+""")
_OUT_OF_ORDER = re.compile("[ា-៑]្|្រ្|[ំះ][ា-ៅ]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of the place with this code."""

    code: str
    name: str


def write_key(name: str) -> str:
    """Return the search key of an official name, quickly where its letters are in order."""
    counted = write_numbers_in_digits(name.casefold())
    if _OUT_OF_ORDER.search(counted):
        return search_key(counted)
    return _NOT_IN_KEY.sub("", to_latin_digits(counted)).replace("្ដ", "្ត")


def _list_keys(name: str) -> list[str]:
    """List the keys of a name; ភូមិ ១ is also found as ១ alone, for ភូមិ is read as the kind."""
    key = write_key(name)
    rest = key.removeprefix("ភូមិ").removeprefix("phum")
    return [key, rest] if rest and rest != key else [key]


class _Names:
    """The names in one script, by their spelling and by their sound."""

    def __init__(self, keyed: Iterable[tuple[str, str]]) -> None:
        self._by_code = sorted(set(keyed))
        self._codes: defaultdict[str, list[str]] = defaultdict(list)
        for code, key in self._by_code:
            self._codes[key].append(code)
        self._sounds = {key: sound_key(key) for key in self._codes}
        self._keys: defaultdict[str, list[str]] = defaultdict(list)
        for key, sound in self._sounds.items():
            self._keys[sound].append(key)

    def find(self, typed: str, within: str) -> dict[str, float]:
        """Score the codes inside a place whose names are like the typed one."""
        sound = sound_key(typed)
        found: dict[str, float] = {}
        for alike in _list_alike(sound, self._list_sounds(within)):
            likeness_of_sound = likeness(sound, alike)
            for key in self._keys[alike]:
                score = 0.75 * likeness_of_sound + 0.25 * likeness(typed, key)
                for code in self._codes[key]:
                    found[code] = max(score, found.get(code, 0.0))
        if not within:
            return found
        return {code: found[code] for code in found if _is_inside(code, within)}

    def _list_sounds(self, within: str) -> Sequence[str]:
        if not within:
            return list(self._keys)
        start = bisect_left(self._by_code, (within,))
        end = bisect_left(self._by_code, (within + ":",))
        return list({self._sounds[key] for _, key in self._by_code[start:end]})


def _list_alike(sound: str, sounds: Sequence[str]) -> set[str]:
    if len(sound) < 3:
        return {one for one in sounds if one.startswith(sound)}
    fuzzy = process.extract(
        sound, sounds, scorer=fuzz.ratio, score_cutoff=LEAST_SCORE, limit=_MOST_FUZZY
    )
    return {one for one, _, _ in fuzzy} | {one for one in sounds if sound in one}


def _is_inside(code: str, within: str) -> bool:
    return code != within and code.startswith(within)


class PlaceIndex:
    """All names of all places, ready to be searched."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        keyed = [(entry.code, key) for entry in entries for key in _list_keys(entry.name)]
        self._khmer = _Names(pair for pair in keyed if has_khmer(pair[1]))
        self._latin = _Names(pair for pair in keyed if not has_khmer(pair[1]))
        areas = [(code, sound_key(key)) for code, key in keyed if len(code) < VILLAGE]
        self._khmer_areas = Areas(area for area in areas if has_khmer(area[1]))
        self._latin_areas = Areas(area for area in areas if not has_khmer(area[1]))

    def search(self, text: str, within: str) -> list[str]:
        """List the codes inside a place whose names fit the text about as well as the best one."""
        best: dict[str, float] = {}
        surroundings = Surroundings(self._khmer_areas, self._latin_areas)
        for readings in read_place(text):
            for reading in readings:
                for code, score in self._score(reading, within, surroundings).items():
                    best[code] = max(score, best.get(code, 0.0))
            if max(best.values(), default=0.0) >= CERTAIN:
                break
        return _rank(best)

    def _score(self, reading: Reading, within: str, surroundings: Surroundings) -> dict[str, float]:
        typed = "".join(reading.name)
        names = self._khmer if has_khmer(typed) else self._latin
        found = names.find(typed, within)
        if reading.around:
            found = surroundings.weigh(found, reading)
        return {code: score + _prior(code, reading) for code, score in found.items()}


def _prior(code: str, reading: Reading) -> float:
    said = _FOR_SAID_LEVEL if len(code) == reading.length else 0.0
    return said + _FOR_LEVEL[len(code)]


def _rank(scores: dict[str, float]) -> list[str]:
    least = max(LEAST_SCORE, max(scores.values(), default=0.0) - CLOSE_TO_BEST)
    fitting = [code for code, score in scores.items() if score >= least]
    return sorted(fitting, key=lambda code: (-scores[code], code))

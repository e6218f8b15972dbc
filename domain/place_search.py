"""An index of place names that finds them by a few letters, in Khmer or Latin, misspelt too."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from domain.khmer import to_latin_digits
from domain.place_queries import VILLAGE, Reading, read_place
from domain.spellings import has_khmer, likeness, sound_key, write_numbers_in_digits

_LEAST_SCORE = 60.0
_CLOSE_TO_BEST = 12.0
_CERTAIN = 94.0
_MOST_FUZZY = 100
_MOST_SURROUNDED = 250
_FOR_LEVEL = {2: 6.0, 4: 4.0, 6: 1.5, 8: 0.0}
_FOR_SAID_LEVEL = 6.0
_FOR_GUESSING = 3.0
_NOT_IN_KEY = re.compile(r"""[\s"'«».;,()/-]+""")


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of the place with this code."""

    code: str
    name: str


def write_key(name: str) -> str:
    """Return the search key of an official name, which needs less work than what people type."""
    plain = to_latin_digits(write_numbers_in_digits(name.casefold()))
    return _NOT_IN_KEY.sub("", plain).replace("្ដ", "្ត")


class _Names:
    """The names in one script, by their spelling and by their sound."""

    def __init__(self, keyed: Iterable[tuple[str, str]]) -> None:
        self._by_code = sorted(keyed)
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
        sound, sounds, scorer=fuzz.ratio, score_cutoff=_LEAST_SCORE, limit=_MOST_FUZZY
    )
    return {one for one, _, _ in fuzzy} | {one for one in sounds if sound in one}


def _is_inside(code: str, within: str) -> bool:
    return code != within and code.startswith(within)


class PlaceIndex:
    """All names of all places, ready to be searched."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        keyed = [(entry.code, write_key(entry.name)) for entry in entries]
        self._khmer = _Names(pair for pair in keyed if has_khmer(pair[1]))
        self._latin = _Names(pair for pair in keyed if not has_khmer(pair[1]))
        self._areas = _Areas((code, sound_key(key)) for code, key in keyed if len(code) < VILLAGE)

    def search(self, text: str, within: str) -> list[str]:
        """List the codes inside a place whose names fit the text about as well as the best one."""
        best: dict[str, float] = {}
        surroundings = _Surroundings(self._areas)
        for readings in read_place(text):
            for reading in readings:
                for code, score in self._score(reading, within, surroundings).items():
                    best[code] = max(score, best.get(code, 0.0))
            if max(best.values(), default=0.0) >= _CERTAIN:
                break
        return _rank(best)

    def _score(
        self, reading: Reading, within: str, surroundings: "_Surroundings"
    ) -> dict[str, float]:
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
    least = max(_LEAST_SCORE, max(scores.values(), default=0.0) - _CLOSE_TO_BEST)
    fitting = [code for code, score in scores.items() if score >= least]
    return sorted(fitting, key=lambda code: (-scores[code], code))


class _Areas:
    """How the areas that contain places sound."""

    def __init__(self, sounding: Iterable[tuple[str, str]]) -> None:
        own: defaultdict[str, set[str]] = defaultdict(set)
        for code, sound in sounding:
            own[code].add(sound)
        sounds = set().union(*own.values())
        self.khmer = [sound for sound in sounds if has_khmer(sound)]
        self.latin = [sound for sound in sounds if not has_khmer(sound)]
        self.around = {code: own[code[:2]] | own[code[:4]] | own[code] for code in tuple(own)}


class _Surroundings:
    """The areas, held against the words that someone typed around a name."""

    def __init__(self, areas: _Areas) -> None:
        self._areas = areas
        self._fits: dict[str, dict[str, float]] = {}

    def weigh(self, found: dict[str, float], reading: Reading) -> dict[str, float]:
        """Score again those of the found places that lie where the words say."""
        words = [sound for sound in map(sound_key, reading.around) if sound]
        handicap = 0.0 if reading.length else _FOR_GUESSING
        supports: dict[str, float] = {}
        weighed: dict[str, float] = {}
        best = 0.0
        for code in sorted(found, key=lambda code: -found[code])[:_MOST_SURROUNDED]:
            if _weigh(found[code], 100.0) < best - _CLOSE_TO_BEST:
                break
            area = code[:-2]
            if area not in supports:
                supports[area] = self._support(area, words)
            if supports[area] >= _LEAST_SCORE:
                weighed[code] = _weigh(found[code], supports[area]) - handicap
                best = max(best, weighed[code])
        return weighed

    def _support(self, area: str, words: Sequence[str]) -> float:
        joined = "".join(words)
        together = self._fit(joined, area)
        if together >= _CERTAIN or len(words) < 2:
            return together
        apart = sum(self._fit(word, area) * len(word) for word in words) / len(joined)
        return max(together, apart)

    def _fit(self, word: str, area: str) -> float:
        if word not in self._fits:
            sounds = self._areas.khmer if has_khmer(word) else self._areas.latin
            self._fits[word] = _fit_names(word, sounds)
        fits = self._fits[word]
        return max(
            (fits.get(sound, 0.0) for sound in self._areas.around.get(area, ())), default=0.0
        )


def _weigh(name: float, around: float) -> float:
    return 0.6 * name + 0.4 * around


def _fit_names(word: str, sounds: Sequence[str]) -> dict[str, float]:
    if len(word) < 3:
        begun = {sound: 95.0 for sound in sounds if sound.startswith(word)}
        return begun | {word: 100.0}
    partly = process.extract(
        word, sounds, scorer=fuzz.partial_ratio, score_cutoff=_LEAST_SCORE, limit=None
    )
    return {
        sound: 0.95 * score if len(word) < len(sound) else fuzz.ratio(word, sound)
        for sound, score, _ in partly
    }

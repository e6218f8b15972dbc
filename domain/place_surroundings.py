"""The places around a place, held against the words that someone typed around its name."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

from domain.place_queries import Reading
from domain.spellings import has_khmer, sound_key

LEAST_SCORE = 60.0
CLOSE_TO_BEST = 12.0
CERTAIN = 94.0
_MOST_WEIGHED = 250
_FOR_GUESSING = 4.0


class Areas:
    """How the places that contain others sound, in one script."""

    def __init__(self, sounding: Iterable[tuple[str, str]]) -> None:
        own: defaultdict[str, set[str]] = defaultdict(set)
        for code, sound in sounding:
            own[code].add(sound)
        self.sounds = list(set().union(*own.values()))
        self.around = {code: own[code[:2]] | own[code[:4]] | own[code] for code in tuple(own)}


class Surroundings:
    """The areas of both scripts during one search, each word compared with them once."""

    def __init__(self, khmer: Areas, latin: Areas) -> None:
        self._khmer, self._latin = khmer, latin
        self._fits: dict[str, dict[str, float]] = {}

    def weigh(self, found: dict[str, float], reading: Reading) -> dict[str, float]:
        """Score again those of the found places that lie where the words say."""
        words = [sound for sound in map(sound_key, reading.around) if sound]
        handicap = 0.0 if reading.length else _FOR_GUESSING
        supports: dict[str, float] = {}
        weighed: dict[str, float] = {}
        best = 0.0
        for code in sorted(found, key=lambda code: -found[code])[:_MOST_WEIGHED]:
            if _weigh(found[code], 100.0) < best - CLOSE_TO_BEST:
                break
            area = code[:-2]
            if area not in supports:
                supports[area] = self._support(area, words)
            if supports[area] >= LEAST_SCORE:
                weighed[code] = _weigh(found[code], supports[area]) - handicap
                best = max(best, weighed[code])
        return weighed

    def _support(self, area: str, words: Sequence[str]) -> float:
        joined = "".join(words)
        together = self._fit(joined, area)
        if together >= CERTAIN or len(words) < 2:
            return together
        apart = sum(self._fit(word, area) * len(word) for word in words) / len(joined)
        return max(together, apart)

    def _fit(self, word: str, area: str) -> float:
        areas = self._khmer if has_khmer(word) else self._latin
        if word not in self._fits:
            self._fits[word] = _fit_names(word, areas.sounds)
        fits = self._fits[word]
        return max((fits.get(sound, 0.0) for sound in areas.around.get(area, ())), default=0.0)


def _weigh(name: float, around: float) -> float:
    return 0.6 * name + 0.4 * around


def _fit_names(word: str, sounds: Sequence[str]) -> dict[str, float]:
    if len(word) < 3:
        begun = {sound: 95.0 for sound in sounds if sound.startswith(word)}
        return begun | {word: 100.0}
    partly = process.extract(
        word, sounds, scorer=fuzz.partial_ratio, score_cutoff=LEAST_SCORE, limit=None
    )
    return {
        sound: 0.95 * score if len(word) < len(sound) else fuzz.ratio(word, sound)
        for sound, score, _ in partly
    }

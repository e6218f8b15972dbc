"""What people do for a living: a short list in groups, found by everyday words."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from domain.khmer import clean, search_key
from domain.spellings import likeness, sound_key

_LONGEST_TEXT = 120
_SHORTEST_KEY = 3
_LEAST_SCORE = 77.0
_CLOSE_TO_BEST = 18.0


@dataclass(frozen=True, slots=True)
class Group:
    """A group of occupations."""

    key: str
    name_km: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Occupation:
    """An occupation with its ISCO-08 unit group, empty for `other`, and words people use for it."""

    key: str
    name_km: str
    name_en: str
    isco08: str
    group: str
    keywords: tuple[str, ...] = field(default=(), repr=False)


class Occupations:
    """The list of occupations: in order, by group, by key and by words."""

    def __init__(self, occupations: Iterable[Occupation], groups: Iterable[Group]) -> None:
        self._occupations = {one.key: one for one in occupations}
        self._groups = {group.key: group for group in groups}
        self._terms = {one.key: _list_terms(one) for one in self._occupations.values()}

    def __len__(self) -> int:
        return len(self._occupations)

    def groups(self) -> tuple[str, ...]:
        """Return the keys of all groups in the order in which they are offered."""
        return tuple(self._groups)

    def of_group(self, group: str) -> tuple[Occupation, ...]:
        """Return the occupations of a group in the order in which they are offered."""
        return tuple(one for one in self._occupations.values() if one.group == group)

    def get(self, key: str) -> Occupation:
        """Return the occupation with this key, or raise KeyError."""
        return self._occupations[key]

    def find(self, key: str) -> Occupation | None:
        """Return the occupation with this key, if there is one."""
        return self._occupations.get(key)

    def name(self, key: str, locale: str) -> str:
        """Name an occupation in the reader's language."""
        occupation = self._occupations[key]
        return occupation.name_km if locale == "km" else occupation.name_en

    def group_name(self, key: str, locale: str) -> str:
        """Name a group in the reader's language."""
        group = self._groups[key]
        return group.name_km if locale == "km" else group.name_en

    def search(self, text: str, limit: int = 5) -> tuple[Occupation, ...]:
        """Find occupations by everyday words, Khmer or Latin, misspelt too, best first."""
        typed = _Term.of(clean(text[:_LONGEST_TEXT]))
        if len(typed.key) < _SHORTEST_KEY or not typed.sound:
            return ()
        scores = {key: max(map(typed.score, terms)) for key, terms in self._terms.items() if terms}
        least = max(_LEAST_SCORE, max(scores.values(), default=0.0) - _CLOSE_TO_BEST)
        best = sorted((key for key in scores if scores[key] >= least), key=lambda key: -scores[key])
        return tuple(self._occupations[key] for key in best[:limit])


@dataclass(frozen=True, slots=True)
class _Term:
    """Words for an occupation: their key, how they sound together, and each alone."""

    key: str
    sound: str
    words: str

    @classmethod
    def of(cls, text: str) -> "_Term":
        words = [sound_key(search_key(word)) for word in text.split()]
        key = search_key(text)
        return cls(key, sound_key(key), " ".join(sorted(filter(None, words))))

    def score(self, term: "_Term") -> float:
        """Score how well a known term fits what this one says."""
        said = likeness(self.sound, term.sound)
        if len(term.sound) > 3 and term.sound in self.sound:
            said = max(said, 72 + 24 * len(term.sound) / len(self.sound))
        in_any_order = 0.95 * fuzz.ratio(self.words, term.words)
        return 0.85 * max(said, in_any_order) + 0.15 * fuzz.ratio(self.key, term.key)


def _list_terms(occupation: Occupation) -> tuple[_Term, ...]:
    if not occupation.isco08:
        return ()
    names = (occupation.name_km, occupation.name_en, *occupation.keywords)
    return tuple(map(_Term.of, dict.fromkeys(names)))

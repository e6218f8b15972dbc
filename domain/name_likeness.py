"""How close the names of two people are, whatever the spelling and the order of the parts."""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from domain.khmer import search_key
from domain.spellings import has_khmer, sound_key

_NOT_LATIN = re.compile("[^a-z]+")
_FINAL_DIPHTHONG = re.compile("(?:ea|ia|ie)h?$")
_SHORTEST_MISTYPED = 3  # of two letters one error leaves too little


class Closeness(IntEnum):
    """How close two names are: with the same letters, the same sound, an error apart, or not."""

    OTHER = 0
    NEAR = 1
    ALIKE = 2
    SAME = 3


@dataclass(frozen=True, slots=True)
class Spelling:
    """One part of a name: its letters as they are compared, and its sound."""

    key: str
    sound: str


@lru_cache(maxsize=65536)
def read_spelling(part: str) -> Spelling:
    """Read the family name or the given name in either script."""
    key = normalise(part)
    return Spelling(key, _sound(key))


def normalise(part: str) -> str:
    """Return the letters of a name that look alike in all its spellings, without spaces."""
    return search_key(part) if has_khmer(part) else _NOT_LATIN.sub("", part.casefold())


def compare_names(family: str, given: str, other_family: str, other_given: str) -> Closeness:
    """Compare two people's names in one script; swapped parts can be alike, never the same."""
    one, other = _read(family, given), _read(other_family, other_given)
    straight = _compare_pairs(one, other)
    if straight is Closeness.SAME:
        return straight
    crossed = _compare_pairs(one, other[::-1])
    return max(straight, min(Closeness.ALIKE, crossed), _compare_whole(one, other))


def is_mistyped(one: str, other: str) -> bool:
    """Tell whether one letter or digit is wrong, lost or added, or two are swapped."""
    return (
        max(len(one), len(other)) >= _SHORTEST_MISTYPED
        and OSA.distance(one, other, score_cutoff=1) == 1
    )


_Parts = tuple[Spelling, Spelling]


def _read(family: str, given: str) -> _Parts:
    return read_spelling(family), read_spelling(given)


def _compare_pairs(one: _Parts, other: _Parts) -> Closeness:
    return min(_compare_parts(one[0], other[0]), _compare_parts(one[1], other[1]))


def _compare_whole(one: _Parts, other: _Parts) -> Closeness:
    """Compare names that are cut into family and given name at different places."""
    is_alike = "".join(part.key for part in one) == "".join(part.key for part in other)
    return Closeness.ALIKE if is_alike else Closeness.OTHER


def _compare_parts(one: Spelling, other: Spelling) -> Closeness:
    if one.key == other.key:
        return Closeness.SAME
    if one.sound == other.sound:
        return Closeness.ALIKE
    if is_mistyped(one.key, other.key) or is_mistyped(one.sound, other.sound):
        return Closeness.NEAR
    return Closeness.OTHER


def _sound(key: str) -> str:
    """Return the sound, with the endings apart that tell Sophea from her sister Sophy."""
    sound = sound_key(key)
    return f"{sound}a" if _FINAL_DIPHTHONG.search(key) else sound

"""What a typed place may mean: which words name it, which name places around it, and its level."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.khmer import clean, search_key
from domain.spellings import write_numbers_in_digits

_LONGEST_TEXT = 120
_MOST_WORDS = 8
_MOST_WORDS_LARGEST_FIRST = 5
_LONGEST_NAME = 3
_COMMAS = re.compile(r"[,;/|\n។៖()،]+")

PROVINCE, DISTRICT, COMMUNE, VILLAGE = 2, 4, 6, 8
_KHMER_KINDS = {
    search_key(kind): length
    for kind, length in (
        ("រាជធានី", PROVINCE),
        ("ខេត្ត", PROVINCE),
        ("ស្រុក", DISTRICT),
        ("ខណ្ឌ", DISTRICT),
        ("ក្រុង", DISTRICT),
        ("ឃុំ", COMMUNE),
        ("សង្កាត់", COMMUNE),
        ("ភូមិ", VILLAGE),
    )
}
_KINDS_BEFORE = {
    "khaet": PROVINCE,
    "khet": PROVINCE,
    "srok": DISTRICT,
    "khan": DISTRICT,
    "krong": DISTRICT,
    "khum": COMMUNE,
    "sangkat": COMMUNE,
    "phum": VILLAGE,
    "phoum": VILLAGE,
}
_KINDS_AFTER = {
    "province": PROVINCE,
    "capital": PROVINCE,
    "district": DISTRICT,
    "municipality": DISTRICT,
    "city": DISTRICT,
    "town": DISTRICT,
    "commune": COMMUNE,
    "quarter": COMMUNE,
    "village": VILLAGE,
}
_ANY_KIND = "|".join(_KHMER_KINDS)
# ភូមិ, ស្រុក, ក្រុង and a last ឃុំ are also parts of names: ភ្នំស្រុក, ខេមរភូមិន្ទ, សាលាឃុំ.
_ONLY_KINDS = "|".join(search_key(kind) for kind in ("រាជធានី", "ខេត្ត", "ខណ្ឌ", "ឃុំ", "សង្កាត់"))
_KIND = re.compile(f"(?!ភូមិន្ទ)(?:{_ANY_KIND})")
_HAS_KIND = re.compile(f"{_KIND.pattern}|.+(?:{_ONLY_KINDS}).")
_BEFORE_KIND = re.compile(f"(?<=.)(?={_KIND.pattern}.)")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a text: a name, names around it, the code length of its level."""

    name: tuple[str, ...]
    around: tuple[str, ...] = ()
    length: int | None = None


@dataclass(slots=True)
class _Part:
    words: list[str] = field(default_factory=list)
    length: int | None = None


def read_place(text: str) -> Iterator[list[Reading]]:
    """Yield ways to understand a text, those that trust its form first, then bolder guesses."""
    tidy = write_numbers_in_digits(clean(text[:_LONGEST_TEXT]).casefold())
    groups = [words for words in map(_split_words, _COMMAS.split(tidy)) if words]
    words = tuple(word for group in groups for word in group)[:_MOST_WORDS]
    parts = [part for group in groups for part in _split_parts(group)]
    if parts:
        yield list(_read_parts(words, parts))
        names = tuple(word for part in parts for word in part.words)[:_MOST_WORDS]
        counts = range(1, min(len(names), _LONGEST_NAME + 1))
        if len(parts) > 1 or parts[0].length:
            yield [Reading(names[:count], names[count:]) for count in counts]
        if len(names) <= _MOST_WORDS_LARGEST_FIRST:
            yield [Reading(names[-count:], names[:-count]) for count in counts]


def _split_words(text: str) -> list[str]:
    return [key for key in map(search_key, text.replace("-", " ").split()) if key]


def _read_parts(words: tuple[str, ...], parts: list[_Part]) -> Iterator[Reading]:
    smallest = max(parts, key=lambda part: part.length or 0)
    around = tuple(word for part in parts if part is not smallest for word in part.words)
    own = tuple(smallest.words)[:_MOST_WORDS]
    yield Reading(words, length=smallest.length)
    for count in range(1, min(len(own), _LONGEST_NAME) + 1):
        reading = Reading(own[:count], (*own[count:], *around)[:_MOST_WORDS], smallest.length)
        if reading.name != words:
            yield reading


def _split_parts(words: list[str]) -> list[_Part]:
    parts = [_Part()]
    for position, word in enumerate(words, start=1):
        is_last = position == len(words)
        if word in _KINDS_BEFORE and not is_last:
            parts.append(_Part(length=_KINDS_BEFORE[word]))
        elif parts[-1].words and (word in _KINDS_AFTER or (word in _KINDS_BEFORE and is_last)):
            parts[-1].length = _KINDS_AFTER.get(word) or _KINDS_BEFORE[word]
            parts.append(_Part())
        elif _HAS_KIND.match(word):
            parts.extend(_split_khmer(word))
        else:
            parts[-1].words.append(word)
    return [part for part in parts if part.words]


def _split_khmer(word: str) -> Iterator[_Part]:
    for piece in _BEFORE_KIND.split(word):
        kind = _KIND.match(piece)
        rest = piece[kind.end() :] if kind else piece
        yield _Part([rest] if rest else [], _KHMER_KINDS[kind[0]] if kind else None)

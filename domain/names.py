"""Names of people: family name first, in Khmer letters and in Latin ones as on the card."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeGuard

from domain.khmer import clean
from domain.problems import Problem

NAME_PROBLEMS = frozenset(
    {
        "name.empty",
        "name.digits",
        "name.symbols",  # the right letters, with emoji, @ and the like
        "name.khmer-letters-needed",
        "name.latin-letters-needed",
        "name.too-long",  # {longest}
    }
)

_LONGEST_PART = 60
_SHORTEST_OFFERED = 2  # one letter is an initial, not a name
_JOINERS = "\u200c\u200d"  # zero-width, they shape the letters beside them
_KHMER_LETTER = f"[\u1780-\u17d3\u17dd{_JOINERS}]"
_KHMER_WORD = re.compile(f"{_KHMER_LETTER}*?[\u1780-\u17b3]{_KHMER_LETTER}*")
_LATIN_WORD = re.compile("[A-Z]+(?:['-][A-Z]+)*")
_BETWEEN_WORDS = re.compile(r"[\s,.;។]+")
_LATIN_MARKS = re.compile("[\u0300-\u036f]")
_AS_ON_CARD = str.maketrans("‘’ʼ`´‐‑–—Đ", "'''''----D")
_DECORATION = re.compile(r"^(?:[^\w\u1780-\u17dd]|_)+|(?:[^\w\u1780-\u17dd]|_)+$")


@dataclass(frozen=True)
class Name:
    """A person's family name and given name."""

    family: str
    given: str

    @property
    def full(self) -> str:
        """Both parts, family name first."""
        return f"{self.family} {self.given}"


@dataclass(frozen=True)
class PartialName:
    """One word, taken for the family name until the other part is known."""

    family: str


Parsed = Name | PartialName | Problem


def parse_khmer_name(text: str) -> Parsed:
    """Read a name in Khmer letters; a problem's code is one of `NAME_PROBLEMS`.

    The first word is the family name, all others are the given name.
    """
    return _parse(clean(text), _KHMER_WORD, "name.khmer-letters-needed")


def parse_latin_name(text: str) -> Parsed:
    """Read a name in Latin letters, in capitals and without accents as cards print it."""
    return _parse(_as_on_card(clean(text)), _LATIN_WORD, "name.latin-letters-needed")


def offer_khmer_names(first_name: str, last_name: str) -> tuple[Name, ...]:
    """Return what Telegram knows as Khmer names to choose from, likeliest first, or nothing."""
    return _offer(first_name, last_name, parse_khmer_name)


def offer_latin_names(first_name: str, last_name: str) -> tuple[Name, ...]:
    """Return what Telegram knows as Latin names to choose from, likeliest first, or nothing."""
    return _offer(first_name, last_name, parse_latin_name)


def _parse(text: str, word: re.Pattern[str], wrong_letters: str) -> Parsed:
    words = _BETWEEN_WORDS.sub(" ", text).split()
    if not words:
        return Problem("name.empty")
    if not all(map(word.fullmatch, words)):
        return Problem(_explain(words, word, wrong_letters))
    family, given = words[0], " ".join(words[1:])
    if max(len(family), len(given)) > _LONGEST_PART:
        return Problem("name.too-long", {"longest": str(_LONGEST_PART)})
    return Name(family, given) if given else PartialName(family)


def _explain(words: list[str], word: re.Pattern[str], wrong_letters: str) -> str:
    if any(unicodedata.category(char)[0] == "N" for char in "".join(words)):
        return "name.digits"
    bare = filter(None, ("".join(filter(_is_letter, each)) for each in words))
    return "name.symbols" if all(map(word.fullmatch, bare)) else wrong_letters


def _is_letter(char: str) -> bool:
    return char.isalpha() or "\u1780" <= char <= "\u17dd" or char in _JOINERS


def _as_on_card(text: str) -> str:
    letters = _LATIN_MARKS.sub("", unicodedata.normalize("NFKD", text))
    return letters.upper().translate(_AS_ON_CARD)


def _offer(first_name: str, last_name: str, parse: Callable[[str], Parsed]) -> tuple[Name, ...]:
    first, last = _undecorate(first_name), _undecorate(last_name)
    if not last:
        first, last = first[-1:], first[:-1]
    orders = (last + first, first + last)
    names = [name for name in (parse(" ".join(words)) for words in orders) if _is_offered(name)]
    return tuple(dict.fromkeys(names))


def _undecorate(text: str) -> list[str]:
    """Return the words without symbols around them; symbols inside are left to fail."""
    words = (_DECORATION.sub("", word) for word in clean(text).split())
    return [word for word in words if word]


def _is_offered(name: Parsed) -> TypeGuard[Name]:
    return isinstance(name, Name) and min(len(name.family), len(name.given)) >= _SHORTEST_OFFERED

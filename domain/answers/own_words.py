"""Words that a person typed where no list has the answer: short, and with letters in them."""

from domain.khmer import clean
from domain.problems import Problem

WORDS_PROBLEMS = frozenset({"words.letters-needed", "words.too-long"})

_LONGEST = 60
_FEWEST_LETTERS = 2


def parse_words(text: str) -> str | Problem:
    """Read a short answer in the person's own words."""
    words = clean(text)
    if len(words) > _LONGEST:
        return Problem("words.too-long")
    if sum(char.isalpha() for char in words) < _FEWEST_LETTERS:
        return Problem("words.letters-needed")
    return words

"""Khmer text: what the person typed, made clean, and the key under which it is found again."""

import re
import unicodedata
from functools import lru_cache

from khmerspell.khnormal import khnormal  # type: ignore[import-untyped]  # ships no types

_LATIN_TO_KHMER_DIGITS = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")
_KHMER_TO_LATIN_DIGITS = str.maketrans("០១២៣៤៥៦៧៨៩", "0123456789")

# COENG and ATTHACAN are left out: normalisation may move them away from the joiner.
_BEFORE_OR_AFTER_JOINER = "[\u1780-\u17d1]"
_JOINER = re.compile(
    f"(?<={_BEFORE_OR_AFTER_JOINER})[\u200c\u200d](?={_BEFORE_OR_AFTER_JOINER})|([\u200c\u200d])"
)
_DOUBLED_VOWEL = re.compile("([\u17b6-\u17c5])\\1+")
_MAX_PASSES = 5  # badly typed syllables settle in two or three
_NOT_IN_KEY = re.compile("[\u0300-\u036f\u17b4\u17b5\u17d7\u200c\u200d]")


def to_latin_digits(text: str) -> str:
    """Write Khmer digits as Latin ones."""
    return text.translate(_KHMER_TO_LATIN_DIGITS)


def to_khmer_digits(text: str) -> str:
    """Write Latin digits as Khmer ones."""
    return text.translate(_LATIN_TO_KHMER_DIGITS)


def clean(text: str) -> str:
    """Drop what cannot be seen and collapse spaces, and leave the rest as the person typed it.

    Zero-width joiners stay only between Khmer letters, where they change how a letter looks.
    """
    visible = unicodedata.normalize("NFC", "".join(filter(_is_kept, text)))
    joined = _JOINER.sub(lambda match: "" if match[1] else match[0], visible)
    return unicodedata.normalize("NFC", " ".join(joined.split()))


def _is_kept(char: str) -> bool:
    return (
        char in "\u200c\u200d"
        or char.isspace()
        or unicodedata.category(char) not in {"Cc", "Cf", "Cs"}
    )


@lru_cache(maxsize=4096)
def search_key(text: str) -> str:
    """Return the key that is equal for all spellings that look alike, without spaces or marks."""
    key = text
    for _ in range(_MAX_PASSES):
        previous, key = key, _normalise_once(key)
        if key == previous:
            break
    return key


def _normalise_once(text: str) -> str:
    plain = unicodedata.normalize("NFKD", to_latin_digits(clean(text)).casefold())
    letters = "".join(char for char in plain if unicodedata.category(char)[0] in "LMN")
    ordered = khnormal(_NOT_IN_KEY.sub("", letters))
    return _DOUBLED_VOWEL.sub(r"\1", ordered)

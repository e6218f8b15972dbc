"""Keys under which the many spellings of one Khmer name meet, and how alike two of them are."""

import re

from rapidfuzz import fuzz

_KHMER = re.compile("[\u1780-\u17b3]")
_UNWRITTEN = str.maketrans(dict.fromkeys("្់៍័៉៊៌៏៎៑៝", ""))
_SOUNDS_ALIKE = str.maketrans(
    {
        "ណ": "ន", "ឡ": "ល", "ដ": "ត", "ឋ": "ថ", "ឍ": "ធ", "ំ": "ម", "ៈ": "ះ",
        "ី": "ិ", "ឹ": "ិ", "ឺ": "ិ", "ូ": "ុ",
        "ឥ": "អិ", "ឦ": "អិ", "ឧ": "អុ", "ឩ": "អុ", "ឪ": "អុ", "ឯ": "អែ", "ឰ": "អៃ",
        "ឱ": "អោ", "ឲ": "អោ", "ឳ": "អៅ", "ឫ": "រិ", "ឬ": "រិ", "ឭ": "លិ", "ឮ": "លិ",
    }
)  # fmt: skip

_CONSONANTS = [
    (re.compile(pattern), written)
    for pattern, written in (
        ("ch|j", "j"),
        ("c|q|g", "k"),
        ("h", ""),
        ("b", "p"),
        ("d", "t"),
        ("w", "v"),
        ("[xz]", "s"),
    )
]
_VOWELS = re.compile("(y(?=[aeiou]))?([aeiouy]+)")
_O_VOWEL = re.compile("a[ou]|[ou](?!e)")
_A_VOWEL = re.compile("a(?!e)")
_GLIDE = re.compile("[aou][iy]$")
_NUMBER_WORDS = {
    "muoy": "1", "mouy": "1", "muy": "1", "moy": "1",
    "pir": "2", "pi": "2", "bei": "3", "bey": "3", "buon": "4", "bourn": "4", "pram": "5",
}  # fmt: skip
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_NUMBER_WORDS)})\b")
_BEFORE_NUMBER = re.compile(r"(?:\b(?:ti|lekh|no)\b\.?|ទី|លេខ)\s*(?=[0-9០-៩])")
_REPEATED = re.compile(r"(\D)\1+")


def has_khmer(text: str) -> bool:
    """Tell whether any letter of the text is Khmer."""
    return _KHMER.search(text) is not None


def write_numbers_in_digits(text: str) -> str:
    """Write "Ti Muoy" and ទី១ as the bare numbers 1 and ១, the text being in small letters."""
    counted = _NUMBER_WORD.sub(lambda word: _NUMBER_WORDS[word[0]], text)
    return _BEFORE_NUMBER.sub("", counted)


def sound_key(key: str) -> str:
    """Return what is left of a search key when letters that people confuse are made one."""
    return _khmer_sound(key) if has_khmer(key) else _latin_sound(key)


def _khmer_sound(key: str) -> str:
    return _REPEATED.sub(r"\1", key.translate(_UNWRITTEN).translate(_SOUNDS_ALIKE))


def _latin_sound(key: str) -> str:
    for pattern, written in _CONSONANTS:
        key = pattern.sub(written, key)
    return _REPEATED.sub(r"\1", _VOWELS.sub(_vowel_sound, key))


def _vowel_sound(match: re.Match[str]) -> str:
    onset, vowels = match[1] or "", match[2]
    vowel = "o" if _O_VOWEL.match(vowels) else "a" if _A_VOWEL.match(vowels) else "e"
    return onset + vowel + ("y" if _GLIDE.search(vowels) else "")


def likeness(typed: str, name: str) -> float:
    """Score how well what was typed fits a name, from 0 to 100, a beginning above a middle."""
    if typed == name:
        return 100.0
    if not typed or not name:
        return 0.0
    share = len(typed) / len(name)
    if name.startswith(typed):
        return 80 + 18 * share
    contained = 68 + 20 * share if len(typed) >= 3 and typed in name else 0.0
    return max(contained, fuzz.ratio(typed, name))

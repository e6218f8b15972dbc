"""Whether a text that somebody shows is a copy of a notice, filled in for whomever it went to."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from domain.khmer import to_latin_digits
from domain.names import Name, PartialName, parse_khmer_name, parse_latin_name
from domain.notice_content import drop_unseen, fills_link, may_be_link, split_text
from domain.numbers import is_valid

Values = Mapping[str, frozenset[str]]
"""What may stand for a placeholder, in plain form, where we have a list of it."""

LONGEST_COPY = 4090
"""As long as a notice with its mark may be; Telegram cuts nothing shorter than 4096."""

FEWEST_LETTERS = 12
"""A notice of fewer letters than these beside its placeholders would fit too many texts."""

MOST_NAME_WORDS: Mapping[str, int] = {"given_name": 3, "full_name": 4}
LONGEST_NAME_WORD = 20
LONGEST_NAME = 45
LONGEST_VALUE = 80

_HIGHEST_PILE = 8
_QUOTES = str.maketrans("‘’‚‛“”„‟", "''''\"\"\"\"")
_OPENING = re.compile(r"\s*(?:[^\s{]+\s+){1,6}")
_HOST = re.compile("https?://[a-z0-9.-]+", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile("([0-9]{4})-?([0-9]{4})-?([0-9])(?![0-9])")
_NAME_LETTERS = re.compile(f"[\u1780-\u17d3\u17dd A-Za-z'-]{{1,{LONGEST_NAME}}}")
_MORE_THAN_A_NAME = re.compile(
    "ផ្ញើ|លុយ|ដុល្លារ|រៀល|ផ្ទេរ|កូដ|ធនាគារ|ទូរស័ព្ទ|សម្ងាត់|(?<=\\S)ប្រាក់|ប្រាក់(?=\\S)"
    r"|\b(?:SEND|PAY|MONEY|CASH|FEES?|DOLLARS?|RIELS?|USD|TRANSFER|DEPOSIT|BANK|ABA|ACLEDA"
    r"|CALL|CLICK|CODE|OTP|PASSWORD|TELEGRAM|WHATSAPP|FACEBOOK|THE|YOUR|FIRST|MUST)\b",
    re.IGNORECASE,
)


def make_plain(text: str) -> str:
    """Give the form in which copies are compared, or nothing for what cannot be a copy.

    Apart from links, only what nobody sees or means is made equal: runs of white space, zero-width
    characters, the shape of quotes and of Khmer digits. Of a link, only the case of the host is.
    """
    return "" if len(text) > LONGEST_COPY or _is_piled(text) else _make_plain(text)


def drop_mark(shown: str, marks: Iterable[str]) -> str:
    """Give a text in plain form without the mark above it, if it has one of these."""
    plain = (_make_plain(mark) for mark in marks)
    found = next((mark for mark in plain if shown.startswith(mark)), " ")
    return shown[len(found) - 1 :]


def is_copy(shown: str, notice: str, values: Values) -> bool:
    """Tell whether a text in plain form is a notice word for word.

    For a placeholder stands a value of its kind, the same wherever it occurs, and nothing may
    follow: a true notice with a line added to it is not ours.
    """
    if not shown.startswith(_read_opening(notice)):
        return False
    parts = _split_plain(notice)
    return _has_words(shown, parts) and _follow(shown, 0, parts, {}, values)


def _make_plain(text: str) -> str:
    runs = map(_make_run_plain, unicodedata.normalize("NFC", text).split())
    return f" {' '.join(filter(None, runs))} "


def _is_piled(text: str) -> bool:
    """Tell whether more signs lie on a letter than any script needs; to order them takes long."""
    height = 0
    for char in text:
        height = height + 1 if unicodedata.combining(char) else 0
        if height > _HIGHEST_PILE:
            return True
    return False


def _make_run_plain(run: str) -> str:
    visible = drop_unseen(run)
    if may_be_link(visible):
        return _HOST.sub(lambda host: host[0].lower(), run)
    return to_latin_digits(visible).translate(_QUOTES)


@lru_cache(maxsize=1024)
def _read_opening(notice: str) -> str:
    """Give the first words of a notice in plain form; most texts are told apart by them."""
    opening = _OPENING.match(notice)
    return _make_plain(opening[0]) if opening else " "


@lru_cache(maxsize=1024)
def _split_plain(notice: str) -> Sequence[str]:
    """Split a notice in plain form into words and names of placeholders; of no use, it is empty.

    A placeholder in a link would let anybody choose where the link leads.
    """
    plain = _make_plain(notice)
    parts = split_text(plain)
    return () if fills_link(plain) or sum(map(len, parts[::2])) < FEWEST_LETTERS else tuple(parts)


def _has_words(shown: str, parts: Sequence[str]) -> bool:
    """Tell at little cost whether all the words of a notice are in a text, wherever."""
    ends_so = bool(parts) and shown.endswith(parts[-1].lstrip())
    return ends_so and all(words.strip() in shown for words in parts[::2])


def _follow(
    shown: str, begin: int, parts: Sequence[str], known: Mapping[str, str], values: Values
) -> bool:
    """Tell whether the rest of a text is the parts; a value once found is the same from then on."""
    for position, part in enumerate(parts):
        if position % 2 and part not in known:
            rest = parts[position + 1 :]
            return any(
                _follow(shown, end, rest, {**known, part: shown[begin:end]}, values)
                for end in _list_ends(shown, begin, part, values)
            )
        words = known[part] if position % 2 else _join(shown, begin, part)
        if not shown.startswith(words, begin):
            return False
        begin += len(words)
    return begin == len(shown) and _are_names(known)


def _join(shown: str, begin: int, words: str) -> str:
    """Give words as they follow a value; beside an empty one, two spaces have become one."""
    return words.removeprefix(" ") if shown.endswith(" ", 0, begin) else words


def _list_ends(shown: str, begin: int, name: str, values: Values) -> Iterable[int]:
    """List where the value of a placeholder may end; a name is looked at once all else fits."""
    if name in values:
        return _list_value_ends(shown, begin, values[name])
    if name in MOST_NAME_WORDS:
        letters = _NAME_LETTERS.match(shown, begin)
        return range(begin, (letters.end() if letters else begin) + 1)
    number = _NUMBER.match(shown, begin)
    return [number.end()] if number and is_valid("".join(number.groups())) else []


def _list_value_ends(shown: str, begin: int, listed: frozenset[str]) -> Iterator[int]:
    yield begin
    for end in range(begin + 1, min(begin + LONGEST_VALUE, len(shown)) + 1):
        if shown[begin:end] in listed:
            yield end


def _are_names(known: Mapping[str, str]) -> bool:
    names = ((known[name], most) for name, most in MOST_NAME_WORDS.items() if known.get(name))
    return all(_is_name(name, most_words) for name, most_words in names)


def _is_name(text: str, most_words: int) -> bool:
    """Tell whether a text is written as we write names, and asks for nothing."""
    words = text.split(" ")
    in_bounds = len(words) <= most_words and max(map(len, words)) <= LONGEST_NAME_WORD
    if not in_bounds or _MORE_THAN_A_NAME.search(text):
        return False
    is_latin = all(word[:1].isupper() for word in words) and text.upper() == _join_name(
        parse_latin_name(text)
    )
    return is_latin or text == _join_name(parse_khmer_name(text))


def _join_name(parsed: object) -> str | None:
    match parsed:
        case Name() as name:
            return name.full
        case PartialName(family):
            return family
    return None

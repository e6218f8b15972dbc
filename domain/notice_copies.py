"""Whether a text that somebody shows is a copy of a notice, filled in for whomever it went to."""

from domain.khmer import search_key
from domain.notice_content import split_text

FEWEST_LETTERS = 12
"""A notice of fewer letters than these beside its placeholders would fit too many texts."""

LONGEST_VALUE = 60
NUMBER, NUMBER_DIGITS = "number", 9


def is_copy(text: str, notice: str, mark: str = "") -> bool:
    """Tell whether a text is a notice word for word, perhaps with a mark above it.

    Spaces, signs and the shape of digits do not count. For a placeholder stands a value of its
    kind, and nothing may follow: a true notice with a line added to it is not ours.
    """
    parts = split_text(notice)
    parts[::2] = [search_key(words) for words in parts[::2]]
    if sum(map(len, parts[::2])) < FEWEST_LETTERS:
        return False
    shown = search_key(text)
    return _fits(shown, 0, parts) or (bool(mark) and _fits_behind(shown, search_key(mark), parts))


def _fits_behind(shown: str, mark: str, parts: list[str]) -> bool:
    return shown.startswith(mark) and _fits(shown, len(mark), parts)


def _fits(shown: str, start: int, parts: list[str]) -> bool:
    """Follow all ways at once in which the parts may lie behind each other."""
    ends = {start}
    for position, part in enumerate(parts):
        if position % 2:
            ends = {end for begin in ends for end in _end_value(shown, begin, part)}
        else:
            ends = {begin + len(part) for begin in ends if shown.startswith(part, begin)}
    return len(shown) in ends


def _end_value(shown: str, begin: int, name: str) -> range:
    """Tell where the value of a placeholder may end."""
    within = shown[begin : begin + LONGEST_VALUE]
    if name == NUMBER:
        is_number = len(within) >= NUMBER_DIGITS and within[:NUMBER_DIGITS].isdecimal()
        return range(begin + NUMBER_DIGITS, begin + NUMBER_DIGITS + is_number)
    letters = next((at for at, char in enumerate(within) if char.isdecimal()), len(within))
    return range(begin + 1, begin + letters + 1)

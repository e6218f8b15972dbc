"""Cells of a list as spreadsheets leave them."""

import re
import unicodedata

from domain.import_columns import OPTIONAL
from domain.khmer import clean, to_latin_digits
from domain.problems import Problem

LONGEST_WRITTEN = 2_000
"""A longer cell is not even looked at, since making text clean takes longer the longer it is."""

_MAY_SAY_NOTHING = frozenset(OPTIONAL) - {"status"} | {"occupation"}
_NOTHING = frozenset(
    {"n/a", "#n/a", "n.a.", "none", "nil", "null", "មិនមាន", "គ្មាន", "មិនមានទេ", "គ្មានទេ"}
)
_MIDNIGHT = re.compile(r"[ T]+(?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)? ?AM)$", re.IGNORECASE)
_WHOLE = re.compile(r"(\+?[0-9]+)\.0+")
_EXPONENT = re.compile(r"[0-9]+(?:\.[0-9]+[eE][+-]?|[eE][+-])[0-9]+")
_LOST_DIGITS = re.compile(r"[0-9] ?[eE] ?[+-]? ?[0-9]|^[^.]*[0-9]\.[0-9]+$")


def read_cell(column: str, text: str) -> str | Problem:
    """Read what a cell means to say; a number that has lost digits is a problem."""
    if len(text) > LONGEST_WRITTEN:
        return Problem("import.too-long")
    cell = clean(text)
    if column in _MAY_SAY_NOTHING and _says_nothing(cell):
        return ""
    if column in ("birth_date", "registered_on"):
        cell = _MIDNIGHT.sub("", to_latin_digits(cell))
    digits = to_latin_digits(cell)
    if whole := _WHOLE.fullmatch(digits):
        return whole[1]
    if column == "register_number" and _EXPONENT.fullmatch(digits):
        return Problem("import.mangled")
    if column in ("phone", "id_number") and _LOST_DIGITS.search(digits):
        return Problem("import.mangled")
    return cell


def _says_nothing(cell: str) -> bool:
    """Tell whether a cell holds but a mark for nothing, such as a dash."""
    return cell.casefold() in _NOTHING or not any(map(_is_letter, cell))


def _is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"


def write_key(number: str) -> str:
    """Write a register number as it is compared; nothing if there is no letter or digit in it."""
    key = "".join(filter(_is_letter, to_latin_digits(number))).upper()
    return (key.lstrip("0") or "0") if key.isdecimal() else key

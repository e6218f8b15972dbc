"""Cells of a list as spreadsheets leave them."""

import re
import unicodedata

from domain.khmer import clean, to_latin_digits
from domain.problems import Problem

_WHOLE = re.compile(r"(\+?[0-9]+)\.0+")
_EXPONENT = re.compile(r"[0-9]+(?:\.[0-9]+[eE][+-]?|[eE][+-])[0-9]+")
_LOST_DIGITS = re.compile(r"[0-9] ?[eE] ?[+-]? ?[0-9]|^[^.]*[0-9]\.[0-9]+$")


def read_cell(column: str, text: str) -> str | Problem:
    """Read what a cell means to say; a number that has lost digits is a problem."""
    cell = clean(text)
    digits = to_latin_digits(cell)
    if whole := _WHOLE.fullmatch(digits):
        return whole[1]
    if column == "register_number" and _EXPONENT.fullmatch(digits):
        return Problem("import.mangled")
    if column in ("phone", "id_number") and _LOST_DIGITS.search(digits):
        return Problem("import.mangled")
    return cell


def write_key(number: str) -> str:
    """Write a register number as it is compared; nothing if there is no letter or digit in it."""
    letters = (char for char in to_latin_digits(number) if unicodedata.category(char)[0] in "LMN")
    key = "".join(letters).upper()
    return (key.lstrip("0") or "0") if key.isdecimal() else key

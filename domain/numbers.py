"""Application numbers: eight digits and a Damm check digit, shown as 1234-5678-9."""

import re
from functools import reduce
from typing import NewType

from domain.khmer import clean, to_latin_digits
from domain.problems import Problem

ApplicationNumber = NewType("ApplicationNumber", str)

NUMBER_PROBLEMS = frozenset(
    {
        "number.digits-needed",  # no digit in the answer
        "number.length",  # {digits}
        "number.check",  # a digit is wrong, or two have changed places
    }
)

_LENGTH = 9

# Damm's totally anti-symmetric quasigroup of order ten (thesis, Marburg 2004): it finds every
# single wrong digit and every swap of two neighbours.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def check_digit(digits: str) -> str:
    """Return the Damm check digit of some digits."""
    return str(reduce(lambda interim, digit: _DAMM[interim][int(digit)], digits, 0))


def is_valid(digits: str) -> bool:
    """Tell whether digits, the check digit last, are an application number."""
    return re.fullmatch(f"[0-9]{{{_LENGTH}}}", digits) is not None and check_digit(digits) == "0"


def draw_number(lot: int) -> ApplicationNumber:
    """Return the number for a lot from 0 to 99,999,999, which the caller draws at random."""
    digits = f"{lot:08}"
    return ApplicationNumber(digits + check_digit(digits))


def format_number(number: str) -> str:
    """Write an application number in groups, 1234-5678-9."""
    return f"{number[:4]}-{number[4:8]}-{number[8:]}"


def parse_number(text: str) -> ApplicationNumber | Problem:
    """Read a typed application number; a problem's code is one of `NUMBER_PROBLEMS`."""
    digits = re.sub("[^0-9]", "", to_latin_digits(clean(text)))
    if not digits:
        return Problem("number.digits-needed")
    if len(digits) != _LENGTH:
        return Problem("number.length", {"digits": str(len(digits))})
    return ApplicationNumber(digits) if is_valid(digits) else Problem("number.check")

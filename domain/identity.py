"""Numbers of the Khmer national identity card."""

import re
from dataclasses import dataclass
from typing import Literal

from domain.khmer import clean, to_latin_digits
from domain.problems import Problem

ID_PROBLEMS = frozenset(
    {
        "id.digits-needed",  # no digit in the answer
        "id.letters",  # letters beside the digits, as on a passport
        "id.length",  # {digits}
        "id.mrz-check",  # the check digit of the machine-readable line does not fit
        "id.mrz-incomplete",  # the machine-readable line is cut
    }
)

Flag = Literal["eight-digits"]

_FULL_LENGTH = 9
_OLD_LENGTH = 8  # on older cards
_TAIL = re.compile(r"\([0-9]{1,2}\)?\s*$")  # printed after the number, not part of it
_MRZ = re.compile("IDKHM([0-9]{8}[0-9<])([0-9])")
_ICAO_WEIGHTS = (7, 3, 1)


@dataclass(frozen=True)
class IdNumber:
    """The digits of an identity card, and what an officer should look at."""

    digits: str
    flags: frozenset[Flag] = frozenset()

    @property
    def masked(self) -> str:
        """The number with only its last three digits to be seen."""
        return "•" * (len(self.digits) - 3) + self.digits[-3:]


def parse_id_number(text: str) -> IdNumber | Problem:
    """Read an identity number or the first machine-readable line of the card.

    A problem's code is one of `ID_PROBLEMS`. Nothing in the nine digits themselves can be
    checked; only the machine-readable line has a check digit.
    """
    typed = to_latin_digits(clean(text)).upper()
    if "IDKHM" in typed.replace(" ", ""):
        return _parse_mrz(typed.replace(" ", ""))
    if re.search("[A-Z][0-9]|[0-9][A-Z]", typed):
        return Problem("id.letters")
    return _check_length(re.sub("[^0-9]", "", _TAIL.sub("", typed)))


def icao_check_digit(field: str) -> int:
    """Return the check digit that ICAO Doc 9303 asks for after a field of digits and `<`."""
    values = (0 if char == "<" else int(char) for char in field)
    return sum(value * _ICAO_WEIGHTS[at % 3] for at, value in enumerate(values)) % 10


def _parse_mrz(line: str) -> IdNumber | Problem:
    match = _MRZ.search(line)
    if match is None:
        return Problem("id.mrz-incomplete")
    field, check = match.groups()
    if icao_check_digit(field) != int(check):
        return Problem("id.mrz-check")
    return _check_length(field.rstrip("<"))


def _check_length(digits: str) -> IdNumber | Problem:
    match len(digits):
        case 0:
            return Problem("id.digits-needed")
        case length if length == _FULL_LENGTH:
            return IdNumber(digits)
        case length if length == _OLD_LENGTH:
            return IdNumber(digits, frozenset({"eight-digits"}))
        case length:
            return Problem("id.length", {"digits": str(length)})

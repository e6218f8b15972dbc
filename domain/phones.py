"""Phone numbers: typed ones must be Cambodian mobiles, shared contacts may be from anywhere."""

import re
from dataclasses import dataclass

from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    format_number,
    is_possible_number,
    is_valid_number,
    number_type,
    parse,
)

from domain.khmer import clean, to_latin_digits
from domain.problems import Problem

PHONE_PROBLEMS = frozenset(
    {
        "phone.digits-needed",  # no digit in the answer
        "phone.several",  # more than one number
        "phone.too-short",
        "phone.too-long",
        "phone.foreign",  # a number of another country
        "phone.landline",
        "phone.not-mobile",  # a service number
        "phone.unknown-prefix",  # the right length, but nobody's prefix
    }
)

_CAMBODIA = 855
_NATIONAL_LENGTHS = range(8, 10)  # without the leading 0
_LONGEST_DIGITS = 15
_SEPARATORS = re.compile(r"[/|,;&\\]|\bor\b|\band\b|ឬ|និង|(?<=[0-9])[ )]*(?=\+)", re.IGNORECASE)


@dataclass(frozen=True)
class Phone:
    """A phone number in E.164, such as +85512345678."""

    e164: str

    @property
    def display(self) -> str:
        """The number as people write it: national in Cambodia, international elsewhere."""
        number = parse(self.e164)
        is_ours = number.country_code == _CAMBODIA
        style = PhoneNumberFormat.NATIONAL if is_ours else PhoneNumberFormat.INTERNATIONAL
        return format_number(number, style)

    @property
    def masked(self) -> str:
        """The number as written, with only its last three digits to be seen."""
        hidden, shown = self.display[:-3], self.display[-3:]
        return re.sub("[0-9]", "•", hidden) + shown


def parse_phone(text: str) -> Phone | Problem:
    """Read a typed Cambodian mobile number; a problem's code is one of `PHONE_PROBLEMS`."""
    typed = to_latin_digits(clean(text))
    parts = [part for part in _SEPARATORS.split(typed) if re.search("[0-9]", part)]
    if not parts:
        return Problem("phone.digits-needed")
    if len(parts) > 1:
        return Problem("phone.several")
    dialled = _dialled(parts[0])
    if len(dialled) > _LONGEST_DIGITS + 1:
        return _explain_long(re.sub("[^0-9]", "", parts[0]))
    return _check_mobile(_read(dialled))


def parse_contact_phone(text: str) -> Phone | Problem:
    """Read the number of a shared contact, of any country, with or without its plus.

    A possible number is enough: the operator has already vouched for it, and a numbering plan
    may be newer than ours.
    """
    dialled = _dialled(to_latin_digits(clean(text)))
    if not dialled:
        return Problem("phone.digits-needed")
    number = _read(dialled if dialled[0] in "+0" else f"+{dialled}")
    if number is None or not is_possible_number(number):
        return Problem("phone.unknown-prefix")
    return Phone(format_number(number, PhoneNumberFormat.E164))


def _dialled(text: str) -> str:
    """Return digits, with a plus in front when the country code comes first."""
    digits = re.sub("[^0-9]", "", text)
    if re.match(r"[^0-9]*\+", text):
        return f"+{digits}"
    # 00855 would be read as Brazil. 0855 is also how the nine digits of 085 5xx xxx begin.
    if digits.startswith("00") or re.fullmatch("0855[0-9]{8,}", digits):
        return f"+{digits.lstrip('0')}"
    return digits


def _read(dialled: str) -> PhoneNumber | None:
    try:
        return parse(dialled, "KH")
    except NumberParseException:
        return None


def _check_mobile(number: PhoneNumber | None) -> Phone | Problem:
    if number is None:
        return Problem("phone.too-short")
    if number.country_code != _CAMBODIA:
        return Problem("phone.foreign")
    if not is_valid_number(number):
        return _explain_invalid(number)
    match number_type(number):
        case PhoneNumberType.MOBILE:
            return Phone(format_number(number, PhoneNumberFormat.E164))
        case PhoneNumberType.FIXED_LINE:
            return Problem("phone.landline")
        case _:
            return Problem("phone.not-mobile")


def _explain_invalid(number: PhoneNumber) -> Problem:
    national = str(number.national_number)
    if len(national) < _NATIONAL_LENGTHS.start or _is_valid(f"0{national}0"):
        return Problem("phone.too-short")
    if len(national) >= _NATIONAL_LENGTHS.stop or _is_valid(f"0{national[:-1]}"):
        return Problem("phone.too-long")
    return Problem("phone.unknown-prefix")


def _explain_long(digits: str) -> Problem:
    halves = ((digits[:at], digits[at:]) for at in range(9, _LONGEST_DIGITS))
    if any(_is_valid(_dialled(one)) and _is_valid(_dialled(other)) for one, other in halves):
        return Problem("phone.several")
    return Problem("phone.too-long")


def _is_valid(dialled: str) -> bool:
    number = _read(dialled)
    return number is not None and number.country_code == _CAMBODIA and is_valid_number(number)

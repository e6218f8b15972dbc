"""What happens to a person's answers when they are entered a second time."""

import re
from collections.abc import Callable
from dataclasses import replace

from benchmarks.invented_people import Inventor
from domain.demo.names import FAMILY_NAMES, GIVEN_NAMES
from domain.registrations import Worker

Damage = Callable[[Worker, Inventor], Worker]

_KHMER_PARTS = ("family_km", "given_km")
_LATIN_PARTS = ("family_latin", "given_latin")
_TWO_COENGS = re.compile("(្[ក-អ])(្[ក-អ])")
_COENG_VOWEL = re.compile("(្[ក-អ])([ា-ៅំ៉៊])")
_TWO_SIGNS = re.compile("([៉៊ា-ៅ])([ា-ៅំះ៉៊])")
_KHMER_DIGITS = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")
_SPELLINGS = {
    name.latin[0]: name.latin[1:] for names in (FAMILY_NAMES, GIVEN_NAMES) for name in names
}


def disorder_coengs(worker: Worker, inventor: Inventor) -> Worker:
    """Type a subscript letter after the vowel or after the other subscript."""
    pattern = _TWO_COENGS if inventor.random.random() < 0.5 else _COENG_VOWEL
    return _change_khmer(worker, lambda name: pattern.sub(r"\2\1", name))


def confuse_coeng_da(worker: Worker, _: Inventor) -> Worker:
    """Type the subscript TA as DA, which looks the same, and the other way about."""
    swap = {"្ត": "្ដ", "្ដ": "្ត"}
    return _change_khmer(worker, lambda name: re.sub("្[តដ]", lambda m: swap[m[0]], name))


def disorder_vowels(worker: Worker, _: Inventor) -> Worker:
    """Type two signs of one letter in the other order."""
    return _change_khmer(worker, lambda name: _TWO_SIGNS.sub(r"\2\1", name))


def add_zero_width_spaces(worker: Worker, inventor: Inventor) -> Worker:
    """Put a zero-width space into a name, as phones do between words."""
    part = inventor.random.choice(_KHMER_PARTS)
    name: str = getattr(worker, part)
    at = inventor.random.randint(1, len(name))
    return _set(worker, part, name[:at] + "\u200b" + name[at:])


def type_khmer_digits(worker: Worker, _: Inventor) -> Worker:
    """Write the identity number with Khmer digits."""
    if worker.id_number is None:
        return worker
    return replace(worker, id_number=worker.id_number.translate(_KHMER_DIGITS))


def spell_otherwise(worker: Worker, inventor: Inventor) -> Worker:
    """Spell one or both parts in Latin in another usual way."""
    parts = inventor.random.choice((_LATIN_PARTS, _LATIN_PARTS[:1], _LATIN_PARTS[1:]))
    for part in parts:
        spellings = _SPELLINGS.get(getattr(worker, part))
        if spellings:
            worker = _set(worker, part, inventor.random.choice(spellings))
    return worker


def swap_names(worker: Worker, inventor: Inventor) -> Worker:
    """Write the given name first, in either script or in both."""
    for parts in inventor.random.choice(
        ((_KHMER_PARTS,), (_LATIN_PARTS,), (_KHMER_PARTS, _LATIN_PARTS))
    ):
        family, given = (getattr(worker, part) for part in parts)
        worker = _set(_set(worker, parts[0], given), parts[1], family)
    return worker


def lose_letter(worker: Worker, inventor: Inventor) -> Worker:
    """Leave out one letter, not the first, of a part with four letters or more."""
    parts = [part for part in _KHMER_PARTS + _LATIN_PARTS if len(getattr(worker, part)) >= 4]
    if not parts:
        return worker
    part = inventor.random.choice(parts)
    name: str = getattr(worker, part)
    at = inventor.random.randrange(1, len(name))
    return _set(worker, part, name[:at] + name[at + 1 :])


def lose_id(worker: Worker, _: Inventor) -> Worker:
    """Say that there is no card."""
    return replace(worker, id_number=None)


def mistype_id(worker: Worker, inventor: Inventor) -> Worker:
    """Type one digit of the identity number wrongly."""
    number = worker.id_number
    if number is None:
        return worker
    return replace(worker, id_number=_mistype(number, inventor.random.randrange(9), inventor))


def forget_day_of_birth(worker: Worker, inventor: Inventor) -> Worker:
    """Know only the month or the year of birth."""
    return replace(worker, born=worker.born[: inventor.random.choice((4, 7))])


def swap_day_and_month(worker: Worker, _: Inventor) -> Worker:
    """Write the month of birth before the day."""
    if len(worker.born) < 10 or worker.born[8:] > "12":
        return worker
    year, month, day = worker.born.split("-")
    return replace(worker, born=f"{year}-{day}-{month}")


def mistype_birth(worker: Worker, inventor: Inventor) -> Worker:
    """Type the last digit of the year or of the day wrongly."""
    if len(worker.born) < 10:
        return worker
    born = _mistype(worker.born, inventor.random.choice((3, 9)), inventor)
    return worker if born.endswith(("00", "29", "30", "31")) else replace(worker, born=born)


def move_in_commune(worker: Worker, inventor: Inventor) -> Worker:
    """Name another village of the commune."""
    return inventor.move(worker, within=6, away_from=8)


def change_phone(worker: Worker, inventor: Inventor) -> Worker:
    """Use another phone, or a helper's."""
    phone_is = inventor.random.choice(("own", "typed", "helper"))
    return replace(worker, phone=inventor.invent_phone(), phone_is=phone_is)


def _mistype(text: str, at: int, inventor: Inventor) -> str:
    wrong = inventor.random.choice([digit for digit in "0123456789" if digit != text[at]])
    return text[:at] + wrong + text[at + 1 :]


def _change_khmer(worker: Worker, change: Callable[[str], str]) -> Worker:
    for part in _KHMER_PARTS:
        worker = _set(worker, part, change(getattr(worker, part)))
    return worker


def _set(worker: Worker, part: str, name: str) -> Worker:
    return replace(worker, **{part: name})

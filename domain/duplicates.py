"""Which records are of one person: the keys under which they meet, and the evidence.

The evidence is added up as Fellegi and Sunter do it: every answer has a weight, the logarithm of
how much likelier it is in two records of one person than in those of two people. Weights are in
half bits, judged and not measured, since nobody has labelled real records yet.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.khmer import clean, to_latin_digits
from domain.name_likeness import (
    Closeness,
    compare_names,
    is_mistyped,
    normalise,
    read_spelling,
)
from domain.registrations import Worker

_SAME, _ALIKE, _NEAR, _OTHER = reversed(Closeness)
_NAMES = {
    (_SAME, _SAME): 12, (_SAME, _ALIKE): 11, (_ALIKE, _ALIKE): 11,
    (_SAME, _NEAR): 9, (_ALIKE, _NEAR): 8,
    (_SAME, _OTHER): 3, (_ALIKE, _OTHER): -4,
    (_NEAR, _NEAR): -6, (_NEAR, _OTHER): -16, (_OTHER, _OTHER): -20,
}  # fmt: skip
_BORN_IN_SAME = {len("1990-04-15"): 10, len("1990-04"): 6, len("1990"): 3}
_DAY_AND_MONTH_SWAPPED = 6
_BIRTH_MISTYPED = 5
_NEXT_YEAR = -6
_OTHER_BIRTH = -16
_GENERATION_YEARS = 15
_LIVES_IN_SAME = {8: 6, 6: 4, 4: 1, 2: -6, 0: -10}
_SAME_ID = 80  # two people with one number are an officer's matter, whatever else they say
_ID_MISTYPED = 8
_OTHER_ID = -11
_ID_LENGTH = 9
_OWN_PHONE = 4
_SHARED_PHONE = 2
_OTHER_SEX = -8
_NEEDED = 16.5  # more than namesakes of one year in one district have

_BETWEEN_WORDS = re.compile(r"[\s,.;'’\-។]+")


class Sign(StrEnum):
    """Why two records may be of one person, for the officer."""

    SAME_ID = "same_id"
    CLOSE_ID = "close_id"
    SAME_NAME = "same_name"
    CLOSE_NAME = "close_name"
    SAME_BIRTH = "same_birth"
    CLOSE_BIRTH = "close_birth"
    SAME_PLACE = "same_place"
    SAME_PHONE = "same_phone"


@dataclass(frozen=True)
class Likeness:
    """How likely two records are of one person, from 0 to 1, and the signs of it."""

    score: float
    signs: tuple[Sign, ...]

    @property
    def is_possible(self) -> bool:
        """Whether an officer should look at the two side by side."""
        return self.score > 0.5


_Evidence = tuple[int, Sign | None]


def compare(one: Worker, other: Worker) -> Likeness:
    """Compare two records; which of them comes first does not matter."""
    name, sign = _weigh_names(one, other)
    evidence = (
        _weigh_id(one.id_number, other.id_number, is_close_name=name > 0),
        (name, sign),
        _weigh_birth(*sorted((one.born, other.born), key=lambda born: (len(born), born))),
        _weigh_place(one.home, other.home),
        _weigh_phone(one, other),
        (0 if one.sex == other.sex else _OTHER_SEX, None),
    )
    half_bits = sum(weight for weight, _ in evidence) - _NEEDED
    signs = tuple(sign for _, sign in evidence if sign)
    return Likeness(1 / (1 + 2 ** (-half_bits / 2)), signs)


def _weigh_names(one: Worker, other: Worker) -> _Evidence:
    khmer = compare_names(one.family_km, one.given_km, other.family_km, other.given_km)
    latin = compare_names(one.family_latin, one.given_latin, other.family_latin, other.given_latin)
    weight = _NAMES[max(khmer, latin), min(khmer, latin)]
    if khmer is latin is _SAME:
        return weight, Sign.SAME_NAME
    return weight, Sign.CLOSE_NAME if weight > 0 else None


def _weigh_birth(shorter: str, longer: str) -> _Evidence:
    if longer.startswith(shorter):
        sign = Sign.SAME_BIRTH if shorter == longer else Sign.CLOSE_BIRTH
        return _BORN_IN_SAME[len(shorter)], sign
    years_apart = abs(int(shorter[:4]) - int(longer[:4]))
    is_full = len(shorter) == len("1990-04-15")
    if is_full and f"{longer[:5]}{longer[8:]}-{longer[5:7]}" == shorter:
        return _DAY_AND_MONTH_SWAPPED, Sign.CLOSE_BIRTH
    if is_full and years_apart < _GENERATION_YEARS and is_mistyped(shorter, longer):
        return _BIRTH_MISTYPED, Sign.CLOSE_BIRTH
    return _NEXT_YEAR if not is_full and years_apart == 1 else _OTHER_BIRTH, None


def _weigh_place(one: str, other: str) -> _Evidence:
    shared = next(end for end in (8, 6, 4, 2, 0) if one[:end] == other[:end])
    return _LIVES_IN_SAME[shared], Sign.SAME_PLACE if shared >= len("020301") else None


def _weigh_id(one: str | None, other: str | None, *, is_close_name: bool) -> _Evidence:
    if not one or not other:
        return 0, None
    one, other = to_latin_digits(one), to_latin_digits(other)
    if one == other:
        return _SAME_ID, Sign.SAME_ID
    if is_mistyped(one, other) and is_close_name:
        return _ID_MISTYPED, Sign.CLOSE_ID
    return _OTHER_ID if len(one) == len(other) == _ID_LENGTH else 0, None


def _weigh_phone(one: Worker, other: Worker) -> _Evidence:
    kinds = {one.phone_is, other.phone_is}
    if one.phone != other.phone or "helper" in kinds:
        return 0, None
    return _OWN_PHONE if kinds == {"own"} else _SHARED_PHONE, Sign.SAME_PHONE


def list_match_keys(worker: Worker) -> frozenset[str]:
    """List the keys of which two records of one person share at least one: at most seven.

    Each is rare: the letters of a name's sound, in no order, only with a year or a district.
    They hold what identifies a person, so whoever stores them stores a keyed hash.
    """
    return frozenset(_list_match_keys(worker))


def _list_match_keys(worker: Worker) -> Iterator[str]:
    year, district = worker.born[:4], worker.home[:4]
    for name in _list_names(worker):
        letters = "".join(sorted("".join(read_spelling(part).sound for part in name)))
        yield f"name:{letters}:born:{year}"
        yield f"name:{letters}:home:{district}"
    if len(worker.born) == len("1990-04-15"):
        yield f"born:{worker.born}:home:{district}"
    yield from key_numbers(worker).values()


def key_numbers(worker: Worker) -> dict[str, str]:
    """Give the keys of a person's phone, unless it is a helper's, and of their identity card."""
    keys = {}
    if worker.phone_is != "helper":
        keys["phone"] = f"phone:{worker.phone}"
    if worker.id_number:
        keys["id_number"] = f"id:{to_latin_digits(worker.id_number)}"
    return keys


def list_name_keys(worker: Worker) -> frozenset[str]:
    """List the words of a name in both scripts, and the whole name as one word in either order."""
    return frozenset(key for name in _list_names(worker) for key in _list_name_keys(*name))


def _list_name_keys(family: str, given: str) -> Iterator[str]:
    yield from _split(family)
    yield from _split(given)
    family, given = normalise(family), normalise(given)
    yield from (family, given, family + given, given + family)


def list_query_keys(text: str) -> tuple[str, ...]:
    """List the words that an officer types; who is meant has a name key beginning with each."""
    return tuple(dict.fromkeys(_split(text)))


def _split(text: str) -> Iterator[str]:
    return filter(None, map(normalise, _BETWEEN_WORDS.split(clean(text))))


def _list_names(worker: Worker) -> tuple[tuple[str, str], tuple[str, str]]:
    khmer = worker.family_km, worker.given_km
    return khmer, (worker.family_latin, worker.given_latin)

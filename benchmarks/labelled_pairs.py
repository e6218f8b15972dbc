"""Pairs of which it is known whether they are one person: half are, and most are hard to tell."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks import entry_damage as damage
from benchmarks import lookalikes
from benchmarks.entry_damage import Damage
from benchmarks.invented_people import Inventor
from domain.registrations import Worker

DAMAGES: dict[str, Damage] = {
    "coeng order": damage.disorder_coengs,
    "coeng DA and TA": damage.confuse_coeng_da,
    "vowel order": damage.disorder_vowels,
    "zero-width space": damage.add_zero_width_spaces,
    "Khmer digits": damage.type_khmer_digits,
    "Latin spelling": damage.spell_otherwise,
    "names swapped": damage.swap_names,
    "letter lost": damage.lose_letter,
    "ID lost": damage.lose_id,
    "ID mistyped": damage.mistype_id,
    "birth less precise": damage.forget_day_of_birth,
    "day and month swapped": damage.swap_day_and_month,
    "birth mistyped": damage.mistype_birth,
    "other village": damage.move_in_commune,
    "other phone": damage.change_phone,
}
LOOKALIKES: dict[str, Callable[[Worker, Inventor], Worker]] = {
    "twins": lookalikes.make_twin,
    "father and son": lookalikes.make_son,
    "siblings": lookalikes.make_sibling,
    "cousins": lookalikes.make_cousin,
    "namesakes elsewhere": lookalikes.make_namesake_elsewhere,
    "namesakes in district": lookalikes.make_namesake_in_district,
    "namesakes next door": lookalikes.make_neighbour,
    "husband and wife": lookalikes.make_wife,
    "helper's phone": lookalikes.make_helped,
    "born together": lookalikes.make_born_together,
}

_ELSEWHERE = ("namesakes elsewhere", "namesakes in district")
_USUAL = (
    damage.spell_otherwise,
    damage.spell_otherwise,
    damage.swap_names,
    damage.lose_letter,
    damage.forget_day_of_birth,
    damage.move_in_commune,
    damage.add_zero_width_spaces,
    damage.disorder_vowels,
)


@dataclass(frozen=True)
class Pair:
    """Two records, and whether one person stands behind both."""

    kind: str
    one: Worker
    other: Worker
    is_same: bool

    @property
    def shares_id(self) -> bool:
        """Whether both have the same identity number, in whatever digits."""
        numbers = {int(number) for number in (self.one.id_number, self.other.id_number) if number}
        return len(numbers) == 1 and None not in (self.one.id_number, self.other.id_number)


def make_pairs(count: int, seed: int) -> list[Pair]:
    """Make so many pairs, each kind of a half about as often; the same ones for the same seed."""
    inventor = Inventor(seed)
    damages, others = list(DAMAGES), list(LOOKALIKES)
    pairs = []
    for number in range(count):
        at, is_other = divmod(number, 2)
        if is_other:
            pairs.append(_make_two(others[at % len(others)], inventor))
        else:
            pairs.append(_enter_twice(damages[at % len(damages)], inventor))
    return pairs


def _make_two(kind: str, inventor: Inventor) -> Pair:
    """Make two people; where the commune or district has one place only, try with others."""
    while True:
        one = inventor.invent()
        other = LOOKALIKES[kind](one, inventor)
        if other.home != one.home or kind not in _ELSEWHERE:
            return Pair(kind, one, other, is_same=False)


def _enter_twice(kind: str, inventor: Inventor) -> Pair:
    """Enter somebody twice with one damage of this kind, and none to two others on top."""
    while True:
        one = inventor.invent()
        damaged = DAMAGES[kind](one, inventor)
        other = _damage_more(damaged, kind, inventor)
        if one not in (damaged, other):
            return Pair(kind, one, other, is_same=True)


def _damage_more(worker: Worker, kind: str, inventor: Inventor) -> Worker:
    more = inventor.random.choices((0, 1, 2), (40, 40, 20))[0]
    for spoil in inventor.random.sample(_USUAL, more):
        worker = worker if DAMAGES[kind] is spoil else spoil(worker, inventor)
    if inventor.random.random() < 0.5:
        worker = damage.change_phone(worker, inventor)
    if kind in ("ID mistyped", "Khmer digits"):
        return worker
    spoils: tuple[Damage | None, ...] = (damage.lose_id, damage.mistype_id, None)
    spoil_id = inventor.random.choices(spoils, (45, 15, 40))[0]
    return spoil_id(worker, inventor) if spoil_id else worker

"""Two people who are not one, however alike their answers are."""

from dataclasses import replace
from random import Random

from benchmarks.entry_damage import spell_otherwise
from benchmarks.invented_people import Inventor
from domain.registrations import Worker


def make_twin(worker: Worker, inventor: Inventor) -> Worker:
    """Make a twin: another given name, which often rhymes, and the next number of a card."""
    twin = _share_phone(inventor.rename(worker, near=_toss(inventor, 0.7)), worker, inventor)
    sex = inventor.random.choice(("female", "male"))
    return replace(twin, sex=sex, id_number=_next_id(worker, inventor))


def make_son(worker: Worker, inventor: Inventor) -> Worker:
    """Make a son of the same name: another generation in the same house."""
    years = inventor.random.randint(16, 45)
    born = inventor.invent_birth(int(worker.born[:4]) + years)
    if _toss(inventor, 0.2):
        born = f"{born[:4]}{worker.born[4:]}"
    son = replace(worker, born=born, id_number=_other_id(inventor))
    son = spell_otherwise(son, inventor) if _toss(inventor, 0.3) else son
    return _share_phone(son, worker, inventor)


def make_sibling(worker: Worker, inventor: Inventor) -> Worker:
    """Make a brother or sister: another given name, born some years before or after."""
    sibling = inventor.rename(worker, near=_toss(inventor, 0.7))
    sibling = _share_phone(sibling, worker, inventor)
    born = inventor.invent_birth(int(worker.born[:4]) + _some_years(inventor.random, 8))
    sex = inventor.random.choice(("female", "male"))
    return replace(sibling, born=born, sex=sex, id_number=_other_id(inventor))


def make_cousin(worker: Worker, inventor: Inventor) -> Worker:
    """Make a cousin: a near given name, about the same age, in the same commune."""
    cousin = inventor.move(inventor.rename(worker, near=True), within=6, away_from=8)
    year = int(worker.born[:4]) + inventor.random.randint(-2, 2)
    born = inventor.invent_birth(year)
    return _stranger(replace(cousin, born=born), inventor)


def make_namesake_elsewhere(worker: Worker, inventor: Inventor) -> Worker:
    """Make somebody of the same name in another province or district, often of the same year."""
    within, away_from = (0, 2) if _toss(inventor, 0.5) else (2, 4)
    namesake = inventor.move(worker, within=within, away_from=away_from)
    return _stranger(replace(namesake, born=_same_year(worker, inventor)), inventor)


def make_namesake_in_district(worker: Worker, inventor: Inventor) -> Worker:
    """Make somebody of the same name in another commune, of whom only the same year is known."""
    namesake = inventor.move(worker, within=4, away_from=6)
    return _stranger(replace(namesake, born=worker.born[:4]), inventor)


def make_neighbour(worker: Worker, inventor: Inventor) -> Worker:
    """Make somebody of the same name in the same village, born on another day."""
    neighbour = inventor.move(worker, within=6, away_from=8) if _toss(inventor, 0.5) else worker
    year = int(worker.born[:4]) + _some_years(inventor.random, 12)
    return _stranger(replace(neighbour, born=inventor.invent_birth(year)), inventor)


def make_wife(worker: Worker, inventor: Inventor) -> Worker:
    """Make a husband or wife: names of their own, the same house and phone."""
    year = int(worker.born[:4]) + inventor.random.randint(-6, 6)
    sex = "male" if worker.sex == "female" else "female"
    own = replace(_invent_other(worker, inventor), sex=sex, born=inventor.invent_birth(year))
    return replace(own, home=worker.home, phone=worker.phone, phone_is="typed")


def make_helped(worker: Worker, inventor: Inventor) -> Worker:
    """Make another person whom the same helper registers, of the same family name or any."""
    other = _invent_other(worker, inventor)
    other = replace(other, home=worker.home, phone=worker.phone, phone_is="helper")
    if _toss(inventor, 0.5):
        other = replace(other, family_km=worker.family_km, family_latin=worker.family_latin)
    return replace(other, born=_same_year(worker, inventor)) if _toss(inventor, 0.5) else other


def make_born_together(worker: Worker, inventor: Inventor) -> Worker:
    """Make somebody born in the same village on the same day, of the same family name or given."""
    other = replace(_invent_other(worker, inventor), born=worker.born, home=worker.home)
    if _toss(inventor, 0.5):
        return replace(other, family_km=worker.family_km, family_latin=worker.family_latin)
    return replace(other, given_km=worker.given_km, given_latin=worker.given_latin)


def _invent_other(worker: Worker, inventor: Inventor) -> Worker:
    while True:
        other = inventor.invent()
        if other.family_km != worker.family_km and other.given_km != worker.given_km:
            return other


def _stranger(worker: Worker, inventor: Inventor) -> Worker:
    return replace(worker, phone=inventor.invent_phone(), id_number=_other_id(inventor))


def _share_phone(worker: Worker, owner: Worker, inventor: Inventor) -> Worker:
    if _toss(inventor, 0.4):
        return replace(worker, phone=owner.phone, phone_is="typed")
    return replace(worker, phone=inventor.invent_phone())


def _same_year(worker: Worker, inventor: Inventor) -> str:
    return inventor.invent_birth(int(worker.born[:4]))


def _other_id(inventor: Inventor) -> str | None:
    return inventor.invent_id() if _toss(inventor, 0.5) else None


def _next_id(worker: Worker, inventor: Inventor) -> str | None:
    if worker.id_number is None or _toss(inventor, 0.3):
        return _other_id(inventor)
    return f"{(int(worker.id_number) + 1) % 10**9:09}"


def _some_years(random: Random, most: int) -> int:
    return random.choice((-1, 1)) * random.randint(1, most)


def _toss(inventor: Inventor, probability: float) -> bool:
    return inventor.random.random() < probability

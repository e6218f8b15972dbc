"""Invented colleagues: officers in every province, and those who count and plan."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from domain.demo.names import FAMILY_NAMES, GIVEN_NAMES
from domain.places import Gazetteer
from domain.staff import Grants, Role

_ALONE = {"09", "11", "16", "19", "22", "23", "24"}
"""Small provinces with one officer."""

_WITH_DISTRICTS = {"12": 4, "02": 2, "17": 2, "08": 2}
"""How many more there are for some districts each, where many register."""


@dataclass(frozen=True)
class Post:
    """A colleague and what they are here for."""

    name: str
    grants: Grants
    active: bool = True


def list_posts(random: Random, gazetteer: Gazetteer) -> list[Post]:
    """List the colleagues.

    The only administrator has left: the first start invites a real one.
    """
    names = _draw_names(random)
    return [
        Post(next(names), {Role.OFFICER: None}),
        *(Post(next(names), {Role.OFFICER: places}) for places in _list_areas(gazetteer)),
        Post(next(names), {Role.CAMPAIGN_MANAGER: None}),
        Post(next(names), {Role.BENEFIT_OWNER: None, Role.CAMPAIGN_MANAGER: frozenset({"02"})}),
        Post(next(names), {Role.ANALYST: None}),
        Post(next(names), {Role.ADMINISTRATOR: None}, active=False),
    ]


def _list_areas(gazetteer: Gazetteer) -> Iterator[frozenset[str]]:
    for province in gazetteer.children(None):
        for _ in range(1 if province.code in _ALONE else 2):
            yield frozenset({province.code})
        districts = [district.code for district in gazetteer.children(province.code)]
        parts = _WITH_DISTRICTS.get(province.code, 0)
        for at in range(parts):
            yield frozenset(districts[at::parts])


def _draw_names(random: Random) -> Iterator[str]:
    while True:
        yield f"{random.choice(FAMILY_NAMES).khmer} {random.choice(GIVEN_NAMES).khmer}"

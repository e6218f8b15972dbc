"""What the bot knows before anyone registers: places and occupations, read from `db/data`."""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from domain.occupations import Group, Occupation, Occupations
from domain.places import Alias, Gazetteer, Place

GAZETTEER_VERSION = "ncdd-2026-06-01"

_DATA = Path(__file__).parent / "data"
_LEVELS = ("provinces", "districts", "communes", "villages")
# The list's own English words (Section, Quarter) are understood by nobody.
_EVERYDAY_TYPES = {"Section": "Khan", "Quarter": "Sangkat", "Municipality": "City"}


@cache
def load_gazetteer() -> Gazetteer:
    """Read all places, once."""
    rows = [row for level in _LEVELS for row in _read(f"gazetteer/{level}.csv")]
    aliases = [Alias(row["code"], row["name"]) for row in _read("place_aliases.csv")]
    return Gazetteer(map(_place, rows), aliases)


@cache
def load_occupations() -> Occupations:
    """Read all occupations and their groups, once."""
    groups = [Group(**row) for row in _read("occupation_groups.csv")]
    return Occupations(map(_occupation, _read("occupations.csv")), groups)


def _occupation(row: dict[str, str]) -> Occupation:
    keywords = ";".join((row.pop("keywords_km"), row.pop("keywords_en"))).strip(";")
    return Occupation(**row, keywords=tuple(keywords.split(";")) if keywords else ())


def _place(row: dict[str, str]) -> Place:
    type_en = _EVERYDAY_TYPES.get(row["type_en"], row["type_en"])
    return Place.of(row["code"], row["name_km"], row["name_en"], row["type_km"], type_en)


def _read(name: str) -> Iterator[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)

"""A second look at who claims an application, since phone numbers change hands."""

from datetime import date

from domain.dates import BuddhistDate, parse_birth_date
from domain.problems import Problem

MOST_TRIES = 3


def list_years(text: str, today: date) -> frozenset[int]:
    """List the years of birth that a typed answer may mean; none if it says no year."""
    born = parse_birth_date(text, today)
    if isinstance(born, Problem):
        return frozenset()
    if isinstance(born, BuddhistDate):
        return frozenset(one.year for one in born.candidates)
    return frozenset({born.year})


def write_initials(family: str, given: str) -> str:
    """Write the first letters of a name."""
    return " ".join(f"{part[0]}." for part in (family, given) if part)

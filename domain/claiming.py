"""A second look at who claims an application, since phone numbers change hands and are shared."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.drafts import Draft
from domain.form import Form
from domain.khmer import clean, search_key, to_latin_digits
from domain.name_likeness import read_spelling
from domain.route import find_step, is_answered, list_steps

MOST_TRIES = 3
"""Wrong answers of a chat in a day."""

MOST_FAILURES = 5
"""Wrong answers about an application in all, before an officer helps."""

MOST_BY_YEAR = 5
"""People of one phone number whom a year of birth alone tells apart."""

MOST_LOST = 3
"""Answers that a draft may lose without being asked."""

TAPPED = frozenset({"language", "consent", "select_one", "select_multiple", "photo", "review"})
"""The types of questions that are not answered by typing."""

FAILED, UNLOCKED = "claim_failed", "unlock_claims"
"""What is written down of a wrong answer about an application, and of an officer's help."""

_BUDDHIST_FROM, _BUDDHIST_OFFSET, _OLDEST = 2400, 543, 1900
_NUMBER = re.compile("[0-9]+")


@dataclass(frozen=True)
class Claimed:
    """An application that waits for its person; `office` is its district."""

    id: int
    number: str
    office: str
    family_km: str
    given_km: str
    family_latin: str
    given_latin: str
    born: str

    @property
    def year(self) -> int:
        """The year of birth."""
        return int(self.born[:4])

    @property
    def name(self) -> str:
        """The name as it is written in Khmer."""
        return f"{self.family_km} {self.given_km}".strip()


def read_year(text: str, today: date) -> int | None:
    """Read the one year that a typed answer names; a Buddhist year is 543 more, and no other."""
    numbers = _NUMBER.findall(to_latin_digits(text))
    [named, *others] = [one for one in numbers if len(one) > 2] or [""]
    if others or len(named) != len("1985"):
        return None
    year = int(named) - _BUDDHIST_OFFSET if int(named) >= _BUDDHIST_FROM else int(named)
    return year if _OLDEST <= year <= today.year else None


def is_only_year(text: str) -> bool:
    """Tell whether a text is four digits and nothing else."""
    return re.fullmatch("[0-9]{4}", to_latin_digits(clean(text))) is not None


def fits_name(text: str, claimed: Claimed) -> bool:
    """Tell whether a typed given or full name sounds like somebody's, in either script."""
    given = claimed.given_km, claimed.given_latin
    full = claimed.name, f"{claimed.family_latin} {claimed.given_latin}"
    asked = read_spelling(clean(text))
    names = [read_spelling(name) for name in (*given, *full) if name]
    return any(asked.key == one.key or asked.sound == one.sound for one in names if one.key)


def choose(found: Sequence[Claimed]) -> Claimed | None:
    """Choose the newest of these, if they are all one person's; the newest comes first."""
    people = {(search_key(one.name), one.born) for one in found}
    return found[0] if len(people) == 1 else None


def is_locked(acts: Iterable[str]) -> bool:
    """Tell from what was done with an application whether only an officer lets it be claimed."""
    failures = 0
    for act in acts:
        failures = 0 if act == UNLOCKED else failures + (act == FAILED)
    return failures >= MOST_FAILURES


def write_initials(claimed: Claimed) -> str:
    """Write the first letters of a name."""
    return " ".join(f"{part[0]}." for part in (claimed.family_km, claimed.given_km) if part)


def has_hardly_begun(form: Form, draft: Draft) -> bool:
    """Tell whether a form, which is no revision, has so few answers that none would be missed."""
    steps = [step for step in list_steps(form, draft.answers) if step.part is not form.parts[0]]
    answered = sum(is_answered(step, draft.answers) for step in steps)
    return draft.revises is None and answered <= MOST_LOST


def waits_for_text(form: Form, draft: Draft) -> bool:
    """Tell whether the open question of a form is answered by typing."""
    step = find_step(form, draft.answers, draft.question, draft.activity)
    return step is None or step.question.type not in TAPPED

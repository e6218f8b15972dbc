"""Who works here, and the one rule of who may do what, where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Role(StrEnum):
    """What somebody is here for; one person may have several."""

    OFFICER = "officer"
    CAMPAIGN_MANAGER = "campaign_manager"
    BENEFIT_OWNER = "benefit_owner"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """What a role allows."""

    SEE_CASES = "see_cases"
    DECIDE = "decide"
    ANSWER_QUESTIONS = "answer_questions"
    SEE_COUNTS = "see_counts"
    SEE_RESULTS = "see_results"
    MANAGE_STAFF = "manage_staff"
    SEE_AUDIT = "see_audit"
    WRITE_NOTICES = "write_notices"
    APPROVE_NOTICES = "approve_notices"
    RUN_CAMPAIGNS = "run_campaigns"
    CHECK_IN = "check_in"
    IMPORT = "import"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OFFICER: frozenset(
        {
            Right.SEE_CASES,
            Right.DECIDE,
            Right.ANSWER_QUESTIONS,
            Right.SEE_COUNTS,
            Right.CHECK_IN,
        }
    ),
    Role.CAMPAIGN_MANAGER: frozenset(
        {
            Right.SEE_COUNTS,
            Right.SEE_RESULTS,
            Right.WRITE_NOTICES,
            Right.APPROVE_NOTICES,
            Right.RUN_CAMPAIGNS,
            Right.CHECK_IN,
        }
    ),
    Role.BENEFIT_OWNER: frozenset({Right.SEE_COUNTS, Right.WRITE_NOTICES}),
    Role.ANALYST: frozenset({Right.SEE_COUNTS, Right.SEE_RESULTS}),
    Role.ADMINISTRATOR: frozenset(
        {
            Right.MANAGE_STAFF,
            Right.SEE_AUDIT,
            Right.SEE_COUNTS,
            Right.APPROVE_NOTICES,
            Right.IMPORT,
        }
    ),
}


Places: TypeAlias = frozenset[str] | None
"""Codes of provinces (2 digits) or districts (4); None is the whole country, no code nowhere."""

Grants: TypeAlias = Mapping[Role, Places]
"""Roles, each with the places where it holds."""


@dataclass(frozen=True)
class Scope:
    """Where somebody may look."""

    places: Places

    def covers(self, place: str) -> bool:
        """Tell whether a place, given by its code, lies within."""
        return self.places is None or any(place.startswith(code) for code in self.places)

    def covers_all(self, places: Places) -> bool:
        """Tell whether all these places lie within; None is the whole country, which few have."""
        if places is None:
            return self.places is None
        return self.places is None or (bool(places) and all(map(self.covers, places)))

    def touches(self, place: str) -> bool:
        """Tell whether a place lies within, or some of it does: a province of one's district."""
        return self.covers(place) or any(code.startswith(place) for code in self.places or ())


WHOLE_COUNTRY = Scope(None)


@dataclass(frozen=True)
class Staff:
    """A colleague, whose roles hold each at its own places. Somebody who left is not active."""

    id: int
    name: str
    grants: Grants
    chat_id: int | None = None
    active: bool = True


def scope_of(staff: Staff, right: Right) -> Scope | None:
    """Tell where somebody may do something; None if nowhere.

    Everything that staff do or see asks here, with the staff member as stored at that moment.
    """
    places = list_places(staff.grants, right)
    return Scope(places) if staff.active and places != frozenset() else None


def may(staff: Staff, right: Right, place: str) -> bool:
    """Tell whether somebody may do something at a place."""
    scope = scope_of(staff, right)
    return scope is not None and scope.covers(place)


def list_places(grants: Grants, right: Right) -> Places:
    """List where some grants give a right: at the places of the roles that have it."""
    return join_places(places for role, places in grants.items() if right in RIGHTS[role])


def join_places(several: Iterable[Places]) -> Places:
    """Give all places of several; with the whole country among them it is that."""
    joined: frozenset[str] = frozenset()
    for places in several:
        if places is None:
            return None
        joined |= places
    return joined

"""Who works here, and the one rule of who may do what, where."""

from dataclasses import dataclass
from enum import StrEnum


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
            Right.WRITE_NOTICES,
            Right.APPROVE_NOTICES,
            Right.RUN_CAMPAIGNS,
            Right.CHECK_IN,
        }
    ),
    Role.BENEFIT_OWNER: frozenset({Right.SEE_COUNTS, Right.WRITE_NOTICES}),
    Role.ANALYST: frozenset({Right.SEE_COUNTS}),
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


@dataclass(frozen=True)
class Scope:
    """Where somebody may look: codes of provinces (2 digits) or districts (4).

    None instead of codes is the whole country; no code at all is nowhere.
    """

    places: frozenset[str] | None

    def covers(self, place: str) -> bool:
        """Tell whether a place, given by its code, lies within."""
        return self.places is None or any(place.startswith(code) for code in self.places)

    def covers_all(self, places: frozenset[str] | None) -> bool:
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
    """A colleague; `places` as in a scope. Somebody who left is not active."""

    id: int
    name: str
    roles: frozenset[Role]
    places: frozenset[str] | None
    chat_id: int | None = None
    active: bool = True


def scope_of(staff: Staff, right: Right) -> Scope | None:
    """Tell where somebody may do something; None if nowhere.

    Everything that staff do or see asks here, with the staff member as stored at that moment.
    """
    if not staff.active or not any(right in RIGHTS[role] for role in staff.roles):
        return None
    return Scope(staff.places)


def may(staff: Staff, right: Right, place: str) -> bool:
    """Tell whether somebody may do something at a place."""
    scope = scope_of(staff, right)
    return scope is not None and scope.covers(place)

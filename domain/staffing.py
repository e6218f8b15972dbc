"""Who may let whom in: rules about staff that staff are changed by."""

from collections.abc import Iterable
from dataclasses import replace

from domain.staff import Right, Role, Staff, scope_of


def may_manage(staff: Staff, places: frozenset[str] | None) -> bool:
    """Tell whether somebody may manage staff of these places, all of them."""
    scope = scope_of(staff, Right.MANAGE_STAFF)
    if scope is None or scope.places is None:
        return scope is not None
    return places is not None and all(map(scope.covers, places))


def has_administrator(everybody: Iterable[Staff]) -> bool:
    """Tell whether anybody could let somebody in."""
    return any(scope_of(one, Right.MANAGE_STAFF) is not None for one in everybody)


def extend(known: Staff, roles: frozenset[Role], places: frozenset[str] | None) -> Staff:
    """Give a colleague more; whoever had left comes back with this and nothing of before."""
    if not known.active:
        return replace(known, roles=roles, places=places, active=True)
    joined = None if known.places is None or places is None else known.places | places
    return replace(known, roles=known.roles | roles, places=joined)

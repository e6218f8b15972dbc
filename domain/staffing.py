"""Who may let whom in: rules about staff that staff are changed by."""

from collections.abc import Iterable
from dataclasses import replace

from domain.staff import Grants, Places, Right, Role, Scope, Staff, join_places, scope_of

_NOWHERE: frozenset[str] = frozenset()


def may_manage(administrator: Staff, grants: Grants) -> bool:
    """Tell whether somebody may give and take these grants: they lie where they manage."""
    scope = scope_of(administrator, Right.MANAGE_STAFF)
    return scope is not None and all(map(scope.covers_all, grants.values()))


def may_change(administrator: Staff, before: Staff, after: Staff) -> bool:
    """Tell whether somebody may make this change: all that it gives or takes is theirs to manage.

    Whoever is shown out, or let in again, loses or gets all that they have.
    """
    if before.active != after.active:
        return may_manage(administrator, before.grants) and may_manage(administrator, after.grants)
    return may_manage(administrator, _compare(before.grants, after.grants))


def manages_some(administrator: Staff, colleague: Staff) -> bool:
    """Tell whether something that a colleague may do lies where somebody manages."""
    scope = scope_of(administrator, Right.MANAGE_STAFF)
    if scope is None or scope.places is None:
        return scope is not None
    return any(scope.covers(code) for places in colleague.grants.values() for code in places or ())


def has_administrator(everybody: Iterable[Staff]) -> bool:
    """Tell whether anybody could let somebody in."""
    return any(scope_of(one, Right.MANAGE_STAFF) is not None for one in everybody)


def extend(known: Staff, grants: Grants) -> Staff:
    """Give a colleague more; whoever had left comes back with this and nothing of before."""
    if not known.active:
        return replace(known, grants=grants, active=True)
    return replace(known, grants=join_grants(known.grants, grants))


def put_grant(known: Staff, role: Role, places: Places, reach: Scope) -> Staff:
    """Let a role hold at these places; where it holds beyond somebody's reach nothing changes."""
    held = known.grants.get(role, _NOWHERE)
    beyond = frozenset(code for code in held or () if not reach.covers(code))
    holds = None if places is None else places | beyond
    others = {each: where for each, where in known.grants.items() if each is not role}
    return replace(known, grants=others if holds == _NOWHERE else {**others, role: holds})


def join_grants(some: Grants, others: Grants) -> Grants:
    """Give what either gives: each role at the places where one of them has it."""
    return {
        role: join_places(each[role] for each in (some, others) if role in each)
        for role in Role
        if role in some or role in others
    }


def _compare(before: Grants, after: Grants) -> Grants:
    """Give what only one of two has."""
    pairs = {role: (before.get(role, _NOWHERE), after.get(role, _NOWHERE)) for role in Role}
    return {role: _differ(one, other) for role, (one, other) in pairs.items() if one != other}


def _differ(some: Places, others: Places) -> Places:
    return None if some is None or others is None else some ^ others

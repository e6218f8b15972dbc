"""A role holds at its own places and at no other, and administrators manage where theirs does."""

from dataclasses import replace
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from domain.staff import RIGHTS, Grants, Places, Right, Role, Scope, Staff, may, scope_of
from domain.staffing import extend, has_administrator, manages_some, may_change, may_manage

DISTRICTS = ("0203", "0204", "1703", "1704")
PLACES = st.none() | st.frozensets(st.sampled_from(("02", "17", *DISTRICTS)), min_size=1)
GRANTS = st.dictionaries(st.sampled_from(Role), PLACES)
STAFF = st.builds(Staff, st.just(1), st.just("Bopha"), GRANTS, active=st.booleans())
NOBODY = Staff(1, "Bopha", {})


def holds(grants: Grants, role: Role, district: str) -> bool:
    return role in grants and Scope(grants[role]).covers(district)


def work(**places: Places) -> Staff:
    return replace(NOBODY, grants={Role(role): where for role, where in places.items()})


def test_an_analyst_of_the_country_made_officer_of_a_province_is_officer_of_that() -> None:
    one = work(analyst=None, officer=frozenset({"02"}))
    assert scope_of(one, Right.SEE_COUNTS) == Scope(None)
    assert scope_of(one, Right.SEE_CASES) == Scope(frozenset({"02"}))
    assert not may(one, Right.DECIDE, "1703")


@given(STAFF, st.sampled_from(Right), st.sampled_from(DISTRICTS))
def test_a_right_holds_where_a_role_that_has_it_holds(
    one: Staff, right: Right, district: str
) -> None:
    given_there = any(holds(one.grants, role, district) for role in Role if right in RIGHTS[role])
    assert may(one, right, district) == (one.active and given_there)


@given(STAFF, st.sampled_from(Role), PLACES, st.sampled_from(Right))
def test_a_grant_changes_nothing_of_rights_that_it_does_not_have(
    one: Staff, role: Role, places: Places, right: Right
) -> None:
    more = replace(one, grants={**one.grants, role: places})
    if right not in RIGHTS[role]:
        assert scope_of(more, right) == scope_of(one, right)


@given(STAFF, GRANTS)
def test_a_colleague_gets_what_is_given_and_loses_nothing(one: Staff, extra: Grants) -> None:
    more = extend(one, extra)
    assert more.active
    for role, district in product(Role, DISTRICTS):
        had = one.active and holds(one.grants, role, district)
        assert holds(more.grants, role, district) == (had or holds(extra, role, district))


@given(STAFF, STAFF, STAFF)
def test_nobody_changes_what_a_colleague_may_where_they_do_not_manage(
    boss: Staff, before: Staff, after: Staff
) -> None:
    if not may_change(boss, before, after):
        return
    for role, district in product(Role, DISTRICTS):
        held = before.active and holds(before.grants, role, district)
        will_hold = after.active and holds(after.grants, role, district)
        assert held == will_hold or may(boss, Right.MANAGE_STAFF, district)


@given(STAFF, GRANTS)
def test_only_the_administrators_own_places_count(boss: Staff, wish: Grants) -> None:
    changed: dict[Role, Places] = dict.fromkeys(Role)
    del changed[Role.ADMINISTRATOR]
    if Role.ADMINISTRATOR in boss.grants:
        changed[Role.ADMINISTRATOR] = boss.grants[Role.ADMINISTRATOR]
    assert may_manage(boss, wish) == may_manage(replace(boss, grants=changed), wish)


def test_an_administrator_of_a_province_manages_what_lies_in_it() -> None:
    boss = work(administrator=frozenset({"02"}), officer=None)
    both = work(officer=frozenset({"02", "17"}), analyst=None)
    near, far = work(officer=frozenset({"0203"})), work(officer=frozenset({"17"}))

    assert may_change(boss, both, work(officer=frozenset({"17"}), analyst=None))
    assert may_change(boss, near, NOBODY)
    assert may_change(boss, near, replace(near, active=False))
    for after in (work(officer=frozenset({"02"}), analyst=None), work(officer=None, analyst=None)):
        assert not may_change(boss, both, after)
    assert not may_change(boss, both, replace(both, active=False))
    assert not may_change(boss, near, far)
    assert [manages_some(boss, one) for one in (both, near, far)] == [True, True, False]
    assert not manages_some(both, near)


def test_whoever_may_let_nobody_in_is_no_administrator() -> None:
    boss = work(administrator=frozenset({"02"}))
    assert has_administrator([NOBODY, boss])
    assert not has_administrator([NOBODY, work(officer=None), replace(boss, active=False)])
    assert not has_administrator([work(administrator=frozenset())])

"""Staff get other rights and leave, by those who may decide it and at once."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from db.unit_of_work import UnitOfWork
from domain.staff import WHOLE_COUNTRY, Role
from domain.staffing import put_grant
from services import sessions, staff
from services.desk import Actor
from services.staff import LastAdministrator, NoSuchStaff, NotPermitted
from tests.services.colleagues import (
    BATTAMBANG,
    BOPHA,
    DARA,
    HEAD,
    RITH,
    act,
    ask_for_link,
    change,
    employ,
    find_visitor,
    list_everybody,
    make_grants,
    sign_in,
)
from tests.services.counter import Counter


async def test_rights_that_end_end_at_once(counter: Counter) -> None:
    head = Actor(await employ(counter, RITH, HEAD), "web")
    officer = await employ(counter, BOPHA, BATTAMBANG)
    session = await sign_in(counter, await ask_for_link(counter, BOPHA))
    open_link = await ask_for_link(counter, BOPHA)
    assert session is not None

    moved = await change(
        counter, head, replace(officer, grants=make_grants(officer=frozenset({"17"})))
    )
    assert await find_visitor(counter, session) == moved
    await change(counter, head, replace(moved, active=False))
    assert await find_visitor(counter, session) is None
    assert await sign_in(counter, open_link) is None
    await change(counter, head, moved)
    assert await find_visitor(counter, session) is None
    assert await sign_in(counter, open_link) is None


@pytest.mark.every_database
async def test_two_roles_given_at_once_are_both_kept(counter: Counter) -> None:
    officer = await employ(counter, BOPHA, BATTAMBANG)

    async def give(uow: UnitOfWork, role: Role) -> None:
        alter = partial(put_grant, role=role, places=None, reach=WHOLE_COUNTRY)
        await staff.change_staff(uow, None, officer.id, alter)

    await asyncio.gather(
        *(act(counter, partial(give, role=role)) for role in (Role.ANALYST, Role.BENEFIT_OWNER))
    )

    [stored] = await list_everybody(counter)
    assert stored.grants == {**officer.grants, Role.ANALYST: None, Role.BENEFIT_OWNER: None}


async def test_nobody_changes_staff_beyond_their_own_reach(counter: Counter) -> None:
    await employ(counter, RITH, HEAD)
    local = await employ(counter, DARA, replace(HEAD, places=frozenset({"02"})))
    officer = await employ(counter, BOPHA, BATTAMBANG)
    everybody = await list_everybody(counter)

    for actor, changed in (
        (officer, replace(officer, grants=make_grants(administrator=frozenset({"02"})))),
        (local, replace(officer, grants=make_grants(officer=None))),
        (local, replace(everybody[0], active=False)),
        (local, replace(local, grants=make_grants(administrator=None))),
    ):
        with pytest.raises(NotPermitted):
            await change(counter, Actor(actor, "web"), changed)
    with pytest.raises(NotPermitted):
        await act(
            counter,
            lambda uow: sessions.end_all_sessions(uow, Actor(officer, "web"), local.id),
        )
    with pytest.raises(NoSuchStaff):
        await change(counter, None, replace(officer, id=99))
    assert await list_everybody(counter) == everybody


async def test_the_last_administrator_stays_unless_the_operator_says_so(counter: Counter) -> None:
    head = await employ(counter, RITH, HEAD)
    for changed in (replace(head, active=False), replace(head, grants=make_grants(officer=None))):
        with pytest.raises(LastAdministrator):
            await change(counter, Actor(head, "web"), changed)
    assert not (await change(counter, None, replace(head, active=False))).active

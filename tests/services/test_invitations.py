"""An invitation lets one person in, for a day, and no further than whoever made it reaches."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import select

from db.tables import staff_links
from db.unit_of_work import UnitOfWork
from domain.staff import Right, Role, Staff, may
from locales.catalogue import render
from services import invitations
from services.desk import Actor, Person
from services.invitations import Invitation
from services.office_words import INVITATION_REFUSED
from services.staff import NotPermitted
from tests.samples import make_contact
from tests.services.colleagues import (
    ADMINISTRATOR,
    BATTAMBANG,
    BOPHA,
    DARA,
    HEAD,
    RITH,
    act,
    change,
    employ,
    invite,
    join,
    list_acts,
    list_everybody,
    make_grants,
)
from tests.services.counter import Counter


async def test_whoever_opens_an_invitation_is_let_in_and_told(counter: Counter) -> None:
    joined = await join(counter, BOPHA, await invite(counter, BATTAMBANG))

    assert joined is not None
    assert await list_everybody(counter) == [
        Staff(joined.id, "Bopha", make_grants(officer=frozenset({"02"})), BOPHA)
    ]
    [words] = counter.texts(BOPHA)
    assert "Bopha" in words
    assert "ខេត្តបាត់ដំបង" in words
    assert "/staff" in words
    assert await list_acts(counter) == [("invite", None), ("join", f"staff:{joined.id}")]
    contact = await counter.find_contact(BOPHA)
    assert contact is not None
    assert contact.locale is None


async def test_staff_read_the_language_that_they_have_chosen(counter: Counter) -> None:
    await counter.save(make_contact(BOPHA, locale="en"))
    await join(counter, BOPHA, await invite(counter, replace(BATTAMBANG, places=None)))
    assert "Whole country" in counter.texts(BOPHA)[0]


async def test_an_invitation_lets_one_person_in(counter: Counter) -> None:
    secret = await invite(counter, BATTAMBANG)
    await join(counter, BOPHA, secret)

    assert await join(counter, RITH, secret) is None
    assert counter.texts(RITH) == [render(INVITATION_REFUSED, "km", counter.desk.names)]
    assert [one.chat_id for one in await list_everybody(counter)] == [BOPHA]


async def test_two_who_open_an_invitation_in_one_batch_are_not_both_let_in(
    counter: Counter,
) -> None:
    secret = await invite(counter, BATTAMBANG)

    async def batch(uow: UnitOfWork) -> list[Staff | None]:
        return [
            await invitations.join(uow, counter.desk, Person(chat_id), secret)
            for chat_id in (BOPHA, RITH)
        ]

    first, second = await act(counter, batch)
    assert first is not None
    assert second is None


@pytest.mark.every_database
async def test_two_who_open_an_invitation_at_once_are_not_both_let_in(counter: Counter) -> None:
    secret = await invite(counter, BATTAMBANG)
    joined = await asyncio.gather(*(join(counter, chat_id, secret) for chat_id in (BOPHA, RITH)))

    assert len([one for one in joined if one is not None]) == 1
    assert len(await list_everybody(counter)) == 1


async def test_an_invitation_that_fails_half_way_can_be_opened_again(counter: Counter) -> None:
    secret = await invite(counter, replace(BATTAMBANG, places=frozenset({"99"})))

    async def batch(uow: UnitOfWork) -> None:
        with pytest.raises(Warning), uow.part():
            await invitations.join(uow, counter.desk, Person(BOPHA), secret)

    await counter.run(batch)
    assert await list_everybody(counter) == []
    assert counter.sent == []
    async with counter.database.read() as connection:
        links = await connection.execute(select(staff_links.c.used_at))
        assert links.scalars().all() == [None]


async def test_a_day_later_an_invitation_is_void(counter: Counter) -> None:
    secret = await invite(counter, BATTAMBANG)
    counter.clock.advance(hours=24)
    assert await join(counter, BOPHA, secret) is None


async def test_a_colleague_who_opens_an_invitation_gets_more(counter: Counter) -> None:
    known = await employ(counter, BOPHA, BATTAMBANG)
    more = Invitation("Somebody", ADMINISTRATOR, frozenset({"1703"}))
    joined = await join(counter, BOPHA, await invite(counter, more))

    both = make_grants(officer=frozenset({"02"}), administrator=frozenset({"1703"}))
    assert joined == replace(known, grants=both)
    assert await list_everybody(counter) == [joined]
    assert "សិទ្ធិបន្ថែម" in counter.texts(BOPHA)[0]


async def test_whoever_comes_back_gets_nothing_of_before(counter: Counter) -> None:
    known = await employ(counter, BOPHA, HEAD)
    await change(counter, None, replace(known, active=False))
    back = await join(counter, BOPHA, await invite(counter, BATTAMBANG))
    assert back == replace(known, grants=BATTAMBANG.grants)


@pytest.mark.parametrize("comes_back", [False, True])
async def test_no_invitation_outlives_a_dismissal(counter: Counter, comes_back: bool) -> None:
    known = await employ(counter, BOPHA, BATTAMBANG)
    earlier = await invite(counter, HEAD)
    counter.clock.advance(minutes=1)
    await change(counter, None, replace(known, active=False))
    if comes_back:
        counter.clock.advance(minutes=1)
        await change(counter, None, known)
    counter.clock.advance(minutes=1)

    assert await join(counter, BOPHA, earlier) is None

    assert await list_everybody(counter) == [replace(known, active=comes_back)]
    assert await join(counter, BOPHA, await invite(counter, HEAD)) is not None


async def test_an_invitation_is_void_once_its_maker_may_not_invite(counter: Counter) -> None:
    head = await employ(counter, RITH, HEAD)
    secret = await invite(counter, BATTAMBANG, Actor(head, "web"))
    await change(counter, None, replace(head, grants=make_grants(officer=None)))
    assert await join(counter, BOPHA, secret) is None


async def test_what_a_province_gives_holds_in_that_province_only(counter: Counter) -> None:
    boss = await employ(counter, RITH, replace(HEAD, places=frozenset({"02"})))
    dara = await employ(counter, DARA, Invitation("Dara", frozenset({Role.ANALYST}), None))

    joined = await join(counter, DARA, await invite(counter, BATTAMBANG, Actor(boss, "web")))

    assert joined == replace(dara, grants=make_grants(analyst=None, officer=frozenset({"02"})))
    assert not may(joined, Right.SEE_CASES, "1703")
    [words] = counter.texts(DARA)[-1:]
    assert "មន្ត្រីពិនិត្យពាក្យ — ខេត្តបាត់ដំបង" in words
    assert "អ្នកវិភាគទិន្នន័យ — ទូទាំងប្រទេស" in words


async def test_nobody_invites_beyond_their_own_reach(counter: Counter) -> None:
    officer = Actor(await employ(counter, BOPHA, BATTAMBANG), "web")
    local = replace(HEAD, places=frozenset({"02"}))
    head = Actor(await employ(counter, RITH, local), "web")

    await invite(counter, replace(BATTAMBANG, places=frozenset({"0203"})), head)
    for actor, places in (
        (officer, frozenset({"02"})),
        (head, frozenset({"02", "17"})),
        (head, None),
    ):
        with pytest.raises(NotPermitted):
            await invite(counter, replace(BATTAMBANG, places=places), actor)


async def test_the_first_administrator_is_invited_until_there_is_one(counter: Counter) -> None:
    first = partial(invitations.invite_first, roles=ADMINISTRATOR)
    by_command = await invite(counter, HEAD)
    earlier, later = await act(counter, first), await act(counter, first)
    assert earlier is not None
    assert later is not None
    assert await join(counter, BOPHA, earlier) is None

    joined = await join(counter, DARA, later)
    assert joined is not None
    assert joined.name == "Dara Sok"
    assert joined.grants == make_grants(administrator=None)
    assert await act(counter, first) is None
    assert await join(counter, RITH, by_command) is not None


async def test_the_first_invitation_is_void_once_there_is_an_administrator(
    counter: Counter,
) -> None:
    secret = await act(counter, partial(invitations.invite_first, roles=ADMINISTRATOR))
    assert secret is not None
    await employ(counter, RITH, HEAD)
    assert await join(counter, BOPHA, secret) is None

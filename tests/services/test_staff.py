"""Staff come, sign in, change and leave."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from itertools import count
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from db import audit
from db import staff as stored_staff
from db.retention import forget_old
from db.tables import audit_events, staff_links, staff_sessions
from db.unit_of_work import UnitOfWork
from domain.staff import WHOLE_COUNTRY, Grants, Places, Right, Role, Staff, may
from domain.staffing import put_grant
from domain.texts import message
from locales.catalogue import render
from services import invitations, sessions, staff
from services.desk import Actor, Person
from services.invitations import Invitation
from services.office_words import INVITATION_REFUSED
from services.staff import LastAdministrator, NoSuchStaff, NotPermitted
from tests.samples import make_contact
from tests.services.counter import Counter, read_parameters

BOPHA, RITH, DARA = 21, 22, 23
OFFICER, ADMINISTRATOR = frozenset({Role.OFFICER}), frozenset({Role.ADMINISTRATOR})
BATTAMBANG = Invitation("Bopha", OFFICER, frozenset({"02"}))
HEAD = Invitation("Rith", ADMINISTRATOR, None)
T = TypeVar("T")


async def act(counter: Counter, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
    """Do some work in a unit of its own and give its result."""
    results: list[T] = []

    async def keep(uow: UnitOfWork) -> None:
        await uow.load([BOPHA, RITH, DARA])
        results.append(await work(uow))

    await counter.run(keep)
    return results[-1]


async def invite(counter: Counter, invitation: Invitation, actor: Actor | None = None) -> str:
    return await act(counter, lambda uow: invitations.invite(uow, actor, invitation))


async def join(counter: Counter, chat_id: int, secret: str) -> Staff | None:
    person = Person(chat_id, "Dara", "Sok")
    return await act(counter, lambda uow: invitations.join(uow, counter.desk, person, secret))


async def employ(counter: Counter, chat_id: int, invitation: Invitation) -> Staff:
    joined = await join(counter, chat_id, await invite(counter, invitation))
    assert joined is not None
    counter.forget_sent()
    return joined


async def ask_for_link(counter: Counter, chat_id: int) -> str:
    """Let somebody send /staff, and read the secret out of the link."""
    counter.forget_sent()
    await counter.serve(chat_id, sessions.offer_sign_in)
    found = re.search(r"/enter/([\w-]+)", counter.sent[-1].parameters)
    assert found is not None
    return found[1]


async def sign_in(counter: Counter, secret: str) -> str | None:
    return await act(counter, lambda uow: sessions.spend_sign_in(uow, secret, "web 127.0.0.1"))


async def find_visitor(counter: Counter, session: str) -> Staff | None:
    async with counter.database.read() as connection:
        return await sessions.find_visitor(connection, session, counter.clock())


async def list_everybody(counter: Counter) -> list[Staff]:
    async with counter.database.read() as connection:
        return await stored_staff.list_all(connection)


async def list_acts(counter: Counter) -> list[tuple[str, str | None]]:
    async with counter.database.read() as connection:
        latest = await audit.list_latest(connection)
    return [(one.event.act, one.event.subject) for one in reversed(latest)]


async def change(counter: Counter, actor: Actor | None, one: Staff) -> Staff:
    """Change a colleague to what is given, whatever they were."""
    return await act(counter, lambda uow: staff.change_staff(uow, actor, one.id, lambda _: one))


def work(**places: Places) -> Grants:
    return {Role(role): where for role, where in places.items()}


async def test_whoever_opens_an_invitation_is_let_in_and_told(counter: Counter) -> None:
    joined = await join(counter, BOPHA, await invite(counter, BATTAMBANG))

    assert joined is not None
    assert await list_everybody(counter) == [
        Staff(joined.id, "Bopha", work(officer=frozenset({"02"})), BOPHA)
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

    both = work(officer=frozenset({"02"}), administrator=frozenset({"1703"}))
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
    await change(counter, None, replace(head, grants=work(officer=None)))
    assert await join(counter, BOPHA, secret) is None


async def test_what_a_province_gives_holds_in_that_province_only(counter: Counter) -> None:
    boss = await employ(counter, RITH, replace(HEAD, places=frozenset({"02"})))
    dara = await employ(counter, DARA, Invitation("Dara", frozenset({Role.ANALYST}), None))

    joined = await join(counter, DARA, await invite(counter, BATTAMBANG, Actor(boss, "web")))

    assert joined == replace(dara, grants=work(analyst=None, officer=frozenset({"02"})))
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
    assert joined.grants == work(administrator=None)
    assert await act(counter, first) is None
    assert await join(counter, RITH, by_command) is not None


async def test_the_first_invitation_is_void_once_there_is_an_administrator(
    counter: Counter,
) -> None:
    secret = await act(counter, partial(invitations.invite_first, roles=ADMINISTRATOR))
    assert secret is not None
    await employ(counter, RITH, HEAD)
    assert await join(counter, BOPHA, secret) is None


async def test_staff_sign_in_with_a_link_that_works_once(counter: Counter) -> None:
    officer = await employ(counter, BOPHA, BATTAMBANG)
    secret = await ask_for_link(counter, BOPHA)
    assert f"{counter.desk.web_url}/enter/{secret}" in counter.texts(BOPHA)[0]
    session = await sign_in(counter, secret)
    assert session is not None

    assert await find_visitor(counter, session) == officer
    assert await sign_in(counter, secret) is None
    subject = f"staff:{officer.id}"
    assert await list_acts(counter) == [
        ("invite", None),
        ("join", subject),
        ("offer_sign_in", subject),
        ("sign_in", subject),
    ]


async def test_a_page_with_https_is_opened_by_a_button(counter: Counter) -> None:
    counter.desk = replace(counter.desk, web_url="https://office.example")
    await employ(counter, BOPHA, BATTAMBANG)
    secret = await ask_for_link(counter, BOPHA)

    shown = read_parameters(counter.sent[-1])
    [[button]] = shown["reply_markup"]["inline_keyboard"]
    assert button["url"] == f"https://office.example/enter/{secret}"
    assert secret not in shown["text"]
    assert shown["link_preview_options"] == {"is_disabled": True}


@pytest.mark.every_database
async def test_of_two_who_spend_a_link_at_once_one_is_signed_in(counter: Counter) -> None:
    await employ(counter, BOPHA, BATTAMBANG)
    secret = await ask_for_link(counter, BOPHA)
    begun = await asyncio.gather(*(sign_in(counter, secret) for _ in range(4)))
    assert len([one for one in begun if one is not None]) == 1


async def test_a_link_for_signing_in_lasts_ten_minutes(counter: Counter) -> None:
    await employ(counter, BOPHA, BATTAMBANG)
    secret = await ask_for_link(counter, BOPHA)
    counter.clock.advance(minutes=10)
    assert await sign_in(counter, secret) is None


async def test_a_new_link_makes_the_one_before_void(counter: Counter) -> None:
    await employ(counter, BOPHA, BATTAMBANG)
    earlier, later = await ask_for_link(counter, BOPHA), await ask_for_link(counter, BOPHA)
    assert await sign_in(counter, earlier) is None
    assert await sign_in(counter, later) is not None


async def test_a_stranger_hears_nothing_of_signing_in(counter: Counter) -> None:
    await counter.serve(DARA, sessions.offer_sign_in)
    known = await employ(counter, BOPHA, BATTAMBANG)
    await change(counter, None, replace(known, active=False))
    counter.forget_sent()
    await counter.serve(DARA, sessions.offer_sign_in)
    await counter.serve(BOPHA, sessions.offer_sign_in)

    help_words = render(message("help.outside"), "km", counter.desk.names)
    assert counter.texts(DARA) == counter.texts(BOPHA) == [help_words]


async def test_a_session_ends_when_nothing_is_done_or_the_day_is_over(counter: Counter) -> None:
    await employ(counter, BOPHA, BATTAMBANG)
    session = await sign_in(counter, await ask_for_link(counter, BOPHA))
    assert session is not None
    for _ in range(24):
        counter.clock.advance(minutes=29, seconds=50)
        assert await find_visitor(counter, session) is not None
        await act(counter, lambda uow: sessions.note_visit(uow, session))
    counter.clock.advance(minutes=4)
    assert await find_visitor(counter, session) is None

    other = await sign_in(counter, await ask_for_link(counter, BOPHA))
    assert other is not None
    counter.clock.advance(minutes=30)
    assert await find_visitor(counter, other) is None


async def test_a_visit_is_worth_noting_once_a_minute(counter: Counter) -> None:
    await employ(counter, BOPHA, BATTAMBANG)
    secret = await sign_in(counter, await ask_for_link(counter, BOPHA))
    assert secret is not None
    async with counter.database.read() as connection:
        session = await sessions.find_session(connection, secret, counter.clock())
    assert session is not None
    assert not sessions.is_worth_noting(session, counter.clock.advance(seconds=59))
    assert sessions.is_worth_noting(session, counter.clock.advance(seconds=1))


async def test_signing_out_ends_one_session_or_all(counter: Counter) -> None:
    officer = Actor(await employ(counter, BOPHA, BATTAMBANG), "web 127.0.0.1")
    secrets = [await sign_in(counter, await ask_for_link(counter, BOPHA)) for _ in range(3)]
    one, two, three = (secret or "" for secret in secrets)

    await act(counter, lambda uow: sessions.end_session(uow, officer, one))
    assert await find_visitor(counter, one) is None
    assert await find_visitor(counter, two) is not None
    await act(counter, lambda uow: sessions.end_all_sessions(uow, officer, officer.staff.id))
    assert await find_visitor(counter, two) is await find_visitor(counter, three) is None
    assert [act for act, _ in await list_acts(counter)][-2:] == ["sign_out", "sign_out"]


async def test_rights_that_end_end_at_once(counter: Counter) -> None:
    head = Actor(await employ(counter, RITH, HEAD), "web")
    officer = await employ(counter, BOPHA, BATTAMBANG)
    session = await sign_in(counter, await ask_for_link(counter, BOPHA))
    open_link = await ask_for_link(counter, BOPHA)
    assert session is not None

    moved = await change(counter, head, replace(officer, grants=work(officer=frozenset({"17"}))))
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
        (officer, replace(officer, grants=work(administrator=frozenset({"02"})))),
        (local, replace(officer, grants=work(officer=None))),
        (local, replace(everybody[0], active=False)),
        (local, replace(local, grants=work(administrator=None))),
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
    for changed in (replace(head, active=False), replace(head, grants=work(officer=None))):
        with pytest.raises(LastAdministrator):
            await change(counter, Actor(head, "web"), changed)
    assert not (await change(counter, None, replace(head, active=False))).active


async def test_no_secret_is_stored_or_recorded(counter: Counter) -> None:
    secrets = [invitation := await invite(counter, BATTAMBANG)]
    await join(counter, BOPHA, invitation)
    secrets.append(link := await ask_for_link(counter, BOPHA))
    secrets.append(await sign_in(counter, link) or "")
    async with counter.database.read() as connection:
        stored = [
            (await connection.execute(select(table))).all()
            for table in (staff_links, staff_sessions, audit_events)
        ]
    for secret in secrets:
        assert len(secret) == 32
        assert secret not in repr(stored)
    assert "Bopha" not in repr(stored[2])


async def test_what_has_expired_is_forgotten_in_time(counter: Counter) -> None:
    await employ(counter, BOPHA, BATTAMBANG)
    session = await sign_in(counter, await ask_for_link(counter, BOPHA))
    assert session is not None
    await forget_old(counter.database, counter.clock.advance(hours=1))
    counter.clock.advance(hours=-1)
    assert await find_visitor(counter, session) is not None
    await forget_old(counter.database, counter.clock.advance(days=31))
    assert await counter.count_rows("staff_links", "staff_sessions") == {}


_chats = count(1_000)
TRICKS = ("forged", "used", "expired", "other purpose", "cut", "changed")


@given(trick=st.sampled_from(TRICKS), text=st.text(max_size=60), place=st.integers(0, 31))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_forged_used_expired_and_other_secrets_have_no_effect(
    counter: Counter, trick: str, text: str, place: int
) -> None:
    officer, stranger = next(_chats), next(_chats)
    invitation = await invite(counter, BATTAMBANG)
    await employ(counter, officer, BATTAMBANG)
    link = await ask_for_link(counter, officer)
    match trick:
        case "forged":
            invitation = link = text
        case "used":
            await join(counter, officer, invitation)
            await sign_in(counter, link)
        case "expired":
            counter.clock.advance(hours=24)
        case "other purpose":
            invitation, link = link, invitation
        case "cut":
            invitation, link = invitation[:place], link[:place]
        case "changed":
            invitation, link = (swap(secret, place) for secret in (invitation, link))
    before = await counter.count_rows("staff", "staff_sessions", "audit_events")

    assert await join(counter, stranger, invitation) is None
    assert await sign_in(counter, link) is None
    assert await find_visitor(counter, link) is await find_visitor(counter, invitation) is None
    assert await counter.count_rows("staff", "staff_sessions", "audit_events") == before


def swap(secret: str, place: int) -> str:
    """Put another letter into a place of a secret."""
    return secret[:place] + ("a" if secret[place] != "a" else "b") + secret[place + 1 :]

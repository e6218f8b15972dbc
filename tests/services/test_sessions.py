"""Staff sign in with a link that works once, and their sessions end."""

import asyncio
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from db.retention import forget_old
from db.tables import audit_events, staff_links, staff_sessions
from domain.texts import message
from locales.catalogue import render
from services import sessions
from services.desk import Actor
from tests.services.colleagues import (
    BATTAMBANG,
    BOPHA,
    DARA,
    act,
    ask_for_link,
    change,
    employ,
    find_visitor,
    invite,
    join,
    list_acts,
    sign_in,
)
from tests.services.counter import Counter, read_parameters


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

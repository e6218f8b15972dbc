"""Staff, their one-time links and their sessions."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from db import staff
from db.database import Database
from db.errors import FlushRefused
from db.staff import Link, Purpose
from domain.staff import Role, Staff
from tests.samples import NOON

HOUR = timedelta(hours=1)
SIGN_IN = Link("ab" * 32, Purpose.SIGN_IN, NOON, NOON + HOUR)
INVITATION = Link("cd" * 32, Purpose.INVITATION, NOON, NOON + HOUR, grants={"name": "Bopha"})


async def add_bopha(connection: AsyncConnection) -> Staff:
    return await staff.add(connection, NOON, "Bopha", {Role.OFFICER}, {"02", "1703"}, 7)


async def test_staff_are_found_as_they_were_stored(database: Database) -> None:
    async def work(connection: AsyncConnection) -> None:
        bopha = await add_bopha(connection)
        rith = await staff.add(connection, NOON, "Rith", {Role.ADMINISTRATOR}, None)
        assert bopha.grants == {Role.OFFICER: frozenset({"02", "1703"})}
        assert await staff.find(connection, bopha.id) == bopha
        assert await staff.find_by_chat(connection, 7) == bopha
        assert await staff.find_by_chat(connection, 8) is None
        assert await staff.list_all(connection) == [bopha, rith]
        assert await staff.names_of(connection, {rith.id, 99}) == {rith.id: "Rith"}

        left = replace(rith, active=False, chat_id=8, grants={})
        await staff.save(connection, left)
        assert await staff.find_by_chat(connection, 8) == left

    await database.write(work)


async def test_a_chat_belongs_to_one_member_of_staff(database: Database) -> None:
    async def work(connection: AsyncConnection) -> None:
        await add_bopha(connection)
        await add_bopha(connection)

    with pytest.raises(FlushRefused):
        await database.write(work)


async def test_a_link_is_spent_once_in_its_time_and_for_its_purpose(database: Database) -> None:
    async def work(connection: AsyncConnection) -> None:
        await staff.add_link(connection, INVITATION)
        key = INVITATION.secret_hash
        spend = staff.spend_link
        assert await spend(connection, key, Purpose.SIGN_IN, NOON) is None
        assert await spend(connection, key, Purpose.INVITATION, NOON + HOUR) is None
        assert await spend(connection, SIGN_IN.secret_hash, Purpose.INVITATION, NOON) is None
        spent = await spend(connection, key, Purpose.INVITATION, NOON)
        assert spent == replace(INVITATION, used_at=NOON)
        assert await spend(connection, key, Purpose.INVITATION, NOON) is None

    await database.write(work)


async def test_links_can_be_made_useless_before_their_time(database: Database) -> None:
    async def work(connection: AsyncConnection) -> None:
        bopha = await add_bopha(connection)
        await staff.add_link(connection, replace(SIGN_IN, staff_id=bopha.id))
        await staff.add_link(connection, INVITATION)
        assert await staff.list_open_links(connection, Purpose.INVITATION, NOON) == [INVITATION]

        await staff.expire_sign_ins(connection, bopha.id, NOON)
        await staff.expire_links(connection, [INVITATION.secret_hash], NOON)
        for purpose in Purpose:
            assert await staff.list_open_links(connection, purpose, NOON) == []

    await database.write(work)


async def test_sessions_are_noted_and_end(database: Database) -> None:
    async def work(connection: AsyncConnection) -> None:
        bopha = await add_bopha(connection)
        for key in ("one", "two", "three"):
            await staff.add_session(connection, key, bopha.id, "web 127.0.0.1", NOON)
        await staff.note_seen(connection, "one", NOON + HOUR)
        session = await staff.find_session(connection, "one")
        assert session == staff.Session("one", bopha, NOON, NOON + HOUR, "web 127.0.0.1")

        await staff.end_session(connection, "one")
        assert await staff.find_session(connection, "one") is None
        assert await staff.find_session(connection, "two") is not None
        await staff.end_sessions_of(connection, bopha.id)
        assert await staff.find_session(connection, "two") is None

    await database.write(work)


async def test_old_links_and_sessions_are_forgotten(database: Database) -> None:
    async def work(connection: AsyncConnection) -> None:
        bopha = await add_bopha(connection)
        await staff.add_link(connection, INVITATION)
        await staff.add_session(connection, "one", bopha.id, "web", NOON)
        await staff.forget_old(connection, NOON + HOUR, NOON)
        assert await staff.list_open_links(connection, Purpose.INVITATION, NOON) == [INVITATION]
        assert await staff.find_session(connection, "one") is not None

        later = NOON + 2 * HOUR
        await staff.forget_old(connection, later, later)
        assert await staff.list_open_links(connection, Purpose.INVITATION, NOON) == []
        assert await staff.find_session(connection, "one") is None

    await database.write(work)

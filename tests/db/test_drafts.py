"""Drafts come back as they were, and those that time has passed are found."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from db import drafts
from db.database import Database
from db.drafts import StoredDraft
from db.unit_of_work import UnitOfWork, run_unit
from domain.drafts import Consent, Draft
from tests.samples import NOON, make_contact, make_draft

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
ANSWERS = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
DRAFTS = st.builds(
    Draft,
    tag=WORDS,
    form_version=st.integers(1, 9),
    question=WORDS,
    answers=st.dictionaries(WORDS, ANSWERS, max_size=4),
    partial=ANSWERS,
    activity=st.integers(0, 4),
    editing=st.booleans(),
    cancelling=st.booleans(),
    source=st.none() | WORDS,
    consents=st.lists(st.builds(Consent, WORDS, st.integers(1, 9), WORDS, WORDS), max_size=2).map(
        tuple
    ),
)

Listing = Callable[[AsyncConnection], Awaitable[list[StoredDraft]]]


async def save(database: Database, *stored: StoredDraft) -> None:
    async def work(uow: UnitOfWork) -> None:
        for one in stored:
            uow.save_contact(make_contact(one.chat_id))
            uow.save_draft(one)

    await run_unit(database, NOON, work)


async def list_chats(database: Database, listing: Listing) -> list[int]:
    async with database.read() as connection:
        return [stored.chat_id for stored in await listing(connection)]


def left_alone(chat_id: int, age: timedelta, **changed: Any) -> StoredDraft:
    """Make a draft that nobody has touched for some time at noon."""
    return make_draft(chat_id, active_at=NOON - age, **changed)


@given(values=st.lists(DRAFTS, min_size=1, max_size=5))
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_a_draft_comes_back_as_it_was(database: Database, values: list[Draft]) -> None:
    stored = [make_draft(chat_id, draft=draft) for chat_id, draft in enumerate(values, start=1)]
    await save(database, *stored)

    async with database.read() as connection:
        found = await drafts.load(connection, [one.chat_id for one in stored])
    assert found == {one.chat_id: one for one in stored}


async def test_a_draft_saved_again_replaces_the_old_one(database: Database) -> None:
    old = make_draft(7, nudged_at=NOON)
    new = replace(old, draft=Draft("other1", 1, "sex"), nudged_at=None, reminded_at=NOON)
    await save(database, old)
    await save(database, new)

    async with database.read() as connection:
        assert await drafts.load(connection, [7]) == {7: new}


async def test_drafts_left_alone_are_listed_longest_first_and_so_many(database: Database) -> None:
    days = {1: 3, 2: 5, 3: 4, 4: 0}
    await save(database, *(left_alone(chat, timedelta(days=age)) for chat, age in days.items()))
    since = NOON - timedelta(days=3)

    for listing in (drafts.list_to_nudge, drafts.list_to_remind):
        assert await list_chats(database, partial(listing, quiet_since=since, limit=9)) == [2, 3, 1]
        assert await list_chats(database, partial(listing, quiet_since=since, limit=2)) == [2, 3]


async def test_whoever_was_nudged_or_reminded_is_not_listed_again(database: Database) -> None:
    age = timedelta(days=3)
    await save(
        database,
        left_alone(1, age, nudged_at=NOON),
        left_alone(2, age, reminded_at=NOON),
    )

    assert await list_chats(database, lambda one: drafts.list_to_nudge(one, NOON, 9)) == [2]
    assert await list_chats(database, lambda one: drafts.list_to_remind(one, NOON, 9)) == [1]


async def test_only_drafts_whose_owner_was_reminded_early_enough_are_to_be_erased(
    database: Database,
) -> None:
    age, week = timedelta(days=31), timedelta(days=7)
    await save(
        database,
        left_alone(1, age),
        left_alone(2, age, reminded_at=NOON),
        left_alone(3, age, reminded_at=NOON - week),
    )

    listing = partial(drafts.list_to_erase, quiet_since=NOON, reminded_before=NOON - week, limit=9)
    assert await list_chats(database, listing) == [3]


async def test_only_drafts_touched_shortly_before_an_outage_are_asked_again(
    database: Database,
) -> None:
    began, ended, window = NOON - timedelta(hours=1), NOON, timedelta(hours=24)

    def touched(chat_id: int, at: datetime, asked_again_at: datetime | None = None) -> StoredDraft:
        return make_draft(chat_id, active_at=at, asked_again_at=asked_again_at)

    minute = timedelta(minutes=1)
    await save(
        database,
        touched(1, began - window - minute),
        touched(2, began - window),
        touched(3, began - minute, asked_again_at=began - minute),
        touched(4, began - minute, asked_again_at=ended),
        touched(5, ended),
    )

    def listing(connection: AsyncConnection) -> Awaitable[list[StoredDraft]]:
        return drafts.list_to_ask_again(connection, began, ended, window, 9)

    assert await list_chats(database, listing) == [2, 3]

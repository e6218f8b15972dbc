"""Samples are real people: the same few, never told apart, and each look is written down."""

from functools import partial

import pytest

from db import audit, staff
from db.audit import StoredEvent
from db.looks import list_looks
from domain.numbers import draw_number
from domain.staff import Role
from services.desk import Actor
from services.notice_samples import FEWEST, MOST, Sampled, count_reach, draw_samples, note_samples
from services.own_data import tell_own_data
from tests.services.counter import Counter
from tests.services.newsroom import Newsroom

WRITER_AND_OFFICER = (Role.BENEFIT_OWNER, Role.OFFICER)


@pytest.fixture
def newsroom(counter: Counter) -> Newsroom:
    """A newsroom without staff yet."""
    return Newsroom(counter)


async def check(newsroom: Newsroom, actor: Actor, notice_id: int) -> Sampled:
    """Look at samples as the page does."""
    counter, stored = newsroom.counter, await newsroom.get(notice_id)
    async with counter.database.read() as connection:
        author = await staff.find(connection, stored.notice.author)
        assert author is not None
        sampled = await draw_samples(
            connection, counter.desk, stored, author, actor.staff, counter.clock()
        )
    await counter.run(partial(note_samples, actor=actor, stored=stored, sampled=sampled))
    return sampled


async def list_about(newsroom: Newsroom, subject: str) -> list[StoredEvent]:
    async with newsroom.counter.database.read() as connection:
        return await audit.list_about(connection, subject)


async def test_the_same_notice_shows_the_same_people_and_another_one_others(
    newsroom: Newsroom,
) -> None:
    writer = await newsroom.hire()
    await newsroom.register(*range(1, 60))
    first, second = await newsroom.write(writer), await newsroom.write(writer)
    shown = [await check(newsroom, writer, one) for one in (first, first, second)]
    assert shown[0] == shown[1]
    assert len(shown[0].facts) == MOST
    assert set(shown[0].facts) != set(shown[2].facts)


async def test_every_check_is_written_down_with_what_was_asked_and_who_was_shown(
    newsroom: Newsroom,
) -> None:
    writer = await newsroom.hire()
    await newsroom.register(*range(1, 9))
    notice_id = await newsroom.write(writer)
    sampled = await check(newsroom, writer, notice_id)

    numbers = [one.number for one in sampled.facts]
    event = (await list_about(newsroom, f"notice:{notice_id}"))[-1].event
    assert (event.act, event.actor_id) == ("check_notice", writer.staff.id)
    assert event.details == {
        "audience": {"all_of": [], "none_of": []},
        "topic": "benefits",
        "count": 8,
        "shown": numbers,
    }
    for number in numbers:
        [look] = await list_about(newsroom, number)
        assert (look.event.act, look.event.details) == ("see_sample", {"notice": notice_id})


async def test_people_are_told_that_a_writer_saw_them_and_from_which_office(
    newsroom: Newsroom,
) -> None:
    writer = await newsroom.hire(places=["02"])
    await newsroom.register(*range(1, FEWEST + 1))
    await check(newsroom, writer, await newsroom.write(writer))

    async with newsroom.counter.database.read() as connection:
        looks = await list_looks(connection, [draw_number(1)], 10)
    assert [look.places for look in looks] == [frozenset({"02"})]
    newsroom.counter.forget_sent()
    await newsroom.counter.serve(1, tell_own_data)
    assert "an officer of the office of Battambang" in "\n".join(newsroom.counter.texts(1))


@pytest.mark.parametrize("count", [0, 1, FEWEST - 1, FEWEST])
async def test_few_are_shown_only_to_who_sees_their_applications(
    newsroom: Newsroom, count: int
) -> None:
    await newsroom.register(*range(1, count + 1))
    writer = await newsroom.hire()
    notice_id = await newsroom.write(writer)
    is_hidden = count < FEWEST

    sampled = await check(newsroom, writer, notice_id)

    assert sampled.is_hidden == is_hidden
    assert len(sampled.facts) == (0 if is_hidden else count)
    officer = await hire_writing_officer(newsroom)
    seen = await check(newsroom, officer, notice_id)
    assert (seen.is_hidden, len(seen.facts)) == (False, min(count, MOST))


async def test_an_officer_of_another_province_is_shown_no_few(newsroom: Newsroom) -> None:
    await newsroom.register(1)
    writer, officer = await newsroom.hire(), await hire_writing_officer(newsroom, "17")
    stored = await newsroom.get(await newsroom.write(writer))
    counter = newsroom.counter
    async with counter.database.read() as connection:
        sampled = await count_reach(
            connection, counter.desk, stored, writer.staff, officer.staff, counter.clock()
        )
    assert sampled.is_hidden


async def hire_writing_officer(newsroom: Newsroom, *places: str) -> Actor:
    """Take on somebody who writes notices and sees applications."""
    at = newsroom.counter.clock()
    add = partial(staff.add, at=at, name="Sokha", roles=WRITER_AND_OFFICER, places=places or None)
    return Actor(await newsroom.counter.database.write(add), "web 127.0.0.1")

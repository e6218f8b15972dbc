"""What is held about the person of a chat, and who has looked at it."""

from functools import partial
from typing import Any

import pytest

from db.unit_of_work import UnitOfWork
from domain.staff import Role
from services import cases
from services.desk import Actor, Desk
from services.own_data import APPLICATIONS_TOLD, LOOKS_TOLD, tell_own_data
from tests.services.counter import Counter
from tests.services.office import NUMBER, Bureau, make_case_file
from tests.services.words import word

pytestmark = pytest.mark.every_database

DARA, MALY = 7, 8


async def look(uow: UnitOfWork, _desk: Desk, actor: Actor, **terms: Any) -> None:
    await partial(cases.note_look, uow, actor)(**terms)


async def test_of_a_stranger_nothing_is_kept_and_that_is_said(counter: Counter) -> None:
    await counter.serve(DARA, tell_own_data)

    assert counter.texts(DARA) == [word(counter, "mydata.nothing", "km")]
    assert await counter.count_rows() == {}


async def test_all_answers_are_told_with_the_card_masked(counter: Counter, bureau: Bureau) -> None:
    await bureau.receive(make_case_file(DARA), locale="en")
    await counter.serve(DARA, tell_own_data)

    told = "\n".join(counter.texts(DARA))
    for part in ("សុខ ដារ៉ា", "SOK DARA", "15 April 1990", "012 345 678", "Kampong Krabei", "789"):
        assert part in told
    assert "123456789" not in told
    assert word(counter, "mydata.not_opened") in told


async def test_nobody_sees_what_is_held_about_others(counter: Counter, bureau: Bureau) -> None:
    await bureau.receive(make_case_file(DARA), make_case_file(MALY), locale="en")
    await bureau.act(look, await bureau.hire(), number=NUMBER, what="open_case")
    await counter.serve(MALY, tell_own_data)

    told = "\n".join(counter.texts(MALY))
    assert word(counter, "mydata.not_opened") in told


async def test_whoever_opened_the_application_is_told_by_office_and_never_by_name(
    counter: Counter, bureau: Bureau
) -> None:
    near = await bureau.hire("ចាន់ ណារី", places=("0203",))
    await bureau.promote(near, Role.ANALYST)
    ministry = await bureau.hire("អ៊ុក សុវណ្ណ", places=None)
    await bureau.receive(make_case_file(DARA), locale="en")
    await bureau.act(look, near, number=NUMBER, what="open_case")
    counter.clock.advance(minutes=5)
    await bureau.act(look, ministry, number=NUMBER, what="see_photo")
    counter.forget_sent()
    await counter.serve(DARA, tell_own_data)

    [told] = [text for text in counter.texts(DARA) if word(counter, "mydata.opened") in text]
    *_, latest, first = told.split("\n")
    assert "10:05" in latest
    assert "ministry" in latest
    assert "10:00" in first
    assert "Battambang" in first
    assert "ណារី" not in told
    assert "សុវណ្ណ" not in told


async def test_only_the_last_looks_and_applications_are_told(
    counter: Counter, bureau: Bureau
) -> None:
    officer = await bureau.hire()
    files = [make_case_file(DARA, lot) for lot in range(APPLICATIONS_TOLD + 2)]
    await bureau.receive(*files, locale="en")
    for _ in range(LOOKS_TOLD + 2):
        counter.clock.advance(days=1)
        await bureau.act(look, officer, number=files[0].number, what="open_case")
        await bureau.act(look, officer, number=files[0].number, what="see_photo")
    counter.forget_sent()
    await counter.serve(DARA, tell_own_data)

    *applications, looks, _chat = counter.texts(DARA)
    assert len(applications) == APPLICATIONS_TOLD
    assert looks.count("an officer") == LOOKS_TOLD


async def test_asking_is_itself_written_down(counter: Counter, bureau: Bureau) -> None:
    await bureau.receive(make_case_file(DARA))
    await counter.serve(DARA, tell_own_data)

    acts = [row[2] for row in (await bureau.dump())["audit_events"]]
    assert acts == ["see_own_data"]

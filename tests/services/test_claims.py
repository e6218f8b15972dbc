"""Somebody of another register proves the phone number, names the year, and has what is theirs."""

from dataclasses import replace
from functools import partial

import pytest

from db import audit, cases
from db.applications import find_own_phone
from db.unit_of_work import UnitOfWork
from domain.events import ContactShared
from services.claims import answer, begin, stop
from services.desk import Desk, Person
from services.registration import take_event
from services.status import tell_status
from tests.samples import make_application, make_contact
from tests.services.counter import Counter, list_acts, list_labels
from tests.services.imported import LINE, import_lines, make_line

DARA = 7
OWN = ContactShared("85512345678", own=True)


async def share(counter: Counter, event: ContactShared = OWN, chat_id: int = DARA) -> None:
    await counter.serve(chat_id, partial(take_event, event=event))


async def type_text(counter: Counter, text: str, chat_id: int = DARA) -> bool:
    taken: list[bool] = []

    async def work(uow: UnitOfWork, desk: Desk, person: Person) -> None:
        taken.append(await answer(uow, desk, person, text))

    await counter.serve(chat_id, work)
    return taken[0]


async def list_chats(counter: Counter) -> list[str]:
    async with counter.database.read() as connection:
        return [case.number for case in await cases.list_of_chat(connection, DARA)]


async def prepare(counter: Counter) -> None:
    await import_lines(counter.database, counter.desk, [LINE, make_line(2)])
    await counter.save(make_contact(DARA, locale="en"))


async def test_a_proven_number_and_the_year_give_the_application_to_its_person(
    counter: Counter,
) -> None:
    await prepare(counter)
    await counter.serve(DARA, tell_status)
    assert "registered before elsewhere" in counter.texts(DARA)[-1]
    assert "Send my phone number" in list_labels(counter.sent[-1])

    await share(counter)
    asked = counter.texts(DARA)[-1]
    assert "ស. ដ." in asked
    assert "ដារ៉ា" not in asked
    assert await type_text(counter, "១៩៨៥")
    [number] = await list_chats(counter)
    assert "ដារ៉ា" in counter.texts(DARA)[-2]
    assert "Yes, send me news" in list_labels(counter.sent[-1])
    async with counter.database.read() as connection:
        events = [stored.event for stored in await audit.list_about(connection, number)]
    assert [(event.act, event.actor_kind) for event in events] == [
        ("import", "program"),
        ("claim", "worker"),
    ]
    counter.forget_sent()
    await counter.serve(DARA, tell_status)
    assert "linked to this chat" in counter.texts(DARA)[-1]
    async with counter.database.read() as connection:
        assert await find_own_phone(connection, DARA) == "+85512345678"


async def test_three_wrong_years_close_it_for_a_day(counter: Counter) -> None:
    await prepare(counter)
    await share(counter)
    for year in ("1984", "1986", "1987"):
        assert await type_text(counter, year)
    assert "tomorrow" in counter.texts(DARA)[-1]
    assert not await type_text(counter, "1985")
    await share(counter)
    assert "tomorrow" in counter.texts(DARA)[-1]
    assert await list_chats(counter) == []

    counter.clock.advance(days=1, minutes=1)
    await share(counter)
    assert await type_text(counter, "1985")
    assert len(await list_chats(counter)) == 1


async def test_years_sent_all_at_once_are_counted_one_by_one(counter: Counter) -> None:
    await prepare(counter)
    await share(counter)

    async def guess(uow: UnitOfWork, desk: Desk, person: Person) -> None:
        for year in range(1980, 1990):
            await answer(uow, desk, person, str(year))

    await counter.serve(DARA, guess)
    assert await list_chats(counter) == []


async def test_asking_anew_gives_no_further_tries(counter: Counter) -> None:
    await prepare(counter)
    for year in ("1984", "1986", "1987"):
        await share(counter)
        await type_text(counter, year)
    await share(counter)
    assert not await type_text(counter, "1985")


async def test_what_is_no_year_is_no_try(counter: Counter) -> None:
    await prepare(counter)
    await share(counter)
    for text in ("?", "hello", "ខ្ញុំ", "no"):
        assert await type_text(counter, text)
        assert "four digits" in counter.texts(DARA)[-1]
    assert await type_text(counter, "1985")
    assert len(await list_chats(counter)) == 1


@pytest.mark.parametrize(
    ("shared", "said"),
    [
        (ContactShared("85512345678", own=False), "your own phone"),
        (ContactShared("85599999999", own=True), "no registration"),
        (ContactShared("nothing", own=True), "no registration"),
    ],
)
async def test_nothing_is_told_to_who_has_not_proven_that_number(
    counter: Counter, shared: ContactShared, said: str
) -> None:
    await prepare(counter)
    await share(counter, shared)
    assert said in counter.texts(DARA)[-1]
    assert not await type_text(counter, "1985")


async def test_a_number_of_several_people_is_a_matter_for_an_office(counter: Counter) -> None:
    other = make_line(3, phone=LINE["phone"])
    await import_lines(counter.database, counter.desk, [LINE, other])
    await counter.save(make_contact(DARA, locale="en"))
    await share(counter)
    assert "Several" in counter.texts(DARA)[-1]
    assert not await type_text(counter, "1985")


async def test_what_is_not_theirs_is_left(counter: Counter) -> None:
    await prepare(counter)
    await share(counter)
    await counter.serve(DARA, stop)
    assert "Nothing has changed" in counter.texts(DARA)[-1]
    assert not await type_text(counter, "1985")


async def test_a_year_is_waited_for_a_quarter_of_an_hour(counter: Counter) -> None:
    await prepare(counter)
    await share(counter)
    counter.clock.advance(minutes=16)
    assert not await type_text(counter, "1985")


async def test_without_an_import_nobody_is_asked_about_one(counter: Counter) -> None:
    await counter.save(make_contact(DARA, locale="en"))
    await counter.serve(DARA, tell_status)
    assert "elsewhere" not in counter.texts(DARA)[-1]


async def test_an_application_made_here_is_not_to_be_claimed(counter: Counter) -> None:
    async def submit(uow: UnitOfWork) -> None:
        uow.add_application(replace(make_application(9), chat_id=None))

    await counter.run(submit)
    await counter.save(make_contact(DARA, locale="en"))
    await share(counter)
    assert "no registration" in counter.texts(DARA)[-1]


async def test_somebody_in_the_form_is_told_and_may_have_it(counter: Counter) -> None:
    phone = find_phone(list_acts("en"))
    line = make_line(phone=f"0{phone.removeprefix('+').removeprefix('855')}")
    await import_lines(counter.database, counter.desk, [line])
    for event in list_acts("en"):
        await counter.take(DARA, await counter.retag(DARA, event))
        if isinstance(event, ContactShared):
            break
    assert any("need not register again" in text for text in counter.texts(DARA))

    await counter.serve(DARA, partial(begin, tap_id="tap"))
    assert await type_text(counter, "1985")
    assert len(await list_chats(counter)) == 1


def find_phone(events: object) -> str:
    assert isinstance(events, list | tuple)
    return next(event.phone for event in events if isinstance(event, ContactShared))


async def test_who_has_it_already_cannot_give_it_to_another(counter: Counter) -> None:
    await prepare(counter)
    await share(counter)
    await type_text(counter, "1985")
    await counter.save(make_contact(8, locale="en"))
    await share(counter, chat_id=8)
    assert "no registration" in counter.texts(8)[-1]

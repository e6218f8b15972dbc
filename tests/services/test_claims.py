"""Somebody of another register proves the phone number, names the year, agrees, and has it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from db import audit, cases, claims
from db.applications import find_own_phone, get_registration
from db.tables import consents
from db.unit_of_work import UnitOfWork
from domain.claiming import FAILED, MOST_FAILURES
from domain.events import ContactShared
from services.audit import note_worker
from services.claim_lookup import unlock
from tests.chat import HAPPY_PATH, OWN_NUMBER
from tests.conversation import Conversation
from tests.samples import make_application, make_contact
from tests.services.counter import Counter
from tests.services.imported import LINE, import_lines, make_line
from tests.services.office import Bureau

DARA = 7
OWN = ContactShared(OWN_NUMBER, own=True)
SEE, STOP = "See that registration", "It is not mine"
BORN, MENU_KEY = "1985", "🔎 My application"
SISTER = make_line(3, phone=LINE["phone"], given_km="សុភា", given_latin="Sophea")


@pytest.fixture
async def dara(counter: Counter) -> Conversation:
    """Dara, who reads English, and is on the list that was imported."""
    await import_lines(counter.database, counter.desk, [LINE, make_line(2)])
    return await meet(counter)


async def meet(counter: Counter, chat_id: int = DARA) -> Conversation:
    await counter.save(make_contact(chat_id, locale="en"))
    return Conversation(counter, chat_id)


async def share(person: Conversation, event: ContactShared = OWN) -> str:
    """Share a contact, and read what is said at the end."""
    person.counter.forget_sent()
    await person.send(event)
    return "\n".join(await person.read())


async def claim(person: Conversation, *answers: str) -> str:
    """Share one's number and answer until it is one's own."""
    await share(person)
    for one in answers:
        await person.act(one)
    return "\n".join(await person.act("[I agree]"))


async def list_numbers(counter: Counter, chat_id: int = DARA) -> list[str]:
    async with counter.database.read() as connection:
        return [case.number for case in await cases.list_of_chat(connection, chat_id)]


async def get(counter: Counter, number: str) -> Any:
    async with counter.database.read() as connection:
        return await get_registration(connection, number)


async def list_consents(counter: Counter) -> list[tuple[str, int, str]]:
    columns = consents.c.purpose, consents.c.version, consents.c.given_by
    async with counter.database.read() as connection:
        rows = await connection.execute(select(*columns).order_by(consents.c.purpose))
        return [tuple(row) for row in rows]


@pytest.mark.every_database
async def test_a_proven_number_and_the_year_give_the_application_to_its_person(
    dara: Conversation,
) -> None:
    counter = dara.counter
    asked = await dara.act("/status")
    assert "If you were registered elsewhere" in asked[0]
    told = await dara.act("[Send my phone number]")
    assert "ស. ដ." in told[0]
    assert "ដារ៉ា" not in told[0]
    told = await dara.act("១៩៨៥")
    assert "Do you agree that we keep your answers" in told[0]
    assert await list_numbers(counter) == []
    assert await list_consents(counter) == []

    told = await dara.act("[I agree]")
    [number] = await list_numbers(counter)
    assert "ដារ៉ា" in "\n".join(told)
    assert MENU_KEY in [key["text"] for key in dara.keys]
    async with counter.database.read() as connection:
        events = [stored.event for stored in await audit.list_about(connection, number)]
        assert await find_own_phone(connection, DARA) == "+85512345678"
    assert [(event.act, event.actor_kind) for event in events] == [
        ("import", "program"),
        ("claim", "worker"),
    ]
    assert "linked to this chat" in "\n".join(await dara.act("/status"))


async def test_who_does_not_agree_is_given_nothing(dara: Conversation) -> None:
    await share(dara)
    await dara.act(BORN)
    assert "Nothing has changed" in (await dara.act("[I do not agree]"))[0]
    assert await list_numbers(dara.counter) == []
    assert await dara.act("[I agree]") == ["! This button is old. Press /start to register."]
    assert await list_consents(dara.counter) == []


async def test_what_was_agreed_to_is_kept_as_by_the_form(dara: Conversation) -> None:
    await claim(dara, BORN)
    assert await list_consents(dara.counter) == [("registration", 1, "self")]
    await dara.act("[Yes, send me news]")
    contact = await dara.counter.find_contact(DARA)
    assert contact is not None
    assert contact.wants_notices
    assert await list_consents(dara.counter) == [
        ("notices", 1, "self"),
        ("registration", 1, "self"),
    ]


async def test_three_wrong_years_close_it_for_a_day(dara: Conversation) -> None:
    await share(dara)
    for year in ("1984", "1986", "1987"):
        told = await dara.act(year)
    assert "tomorrow" in told[0]
    assert "tomorrow" in await share(dara)
    assert await list_numbers(dara.counter) == []

    dara.counter.clock.advance(days=1, minutes=1)
    assert "linked to this chat" in await claim(dara, BORN)


async def test_asking_anew_gives_no_further_tries(dara: Conversation) -> None:
    for year in ("1984", "1986", "1987"):
        await share(dara)
        await dara.act(year)
    assert "tomorrow" in await share(dara)


@pytest.mark.parametrize(("year", "fits"), [("2528", True), ("2529", False), ("2527", False)])
async def test_a_buddhist_year_means_one_year_only(
    dara: Conversation, year: str, fits: bool
) -> None:
    await share(dara)
    told = await dara.act(year)
    assert ("this fits" in told[0]) is fits


async def test_an_application_is_locked_after_five_wrong_answers_in_all(
    dara: Conversation,
) -> None:
    for day in range(2):
        await share(dara)
        for year in range(1960, 1963 - day):
            told = await dara.act(str(year))
        dara.counter.clock.advance(days=1, minutes=1)
    assert "Please visit the office of Battambang" in told[0]
    assert "Please visit" in await share(dara)
    assert "Please visit" in "\n".join(await dara.act("/status"))
    other = await meet(dara.counter, 8)
    assert "Please visit" in await share(other)
    assert await list_numbers(dara.counter) == []


@pytest.mark.every_database
async def test_an_officer_lets_a_locked_application_be_claimed_again(counter: Counter) -> None:
    await import_lines(counter.database, counter.desk, [LINE])
    dara = await meet(counter)
    async with counter.database.read() as connection:
        [found] = await claims.list_by_phone(connection, OWN_NUMBER)

    async def fail(uow: UnitOfWork) -> None:
        for _ in range(MOST_FAILURES):
            uow.record(note_worker(FAILED, found.number))

    await counter.run(fail)
    assert "Please visit" in await share(dara)
    bureau = Bureau(counter)
    await bureau.act(unlock, await bureau.hire(), found.number)
    assert "linked to this chat" in await claim(dara, BORN)


async def test_what_is_no_year_is_no_try(dara: Conversation) -> None:
    await share(dara)
    for text in ("?", "hello", "ខ្ញុំ", "no", "85", "19855", "2999", "1985 1986"):
        assert "four digits" in (await dara.act(text))[0]
    assert "this fits" in (await dara.act("I was born in 1985"))[0]


@pytest.mark.parametrize(
    ("shared", "said"),
    [
        (ContactShared("85512345678", own=False), "your own phone"),
        (ContactShared("85599999999", own=True), "no registration"),
        (ContactShared("nothing", own=True), "no registration"),
    ],
)
async def test_nothing_is_told_to_who_has_not_proven_that_number(
    dara: Conversation, shared: ContactShared, said: str
) -> None:
    assert said in await share(dara, shared)
    await dara.act(BORN)
    assert await list_numbers(dara.counter) == []


@pytest.mark.every_database
async def test_two_who_share_a_phone_are_told_apart_by_the_year(counter: Counter) -> None:
    await import_lines(counter.database, counter.desk, [LINE, SISTER])
    dara = await meet(counter)
    assert "There are 2 registrations" in await share(dara)
    told = await claim(dara, BORN)
    assert "ដារ៉ា" in told

    assert "Somebody else’s registration" in told
    await dara.act("[See the other registration]")
    await dara.act("1953")
    told = "\n".join(await dara.act("[I agree]"))
    assert "សុភា" in told
    mine, hers = [await get(counter, one) for one in await list_numbers(counter)]
    assert (mine.for_whom, mine.worker.phone_is) == ("self", "own")
    assert (hers.for_whom, hers.worker.phone_is) == ("other", "helper")
    assert [one.given_by for one in hers.consents] == ["present"]


@pytest.mark.parametrize("typed", ["ដារ៉ា", "Dara", "សុខ ដារ៉ា"])
async def test_two_of_the_same_year_are_told_apart_by_the_given_name(
    counter: Counter, typed: str
) -> None:
    await import_lines(counter.database, counter.desk, [LINE, {**SISTER, "birth_date": "1985"}])
    dara = await meet(counter)
    await share(dara)
    assert "given name" in (await dara.act(BORN))[0]
    assert "does not fit" in (await dara.act("Bopha"))[0]
    assert "this fits" in (await dara.act(typed))[0]
    assert "ដារ៉ា" in "\n".join(await dara.act("[I agree]"))


async def test_many_who_share_a_phone_name_themselves_as_well(counter: Counter) -> None:
    names = ("សុភា", "បុប្ផា", "វណ្ណា", "ចាន់", "ស្រីមុំ")
    others = [
        make_line(number, phone=LINE["phone"], given_km=name, given_latin="Other")
        for number, name in enumerate(names, start=3)
    ]
    await import_lines(counter.database, counter.desk, [LINE, *others])
    dara = await meet(counter)
    await share(dara)
    assert "given name" in (await dara.act(BORN))[0]
    assert "this fits" in (await dara.act("Dara"))[0]


async def test_who_was_imported_twice_has_the_newest(counter: Counter) -> None:
    again = make_line(register_number="CIE-9", registered_on="2025-03-01", id_number="")
    await import_lines(counter.database, counter.desk, [again, LINE])
    dara = await meet(counter)
    assert "Somebody else" not in await claim(dara, BORN)
    [number] = await list_numbers(counter)
    async with counter.database.read() as connection:
        uow = UnitOfWork(connection, counter.clock())
        [summary] = await uow.list_applications(DARA)
    assert summary.number == number
    assert summary.submitted_at.astimezone(UTC) > datetime(2025, 2, 20, tzinfo=UTC)


async def test_what_is_not_theirs_is_left(dara: Conversation) -> None:
    await share(dara)
    assert "Nothing has changed" in (await dara.act(f"[{STOP}]"))[0]
    await dara.act(BORN)
    assert await list_numbers(dara.counter) == []


async def test_a_year_is_waited_for_a_quarter_of_an_hour(dara: Conversation) -> None:
    await share(dara)
    dara.counter.clock.advance(minutes=16)
    assert not any("fits" in line for line in await dara.act(BORN))


async def test_without_an_import_nobody_is_asked_about_one(counter: Counter) -> None:
    dara = await meet(counter)
    assert "elsewhere" not in "\n".join(await dara.act("/status"))
    assert "elsewhere" not in "\n".join(await dara.act("/start"))


async def test_an_application_made_here_is_not_to_be_claimed(dara: Conversation) -> None:
    async def submit(uow: UnitOfWork) -> None:
        made = make_application(9)
        worker = replace(made.registration.worker, phone="+85599999999")
        registration = replace(made.registration, worker=worker)
        uow.add_application(replace(made, chat_id=None, registration=registration))

    await dara.counter.run(submit)
    assert "no registration" in await share(dara, ContactShared("85599999999", own=True))


async def test_who_has_it_already_cannot_give_it_to_another(dara: Conversation) -> None:
    await claim(dara, BORN)
    other = await meet(dara.counter, 8)
    assert "no registration" in await share(other)


@pytest.mark.every_database
async def test_who_is_registered_here_has_both_and_officers_see_it(counter: Counter) -> None:
    dara = Conversation(counter, DARA)
    await dara.submit("en")
    [made] = await list_numbers(counter)
    registration = await get(counter, made)
    worker = registration.worker
    name = {
        "family_km": worker.family_km,
        "given_km": worker.given_km,
        "family_latin": worker.family_latin,
        "given_latin": worker.given_latin,
        "birth_date": worker.born,
        "sex": "ប្រុស" if worker.sex == "male" else "ស្រី",
    }
    await import_lines(counter.database, counter.desk, [make_line(**name, id_number="")])
    told = await claim(dara, worker.born[:4])
    assert "application in the same name already" in told
    assert (await counter.count_rows("duplicate_pairs"))["duplicate_pairs"] == 1
    for number in await list_numbers(counter):
        found = await get(counter, number)
        assert found.for_whom == "self"
        assert "possible_duplicate" in found.flags


PHONE_KEY = "📱 Send my phone number"


async def fill_form(counter: Counter, born: str) -> Conversation:
    """Fill the form in up to the phone; the year there is 1990, on the list this one."""
    await import_lines(counter.database, counter.desk, [make_line(birth_date=born)])
    dara = await meet(counter)
    await dara.act("/start")
    path = HAPPY_PATH["en"][1:]
    for one in path[: path.index(PHONE_KEY) + 1]:
        await dara.act(one.removeprefix("= ") if one.startswith("= ") else f"[{one}]")
    return dara


async def test_who_starts_hears_of_it_and_a_form_hardly_begun_ends_with_the_claim(
    dara: Conversation,
) -> None:
    told = await dara.act("/start")
    assert "Were you registered elsewhere" in "\n".join(told[:-1])
    assert "Do you agree" in "\n".join(told[-4:])
    await dara.act("[I am registered already]")
    assert "ស. ដ." in (await dara.act("[Send my phone number]"))[0]
    await dara.act(BORN)
    told = await dara.act("[I agree]")
    assert await dara.counter.find_draft(DARA) is None
    assert any(MENU_KEY in line for line in told)
    assert "not sent" not in "\n".join(await dara.act("/status"))


async def test_status_offers_it_while_the_form_has_hardly_begun(dara: Conversation) -> None:
    await dara.act("/start")
    assert "[I am registered already]" in "\n".join(await dara.act("/status"))


async def test_in_a_form_the_answers_given_there_tell_who_it_is(counter: Counter) -> None:
    dara = await fill_form(counter, "1990")
    told = await dara.act(f"[{SEE}]")
    assert "this fits" in told[0]
    told = await dara.act("[I agree]")
    assert "shall we erase it?" in "\n".join(told)
    assert await dara.counter.find_draft(DARA) is not None
    assert MENU_KEY not in [key["text"] for key in dara.keys]
    told = await dara.act("[Erase the unsent form]")
    assert MENU_KEY in [key["text"] for key in dara.keys]
    assert await dara.counter.find_draft(DARA) is None
    assert len(await list_numbers(dara.counter)) == 1


async def test_a_form_can_go_on_after_a_claim(counter: Counter) -> None:
    dara = await fill_form(counter, "1990")
    before = await dara.counter.find_draft(DARA)
    await dara.act(f"[{SEE}]")
    await dara.act("[I agree]")
    assert "Welcome back" in "\n".join(await dara.act("[Go on with the form]"))
    after = await dara.counter.find_draft(DARA)
    assert before is not None
    assert after is not None
    assert after.draft == before.draft


async def test_a_claim_never_takes_what_is_typed_into_the_form(counter: Counter) -> None:
    dara = await fill_form(counter, "1985")
    told = await dara.act(f"[{SEE}]")
    assert "do not fit" in told[0]
    told = await dara.act("999000001")
    assert "x (the person's message is removed)" in told
    stored = await dara.counter.find_draft(DARA)
    assert stored is not None
    assert stored.draft.answers["identity"] == {"number": "999000001"}


async def test_only_a_year_is_taken_beside_a_form_and_none_after_its_next_tap(
    dara: Conversation,
) -> None:
    await dara.act("/start")
    await share(dara)
    assert "this fits" not in (await dara.act("yes I do, since 1985"))[0]
    await dara.act("/start")
    await share(dara)
    await dara.act("[⬅ Back]")
    assert not any("fits" in line for line in await dara.act(BORN))
    await share(dara)
    assert "this fits" in (await dara.act(BORN))[0]

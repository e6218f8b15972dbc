"""A person registers: what is stored, and what is sent."""

import secrets
from dataclasses import replace

import pytest

from db.applications import list_of_chat
from db.drafts import StoredDraft
from db.unit_of_work import UnitOfWork
from domain.applications import ApplicationSummary
from domain.drafts import Draft, read_draft, write_draft
from domain.events import (
    Answered,
    AskedAgain,
    Cancelled,
    ChoiceMade,
    Event,
    Skipped,
    Started,
    WentBack,
)
from domain.numbers import draw_number, format_number
from domain.texts import Code, message
from locales.catalogue import render, render_plain
from services.desk import Desk, Person
from services.registration import take_event
from tests.chat import CONTEXT, HAPPY_PATH, Chat
from tests.samples import make_application, make_contact
from tests.services.counter import Counter, list_acts, list_labels, make_draft, read_parameters

pytestmark = pytest.mark.every_database

DARA, MALY = 7, 8
SUBMITTED = {
    "contacts": 1,
    "applications": 1,
    "workers": 1,
    "activities": 1,
    "consents": 1,
    "audit_events": 1,
    "worker_keys": 16,
}


def word(counter: Counter, words: str, locale: str = "km") -> str:
    """Write a message without values."""
    return render(message(words), locale, counter.desk.names)


async def make_tap(counter: Counter, chat_id: int, question: str, choice: str) -> ChoiceMade:
    """Tap a button of the person's own draft."""
    stored = await counter.find_draft(chat_id)
    assert stored is not None
    return ChoiceMade(stored.draft.tag, question, choice, message_id=1)


async def test_a_start_stores_a_draft_and_asks_the_first_question(counter: Counter) -> None:
    await counter.take(DARA, Started("market"))

    stored = await counter.find_draft(DARA)
    assert stored is not None
    assert (stored.draft.question, stored.draft.source) == ("language", "market")
    assert stored.started_at == stored.active_at == counter.clock.now
    assert list_labels(counter.sent[-1]) == ["ខ្មែរ", "English"]


async def test_a_second_start_goes_on_with_the_same_draft(counter: Counter) -> None:
    before = await counter.leave_draft(DARA)
    counter.clock.advance(days=6)
    await counter.take(DARA, Started())

    after = await counter.find_draft(DARA)
    assert after == replace(before, active_at=counter.clock.now, questions=before.questions + 1)
    assert word(counter, "again.returned") in counter.texts(DARA)[0]


async def test_two_starts_in_one_batch_make_one_draft(counter: Counter) -> None:
    async def start_twice(uow: UnitOfWork, desk: Desk, person: Person) -> None:
        await take_event(uow, desk, person, Started())
        await take_event(uow, desk, person, Started())

    await counter.serve(DARA, start_twice)

    assert await counter.count_rows() == {"contacts": 1, "drafts": 1}
    assert word(counter, "again.returned") in counter.texts(DARA)[-1]


async def test_a_draft_is_stored_after_every_act_as_the_dialogue_left_it(
    counter: Counter,
) -> None:
    for number, event in enumerate(list_acts("km")[:-1]):
        await counter.take(DARA, await counter.retag(DARA, event))
        stored = await counter.find_draft(DARA)
        assert stored is not None
        assert forget_moment(stored.draft) == forget_moment(make_draft("km", number))


def forget_moment(draft: Draft) -> Draft:
    """Leave out of a draft what no two drafts have in common."""
    consents = tuple(replace(one, given_at="") for one in draft.consents)
    return read_draft(write_draft(replace(draft, tag="", consents=consents)))


@pytest.mark.parametrize("locale", ["km", "en"])
async def test_a_finished_form_becomes_an_application_with_a_number(
    counter: Counter, locale: str
) -> None:
    await counter.finish_form(DARA, locale)

    assert await counter.count_rows() == SUBMITTED
    [summary] = await list_applications(counter, DARA)
    number = format_number(summary.number)
    received = message("submitted.received", number=Code(number), answer_by=summary.answer_due_on)
    assert render(received, locale, counter.desk.names) in counter.texts(DARA)
    copies = [
        button.get("copy_text")
        for call in counter.sent
        for row in read_parameters(call).get("reply_markup", {}).get("inline_keyboard", [])
        for button in row
    ]
    assert {"text": number} in copies
    menu = render_plain(message("menu.register_other"), locale, counter.desk.names)
    assert menu in [label for call in counter.sent for label in list_labels(call)]


async def test_a_second_tap_on_submit_makes_no_second_application(counter: Counter) -> None:
    for event in list_acts("km")[:-1]:
        await counter.take(DARA, await counter.retag(DARA, event))
    submit = await counter.retag(DARA, list_acts("km")[-1])
    await counter.take(DARA, submit)
    counter.forget_sent()
    await counter.take(DARA, submit)

    assert await counter.count_rows() == SUBMITTED
    assert counter.sent == []
    assert counter.toasts == [word(counter, "already.submitted")]


async def test_a_number_that_is_taken_is_drawn_again(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    await submit_earlier(counter, MALY, number=draw_number(1))
    lots = iter([1, 1, 2])
    monkeypatch.setattr(secrets, "randbelow", lambda _: next(lots))
    await counter.finish_form(DARA)

    [summary] = await list_applications(counter, DARA)
    assert summary.number == draw_number(2)


async def test_notices_are_sent_only_to_those_who_want_them(counter: Counter) -> None:
    *acts, notices, submit = list_acts("km")
    for event in [*acts, replace(as_tap(notices), choice="yes"), submit]:
        await counter.take(DARA, await counter.retag(DARA, event))
    await counter.finish_form(MALY)

    wants = [await counter.find_contact(chat_id) for chat_id in (DARA, MALY)]
    assert [contact and contact.wants_notices for contact in wants] == [True, False]


async def test_registering_another_person_does_not_turn_ones_own_notices_off(
    counter: Counter,
) -> None:
    await counter.save(make_contact(DARA, wants_notices=True))
    await counter.finish_form(DARA)

    contact = await counter.find_contact(DARA)
    assert contact is not None
    assert contact.wants_notices


@pytest.mark.parametrize("locale", ["km", "en"])
async def test_whoever_does_not_agree_is_thanked_in_their_language_and_forgotten(
    counter: Counter, locale: str
) -> None:
    await counter.take(DARA, *[await counter.retag(DARA, one) for one in list_acts(locale)[:1]])
    await counter.take(DARA, await make_tap(counter, DARA, "language", locale))
    counter.forget_sent()
    await counter.take(DARA, await make_tap(counter, DARA, "consent", "no"))

    assert await counter.count_rows() == {}
    assert word(counter, "end.stopped", locale) in counter.texts(DARA)[0]


@pytest.mark.parametrize("locale", ["km", "en"])
async def test_whoever_erases_the_answers_is_told_so_in_their_language_and_forgotten(
    counter: Counter, locale: str
) -> None:
    await counter.leave_draft(DARA, locale)
    await counter.take(DARA, Cancelled())
    await counter.take(DARA, await make_tap(counter, DARA, "cancel", "erase"))

    assert await counter.count_rows() == {}
    assert counter.texts(DARA)[-1] == word(counter, "cancel.done", locale)


async def test_erasing_a_second_draft_keeps_the_application_and_the_contact(
    counter: Counter,
) -> None:
    await counter.finish_form(DARA)
    await counter.take(DARA, Started())
    await counter.take(DARA, Cancelled())
    await counter.take(DARA, await make_tap(counter, DARA, "cancel", "erase"))

    assert await counter.count_rows() == SUBMITTED


async def test_a_registered_chat_is_asked_for_whom_the_next_form_is(counter: Counter) -> None:
    await counter.finish_form(DARA)
    await counter.take(DARA, Started())

    stored = await counter.find_draft(DARA)
    assert stored is not None
    assert stored.draft.question == "for_whom"


async def test_whoever_registers_another_person_is_offered_the_number_that_is_proven(
    counter: Counter,
) -> None:
    await counter.finish_form(DARA, "en")
    draft, now = make_mothers_draft(), counter.clock.now
    await counter.save(StoredDraft(DARA, draft, started_at=now, active_at=now))
    await counter.take(DARA, Started())

    assert "Use my number: 012 345 678" in list_labels(counter.sent[-1])


def make_mothers_draft() -> Draft:
    """Make the draft of a daughter for her mother, up to the phone."""
    chat, own = Chat(replace(CONTEXT, locale="en", registered_before=True)), HAPPY_PATH["en"]
    chat.do(Started())
    chat.walk(("Another person", "The person, who is here with me", *own[1:13]))
    chat.walk(("= CHAN SOPHEA", *own[14:19]))
    assert chat.draft is not None
    return chat.draft


@pytest.mark.parametrize("event", [Answered("🙏 ..."), WentBack(), Skipped(), AskedAgain("")])
async def test_a_stranger_who_writes_gets_the_menu_and_is_not_remembered(
    counter: Counter, event: Event
) -> None:
    await counter.take(DARA, event)

    assert await counter.count_rows() == {}
    [call] = counter.sent
    assert counter.texts(DARA) == [word(counter, "unknown.outside")]
    assert word(counter, "menu.register") in list_labels(call)


async def test_a_late_tap_of_a_stranger_is_answered_over_the_chat_only(counter: Counter) -> None:
    await counter.take(DARA, ChoiceMade("k3y5p7", "consent", "yes", 1))

    assert counter.sent == []
    assert counter.toasts == [word(counter, "stale.no_draft")]
    assert await counter.count_rows() == {}


async def test_whoever_writes_again_is_not_reminded_before_long(counter: Counter) -> None:
    stored = await counter.leave_draft(DARA)
    await counter.save(replace(stored, reminded_at=counter.clock.now, nudged_at=counter.clock.now))
    nudged_at = counter.clock.now
    later = counter.clock.advance(days=25)
    await counter.take(DARA, Started())

    after = await counter.find_draft(DARA)
    assert after is not None
    assert (after.active_at, after.reminded_at, after.nudged_at) == (later, None, nudged_at)


def as_tap(event: Event) -> ChoiceMade:
    assert isinstance(event, ChoiceMade)
    return event


async def submit_earlier(counter: Counter, chat_id: int, number: str) -> None:
    """Let somebody have submitted under a number."""

    async def work(uow: UnitOfWork) -> None:
        uow.save_contact(make_contact(chat_id))
        uow.add_application(make_application(chat_id, number=number))

    await counter.run(work)


async def list_applications(counter: Counter, chat_id: int) -> list[ApplicationSummary]:
    async with counter.database.read() as connection:
        return await list_of_chat(connection, chat_id)

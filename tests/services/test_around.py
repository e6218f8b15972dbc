"""What a person can ask for outside the form, and at every step of it."""

from dataclasses import replace
from functools import partial

import pytest

from db.unit_of_work import UnitOfWork
from domain.events import Started
from domain.texts import message
from locales.catalogue import render
from services import around
from services.chats import note_heard
from services.desk import Desk, Person
from tests.samples import make_contact
from tests.services.counter import Counter, UseCase, list_labels

DARA = 7
ASKING_AROUND: list[UseCase] = [
    around.offer_languages,
    around.help_person,
    around.cancel,
    around.stop_notices,
    around.note_edit,
]


def word(counter: Counter, words: str, locale: str = "km") -> str:
    """Write a message without values."""
    return render(message(words), locale, counter.desk.names)


def get_menu(counter: Counter) -> list[str]:
    return list_labels(counter.sent[-1])


async def test_both_languages_are_offered_each_in_its_own_words(counter: Counter) -> None:
    await counter.serve(DARA, around.offer_languages)

    assert list_labels(counter.sent[-1]) == ["ខ្មែរ", "English"]


async def test_a_language_chosen_outside_a_form_changes_words_and_menu(counter: Counter) -> None:
    await counter.serve(DARA, partial(around.choose_language, locale="en", message_id=5))

    contact = await counter.find_contact(DARA)
    assert contact is not None
    assert contact.locale == "en"
    assert counter.texts(DARA) == [
        word(counter, "ask.language", "en") + "\n\n✓ English",
        word(counter, "language.changed", "en"),
    ]
    assert word(counter, "menu.register", "en") in get_menu(counter)


async def test_a_language_chosen_in_a_form_asks_the_open_question_in_it(counter: Counter) -> None:
    before = await counter.leave_draft(DARA, "km")
    await counter.serve(DARA, partial(around.choose_language, locale="en", message_id=None))

    after = await counter.find_draft(DARA)
    assert after is not None
    assert after.draft.question == before.draft.question == "category"
    assert word(counter, "ask.category", "en") in counter.texts(DARA)[-1]


async def test_a_language_chosen_by_command_answers_an_open_question_about_it(
    counter: Counter,
) -> None:
    await counter.take(DARA, Started())
    await counter.serve(DARA, partial(around.choose_language, locale="en", message_id=None))

    after = await counter.find_draft(DARA)
    assert after is not None
    assert after.draft.question == "consent"
    assert word(counter, "ask.consent", "en") in counter.texts(DARA)[-1]


async def test_notices_are_stopped_once_and_can_be_resumed(counter: Counter) -> None:
    await counter.save(make_contact(DARA, wants_notices=True))
    said = []
    for use_case in (around.stop_notices, around.stop_notices, around.resume_notices):
        await counter.serve(DARA, use_case)
        contact = await counter.find_contact(DARA)
        assert contact is not None
        said.append((counter.texts(DARA)[-1], contact.wants_notices))

    assert said == [
        (word(counter, "stop.done"), False),
        (word(counter, "stop.already"), False),
        (word(counter, "notices.on.done"), True),
    ]


async def test_help_in_a_form_explains_the_open_question(counter: Counter) -> None:
    await counter.leave_draft(DARA)
    await counter.serve(DARA, around.help_person)

    assert word(counter, "hint.category") in counter.texts(DARA)[0]
    assert word(counter, "ask.category") in counter.texts(DARA)[-1]


async def test_help_outside_a_form_says_what_the_bot_is_for(counter: Counter) -> None:
    await counter.serve(DARA, around.help_person)

    assert counter.texts(DARA) == [word(counter, "help.outside")]


async def test_cancelling_asks_first_and_erases_nothing_yet(counter: Counter) -> None:
    before = await counter.leave_draft(DARA)
    await counter.serve(DARA, around.cancel)

    after = await counter.find_draft(DARA)
    assert after is not None
    assert after.draft == replace(before.draft, cancelling=True)
    assert len(list_labels(counter.sent[-1])) == 2


async def test_cancelling_without_a_draft_says_that_there_is_nothing(counter: Counter) -> None:
    await counter.serve(DARA, around.cancel)

    assert counter.texts(DARA) == [word(counter, "cancel.nothing")]


async def test_whoever_blocks_the_bot_is_sent_nothing_that_still_waited(counter: Counter) -> None:
    async def block(uow: UnitOfWork, _: Desk, person: Person) -> None:
        around.note_blocked(uow, person)

    await counter.leave_draft(DARA)
    await counter.serve(DARA, around.help_person)
    await counter.serve(DARA, block)

    contact = await counter.find_contact(DARA)
    assert contact is not None
    assert not contact.reachable
    assert await counter.count_rows("outgoing_calls") == {}
    assert await counter.find_draft(DARA) is not None


async def test_whoever_unblocks_the_bot_can_be_reached_again_without_a_word(
    counter: Counter,
) -> None:
    async def unblock(uow: UnitOfWork, _: Desk, person: Person) -> None:
        note_heard(uow, person.chat_id)

    await counter.save(make_contact(DARA, reachable=False))
    await counter.serve(DARA, unblock)

    contact = await counter.find_contact(DARA)
    assert contact is not None
    assert contact.reachable
    assert counter.sent == []


async def test_a_stranger_who_blocks_the_bot_stays_a_stranger(counter: Counter) -> None:
    async def block(uow: UnitOfWork, _: Desk, person: Person) -> None:
        around.note_blocked(uow, person)

    await counter.serve(DARA, block)

    assert await counter.count_rows() == {}


@pytest.mark.parametrize("use_case", ASKING_AROUND, ids=lambda one: one.__name__)
async def test_a_stranger_who_only_asks_is_answered_and_not_remembered(
    counter: Counter, use_case: UseCase
) -> None:
    await counter.serve(DARA, use_case)

    assert len(counter.texts(DARA)) == 1
    assert await counter.count_rows() == {}


async def test_an_apology_comes_in_the_persons_language(counter: Counter) -> None:
    async def fail(uow: UnitOfWork, desk: Desk, person: Person) -> None:
        around.apologise(uow, desk, person.chat_id)

    await counter.save(make_contact(DARA, locale="en"))
    await counter.serve(DARA, fail)

    assert counter.texts(DARA) == [word(counter, "apology.failed", "en")]

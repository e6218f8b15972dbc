"""Where the applications of a chat stand, what happens next, and what can be done."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from db.unit_of_work import UnitOfWork
from domain.applications import Application, Status
from domain.cases import Waiting
from domain.events import Started
from domain.numbers import draw_number, format_number
from domain.texts import message
from locales.catalogue import render, render_plain
from services import cases, decisions
from services.desk import Desk, Person
from services.registration import take_event
from services.status import tell_status
from tests.conversation import Conversation
from tests.samples import make_application, make_contact
from tests.services.counter import Counter, list_labels, read_parameters
from tests.services.office import NUMBER, Bureau, make_case_file

DARA = 7


def word(counter: Counter, words: str, locale: str = "en") -> str:
    """Write a message without values."""
    return render(message(words), locale, counter.desk.names)


def label(counter: Counter, words: str) -> str:
    return render_plain(message(words), "en", counter.desk.names)


async def apply(counter: Counter, *tags: str, **changed: Any) -> None:
    """Let somebody who reads English have submitted applications."""

    async def work(uow: UnitOfWork) -> None:
        uow.save_contact(make_contact(DARA, locale="en"))
        for lot, tag in enumerate(tags):
            made = make_application(DARA, number=draw_number(lot), draft_tag=tag, **changed)
            uow.add_application(made)

    await counter.run(work)


async def test_without_an_application_the_status_says_how_to_begin(counter: Counter) -> None:
    await counter.serve(DARA, tell_status)

    assert counter.texts(DARA) == [word(counter, "status.none", "km")]
    menu = render_plain(message("menu.register"), "km", counter.desk.names)
    assert menu in list_labels(counter.sent[-1])
    assert await counter.count_rows() == {}


async def test_the_status_tells_of_an_application_what_happens_next_and_when(
    counter: Counter,
) -> None:
    await apply(counter, "first1")
    await counter.serve(DARA, tell_status)

    [text] = counter.texts(DARA)
    for part in (format_number(draw_number(0)), "សុខ ដារ៉ា", "5 March 2026"):
        assert part in text
    assert word(counter, "stage.submitted") in text
    assert list_labels(counter.sent[-1]) == [label(counter, "button.withdraw")]


async def test_the_status_tells_of_every_application_and_of_a_draft(counter: Counter) -> None:
    await apply(counter, "first1", "second")
    await counter.save(await counter.leave_draft(DARA, "en"))
    await counter.serve(DARA, tell_status)

    one, other, draft = counter.texts(DARA)
    assert format_number(draw_number(0)) in one
    assert format_number(draw_number(1)) in other
    assert draft == word(counter, "status.draft")
    assert "reply_markup" not in read_parameters(counter.sent[-1])


async def test_of_many_applications_one_is_chosen_from_a_list(counter: Counter) -> None:
    await apply(counter, *(f"tag{lot}" for lot in range(12)))
    worker = Conversation(counter, DARA)
    told = await worker.act("/status")
    assert len(told) == 2 + 12

    number = format_number(draw_number(11))
    assert number in (await worker.act(f"[សុខ ដារ៉ា · {number}]"))[0]


async def test_the_status_asked_in_the_same_batch_as_a_submission_knows_of_it(
    counter: Counter,
) -> None:
    async def submit_and_ask(uow: UnitOfWork, desk: Desk, person: Person) -> None:
        uow.save_contact(make_contact(DARA, locale="en"))
        uow.add_application(make_application(DARA))
        await tell_status(uow, desk, person)
        await take_event(uow, desk, person, Started())

    await counter.serve(DARA, submit_and_ask)

    assert word(counter, "stage.submitted") in counter.texts(DARA)[0]


async def test_stages_are_dated_as_people_in_phnom_penh_date_them(
    counter: Counter, bureau: Bureau
) -> None:
    await bureau.receive(make_case_file(DARA), locale="en")
    counter.clock.now = datetime(2026, 3, 4, 18, 0, tzinfo=counter.clock.now.tzinfo)
    await bureau.take(await bureau.hire())
    await counter.serve(DARA, tell_status)

    assert f"5 March 2026: {word(counter, 'past.take')}" in counter.texts(DARA)[0]


async def test_no_more_than_five_stages_are_told_and_no_look_and_no_name(
    counter: Counter, bureau: Bureau
) -> None:
    officer = await bureau.hire("ចាន់ ណារី")
    await bureau.receive(make_case_file(DARA), locale="en")
    for _ in range(4):
        await bureau.take(officer)
        await bureau.act(cases.release, officer, NUMBER)
    await bureau.take(officer)
    await bureau.act(cases.add_note, officer, NUMBER, "Looks fine.")
    await bureau.act(decisions.reject, officer, NUMBER, "outside_programme")
    counter.forget_sent()
    await counter.serve(DARA, tell_status)

    [text] = counter.texts(DARA)
    assert text.count("4 March 2026: ") == 2
    assert word(counter, "past.take") in text
    assert word(counter, "reason.outside_programme.why") in text
    assert "ណារី" not in text
    assert "fine" not in text


WITHDRAW, APPEAL = "button.withdraw", "button.appeal"
STANDINGS: list[tuple[dict[str, Any], str, list[str]]] = [
    ({}, "stage.submitted", [WITHDRAW]),
    ({"status": Status.IN_REVIEW}, "stage.in_review", [WITHDRAW]),
    (
        {"status": Status.NEEDS_CORRECTION, "waiting": None},
        "stage.needs_correction",
        ["button.answer_now", WITHDRAW],
    ),
    (
        {"status": Status.APPROVED, "waiting": None},
        "stage.approved",
        ["button.change_answer", WITHDRAW],
    ),
    ({"status": Status.APPROVED, "waiting": Waiting.CHANGE}, "stage.change", [WITHDRAW]),
    ({"status": Status.REJECTED, "waiting": None}, "stage.rejected", [APPEAL]),
    ({"waiting": Waiting.APPEAL, "appealed": True}, "stage.appealed", [WITHDRAW]),
]


@pytest.mark.parametrize(("standing", "stage", "buttons"), STANDINGS)
async def test_every_standing_has_its_words_and_the_buttons_that_fit(
    counter: Counter, bureau: Bureau, standing: dict[str, Any], stage: str, buttons: list[str]
) -> None:
    await bureau.receive(make_case_file(DARA), locale="en")
    await bureau.put(replace(await bureau.get_case(), **standing))
    await counter.serve(DARA, tell_status)

    assert word(counter, stage) in counter.texts(DARA)[0]
    assert list_labels(counter.sent[-1]) == [label(counter, one) for one in buttons]


@pytest.mark.parametrize(
    ("standing", "stage"),
    [
        ({"status": Status.WITHDRAWN, "waiting": None}, "stage.withdrawn"),
        ({"status": Status.REJECTED, "waiting": None, "appealed": True}, "stage.rejected"),
    ],
)
async def test_where_nothing_can_be_done_any_more_there_is_the_menu(
    counter: Counter, bureau: Bureau, standing: dict[str, Any], stage: str
) -> None:
    await bureau.receive(make_case_file(DARA), locale="en")
    await bureau.put(replace(await bureau.get_case(), **standing))
    await counter.serve(DARA, tell_status)

    assert word(counter, stage) in counter.texts(DARA)[0]
    assert label(counter, "menu.status") in list_labels(counter.sent[-1])


async def test_an_answer_that_is_late_is_apologised_for(counter: Counter, bureau: Bureau) -> None:
    made: Application = make_case_file(DARA)
    await bureau.receive(made, locale="en")
    counter.clock.advance(days=7)
    await counter.serve(DARA, tell_status)

    assert word(counter, "case.late") in counter.texts(DARA)[0]

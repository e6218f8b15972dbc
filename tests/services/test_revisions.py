"""One item is asked once more: for a correction, or because the worker wishes a change."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from db import change_requests, corrections, sent_answers
from domain.applications import Status
from domain.cases import Act, Waiting
from domain.texts import message
from locales.catalogue import render_plain
from services import decisions
from services.desk import Actor
from services.reminders import tend_drafts
from tests.conversation import Conversation
from tests.services.conftest import DARA
from tests.services.counter import Counter
from tests.services.office import NUMBER, Bureau
from tests.services.words import label, word

KEEP = "✓ Keep: 400,000-800,000"


async def ask_again(bureau: Bureau, officer: Actor, item: str = "income.0") -> None:
    await bureau.act(decisions.request_correction, officer, NUMBER, item, "does_not_fit")


async def approve(bureau: Bureau, officer: Actor) -> None:
    await bureau.act(decisions.approve, officer, NUMBER, frozenset({"photo"}))


async def get_answers(counter: Counter) -> Mapping[str, Any]:
    async with counter.database.read() as connection:
        sent = await sent_answers.find(connection, NUMBER)
    assert sent is not None
    return sent.answers


async def list_acts(bureau: Bureau) -> list[str]:
    return [stored.event.act for stored in await bureau.list_events()]


async def test_a_correction_asks_exactly_one_question_and_returns_to_the_queue_by_itself(
    counter: Counter, bureau: Bureau, officer: Actor, worker: Conversation
) -> None:
    before = await get_answers(counter)
    await ask_again(bureau, officer)
    told = "\n".join(await worker.read())
    assert word(counter, "reason.does_not_fit.what") in told
    assert word(counter, "ask.income") in told

    await worker.act("[Under 400,000]")
    after, case = await get_answers(counter), await bureau.get_case()
    assert after["work"][0]["income"] != before["work"][0]["income"]
    assert {**after, "work": None} == {**before, "work": None}
    assert (case.status, case.waiting) == (Status.SUBMITTED, Waiting.DECISION)
    assert case.due_at is not None
    assert case.due_at > counter.clock.now
    assert (await list_acts(bureau))[-1] == Act.CORRECT
    assert await counter.find_draft(DARA) is None
    async with counter.database.read() as connection:
        assert await corrections.find_open(connection, NUMBER) is None


async def test_an_open_form_is_not_disturbed_and_the_question_waits_behind_a_button(
    counter: Counter, bureau: Bureau, officer: Actor, worker: Conversation
) -> None:
    await worker.act("/start")
    before = await counter.find_draft(DARA)
    await ask_again(bureau, officer)
    assert await counter.find_draft(DARA) == before
    await worker.read()

    answer_now = label(counter, "button.answer_now")
    assert await worker.act(answer_now) == [f"! {word(counter, 'correction.finish_first')}"]
    await worker.act("/cancel")
    await worker.act(label(counter, "cancel.erase"))
    assert word(counter, "ask.income") in "\n".join(await worker.act(answer_now))


async def test_whoever_stops_a_correction_is_told_that_the_office_still_waits(
    counter: Counter, bureau: Bureau, officer: Actor, worker: Conversation
) -> None:
    await ask_again(bureau, officer)
    await worker.read()
    await worker.act("/cancel")
    await worker.act(label(counter, "revision.drop"))

    assert (await bureau.get_case()).status is Status.NEEDS_CORRECTION
    assert f"[{worker.labels()[-1]}]" == label(counter, "button.answer_now")
    await worker.act(label(counter, "button.answer_now"))
    await worker.act(f"[{KEEP}]")
    assert (await bureau.get_case()).waiting is Waiting.DECISION


async def test_a_second_tap_on_answer_now_asks_again_instead_of_being_in_the_way(
    counter: Counter, bureau: Bureau, officer: Actor, worker: Conversation
) -> None:
    await ask_again(bureau, officer)
    await worker.read()
    await worker.act("/status")
    asked = await worker.act(label(counter, "button.answer_now"))
    assert word(counter, "ask.income") in "\n".join(asked)


async def test_an_answer_after_withdrawal_changes_nothing(
    counter: Counter, bureau: Bureau, officer: Actor, worker: Conversation
) -> None:
    await ask_again(bureau, officer)
    await worker.read()
    before = await get_answers(counter)
    await bureau.put(replace(await bureau.get_case(), status=Status.WITHDRAWN))
    told = await worker.act("[Under 400,000]")

    assert word(counter, "revision.too_late") in "\n".join(told)
    assert await get_answers(counter) == before
    assert (await bureau.get_case()).status is Status.WITHDRAWN


async def test_a_change_waits_for_an_officer_while_the_registration_stays_valid(
    counter: Counter, bureau: Bureau, officer: Actor, worker: Conversation
) -> None:
    await approve(bureau, officer)
    before = await get_answers(counter)
    await worker.act("/status")
    await worker.act(label(counter, "button.change_answer"))
    await worker.act(label(counter, "title.income"))
    await worker.act("[Under 400,000]")

    case = await bureau.get_case()
    assert (case.status, case.waiting) == (Status.APPROVED, Waiting.CHANGE)
    assert await get_answers(counter) == before
    async with counter.database.read() as connection:
        change = await change_requests.find_open(connection, NUMBER)
    assert change is not None
    assert change.item == "income.0"
    assert change.answers["work"][0]["income"] != before["work"][0]["income"]
    assert (await list_acts(bureau))[-1] == Act.REQUEST_CHANGE


async def test_a_second_change_has_to_wait_for_the_first(
    counter: Counter, bureau: Bureau, officer: Actor, worker: Conversation
) -> None:
    await approve(bureau, officer)
    await worker.act("/status")
    await worker.act(label(counter, "button.change_answer"))
    await worker.act(label(counter, "title.income"))
    await worker.act("[Under 400,000]")

    refused = await worker.act(label(counter, "button.change_answer"))
    assert refused == [f"! {word(counter, 'case.not_now')}"]
    assert await counter.count_rows("change_requests", "drafts") == {"change_requests": 1}


async def test_an_answer_kept_as_it_is_makes_no_change_request(
    counter: Counter, bureau: Bureau, officer: Actor, worker: Conversation
) -> None:
    await approve(bureau, officer)
    await worker.act("/status")
    await worker.act(label(counter, "button.change_answer"))
    await worker.act(label(counter, "title.income"))
    told = await worker.act(f"[{KEEP}]")

    assert word(counter, "change.same") in "\n".join(told)
    assert (await bureau.get_case()).waiting is None
    assert await counter.count_rows("change_requests") == {}


async def test_a_tap_about_somebody_elses_application_does_nothing(
    counter: Counter, bureau: Bureau, officer: Actor, worker: Conversation
) -> None:
    await ask_again(bureau, officer)
    await worker.read()
    await worker.act("/status")
    stranger = Conversation(counter, 99, screen=worker.screen)
    before = await bureau.dump("contacts")
    for pressed in ("button.answer_now", "button.withdraw"):
        assert await stranger.act(label(counter, pressed)) == [
            f"! {render_plain(message('stale.no_draft'), 'km', counter.desk.names)}"
        ]
    assert await bureau.dump("contacts") == before


async def test_a_correction_left_alone_is_closed_after_a_month_and_the_application_stays(
    counter: Counter, bureau: Bureau, officer: Actor, worker: Conversation
) -> None:
    await ask_again(bureau, officer)
    said = []
    for days in (1, 22, 7):
        counter.clock.advance(days=days)
        counter.forget_sent()
        await tend_drafts(counter.run, counter.desk, counter.clock.now)
        said.append("\n".join(counter.texts(DARA)))

    assert word(counter, "nudge.day1") in said[0]
    assert "The answer that you began to give anew is not sent yet." in said[1]
    assert said[2] == word(counter, "revision.day30")
    assert await counter.find_draft(DARA) is None
    assert await counter.find_contact(DARA) is not None
    assert (await bureau.get_case()).status is Status.NEEDS_CORRECTION

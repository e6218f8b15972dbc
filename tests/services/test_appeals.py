"""A worker has a decision looked at again, or takes the application back."""

import pytest

from db import notes
from domain.applications import Status
from domain.cases import Act, NotPossible, Waiting
from domain.questions import QuestionStatus
from services import cases, decisions
from services.desk import Actor
from tests.conversation import Conversation
from tests.services.conftest import DARA
from tests.services.counter import Counter
from tests.services.office import NUMBER, Bureau
from tests.services.words import label, word

WHY = "I do sell at the market."


async def reject(bureau: Bureau, officer: Actor) -> None:
    await bureau.act(decisions.reject, officer, NUMBER, "outside_programme")


async def appeal(counter: Counter, worker: Conversation) -> list[str]:
    await worker.read()
    await worker.act(label(counter, "button.appeal"))
    return await worker.act(label(counter, "appeal.yes"))


async def list_notes(counter: Counter) -> list[tuple[int | None, str]]:
    async with counter.database.read() as connection:
        return [(note.staff_id, note.body) for note in await notes.list_about(connection, NUMBER)]


async def list_questions(counter: Counter) -> dict[str, int]:
    return await counter.count_rows("questions")


async def test_an_appeal_takes_two_taps_and_waits_for_another_officer(
    counter: Counter, bureau: Bureau, officer: Actor, worker: Conversation
) -> None:
    await reject(bureau, officer)
    await worker.read()
    await worker.act(label(counter, "button.appeal"))
    assert (await bureau.get_case()).status is Status.REJECTED

    await worker.act(label(counter, "appeal.yes"))
    case = await bureau.get_case()
    assert (case.status, case.waiting, case.appealed) == (Status.SUBMITTED, Waiting.APPEAL, True)
    assert case.due_at is not None
    assert case.due_at > counter.clock.now
    assert [stored.event.act for stored in await bureau.list_events()][-1] == Act.APPEAL
    with pytest.raises(NotPossible):
        await bureau.act(cases.take, officer, NUMBER)


async def test_an_appeal_that_is_not_meant_changes_nothing(
    counter: Counter, bureau: Bureau, officer: Actor, worker: Conversation
) -> None:
    await reject(bureau, officer)
    before = await bureau.dump()
    await worker.read()
    await worker.act(label(counter, "button.appeal"))
    told = await worker.act(label(counter, "button.leave_it"))

    assert told[-1] == f"! {word(counter, 'case.left')}"
    left_out = ("outgoing_calls", "contacts")
    after = await bureau.dump(*left_out)
    assert after == {name: rows for name, rows in before.items() if name not in left_out}


async def test_there_is_one_appeal_and_a_second_tap_says_so(
    counter: Counter, bureau: Bureau, officer: Actor, worker: Conversation
) -> None:
    await reject(bureau, officer)
    await appeal(counter, worker)
    again = await worker.act(label(counter, "button.appeal"))
    assert again == [f"! {word(counter, 'case.not_now')}"]

    another = await bureau.hire("another")
    await bureau.take(another)
    await reject(bureau, another)
    told = "\n".join(await worker.read())
    assert word(counter, "case.appealed_before") in told
    again = await worker.act(label(counter, "button.appeal"))
    assert again == [f"! {word(counter, 'appeal.only_once')}"]


async def test_the_first_message_after_an_appeal_says_why_and_the_next_is_a_question(
    counter: Counter, bureau: Bureau, officer: Actor, worker: Conversation
) -> None:
    await reject(bureau, officer)
    await appeal(counter, worker)
    assert word(counter, "appeal.explained") in (await worker.act(WHY))[0]
    assert await list_notes(counter) == [(None, WHY)]
    assert await list_questions(counter) == {}

    await worker.act("How long does it take?")
    assert await list_notes(counter) == [(None, WHY)]
    assert await list_questions(counter) == {"questions": 1}


async def test_a_message_a_day_after_an_appeal_is_a_question(
    counter: Counter, bureau: Bureau, officer: Actor, worker: Conversation
) -> None:
    await reject(bureau, officer)
    await appeal(counter, worker)
    counter.clock.advance(days=1)
    await worker.act(WHY)

    assert await list_notes(counter) == []
    assert await list_questions(counter) == {"questions": 1}
    assert QuestionStatus.OPEN in (await bureau.dump())["questions"][0]


async def test_whoever_withdraws_is_asked_first_and_the_office_waits_for_nothing_more(
    counter: Counter, bureau: Bureau, officer: Actor, worker: Conversation
) -> None:
    await worker.act("/status")
    await worker.act(label(counter, "button.withdraw"))
    assert (await bureau.get_case()).status is Status.IN_REVIEW

    await worker.act(label(counter, "withdraw.yes"))
    case = await bureau.get_case()
    assert (case.status, case.waiting) == (Status.WITHDRAWN, None)
    assert [stored.event.act for stored in await bureau.list_events()][-1] == Act.WITHDRAW
    again = await worker.act(label(counter, "button.withdraw"))
    assert again == [f"! {word(counter, 'case.not_now')}"]


async def test_a_withdrawn_registration_has_no_valid_certificate(
    counter: Counter, bureau: Bureau, officer: Actor, worker: Conversation
) -> None:
    await bureau.act(decisions.approve, officer, NUMBER, frozenset({"photo"}))
    await worker.act("/status")
    await worker.act(label(counter, "button.withdraw"))
    await worker.act(label(counter, "withdraw.yes"))

    issued = await bureau.find_certificate()
    assert issued is not None
    assert issued.revoked_at == counter.clock.now


async def test_withdrawing_closes_the_question_that_was_asked_again(
    counter: Counter, bureau: Bureau, officer: Actor, worker: Conversation
) -> None:
    await bureau.act(decisions.request_correction, officer, NUMBER, "sex", "unclear")
    await worker.read()
    await worker.act("/status")
    await worker.act(label(counter, "button.withdraw"))
    await worker.act(label(counter, "withdraw.yes"))

    assert await counter.find_draft(DARA) is None

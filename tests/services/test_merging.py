"""Applications of one person made one, and that undone without a trace."""

from dataclasses import replace
from typing import Any

import pytest

from domain.applications import Status
from domain.cases import Act, Hindrance, NotPossible, Waiting, take_act
from domain.numbers import draw_number, format_number
from services.cases import NoSuchCase
from services.decisions import approve, reject, request_correction
from services.desk import Actor
from services.merging import mark_as_duplicate, undo_merge
from tests.samples import NOON
from tests.services.counter import list_labels, read_parameters
from tests.services.office import NUMBER, OTHER_NUMBER, SIEM_REAP, Bureau, make_case_file

pytestmark = pytest.mark.every_database

THIRD_NUMBER = draw_number(9)
LOGS = ("audit_events", "merges", "outgoing_calls")


async def receive_two(bureau: Bureau) -> Actor:
    """Let an officer take one of two applications from different chats."""
    officer = await bureau.hire()
    await bureau.receive(make_case_file(7), make_case_file(8), locale="en")
    await bureau.take(officer)
    return officer


async def get_workers(bureau: Bureau) -> list[int]:
    """List of which person each application is."""
    return [row[2] for row in (await bureau.dump())["applications"]]


async def appeal(bureau: Bureau) -> None:
    """Let the worker appeal."""
    case = await bureau.get_case()
    await bureau.put(take_act(case, Act.APPEAL, None, NOON, due_at=NOON))


async def test_a_duplicate_is_closed_and_belongs_to_the_person_kept(bureau: Bureau) -> None:
    officer = await receive_two(bureau)

    case = await bureau.act(mark_as_duplicate, officer, NUMBER, OTHER_NUMBER, "បងប្អូនជាមនុស្សតែមួយ")
    assert (case.status, case.duplicate_of, case.reason) == (
        Status.REJECTED,
        OTHER_NUMBER,
        "duplicate",
    )
    one, other = await get_workers(bureau)
    assert one == other
    event = (await bureau.list_events())[-1].event
    assert event.details == {"kept": OTHER_NUMBER, "told": True, "note": True}


async def test_the_number_of_another_chat_is_told_only_in_part(bureau: Bureau) -> None:
    officer = await receive_two(bureau)

    await bureau.act(mark_as_duplicate, officer, NUMBER, OTHER_NUMBER)
    [call] = bureau.counter.sent
    words = read_parameters(call)["text"]
    assert format_number(OTHER_NUMBER) not in words
    assert f"{OTHER_NUMBER[:4]}-••••-•" in words
    assert list_labels(call) == ["Appeal"]


async def test_the_number_of_the_same_chat_is_told_in_full(bureau: Bureau) -> None:
    officer = await bureau.hire()
    await bureau.receive(make_case_file(7), make_case_file(7, lot=8))
    await bureau.take(officer)

    await bureau.act(mark_as_duplicate, officer, NUMBER, OTHER_NUMBER)
    [told] = bureau.counter.texts(7)
    assert format_number(OTHER_NUMBER) in told


async def test_an_undone_merge_leaves_no_trace_but_in_the_logs(bureau: Bureau) -> None:
    officer = await receive_two(bureau)
    before = await bureau.dump(*LOGS)

    await bureau.act(mark_as_duplicate, officer, NUMBER, OTHER_NUMBER)
    assert await bureau.dump(*LOGS) != before
    bureau.counter.clock.advance(hours=1)
    bureau.counter.forget_sent()
    await bureau.act(undo_merge, officer, NUMBER)
    assert await bureau.dump(*LOGS) == before
    [told] = bureau.counter.texts(7)
    assert "open again" in told
    event = (await bureau.list_events())[-1].event
    assert (event.act, event.details) == ("undo_merge", {"kept": OTHER_NUMBER, "told": True})


async def test_a_merge_on_appeal_is_undone_to_the_appeal(bureau: Bureau) -> None:
    first, second = await bureau.hire(), await bureau.hire()
    await bureau.receive(make_case_file(7), make_case_file(8))
    await bureau.take(first)
    await bureau.act(reject, first, NUMBER, "not_true")
    await appeal(bureau)
    await bureau.take(second)
    before = await bureau.dump(*LOGS)

    await bureau.act(mark_as_duplicate, second, NUMBER, OTHER_NUMBER)
    await bureau.act(undo_merge, first, NUMBER)
    assert await bureau.dump(*LOGS) == before
    case = await bureau.get_case()
    assert (case.waiting, case.decided_by) == (Waiting.APPEAL, first.staff.id)


async def test_a_case_comes_back_to_the_queue_if_its_officer_has_left(bureau: Bureau) -> None:
    officer = await receive_two(bureau)
    await bureau.act(mark_as_duplicate, officer, NUMBER, OTHER_NUMBER)
    await bureau.let_go(officer)

    case = await bureau.act(undo_merge, await bureau.hire(), NUMBER)
    assert (case.status, case.assigned_to) == (Status.SUBMITTED, None)
    assert case.waiting is Waiting.DECISION


async def test_an_appeal_goes_on_when_its_merge_is_undone(bureau: Bureau) -> None:
    officer = await receive_two(bureau)
    people = await get_workers(bureau)
    await bureau.act(mark_as_duplicate, officer, NUMBER, OTHER_NUMBER)
    await appeal(bureau)
    second = await bureau.hire()
    await bureau.take(second)

    case = await bureau.act(undo_merge, second, NUMBER)
    assert (case.waiting, case.assigned_to) == (Waiting.APPEAL, second.staff.id)
    assert case.duplicate_of is None
    assert await get_workers(bureau) == people


@pytest.mark.parametrize(
    ("use_case", "terms"),
    [(approve, (frozenset[str](),)), (request_correction, ("sex", "unclear"))],
)
async def test_a_duplicate_is_first_parted_then_approved_or_corrected(
    bureau: Bureau, use_case: Any, terms: tuple[Any, ...]
) -> None:
    officer = await receive_two(bureau)
    await bureau.act(mark_as_duplicate, officer, NUMBER, OTHER_NUMBER)
    await appeal(bureau)
    second = await bureau.hire()
    await bureau.take(second)

    with pytest.raises(NotPossible) as refused:
        await bureau.act(use_case, second, NUMBER, *terms)
    assert refused.value.hindrance is Hindrance.STILL_MERGED


@pytest.mark.parametrize("again", [True, False])
async def test_a_second_decision_on_a_duplicate_ends_the_first_merge(
    bureau: Bureau, again: bool
) -> None:
    officer = await receive_two(bureau)
    await bureau.receive(make_case_file(9))
    people = await get_workers(bureau)
    await bureau.act(mark_as_duplicate, officer, NUMBER, OTHER_NUMBER)
    await appeal(bureau)
    second = await bureau.hire()
    await bureau.take(second)

    if again:
        await bureau.act(mark_as_duplicate, second, NUMBER, THIRD_NUMBER)
        one, _, third = await get_workers(bureau)
        assert one == third
        await bureau.act(undo_merge, second, NUMBER)
    else:
        await bureau.act(reject, second, NUMBER, "not_true")
        assert (await bureau.get_case()).duplicate_of is None
    assert await get_workers(bureau) == people


async def test_what_others_were_merged_into_is_no_duplicate_itself(bureau: Bureau) -> None:
    officer = await receive_two(bureau)
    await bureau.receive(make_case_file(9))
    await bureau.act(mark_as_duplicate, officer, NUMBER, OTHER_NUMBER)
    await bureau.take(officer, OTHER_NUMBER)
    await bureau.take(officer, THIRD_NUMBER)

    for number, kept in ((OTHER_NUMBER, THIRD_NUMBER), (THIRD_NUMBER, NUMBER)):
        with pytest.raises(NotPossible) as refused:
            await bureau.act(mark_as_duplicate, officer, number, kept)
        assert refused.value.hindrance is Hindrance.STILL_MERGED


async def test_nothing_is_a_duplicate_of_itself_or_of_what_was_withdrawn(bureau: Bureau) -> None:
    officer = await receive_two(bureau)
    withdrawn = replace(await bureau.get_case(OTHER_NUMBER), status=Status.WITHDRAWN, waiting=None)
    await bureau.put(withdrawn)

    for kept in (NUMBER, OTHER_NUMBER):
        with pytest.raises(NotPossible) as refused:
            await bureau.act(mark_as_duplicate, officer, NUMBER, kept)
        assert refused.value.hindrance is Hindrance.WRONG_STATUS


async def test_both_of_a_merge_lie_in_the_officers_places(bureau: Bureau) -> None:
    officer = await bureau.hire()
    await bureau.receive(make_case_file(7), make_case_file(8))
    await bureau.put(replace(await bureau.get_case(OTHER_NUMBER), office=f"{SIEM_REAP}10"))
    await bureau.take(officer)

    with pytest.raises(NoSuchCase):
        await bureau.act(mark_as_duplicate, officer, NUMBER, OTHER_NUMBER)


async def test_what_is_no_duplicate_has_no_merge_to_undo(bureau: Bureau) -> None:
    officer = await receive_two(bureau)
    await bureau.act(reject, officer, NUMBER, "not_true")
    with pytest.raises(NotPossible) as refused:
        await bureau.act(undo_merge, officer, NUMBER)
    assert refused.value.hindrance is Hindrance.WRONG_STATUS

"""Every decision reaches the worker, with its reason and what happens next."""

from dataclasses import replace
from typing import Any

import pytest

from db import change_requests, corrections
from db.applications import find_registration
from db.unit_of_work import UnitOfWork
from documents.signatures import verify
from domain.applications import Status
from domain.cases import Act, Hindrance, NotPossible, Waiting, take_act
from domain.numbers import format_number
from services.cases import NotOffered
from services.decisions import (
    accept_change,
    approve,
    decline_change,
    reject,
    request_correction,
    revoke,
)
from services.desk import Actor
from services.promises import make_promise
from tests.samples import NOON, make_contact
from tests.services.counter import list_labels, read_parameters
from tests.services.office import (
    NUMBER,
    SIGNING_KEY,
    Bureau,
    get_submitted,
    make_case_file,
    writing,
)

pytestmark = pytest.mark.every_database

NOTHING: frozenset[str] = frozenset()


async def receive_and_take(bureau: Bureau, locale: str = "en") -> Actor:
    """Let an officer take the application of chat 7."""
    officer = await bureau.hire()
    await bureau.receive(make_case_file(7), locale=locale)
    await bureau.take(officer)
    return officer


async def receive_and_approve(bureau: Bureau, locale: str = "en") -> Actor:
    """Let an officer approve the application of chat 7, and forget what was said of it."""
    officer = await receive_and_take(bureau, locale)
    await bureau.act(approve, officer, NUMBER, NOTHING)
    bureau.counter.forget_sent()
    return officer


async def ask_for_change(bureau: Bureau, item: str, answer: Any) -> None:
    """Let the worker wish another answer to one item."""
    answers = {**get_submitted().answers, item: answer}
    case = await bureau.get_case()
    await bureau.put(take_act(case, Act.REQUEST_CHANGE, None, NOON, due_at=NOON))
    await bureau.counter.run(
        writing(
            change_requests.add,
            number=NUMBER,
            item=item,
            answers=answers,
            form_version=bureau.counter.desk.form.version,
            at=NOON,
        )
    )


async def test_an_approval_tells_the_worker_and_sends_the_card(bureau: Bureau) -> None:
    officer = await receive_and_take(bureau)

    case = await bureau.act(approve, officer, NUMBER, frozenset({"phone_call", "id_card"}))
    assert (case.status, case.waiting, case.decided_by) == (
        Status.APPROVED,
        None,
        officer.staff.id,
    )
    message, photo, document = bureau.counter.sent
    words = read_parameters(message)["text"]
    assert "សុខ ដារ៉ា" in words
    assert format_number(NUMBER) in words
    assert "approved" in words
    assert "does not by itself enrol" in words
    assert (photo.method, photo.attachment) == ("sendPhoto", f"card:{NUMBER}:png")
    assert (document.method, document.attachment) == ("sendDocument", f"card:{NUMBER}:pdf")
    assert "SPECIMEN" in read_parameters(photo)["caption"]
    event = (await bureau.list_events())[-1].event
    assert event.act == "approve"
    assert event.details == {"checked": ["id_card", "phone_call"], "told": True}


async def test_the_certificate_says_what_was_submitted_and_is_signed(bureau: Bureau) -> None:
    await receive_and_approve(bureau)

    issued = await bureau.find_certificate()
    assert issued is not None
    assert issued.certificate.place == "0203"
    assert issued.certificate.occupation == get_submitted().registration.activities[0].occupation
    assert issued.certificate.specimen
    claim = verify(SIGNING_KEY.public, issued.token)
    assert (claim.number, claim.initials) == (NUMBER, "SD")
    assert issued.revoked_at is None


async def test_a_desk_without_a_key_approves_without_a_card(bureau: Bureau) -> None:
    officer = await receive_and_take(bureau)
    bureau.counter.desk = replace(bureau.counter.desk, signing_key=None)

    await bureau.act(approve, officer, NUMBER, NOTHING)
    [told] = bureau.counter.texts(7)
    assert "certificate" not in told
    assert await bureau.find_certificate() is None


async def test_an_unknown_check_is_not_written_down(bureau: Bureau) -> None:
    officer = await receive_and_take(bureau)
    with pytest.raises(NotOffered):
        await bureau.act(approve, officer, NUMBER, frozenset({"sok dara"}))


async def test_a_rejection_says_why_what_next_and_how_to_appeal(bureau: Bureau) -> None:
    officer = await receive_and_take(bureau)

    case = await bureau.act(reject, officer, NUMBER, "too_large", "ហាងធំ")
    assert (case.status, case.reason) == (Status.REJECTED, "too_large")
    [call] = bureau.counter.sent
    words = read_parameters(call)["text"]
    for part in ("not approved", "250 million", "Battambang", "Another officer", "5 March"):
        assert part in words
    assert list_labels(call) == ["Appeal"]
    [[button]] = read_parameters(call)["reply_markup"]["inline_keyboard"]
    assert button["callback_data"] == f"case/appeal/{NUMBER}"
    event = (await bureau.list_events())[-1].event
    assert event.details == {"reason": "too_large", "told": True, "note": True}


async def test_who_has_appealed_is_not_offered_it_again(bureau: Bureau) -> None:
    officer = await receive_and_take(bureau)
    case = await bureau.get_case()
    await bureau.put(replace(case, waiting=Waiting.APPEAL, appealed=True))

    await bureau.act(reject, officer, NUMBER, "not_true")
    [call] = bureau.counter.sent
    assert list_labels(call) == []
    assert "cannot appeal again" in read_parameters(call)["text"]


async def test_the_worker_is_told_in_their_own_language(bureau: Bureau) -> None:
    officer = await receive_and_take(bureau, "km")
    await bureau.act(reject, officer, NUMBER, "not_true")
    [told] = bureau.counter.texts(7)
    assert "ពាក្យនេះមិនបានអនុម័តទេ" in told


@pytest.mark.parametrize(
    ("use_case", "terms"),
    [
        (reject, ("unheard_of",)),
        (reject, ("duplicate",)),
        (revoke, ("unclear",)),
        (decline_change, ("not_true",)),
        (request_correction, ("home", "not_true")),
        (request_correction, ("shoe_size", "unclear")),
    ],
)
async def test_only_what_the_office_knows_can_be_chosen(
    bureau: Bureau, use_case: Any, terms: tuple[str, ...]
) -> None:
    officer = await receive_and_take(bureau)
    before = await bureau.dump()
    with pytest.raises(NotOffered):
        await bureau.act(use_case, officer, NUMBER, *terms)
    assert await bureau.dump() == before


async def test_a_correction_asks_exactly_one_item_again(bureau: Bureau) -> None:
    officer = await receive_and_take(bureau)

    case = await bureau.act(request_correction, officer, NUMBER, "sex", "does_not_fit")
    assert (case.status, case.waiting) == (Status.NEEDS_CORRECTION, None)
    async with bureau.counter.database.read() as connection:
        asked = await corrections.find_open(connection, NUMBER)
    assert asked is not None
    assert (asked.item, asked.reason) == ("sex", "does_not_fit")
    stored = await bureau.counter.find_draft(7)
    assert stored is not None
    assert (stored.draft.revises, stored.draft.question) == (NUMBER, "sex")
    assert bureau.counter.texts(7)
    event = (await bureau.list_events())[-1].event
    assert event.details == {"item": "sex", "reason": "does_not_fit", "told": True}


async def test_an_open_form_stays_as_it_is_when_something_is_decided(bureau: Bureau) -> None:
    officer = await receive_and_take(bureau)
    left = await bureau.counter.leave_draft(7, "en")

    await bureau.act(reject, officer, NUMBER, "not_true")
    assert await bureau.counter.find_draft(7) == left
    [call] = bureau.counter.sent
    assert "inline_keyboard" in read_parameters(call)["reply_markup"]
    assert call.question is None


async def test_a_decision_stands_where_nobody_can_be_told(bureau: Bureau) -> None:
    officer = await receive_and_take(bureau)
    await bureau.counter.save(make_contact(7, reachable=False))

    await bureau.act(approve, officer, NUMBER, NOTHING)
    assert bureau.counter.sent == []
    assert (await bureau.get_case()).status is Status.APPROVED
    assert await bureau.find_certificate() is not None
    assert (await bureau.list_events())[-1].event.details["told"] is False


async def test_a_correction_waits_for_who_cannot_be_reached(bureau: Bureau) -> None:
    officer = await receive_and_take(bureau)
    await bureau.counter.save(make_contact(7, reachable=False))

    await bureau.act(request_correction, officer, NUMBER, "sex", "unclear")
    assert bureau.counter.sent == []
    assert await bureau.counter.find_draft(7) is None
    async with bureau.counter.database.read() as connection:
        assert await corrections.find_open(connection, NUMBER) is not None


async def test_a_case_whose_worker_does_not_answer_is_taken_back_and_decided(
    bureau: Bureau,
) -> None:
    officer = await receive_and_take(bureau)
    await bureau.act(request_correction, officer, NUMBER, "sex", "unclear")
    bureau.counter.clock.advance(days=30)

    taken = await bureau.take(officer)
    assert (taken.status, taken.waiting) == (Status.IN_REVIEW, Waiting.DECISION)
    assert taken.due_at == make_promise(bureau.counter.desk, bureau.counter.clock()).due_at
    async with bureau.counter.database.read() as connection:
        assert await corrections.find_open(connection, NUMBER) is None
    assert (await bureau.act(reject, officer, NUMBER, "not_reached")).status is Status.REJECTED


async def test_nobody_decides_twice(bureau: Bureau) -> None:
    officer = await receive_and_approve(bureau)
    before = await bureau.dump()
    with pytest.raises(NotPossible) as refused:
        await bureau.act(reject, officer, NUMBER, "not_true")
    assert refused.value.hindrance is Hindrance.ALREADY_DECIDED
    assert await bureau.dump() == before
    assert bureau.counter.sent == []


async def test_a_revocation_ends_the_certificate_and_may_be_appealed(bureau: Bureau) -> None:
    officer = await receive_and_approve(bureau)

    case = await bureau.act(revoke, officer, NUMBER, "issued_in_error")
    assert (case.status, case.reason) == (Status.REJECTED, "issued_in_error")
    issued = await bureau.find_certificate()
    assert issued is not None
    assert issued.revoked_at == bureau.counter.clock()
    [call] = bureau.counter.sent
    assert "no longer valid" in read_parameters(call)["text"]
    assert list_labels(call) == ["Appeal"]


async def test_a_revocation_settles_a_change_that_waits(bureau: Bureau) -> None:
    officer = await receive_and_approve(bureau)
    await ask_for_change(bureau, "sex", "male")

    await bureau.act(revoke, officer, NUMBER, "not_true")
    async with bureau.counter.database.read() as connection:
        assert await change_requests.find_open(connection, NUMBER) is None


async def test_an_accepted_change_on_the_card_brings_a_new_card(bureau: Bureau) -> None:
    officer = await receive_and_approve(bureau)
    await ask_for_change(bureau, "name_km", {"family": "សុខ", "given": "ដារា"})
    await bureau.take(officer)

    case = await bureau.act(accept_change, officer, NUMBER)
    assert (case.status, case.waiting, case.assigned_to) == (Status.APPROVED, None, None)
    async with bureau.counter.database.read() as connection:
        registration = await find_registration(connection, NUMBER)
        assert await change_requests.find_open(connection, NUMBER) is None
    assert registration is not None
    assert registration.worker.given_km == "ដារា"
    issued = await bureau.find_certificate()
    assert issued is not None
    assert (issued.certificate.given_km, issued.revoked_at) == ("ដារា", None)
    certificates = (await bureau.dump())["certificates"]
    assert len(certificates) == len(["the former", "the new"])
    message, photo, _ = bureau.counter.sent
    assert "សុខ ដារា" in read_parameters(message)["text"]
    assert "A new certificate" in read_parameters(message)["text"]
    assert photo.attachment == f"card:{NUMBER}:png"
    event = (await bureau.list_events())[-1].event
    assert event.details == {"item": "name_km", "told": True}


async def test_an_accepted_change_that_no_card_shows_leaves_the_card(bureau: Bureau) -> None:
    officer = await receive_and_approve(bureau)
    before = await bureau.find_certificate()
    await ask_for_change(bureau, "phone", {"number": "+85512345679", "is": "typed"})
    await bureau.take(officer)

    await bureau.act(accept_change, officer, NUMBER)
    assert await bureau.find_certificate() == before
    [told] = bureau.counter.texts(7)
    assert "certificate" not in told


async def test_a_declined_change_leaves_everything_as_it_was(bureau: Bureau) -> None:
    officer = await receive_and_approve(bureau)
    async with bureau.counter.database.read() as connection:
        before = await find_registration(connection, NUMBER)
    await ask_for_change(bureau, "sex", "male")
    await bureau.take(officer)

    case = await bureau.act(decline_change, officer, NUMBER, "change_not_shown")
    assert (case.status, case.waiting) == (Status.APPROVED, None)
    async with bureau.counter.database.read() as connection:
        assert await find_registration(connection, NUMBER) == before
        assert await change_requests.find_open(connection, NUMBER) is None
    [told] = bureau.counter.texts(7)
    assert "Battambang" in told
    event = (await bureau.list_events())[-1].event
    assert event.details == {"item": "sex", "reason": "change_not_shown", "told": True}


async def test_a_decision_that_cannot_be_stored_tells_nobody(bureau: Bureau) -> None:
    officer = await receive_and_take(bureau)
    before = await bureau.dump()

    async def work(uow: UnitOfWork) -> None:
        await approve(uow, bureau.counter.desk, officer, NUMBER, NOTHING)
        uow.write(fail)

    async def fail(_connection: object) -> None:
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        await bureau.counter.run(work)
    assert await bureau.dump() == before
    assert bureau.counter.sent == []


async def test_an_application_without_a_chat_is_decided_and_nobody_is_told(bureau: Bureau) -> None:
    officer = await bureau.hire()
    await bureau.receive(replace(make_case_file(7), chat_id=None))
    await bureau.take(officer)

    await bureau.act(request_correction, officer, NUMBER, "home", "unclear")
    waiting = replace(await bureau.get_case(), status=Status.SUBMITTED, waiting=Waiting.DECISION)
    await bureau.put(waiting)
    await bureau.take(officer)
    await bureau.act(approve, officer, NUMBER, NOTHING)
    case = await bureau.act(revoke, officer, NUMBER, "not_true")
    assert (case.chat_id, case.status) == (None, Status.REJECTED)
    assert bureau.counter.sent == []
    told = [stored.event.details.get("told") for stored in await bureau.list_events()]
    assert [one for one in told if one is not None] == [False, False, False]

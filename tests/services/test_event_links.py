"""The link on a poster: who is registered sees the day, and everybody else may register."""

from dataclasses import replace
from functools import partial

import pytest

from db.unit_of_work import UnitOfWork
from domain.applications import Status
from domain.campaigns import Campaign, Plan
from domain.staff import Role
from services.campaign_changes import cancel_campaign
from services.desk import Desk, Person
from services.event_links import open_link, register_another
from services.rsvp import answer_invitation
from tests.event_plan import PLAN, make_plan
from tests.services.counter import Counter, list_labels, read_parameters
from tests.services.event_days import hire, open_day, plan
from tests.services.office import Bureau, make_case_file

SOKHA, STRANGER = 7, 8


async def follow(counter: Counter, source: str, chat_id: int = SOKHA) -> list[str]:
    counter.forget_sent()
    await counter.serve(chat_id, partial(open_link, source=source))
    return counter.texts(chat_id)


async def open_registered(bureau: Bureau, plan: Plan = PLAN, locale: str = "en") -> Campaign:
    campaign = await open_day(bureau, plan)
    await bureau.receive(make_case_file(SOKHA), locale=locale)
    return campaign


async def test_who_is_registered_sees_the_day_and_may_say_that_they_come(bureau: Bureau) -> None:
    counter, campaign = bureau.counter, await open_registered(bureau)
    [told] = await follow(counter, "btb-2026_market")
    assert f"<b>{PLAN.name_en}</b>\nTuesday, 10 March 2026, 08:00\n{PLAN.venue_en}" in told
    assert "Will you come?" in told
    assert list_labels(counter.sent[0]) == [
        "✅ I am coming",
        "I cannot come",
        "🗺 Map",
        "📝 Register somebody else",
    ]
    buttons = read_parameters(counter.sent[0])["reply_markup"]["inline_keyboard"]
    assert buttons[2][0]["url"].endswith("query=Provincial%20hall%2C%20Battambang%20Province")
    assert buttons[3][0]["callback_data"] == "camp/register/btb-2026_market"
    assert await counter.find_draft(SOKHA) is None
    answer = partial(answer_invitation, tap_id="tap", choice=str(campaign.id), coming=True)
    await counter.serve(SOKHA, answer)
    [told] = await follow(counter, "btb-2026")
    assert "You said that you are coming" in told
    assert list_labels(counter.sent[0])[:3] == ["✓ I am coming", "🎫 My QR code", "I cannot come"]


async def test_in_khmer_the_day_of_the_week_is_named_too(bureau: Bureau) -> None:
    await open_registered(bureau, locale="km")
    [told] = await follow(bureau.counter, "btb-2026")
    assert "ថ្ងៃអង្គារ ទី១០ ខែមីនា" in told


async def test_below_the_day_somebody_else_is_registered(bureau: Bureau) -> None:
    counter = bureau.counter
    await open_registered(bureau)
    begin = partial(register_another, tap_id="tap", source="btb-2026_market")
    await counter.serve(SOKHA, begin)
    stored = await counter.find_draft(SOKHA)
    assert stored is not None
    assert stored.draft.source == "btb-2026_market"


async def test_a_forged_suffix_is_not_put_on_the_button(bureau: Bureau) -> None:
    await open_registered(bureau)
    await follow(bureau.counter, f"btb-2026_{'X' * 50}")
    buttons = read_parameters(bureau.counter.sent[0])["reply_markup"]["inline_keyboard"]
    assert buttons[3][0]["callback_data"] == "camp/register/btb-2026"


@pytest.mark.parametrize("before", ["nothing", "withdrawn"])
async def test_who_is_not_registered_gets_a_line_and_the_form(bureau: Bureau, before: str) -> None:
    counter, chat_id = bureau.counter, STRANGER
    await open_registered(bureau)
    if before == "withdrawn":
        chat_id, case = SOKHA, await bureau.get_case()
        await bureau.put(replace(case, status=Status.WITHDRAWN, waiting=None))
    line, _ = await follow(counter, "btb-2026_market", chat_id)
    assert "10" in line or "១០" in line
    assert line.count("\n") == 0
    stored = await counter.find_draft(chat_id)
    assert stored is not None
    assert stored.draft.source == "btb-2026_market"


async def test_a_day_that_was_called_off_or_is_over_is_kindly_said_to_be(bureau: Bureau) -> None:
    counter = bureau.counter
    first = await open_registered(bureau)
    await open_day(bureau, make_plan(code="later"))
    manager = await bureau.hire("ចាន់ ណារី", (Role.CAMPAIGN_MANAGER,))
    await bureau.act(cancel_campaign, manager, first.id)
    [told] = await follow(counter, "btb-2026")
    assert "had to be called off" in told
    counter.clock.advance(days=7)
    [told] = await follow(counter, "later")
    assert "was on 10 March 2026" in told
    assert await counter.find_draft(SOKHA) is None
    told, _ = await follow(counter, "later", STRANGER)
    assert "អាចចុះឈ្មោះ" in told
    assert await counter.find_draft(STRANGER) is not None


@pytest.mark.parametrize("is_registered", [True, False])
async def test_a_day_that_was_not_announced_is_as_little_known_as_no_day(
    bureau: Bureau, is_registered: bool
) -> None:
    counter = bureau.counter
    await plan(bureau, await hire(bureau))
    for chat_id in (SOKHA, STRANGER) if is_registered else ():
        await bureau.receive(make_case_file(chat_id), locale="km")
    told = await follow(counter, "btb-2026")
    assert told == await follow(counter, "unknown", STRANGER)
    assert PLAN.name_km not in told[0]


@pytest.mark.parametrize("source", ["facebook", "BTB-2026", "btb-2026x", "x", "_", "btb 2026"])
async def test_any_other_source_begins_the_form_as_before(bureau: Bureau, source: str) -> None:
    counter = bureau.counter
    await open_registered(bureau)

    async def use(uow: UnitOfWork, desk: Desk, person: Person) -> None:
        await open_link(uow, desk, person, source)

    await counter.serve(STRANGER, use)
    stored = await counter.find_draft(STRANGER)
    assert stored is not None
    assert stored.draft.source == source
    assert len(counter.texts(STRANGER)) == 1

"""Taps and start codes of event days go to whom they belong."""

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from db.database import Database
from db.unit_of_work import UnitOfWork
from domain.campaigns import Plan
from domain.replies import Tap
from domain.staff import Role
from handlers.arrivals import ButtonTapped, CommandSent
from handlers.chats import on_command, on_tap
from handlers.context import Context
from services.campaigns import plan_campaign
from services.desk import Desk, Person
from tests.conftest import Clock
from tests.event_plan import TODAY
from tests.services.counter import Counter
from tests.services.event_days import open_day
from tests.services.office import NUMBER, Bureau, make_case_file

SOKHA = 7


@pytest.fixture
def bureau(sqlite_database: Database, desk: Desk, clock: Clock) -> Bureau:
    return Bureau(Counter(sqlite_database, desk, clock))


async def plan(bureau: Bureau, planned: Plan = TODAY) -> int:
    manager = await bureau.hire("ចាន់ ណារី", (Role.CAMPAIGN_MANAGER,))
    campaign_id: int = await bureau.act(plan_campaign, manager, planned)
    return campaign_id


async def tap(counter: Counter, question: str, choice: str, draft: str = "camp") -> None:
    async def take(uow: UnitOfWork, desk: Desk, person: Person) -> None:
        context = cast("Context", SimpleNamespace(uow=uow, desk=desk))
        arrival = ButtonTapped(person, "tap", Tap(draft, question, choice), 5)
        await on_tap(arrival, context)

    counter.forget_sent()
    await counter.serve(SOKHA, take)


async def send(counter: Counter, name: str, argument: str = "") -> None:
    async def take(uow: UnitOfWork, desk: Desk, person: Person) -> None:
        context = cast("Context", SimpleNamespace(uow=uow, desk=desk))
        await on_command(CommandSent(person, name, argument), context)

    counter.forget_sent()
    await counter.serve(SOKHA, take)


async def test_buttons_of_an_invitation_are_answered(bureau: Bureau) -> None:
    counter, campaign_id = bureau.counter, await plan(bureau)
    made = make_case_file(SOKHA)
    brought = replace(made.registration, source=TODAY.code)
    await bureau.receive(replace(made, registration=brought), locale="en")
    await tap(counter, "yes", str(campaign_id))
    assert counter.toasts == ["Thank you! We expect you."]
    await tap(counter, "no", str(campaign_id))
    assert counter.toasts == ["Thank you for telling us. You may still change your mind."]
    assert await counter.count_rows("attendances") == {"attendances": 1}


@pytest.mark.parametrize("question", ["in", "undo", "perhaps", "YES"])
async def test_other_taps_change_nothing_for_a_worker(bureau: Bureau, question: str) -> None:
    counter, campaign_id = bureau.counter, await plan(bureau)
    await bureau.receive(make_case_file(SOKHA))
    await tap(counter, question, f"{campaign_id}.{NUMBER}")
    assert counter.toasts != [None]
    assert await counter.count_rows("attendances") == {}


async def test_a_scanned_code_begins_no_registration(bureau: Bureau) -> None:
    await send(bureau.counter, "start", f"in_1_{NUMBER}_aaaaaaaa")
    assert await bureau.counter.find_draft(SOKHA) is None
    assert len(bureau.counter.texts(SOKHA)) == 1


async def test_a_posters_link_is_the_source_of_a_registration(bureau: Bureau) -> None:
    await send(bureau.counter, "start", "btb-2026_market")
    stored = await bureau.counter.find_draft(SOKHA)
    assert stored is not None
    assert stored.draft.source == "btb-2026_market"


async def test_a_registered_person_registers_another_from_a_posters_link(bureau: Bureau) -> None:
    counter = bureau.counter
    await open_day(bureau)
    await bureau.receive(make_case_file(SOKHA))
    await send(counter, "start", "btb-2026_market")
    assert await counter.find_draft(SOKHA) is None
    await tap(counter, "register", "btb-2026_market")
    stored = await counter.find_draft(SOKHA)
    assert stored is not None
    assert stored.draft.source == "btb-2026_market"


async def test_the_own_code_is_asked_for_by_a_command(bureau: Bureau) -> None:
    await plan(bureau)
    await bureau.receive(make_case_file(SOKHA))
    await send(bureau.counter, "myqr")
    assert [call.method for call in bureau.counter.sent] == ["sendPhoto"]


@pytest.mark.parametrize("word", ["import:cie2025", "notice_77", "two words", "ផ្សារ"])
async def test_a_word_that_no_link_of_ours_holds_is_not_stored(bureau: Bureau, word: str) -> None:
    await send(bureau.counter, "start", word)
    stored = await bureau.counter.find_draft(SOKHA)
    assert stored is not None
    assert stored.draft.source is None


async def test_a_forged_button_begins_nothing(bureau: Bureau) -> None:
    await tap(bureau.counter, "register", "import:cie2025")
    assert await bureau.counter.find_draft(SOKHA) is None
    await tap(bureau.counter, "register", "btb-2026")
    assert await bureau.counter.find_draft(SOKHA) is not None

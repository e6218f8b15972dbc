"""At the door: a code is shown, an officer scans it, and everybody is counted once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from db import attendances, campaign_results, staff
from db.campaign_results import Count
from db.queue import Viewpoint, find_next
from db.unit_of_work import UnitOfWork
from documents.check_in import Ticket, write_link
from domain.applications import Status
from domain.campaigns import Campaign
from domain.cases import Hindrance, NotPossible
from domain.desk_form import Entry as DeskEntry
from domain.desk_form import Filled, fill
from domain.filters import Filters
from domain.registration_form import REGISTRATION_FORM
from domain.staff import WHOLE_COUNTRY, Role, Scope
from services.cases import hand_over
from services.check_in import (
    Admission,
    Entry,
    NotToday,
    Reason,
    admit,
    read_entry,
    take_link,
    take_undo,
    undo,
)
from services.desk import Actor, Desk
from services.desk_registration import draw_tag, make_context, register
from services.event_links import open_link
from services.own_codes import show_own_codes
from services.rsvp import answer_invitation
from tests.domain.test_desk_form import ENTRIES
from tests.event_plan import PLAN, TODAY, make_plan
from tests.samples import make_contact
from tests.services.counter import Counter, read_parameters
from tests.services.event_days import open_day
from tests.services.office import (
    BATTAMBANG,
    NUMBER,
    OTHER_NUMBER,
    SIEM_REAP,
    SIGNING_KEY,
    Bureau,
    make_case_file,
)

SOKHA, OFFICER = 7, 51


async def hire_with_chat(bureau: Bureau, *places: str, role: Role = Role.OFFICER) -> None:
    async def work(uow: UnitOfWork) -> None:
        uow.save_contact(make_contact(OFFICER, locale="en"))
        reach = places or (BATTAMBANG,)
        await staff.add(uow.connection, uow.now, "Bopha", [role], reach, OFFICER)

    await bureau.counter.run(work)


async def scan(counter: Counter, code: str, chat_id: int = OFFICER) -> str:
    counter.forget_sent()
    await counter.serve(chat_id, partial(take_link, code=code))
    [text] = counter.texts(chat_id)
    return text


def make_link(campaign: Campaign, number: str = NUMBER) -> str:
    return write_link(SIGNING_KEY, Ticket(campaign.id, number))


async def count_came(counter: Counter, campaign: Campaign) -> int:
    async with counter.database.read() as connection:
        return await attendances.count_came(connection, campaign.id)


async def check_in(bureau: Bureau, actor: Actor, campaign: Campaign, number: str) -> Any:
    return await bureau.act(admit, actor, campaign, Entry(number))


async def test_an_officer_scans_a_code_and_the_person_is_counted_once(bureau: Bureau) -> None:
    counter, campaign = bureau.counter, await open_day(bureau)
    await bureau.receive(make_case_file(SOKHA))
    await hire_with_chat(bureau)
    told = await scan(counter, make_link(campaign))
    assert "Checked in: <b>ដារ៉ា (SD)</b>" in told
    assert "no. <b>1</b>" in told
    assert "was checked in before, at 10:00" in (await scan(counter, make_link(campaign))).replace(
        "4 March 2026, ", ""
    )
    assert await count_came(counter, campaign) == 1
    events = [(one.event.act, one.event.origin) for one in await bureau.list_events()]
    assert events == [("check_in", "chat"), ("check_in_again", "chat")]


async def test_to_anybody_else_a_code_only_says_that_it_is_somebodys(bureau: Bureau) -> None:
    counter, campaign = bureau.counter, await open_day(bureau)
    await bureau.receive(make_case_file(SOKHA))
    code = make_link(campaign)
    told = {await scan(counter, one, 99) for one in (code, "in_x", code[:-1])}
    assert len(told) == 1
    assert NUMBER[:4] not in told.pop()
    assert await count_came(counter, campaign) == 0
    assert await counter.count_rows("attendances") == {}


@pytest.mark.parametrize("role", [Role.ANALYST, Role.BENEFIT_OWNER, Role.ADMINISTRATOR])
async def test_only_who_may_check_in_does(bureau: Bureau, role: Role) -> None:
    counter, campaign = bureau.counter, await open_day(bureau)
    await bureau.receive(make_case_file(SOKHA))
    await hire_with_chat(bureau, role=role)
    assert "Nothing has happened" in await scan(counter, make_link(campaign))
    assert await count_came(counter, campaign) == 0


async def test_a_forged_code_admits_nobody(bureau: Bureau) -> None:
    counter, campaign = bureau.counter, await open_day(bureau)
    await bureau.receive(make_case_file(SOKHA))
    await hire_with_chat(bureau)
    for code in ("aaaaaaaa", make_link(replace(campaign, id=2))[-8:]):
        assert "not right" in await scan(counter, f"in_{campaign.id}_{NUMBER}_{code}")
    assert await count_came(counter, campaign) == 0


async def test_the_code_of_another_day_admits_nobody_and_says_when_it_is(bureau: Bureau) -> None:
    counter, today = bureau.counter, await open_day(bureau)
    later = await open_day(bureau, make_plan(code="later", name_en="Later day"))
    await bureau.receive(make_case_file(SOKHA))
    await hire_with_chat(bureau)
    told = await scan(counter, make_link(later))
    assert "Later day" in told
    assert "10 March 2026" in told
    entry = read_entry(counter.desk, make_link(later))
    assert await bureau.act(admit, await bureau.hire(), today, entry) is Reason.OTHER_DAY
    counter.clock.advance(days=1)
    assert "not open now" in await scan(counter, make_link(today))
    assert await counter.count_rows("attendances") == {}


async def test_elsewhere_nobody_is_checked_in(bureau: Bureau) -> None:
    counter = bureau.counter
    campaign = await open_day(bureau, replace(TODAY, place=SIEM_REAP))
    await bureau.receive(make_case_file(SOKHA))
    await hire_with_chat(bureau)
    for one in (campaign, replace(campaign, id=99)):
        assert "an event day elsewhere" in await scan(counter, make_link(one))
    assert await count_came(counter, campaign) == 0


async def test_an_officer_of_a_district_helps_at_the_day_of_the_province(bureau: Bureau) -> None:
    counter, campaign = bureau.counter, await open_day(bureau)
    await bureau.receive(make_case_file(SOKHA))
    await hire_with_chat(bureau, "0201")
    assert "(SD)" in await scan(counter, make_link(campaign))
    assert await count_came(counter, campaign) == 1


async def test_at_the_day_of_a_district_its_neighbours_check_nobody_in(bureau: Bureau) -> None:
    counter = bureau.counter
    campaign = await open_day(bureau, replace(TODAY, place="0203"))
    await bureau.receive(make_case_file(SOKHA))
    await hire_with_chat(bureau, "0201")
    assert "an event day elsewhere" in await scan(counter, make_link(campaign))
    assert await count_came(counter, campaign) == 0


async def tap_undo(counter: Counter, choice: str, chat_id: int = OFFICER) -> None:
    counter.forget_sent()
    await counter.serve(chat_id, partial(take_undo, tap_id="tap", choice=choice, shown=9))


async def test_for_some_minutes_an_officer_takes_a_scan_back(bureau: Bureau) -> None:
    counter, campaign = bureau.counter, await open_day(bureau)
    await bureau.receive(make_case_file(SOKHA))
    await hire_with_chat(bureau)
    choice = f"{campaign.id}.{NUMBER}"
    for _ in range(2):
        await scan(counter, make_link(campaign))
        assert await count_came(counter, campaign) == 1
        [button] = read_parameters(counter.sent[0])["reply_markup"]["inline_keyboard"][0]
        assert button["callback_data"] == f"camp/undo/{choice}"
        await tap_undo(counter, choice)
        assert counter.sent[0].method == "editMessageText"
        assert await count_came(counter, campaign) == 0
    acts = [one.event.act for one in await bureau.list_events()]
    assert acts == ["check_in", "undo_check_in"] * 2


@pytest.mark.parametrize("choice", ["", ".", "1", "1.", "x.1", f"9.{NUMBER}", f"1.{OTHER_NUMBER}"])
async def test_a_forged_undo_takes_nothing_back(bureau: Bureau, choice: str) -> None:
    counter, campaign = bureau.counter, await open_day(bureau)
    await bureau.receive(make_case_file(SOKHA))
    await hire_with_chat(bureau)
    await scan(counter, make_link(campaign))
    await tap_undo(counter, choice)
    assert counter.toasts == ["This can no longer be taken back."]
    await tap_undo(counter, f"1.{NUMBER}", 99)
    assert await count_came(counter, campaign) == 1


async def test_later_or_by_another_officer_nothing_is_taken_back(bureau: Bureau) -> None:
    counter, campaign = bureau.counter, await open_day(bureau)
    await bureau.receive(make_case_file(SOKHA))
    one, other = await bureau.hire(), await bureau.hire()
    await check_in(bureau, one, campaign, NUMBER)
    counter.clock.advance(minutes=9)
    assert not await take_back(bureau, other, campaign)
    counter.clock.advance(minutes=2)
    assert not await take_back(bureau, one, campaign)
    assert await count_came(counter, campaign) == 1


async def take_back(bureau: Bureau, actor: Actor, campaign: Campaign) -> bool:
    async def act(uow: UnitOfWork, _desk: Desk, actor: Actor) -> bool:
        return await undo(uow, actor, campaign, NUMBER)

    is_undone: bool = await bureau.act(act, actor)
    return is_undone


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"status": Status.WITHDRAWN}, Reason.WITHDRAWN),
        ({"status": Status.REJECTED}, Reason.REJECTED),
        ({"status": Status.REJECTED, "duplicate_of": OTHER_NUMBER}, Reason.DUPLICATE),
        ({"duplicate_of": OTHER_NUMBER}, Reason.DUPLICATE),
    ],
)
async def test_who_is_no_longer_registered_is_refused_with_what_may_be_known(
    bureau: Bureau, changed: dict[str, Any], reason: Reason
) -> None:
    campaign, here = await open_day(bureau), await bureau.hire()
    elsewhere = await bureau.hire(places=(SIEM_REAP,))
    await bureau.receive(make_case_file(SOKHA))
    await bureau.put(replace(await bureau.get_case(), waiting=None, **changed))
    assert await check_in(bureau, here, campaign, NUMBER) is reason
    assert await check_in(bureau, elsewhere, campaign, NUMBER) is Reason.NOT_VALID
    assert await count_came(bureau.counter, campaign) == 0
    acts = [one.event.act for one in await bureau.list_events()]
    assert acts == ["refuse_check_in"] * 2


async def test_of_a_typed_number_from_elsewhere_only_initials_are_said(bureau: Bureau) -> None:
    campaign = await open_day(bureau)
    await bureau.receive(make_case_file(SOKHA))
    here, elsewhere = await bureau.hire(), await bureau.hire(places=(SIEM_REAP,))
    assert (await check_in(bureau, elsewhere, campaign, NUMBER)).who == "SD"
    assert (await check_in(bureau, here, campaign, NUMBER)).who == "ដារ៉ា (SD)"
    shown = await bureau.act(admit, elsewhere, campaign, Entry(NUMBER, campaign.id))
    assert shown.who == "ដារ៉ា (SD)"


async def test_two_desks_count_a_person_once(bureau: Bureau) -> None:
    campaign = await open_day(bureau)
    await bureau.receive(make_case_file(SOKHA))
    one, other = await bureau.hire(), await bureau.hire("សុខ ដារ៉ា")
    first = await check_in(bureau, one, campaign, NUMBER)
    second = await check_in(bureau, other, campaign, NUMBER)
    assert isinstance(first, Admission)
    assert (first.is_first, first.came) == (True, 1)
    assert (second.is_first, second.came, second.guest.checked_in_at is None) == (False, 1, False)
    assert await check_in(bureau, one, campaign, OTHER_NUMBER) is Reason.UNKNOWN


async def test_on_another_day_the_desk_admits_nobody(bureau: Bureau) -> None:
    campaign = await open_day(bureau, PLAN)
    await bureau.receive(make_case_file(SOKHA))
    with pytest.raises(NotToday):
        await check_in(bureau, await bureau.hire(), campaign, NUMBER)


async def test_a_scanner_or_fingers_enter_a_number(bureau: Bureau) -> None:
    desk = bureau.counter.desk
    shown = f"{NUMBER[:4]}-{NUMBER[4:8]}-{NUMBER[8]}"
    link = write_link(SIGNING_KEY, Ticket(5, NUMBER))
    for text in (NUMBER, shown, f" {shown} "):
        assert read_entry(desk, text) == Entry(NUMBER)
    for text in (f"https://t.me/Bot?start={link}", link):
        assert read_entry(desk, text) == Entry(NUMBER, 5)
    for text in ("", "12", NUMBER[:-1] + "0", f"in_5_{NUMBER}_aaaaaaaa", "https://t.me/Bot"):
        assert read_entry(desk, text) is None


async def list_shown(counter: Counter, chat_id: int = SOKHA) -> list[tuple[str, str | None]]:
    counter.forget_sent()
    await counter.serve(chat_id, show_own_codes)
    return [(call.method, call.attachment) for call in counter.sent]


async def test_a_registered_person_is_shown_a_code_for_each_day_to_come(bureau: Bureau) -> None:
    counter = bureau.counter
    first = await open_day(bureau)
    second = await open_day(bureau, make_plan(code="later"))
    far = await open_day(bureau, make_plan(code="srp", place=SIEM_REAP))
    await open_day(bureau, make_plan(code="far", place="0209"))
    await bureau.receive(make_case_file(SOKHA), locale="en")
    photos = [("sendPhoto", f"entry:{one.id}:{NUMBER}:png") for one in (first, second, far)]
    assert await list_shown(counter) == photos[:2]
    caption = read_parameters(counter.sent[1])["caption"]
    assert "Show this code to the officer" in caption
    assert PLAN.name_en in caption
    assert "10 March 2026" in caption
    await counter.serve(SOKHA, partial(open_link, source="srp"))
    answer = partial(answer_invitation, tap_id=None, choice=str(far.id), coming=True)
    await counter.serve(SOKHA, answer)
    assert await list_shown(counter) == photos
    counter.clock.advance(days=1)
    assert await list_shown(counter) == photos[1:]
    counter.clock.advance(days=6)
    assert await list_shown(counter) == [("sendMessage", None)]
    [text] = counter.texts(SOKHA)
    assert f"{NUMBER[:4]}-{NUMBER[4:8]}-{NUMBER[8]}" in text
    assert [method for method, _ in await list_shown(counter, 99)] == ["sendMessage"]


def fill_page(
    bureau: Bureau, campaign: Campaign, tag: str, entries: Mapping[str, DeskEntry] = ENTRIES
) -> Filled:
    context = make_context(bureau.counter.desk, bureau.counter.clock(), "km")
    plan = campaign.plan
    return fill(REGISTRATION_FORM, entries, context, tag, plan.code, plan.place)


async def register_page(
    bureau: Bureau,
    actor: Actor,
    campaign: Campaign,
    tag: str,
    entries: Mapping[str, DeskEntry] = ENTRIES,
) -> str:
    draft = fill_page(bureau, campaign, tag, entries).draft
    context = make_context(bureau.counter.desk, bureau.counter.clock(), "km")
    number: str = await bureau.act(register, actor, campaign, draft, context)
    return number


async def test_at_the_desk_somebody_without_a_phone_is_registered_and_has_come(
    bureau: Bureau,
) -> None:
    campaign, actor = await open_day(bureau), await bureau.hire()
    number = await register_page(bureau, actor, campaign, draw_tag())
    case = await bureau.get_case(number)
    assert (case.chat_id, case.office) == (None, "0203")
    assert [one.event.act for one in await bureau.list_events(number)] == ["submit", "check_in"]
    assert await count_came(bureau.counter, campaign) == 1
    assert bureau.counter.sent == []


async def test_who_registered_somebody_at_the_desk_leaves_the_decision_to_others(
    bureau: Bureau,
) -> None:
    campaign, actor, colleague = await open_day(bureau), await bureau.hire(), await bureau.hire()
    number = await register_page(bureau, actor, campaign, draw_tag())
    with pytest.raises(NotPossible) as told:
        await bureau.take(actor, number)
    assert told.value.hindrance is Hindrance.OWN_REGISTRATION
    assert await find_next_for(bureau, actor) is None
    assert await find_next_for(bureau, colleague) == number
    await bureau.take(colleague, number)
    with pytest.raises(NotPossible) as told:
        await bureau.act(
            hand_over, colleague, number, office=None, colleague=actor.staff.id, note=""
        )
    assert told.value.hindrance is Hindrance.OWN_REGISTRATION


async def find_next_for(bureau: Bureau, actor: Actor) -> str | None:
    now = bureau.counter.clock.now
    viewpoint = Viewpoint(Scope(None), actor.staff.id, now, now)
    async with bureau.counter.database.read() as connection:
        return await find_next(connection, viewpoint, Filters())


async def test_a_page_that_is_sent_twice_registers_once(bureau: Bureau) -> None:
    campaign, actor, tag = await open_day(bureau), await bureau.hire(), draw_tag()
    first = await register_page(bureau, actor, campaign, tag)
    assert await register_page(bureau, actor, campaign, tag) == first
    assert await register_page(bureau, actor, campaign, draw_tag()) != first
    assert await bureau.counter.count_rows("applications") == {"applications": 2}


async def test_a_sent_page_with_somebody_else_on_it_registers_that_person_once(
    bureau: Bureau,
) -> None:
    campaign, actor, tag = await open_day(bureau), await bureau.hire(), draw_tag()
    first = await register_page(bureau, actor, campaign, tag)
    other = {**ENTRIES, "name_km": DeskEntry("ចាន់ សុភា"), "name_latin": DeskEntry("CHAN SOPHEA")}
    second = await register_page(bureau, actor, campaign, tag, other)
    assert second != first
    assert await register_page(bureau, actor, campaign, tag, other) == second
    assert await register_page(bureau, actor, campaign, tag) == first
    assert await bureau.counter.count_rows("applications") == {"applications": 2}


async def test_nobody_is_registered_at_the_desk_of_another_day(bureau: Bureau) -> None:
    campaign, actor = await open_day(bureau), await bureau.hire()
    bureau.counter.clock.now = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
    with pytest.raises(NotToday):
        await register_page(bureau, actor, campaign, draw_tag())


async def list_numbers(
    bureau: Bureau,
    campaign: Campaign,
    count: Count,
    until: datetime,
    scope: Scope = WHOLE_COUNTRY,
) -> list[str]:
    async with bureau.counter.database.read() as connection:
        rows = await campaign_results.list_rows(connection, campaign, count, until, scope)
    return [row.number for _, row in rows]


async def test_the_counts_of_each_source_and_officer_are_the_rows_behind_them(
    bureau: Bureau,
) -> None:
    campaign, one, other = await open_day(bureau), await bureau.hire(), await bureau.hire("សុខ")
    file = make_case_file(SOKHA)
    of_poster = replace(file.registration, source=f"{campaign.plan.code}_market")
    bureau.counter.clock.advance(minutes=1)
    await bureau.receive(
        replace(file, registration=of_poster, submitted_at=bureau.counter.clock.now)
    )
    await check_in(bureau, one, campaign, NUMBER)
    await register_page(bureau, other, campaign, draw_tag())
    await register_page(bureau, one, campaign, draw_tag())
    until = bureau.counter.clock.advance(minutes=1)
    async with bureau.counter.database.read() as connection:
        sources = await campaign_results.count_by_source(connection, campaign, until, WHOLE_COUNTRY)
        officers = await campaign_results.count_by_officer(connection, campaign, WHOLE_COUNTRY)
    counts = {
        Count(figure, source=each.source): getattr(each, figure)
        for each in sources
        for figure in campaign_results.OF_SOURCE
    } | {
        Count(figure, officer=each.staff_id): number
        for each in officers
        for figure, number in zip(
            campaign_results.OF_OFFICER,
            (each.checked_in, each.registered, each.approved),
            strict=True,
        )
    }
    assert sum(counts.values()) == 2 * 3 + 3 + 2
    for count, number in counts.items():
        assert len(await list_numbers(bureau, campaign, count, until)) == number
    of_market = Count("came", source=of_poster.source)
    assert await list_numbers(bureau, campaign, of_market, until) == [NUMBER]
    assert await list_numbers(bureau, campaign, Count("came", source="facebook"), until) == []


async def test_figures_are_of_ones_places_and_count_nobody_twice(bureau: Bureau) -> None:
    campaign, actor = await open_day(bureau), await bureau.hire()
    bureau.counter.clock.advance(minutes=1)
    first = await register_page(bureau, actor, campaign, draw_tag())
    second = await register_page(bureau, actor, campaign, draw_tag())
    until = bureau.counter.clock.advance(minutes=1)
    elsewhere = Scope(frozenset({SIEM_REAP}))
    assert await count_all(bureau, campaign, until, WHOLE_COUNTRY) == (2, 2, 2, 2)
    assert await count_all(bureau, campaign, until, elsewhere) == (0, 0, 0, 0)
    came = Count("came")
    assert await list_numbers(bureau, campaign, came, until) == [first, second]
    assert await list_numbers(bureau, campaign, came, until, elsewhere) == []
    await bureau.put(replace(await bureau.get_case(second), duplicate_of=first))
    assert await count_all(bureau, campaign, until, WHOLE_COUNTRY) == (1, 1, 1, 1)
    assert await list_numbers(bureau, campaign, came, until) == [first]
    assert await count_came(bureau.counter, campaign) == 1


async def count_all(
    bureau: Bureau, campaign: Campaign, until: datetime, scope: Scope
) -> tuple[int, int, int, int]:
    """Count who came and who registered, then the same by source and by officer."""
    async with bureau.counter.database.read() as connection:
        figures = await campaign_results.count_figures(connection, campaign, until, scope)
        sources = await campaign_results.count_by_source(connection, campaign, until, scope)
        officers = await campaign_results.count_by_officer(connection, campaign, scope)
    by_source, by_officer = (
        sum(one.came for one in sources),
        sum(one.registered for one in officers),
    )
    return figures["came"], figures["registered"], by_source, by_officer


async def test_officers_and_the_rows_behind_each_figure_are_counted(bureau: Bureau) -> None:
    campaign, one, other = await open_day(bureau), await bureau.hire(), await bureau.hire("សុខ")
    await bureau.receive(make_case_file(SOKHA))
    await check_in(bureau, one, campaign, NUMBER)
    bureau.counter.clock.advance(minutes=1)
    registered = await register_page(bureau, other, campaign, draw_tag())
    until = bureau.counter.clock.advance(minutes=1)
    async with bureau.counter.database.read() as connection:
        officers = await campaign_results.count_by_officer(connection, campaign, WHOLE_COUNTRY)
    rows = {
        figure: await list_numbers(bureau, campaign, Count(figure), until)
        for figure in campaign_results.FIGURES
    }
    assert {each.staff_id: (each.checked_in, each.registered) for each in officers} == {
        one.staff.id: (1, 0),
        other.staff.id: (1, 1),
    }
    assert rows == {
        "invited": [],
        "answered": [],
        "coming": [],
        "came": [NUMBER, registered],
        "registered": [registered],
        "approved": [],
    }

"""At the door: an officer scans a code or types a number, and everybody is counted once."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from db import staff
from db.unit_of_work import UnitOfWork
from documents.check_in import Ticket, write_link
from domain.applications import Status
from domain.campaigns import Campaign
from domain.staff import Role
from domain.texts import Text
from services.check_in import (
    MOST_MISSES,
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
from tests.event_plan import PLAN, TODAY, make_plan
from tests.samples import make_contact
from tests.services.counter import Counter, read_parameters
from tests.services.door import SOKHA, check_in, count_came, make_link
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

OFFICER = 51


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


async def test_numbers_that_are_nobodys_are_written_down_without_the_number(bureau: Bureau) -> None:
    campaign, officer = await open_day(bureau), await bureau.hire()
    assert await check_in(bureau, officer, campaign, OTHER_NUMBER) is Reason.UNKNOWN
    [event] = [one.event for one in await bureau.list_events(f"campaign:{campaign.id}")][-1:]
    assert (event.act, event.actor_id) == ("miss_check_in", officer.staff.id)
    assert OTHER_NUMBER not in str(event)


async def test_whoever_tries_many_numbers_is_asked_for_codes_only_for_a_while(
    bureau: Bureau,
) -> None:
    campaign, officer, other = await open_day(bureau), await bureau.hire(), await bureau.hire("សុខ")
    await bureau.receive(make_case_file(SOKHA))
    for _ in range(MOST_MISSES):
        assert await check_in(bureau, officer, campaign, OTHER_NUMBER) is Reason.UNKNOWN
    for number in (OTHER_NUMBER, NUMBER):
        assert await check_in(bureau, officer, campaign, number) is Reason.CODE_ONLY
    assert await check_in(bureau, other, campaign, OTHER_NUMBER) is Reason.UNKNOWN
    shown = await bureau.act(admit, officer, campaign, Entry(NUMBER, campaign.id))
    assert isinstance(shown, Admission)
    bureau.counter.clock.advance(minutes=11)
    assert isinstance(await check_in(bureau, officer, campaign, NUMBER), Admission)


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
    for text, said in (
        ("", "desk.no_number"),
        ("https://t.me/Bot", "desk.no_number"),
        ("12", "desk.wrong_length"),
        (NUMBER[:-1] + "0", "desk.wrong_digit"),
        (f"in_5_{NUMBER}_aaaaaaaa", "desk.not_ours"),
    ):
        unread = read_entry(desk, text)
        assert isinstance(unread, Text)
        assert unread.id == said

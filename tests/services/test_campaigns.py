"""Event days are planned, announced, and their guests invited, reminded and counted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from db import campaign_results, campaigns
from db.unit_of_work import UnitOfWork
from documents.check_in import LINK
from domain.audiences import Audience, Field, Filter, read_audience
from domain.campaigns import RESERVED, Status, may_serve
from domain.notice_content import check_content, read_content
from domain.notices import Refusal, Refused, Topic
from domain.notices import Status as NoticeStatus
from domain.sources import IMPORT, NOTICE
from domain.staff import WHOLE_COUNTRY, Right, Role, Scope
from services import notices as acts
from services import verifying
from services.campaign_changes import cancel_campaign, change_campaign
from services.campaign_notices import draft_invitation
from services.campaigns import NoSuchCampaign, UnsoundPlan, note_poster
from services.desk_registration import TAG
from services.invitations import INVITATION
from services.rsvp import answer_invitation
from tests.event_plan import PLAN, TODAY, deliver, make_plan
from tests.samples import make_contact
from tests.services.counter import Counter
from tests.services.event_days import (
    CHAN,
    DARA,
    SOKHA,
    answer,
    count,
    find_notice,
    get,
    hire,
    invite,
    list_reminders,
    plan,
    receive,
    tend,
)
from tests.services.office import SIEM_REAP, Bureau, make_case_file


async def test_an_event_day_is_planned_with_its_reminders(bureau: Bureau) -> None:
    actor = await hire(bureau)
    campaign_id = await plan(bureau, actor)
    campaign = await get(bureau.counter, campaign_id)
    assert (campaign.plan, campaign.status) == (PLAN, Status.PLANNED)
    assert [one.status for one in await list_reminders(bureau.counter, campaign_id)] == [
        "pending"
    ] * 3
    [event] = await bureau.list_events(f"campaign:{campaign_id}")
    assert event.event.act == "plan_campaign"


async def test_nobody_plans_for_places_that_are_not_theirs(bureau: Bureau) -> None:
    actor = await hire(bureau, SIEM_REAP)
    with pytest.raises(UnsoundPlan, match="place"):
        await plan(bureau, actor)


async def test_an_officer_plans_nothing(bureau: Bureau) -> None:
    with pytest.raises(UnsoundPlan, match="place"):
        await plan(bureau, await bureau.hire())


async def test_a_code_is_used_once(bureau: Bureau) -> None:
    actor = await hire(bureau)
    await plan(bureau, actor)
    with pytest.raises(UnsoundPlan, match="code_taken"):
        await plan(bureau, actor)


@pytest.mark.parametrize("code", sorted(RESERVED))
async def test_a_word_with_which_other_links_begin_is_no_code(bureau: Bureau, code: str) -> None:
    with pytest.raises(UnsoundPlan, match="code"):
        await plan(bureau, await hire(bureau), make_plan(code=code))


def test_every_word_with_which_a_link_begins_is_reserved() -> None:
    starts = INVITATION, verifying.LINK, LINK, NOTICE, IMPORT, TAG
    assert {one.rstrip("_:") for one in starts} <= RESERVED


async def register_by(counter: Counter, chat_id: int, lot: int, source: str) -> None:
    async def work(uow: UnitOfWork) -> None:
        uow.save_contact(make_contact(chat_id))
        file = make_case_file(chat_id, lot, submitted_at=uow.now)
        by_source = replace(file.registration, source=source)
        uow.add_application(replace(file, registration=by_source))

    await counter.run(work)


async def test_nobody_takes_the_people_of_another_source_with_a_code(bureau: Bureau) -> None:
    await register_by(bureau.counter, 101, 1000, "bank-branch_77")
    with pytest.raises(UnsoundPlan, match="code_taken"):
        await plan(bureau, await hire(bureau), make_plan(code="bank-branch"))


async def test_a_code_by_which_somebody_came_stays(bureau: Bureau) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    campaign_id = await plan(bureau, actor)
    await bureau.act(change_campaign, actor, campaign_id, make_plan(code="first"))
    assert (await get(counter, campaign_id)).plan.code == "first"
    await register_by(counter, 101, 1000, "first_market")
    await bureau.act(change_campaign, actor, campaign_id, make_plan(code="second", target=7))
    changed = (await get(counter, campaign_id)).plan
    assert (changed.code, changed.target) == ("first", 7)


async def test_a_code_that_hangs_on_a_wall_stays(bureau: Bureau) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    campaign_id = await plan(bureau, actor)
    campaign = await get(counter, campaign_id)

    async def draw(uow: UnitOfWork) -> None:
        note_poster(uow, actor, campaign, "btb-2026_market")

    await counter.run(draw)
    await bureau.act(change_campaign, actor, campaign_id, make_plan(code="second"))
    assert (await get(counter, campaign_id)).plan.code == campaign.plan.code


async def test_a_scope_sees_its_own_event_days(bureau: Bureau) -> None:
    await plan(bureau, await hire(bureau))
    async with bureau.counter.database.read() as connection:
        for places, number in ((["02"], 1), (["17"], 0), (["0203"], 0), ([], 0), (None, 1)):
            scope = Scope(None if places is None else frozenset(places))
            assert len(await campaigns.list_within(connection, scope)) == number


async def test_days_are_listed_to_whoever_may_check_people_in(bureau: Bureau) -> None:
    manager = await bureau.hire("ចាន់ ណារី", (Role.CAMPAIGN_MANAGER,), None)
    for place in ("02", "0203", "1701"):
        await plan(bureau, manager, make_plan(code=f"day-{place}", place=place))
    officer = (await bureau.hire()).staff
    for reach in (None, ["02"], ["0203"], ["0204"], ["17"], ["1701", "0204"], []):
        places = None if reach is None else frozenset(reach)
        async with bureau.counter.database.read() as connection:
            listed = await campaigns.list_touched(connection, Scope(places))
            everything = await campaigns.list_touched(connection, Scope(None))
        somebody = replace(officer, grants={Role.OFFICER: places})
        assert listed == [
            one for one in everything if may_serve(somebody, Right.CHECK_IN, one.plan.place)
        ]


async def test_a_moved_day_moves_its_reminders(bureau: Bureau) -> None:
    actor = await hire(bureau)
    campaign_id = await plan(bureau, actor)
    before = await list_reminders(bureau.counter, campaign_id)
    later = timedelta(days=1)
    moved = make_plan(held_on=PLAN.held_on + later, starts_at=PLAN.starts_at + later)
    await bureau.act(change_campaign, actor, campaign_id, moved)
    after = await list_reminders(bureau.counter, campaign_id)
    assert [one.reminder.due_at for one in after] == [one.reminder.due_at + later for one in before]


async def test_by_what_people_know_the_day_stays_once_they_are_invited(bureau: Bureau) -> None:
    actor = await hire(bureau)
    campaign_id = await plan(bureau, actor)
    await invite(bureau, actor, campaign_id)
    await bureau.act(
        change_campaign, actor, campaign_id, make_plan(code="other", name_en="Fair", capacity=900)
    )
    campaign = await get(bureau.counter, campaign_id)
    assert campaign.plan == make_plan(capacity=900)


async def test_an_invitation_is_a_draft_that_lacks_nothing(bureau: Bureau) -> None:
    actor = await hire(bureau)
    campaign_id = await plan(bureau, actor)
    stored = await find_notice(
        bureau.counter, await bureau.act(draft_invitation, actor, campaign_id)
    )
    content = read_content(stored.notice.content)
    assert check_content(content) == []
    assert stored.notice.status is NoticeStatus.DRAFT
    assert (stored.notice.topic, stored.campaign_id) == (Topic.CAMPAIGNS, campaign_id)
    assert read_audience(stored.notice.audience) == Audience((Filter(Field.PLACE, ("02",)),))
    assert stored.notice.send_by == PLAN.starts_at
    assert "{given_name}" in content.text_km
    assert PLAN.name_en in content.text_en
    assert "Tuesday, 10 March 2026, 08:00" in content.text_en
    assert "ថ្ងៃអង្គារ ទី១០ ខែមីនា" in content.text_km


async def test_whoever_planned_or_changed_a_day_does_not_approve_its_invitation(
    bureau: Bureau,
) -> None:
    planning, changing, drafting, approving = [await hire(bureau) for _ in range(4)]
    campaign_id = await plan(bureau, planning)
    await bureau.act(change_campaign, changing, campaign_id, make_plan(name_en="Fair"))
    notice_id = await bureau.act(draft_invitation, drafting, campaign_id)
    version = (await find_notice(bureau.counter, notice_id)).notice.version
    await bureau.act(acts.submit, drafting, notice_id, version)

    for actor in (planning, changing, drafting):
        with pytest.raises(Refused) as refused:
            await bureau.act(acts.approve, actor, notice_id, version)
        assert refused.value.refusal is Refusal.OWN_NOTICE
    approved = await bureau.act(acts.approve, approving, notice_id, version)
    assert approved.status is NoticeStatus.APPROVED


async def test_names_with_braces_are_no_placeholders(bureau: Bureau) -> None:
    actor = await hire(bureau)
    campaign_id = await plan(bureau, actor, make_plan(name_en="Day {one}"))
    stored = await find_notice(
        bureau.counter, await bureau.act(draft_invitation, actor, campaign_id)
    )
    assert check_content(read_content(stored.notice.content)) == []


async def test_people_answer_and_change_their_mind(bureau: Bureau) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    await receive(bureau, SOKHA)
    campaign_id = await plan(bureau, actor)
    await invite(bureau, actor, campaign_id)
    await answer(counter, SOKHA, campaign_id, coming=True)
    assert "We look forward to seeing you" in counter.texts(SOKHA)[0]
    assert PLAN.venue_en in counter.texts(SOKHA)[0]
    assert (await count(counter, campaign_id))["coming"] == 1
    counter.forget_sent()
    await answer(counter, SOKHA, campaign_id, coming=True)
    assert counter.texts(SOKHA) == []
    await answer(counter, SOKHA, campaign_id, coming=False)
    figures = await count(counter, campaign_id)
    assert (figures["invited"], figures["answered"], figures["coming"]) == (1, 1, 0)


async def test_a_stranger_is_asked_to_register_first(bureau: Bureau) -> None:
    counter = bureau.counter
    campaign_id = await plan(bureau, await hire(bureau))
    await answer(counter, SOKHA, campaign_id, coming=True)
    assert "/start" in str(counter.toasts)
    assert await counter.count_rows("attendances", "contacts") == {}


@pytest.mark.parametrize("choice", ["", "x", "٣", "9" * 13, "999", "-1"])
async def test_buttons_that_name_no_event_day_change_nothing(bureau: Bureau, choice: str) -> None:
    await receive(bureau, SOKHA)
    say = partial(answer_invitation, tap_id="tap", choice=choice, coming=True)
    await bureau.counter.serve(SOKHA, say)
    assert await bureau.counter.count_rows("attendances") == {}


async def test_answers_are_taken_until_the_day_is_over(bureau: Bureau) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    await receive(bureau, SOKHA)
    campaign_id = await plan(bureau, actor, TODAY)
    counter.clock.now = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
    await answer(counter, SOKHA, campaign_id, coming=True)
    assert (await count(counter, campaign_id))["answered"] == 0


async def test_reminders_are_approved_with_their_invitation(bureau: Bureau) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    await receive(bureau, SOKHA, DARA)
    campaign_id = await plan(bureau, actor)
    invitation = await find_notice(counter, await invite(bureau, actor, campaign_id))
    await answer(counter, SOKHA, campaign_id, coming=True)
    await answer(counter, DARA, campaign_id, coming=False)

    await tend(counter, datetime(2026, 3, 7, 2, 0, tzinfo=UTC))
    await tend(counter, datetime(2026, 3, 7, 2, 1, tzinfo=UTC))

    first, *others = await list_reminders(counter, campaign_id)
    assert (first.status, [one.status for one in others]) == ("made", ["pending", "pending"])
    made = await find_notice(counter, first.notice_id)
    assert made.notice.status is NoticeStatus.SENDING
    assert (made.notice.topic, made.started_at) == (Topic.MY_APPLICATION, made.created_at)
    assert made.notice.approvals == invitation.notice.approvals
    assert made.notice.send_by == first.reminder.expires_at
    assert check_content(read_content(made.notice.content)) == []
    reached: list[int] = []

    async def send(uow: UnitOfWork) -> None:
        reached.append(await deliver(uow, made.id))

    await counter.run(send)
    assert reached == [1]
    assert (await count(counter, campaign_id))["invited"] == 2


async def test_a_late_reminder_still_goes_until_the_next_has_come(bureau: Bureau) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    campaign_id = await plan(bureau, actor)
    await invite(bureau, actor, campaign_id)
    await tend(counter, datetime(2026, 3, 9, 23, 0, tzinfo=UTC))
    statuses = [one.status for one in await list_reminders(counter, campaign_id)]
    assert statuses == ["expired", "made", "pending"]


async def test_without_an_approved_invitation_nobody_is_reminded(bureau: Bureau) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    campaign_id = await plan(bureau, actor)
    await bureau.act(draft_invitation, actor, campaign_id)
    await tend(counter, datetime(2026, 3, 7, 3, 0, tzinfo=UTC))
    assert {one.status for one in await list_reminders(counter, campaign_id)} == {"pending"}
    await tend(counter, datetime(2026, 3, 11, 3, 0, tzinfo=UTC))
    assert {one.status for one in await list_reminders(counter, campaign_id)} == {"expired"}
    assert (await counter.count_rows("notices")) == {"notices": 1}


async def test_a_day_that_is_over_has_been_held(bureau: Bureau) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    campaign_id = await plan(bureau, actor)
    await tend(counter, datetime(2026, 3, 10, 16, 59, tzinfo=UTC))
    assert (await get(counter, campaign_id)).status is Status.PLANNED
    await tend(counter, datetime(2026, 3, 10, 17, 0, tzinfo=UTC))
    assert (await get(counter, campaign_id)).status is Status.HELD


async def test_calling_off_stops_invitations_and_reminders(bureau: Bureau) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    await receive(bureau, SOKHA)
    campaign_id = await plan(bureau, actor)
    notice_id = await invite(bureau, actor, campaign_id)
    await bureau.act(cancel_campaign, actor, campaign_id)
    assert (await get(counter, campaign_id)).status is Status.CANCELLED
    assert (await find_notice(counter, notice_id)).notice.status is NoticeStatus.CANCELLED
    assert {one.status for one in await list_reminders(counter, campaign_id)} == {"expired"}
    await answer(counter, SOKHA, campaign_id, coming=True)
    assert (await count(counter, campaign_id))["answered"] == 0
    with pytest.raises(NoSuchCampaign):
        await bureau.act(cancel_campaign, actor, campaign_id)


async def test_what_was_there_before_the_day_or_its_invitation_is_not_its_fruit(
    bureau: Bureau,
) -> None:
    counter, actor = bureau.counter, await hire(bureau)

    async def register(
        uow: UnitOfWork, chat_id: int, source: str | None, hours_ago: int = 0
    ) -> None:
        uow.save_contact(make_contact(chat_id, wants_notices=True, reachable=True))
        file = make_case_file(chat_id, submitted_at=uow.now - timedelta(hours=hours_ago))
        brought = replace(file.registration, source=source)
        uow.add_application(replace(file, registration=brought))

    campaign_id = await plan(bureau, actor)
    await counter.run(partial(register, chat_id=DARA, source=PLAN.code, hours_ago=1))
    counter.clock.advance(hours=1)
    await counter.run(partial(register, chat_id=SOKHA, source=None))
    counter.clock.advance(hours=1)
    await invite(bureau, actor, campaign_id)
    figures = await count(counter, campaign_id)
    assert (figures["invited"], figures["registered"]) == (2, 0)
    await counter.run(partial(register, chat_id=CHAN, source=PLAN.code))
    assert (await count(counter, campaign_id))["registered"] == 1


async def test_registrations_count_by_code_and_by_invited_chat(bureau: Bureau) -> None:
    counter, actor = bureau.counter, await hire(bureau)
    await receive(bureau, SOKHA)
    campaign_id = await plan(bureau, actor)
    await invite(bureau, actor, campaign_id)
    counter.clock.advance(days=1)
    made = {
        101: "btb-2026",
        102: "btb-2026_market",
        103: "btb-2026x",
        104: "facebook",
        SOKHA: None,
    }

    async def register(uow: UnitOfWork) -> None:
        for lot, (chat_id, source) in enumerate(made.items(), start=1000):
            uow.save_contact(make_contact(chat_id))
            file = make_case_file(chat_id, lot, submitted_at=uow.now)
            uow.add_application(
                replace(file, registration=replace(file.registration, source=source))
            )

    await counter.run(register)
    assert (await count(counter, campaign_id))["registered"] == 3
    campaign = await get(counter, campaign_id)
    async with counter.database.read() as connection:
        until = counter.clock.now + timedelta(days=1)
        by_source = await campaign_results.count_by_source(
            connection, campaign, until, WHOLE_COUNTRY
        )
        early = await campaign_results.count_figures(
            connection, campaign, counter.clock.now, WHOLE_COUNTRY
        )
    assert {one.source: one.registered for one in by_source} == {
        "btb-2026": 1,
        "btb-2026_market": 1,
    }
    assert early["registered"] == 0

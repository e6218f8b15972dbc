"""People who plan event days, their guests, and time that passes until the day."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import select

from db import campaign_results, campaigns, notices
from db.campaigns import StoredReminder
from db.notices import StoredNotice
from db.tables import recipients
from db.unit_of_work import UnitOfWork
from domain.campaigns import Campaign, Plan
from domain.notice_content import ButtonKind, Content
from domain.notices import Status, Topic
from domain.staff import WHOLE_COUNTRY, Role
from services.campaign_notices import draft_invitation
from services.campaign_reminders import tend_campaigns
from services.campaigns import note_poster, plan_campaign
from services.desk import Actor
from services.notice_clock import NoticeClock
from services.rsvp import answer_invitation
from tests.event_plan import PLAN, TODAY, approve, deliver, make_plan
from tests.samples import make_contact
from tests.services.counter import Counter
from tests.services.office import BATTAMBANG, Bureau, make_case_file

SOKHA, DARA, CHAN, BORA = 41, 42, 43, 44
DAY_BEFORE = datetime(2026, 3, 9, 3, 0, tzinfo=UTC)


async def hire(bureau: Bureau, *places: str) -> Actor:
    """Hire somebody who plans event days, in Battambang unless other places are named."""
    return await bureau.hire("ចាន់ ណារី", (Role.CAMPAIGN_MANAGER,), places or (BATTAMBANG,))


async def plan(bureau: Bureau, actor: Actor, planned: Plan = PLAN) -> int:
    """Plan an event day, and give its id."""
    campaign_id: int = await bureau.act(plan_campaign, actor, planned)
    return campaign_id


async def open_day(bureau: Bureau, planned: Plan = TODAY) -> Campaign:
    """Plan an event day by somebody of its place, draw its poster, and get it."""
    manager = await hire(bureau, planned.place)
    campaign = await get(bureau.counter, await plan(bureau, manager, planned))
    await draw_poster(bureau.counter, manager, campaign)
    return campaign


async def draw_poster(counter: Counter, actor: Actor, campaign: Campaign) -> None:
    """Have the poster of an event day drawn."""

    async def draw(uow: UnitOfWork) -> None:
        note_poster(uow, actor, campaign, campaign.plan.code)

    await counter.run(draw)


async def get(counter: Counter, campaign_id: int) -> Campaign:
    """Get an event day as it is stored."""
    async with counter.database.read() as connection:
        found = await campaigns.find(connection, campaign_id)
    assert found is not None
    return found


async def receive(bureau: Bureau, *chats: int) -> None:
    """Register some people a month ago, who read English and want notices."""

    async def work(uow: UnitOfWork) -> None:
        for chat_id in chats:
            contact = make_contact(chat_id, wants_notices=True, reachable=True, locale="en")
            uow.save_contact(contact)
            earlier = uow.now - timedelta(days=30)
            uow.add_application(make_case_file(chat_id, submitted_at=earlier))

    await bureau.counter.run(work)
    bureau.counter.forget_sent()


async def invite(bureau: Bureau, actor: Actor, campaign_id: int) -> int:
    """Have an invitation drafted, approved and delivered."""
    notice_id: int = await bureau.act(draft_invitation, actor, campaign_id)
    colleague = await hire(bureau)

    async def work(uow: UnitOfWork) -> None:
        await approve(uow, notice_id, colleague.staff.id)
        await deliver(uow, notice_id)

    await bureau.counter.run(work)
    return notice_id


async def invite_all(bureau: Bureau, *chats: int, capacity: int | None = 2) -> tuple[Actor, int]:
    """Register some people, and invite them to an event day with so many places."""
    actor = await hire(bureau)
    await receive(bureau, *chats)
    campaign_id = await plan(bureau, actor, make_plan(capacity=capacity))
    await invite(bureau, actor, campaign_id)
    return actor, campaign_id


async def invite_four(bureau: Bureau, planned: Plan = PLAN) -> tuple[Actor, int, int]:
    """Invite four: one comes, one does not, one has not answered, one was not reached yet."""
    actor = await hire(bureau)
    await receive(bureau, SOKHA, DARA, CHAN, BORA)
    campaign_id = await plan(bureau, actor, planned)
    invitation = await invite(bureau, actor, campaign_id)
    await bureau.counter.run(partial(put, notice_id=invitation, status=Status.SENDING))
    await queue(bureau.counter, invitation, BORA)
    await answer(bureau.counter, SOKHA, campaign_id, coming=True)
    await answer(bureau.counter, DARA, campaign_id, coming=False)
    bureau.counter.forget_sent()
    return actor, campaign_id, invitation


async def answer(counter: Counter, chat_id: int, campaign_id: int, coming: bool) -> None:
    """Say whether somebody comes, as a tap below the invitation does."""
    say = partial(answer_invitation, tap_id="tap", choice=str(campaign_id), coming=coming)
    await counter.serve(chat_id, say)


async def count(counter: Counter, campaign_id: int) -> dict[str, int]:
    """Count the figures of an event day."""
    campaign = await get(counter, campaign_id)
    async with counter.database.read() as connection:
        until = datetime(2026, 4, 1, tzinfo=UTC)
        return await campaign_results.count_figures(connection, campaign, until, WHOLE_COUNTRY)


async def list_reminders(counter: Counter, campaign_id: int) -> list[StoredReminder]:
    """List the reminders of an event day, the earliest first."""
    async with counter.database.read() as connection:
        return await campaigns.list_reminders(connection, campaign_id)


async def find_notice(counter: Counter, notice_id: int | None) -> StoredNotice:
    """Find a notice that must be there."""
    assert notice_id is not None
    async with counter.database.read() as connection:
        found = await notices.find(connection, notice_id)
    assert found is not None
    return found


async def list_notices(counter: Counter, campaign_id: int) -> list[StoredNotice]:
    """List the notices about an event day."""
    async with counter.database.read() as connection:
        ids = await campaigns.list_notices(connection, campaign_id)
        found = [await notices.find(connection, one) for one in ids]
    return [one for one in found if one is not None]


async def read_ledger(counter: Counter, notice_id: int) -> dict[int, str]:
    """Read what became of each recipient of a notice."""
    async with counter.database.read() as connection:
        rows = await connection.execute(
            select(recipients.c.chat_id, recipients.c.status).where(
                recipients.c.notice_id == notice_id
            )
        )
        return {row.chat_id: row.status for row in rows}


def has_answers(content: Content) -> bool:
    """Tell whether a notice asks its readers whether they come."""
    return any(one.kind is ButtonKind.RSVP for one in content.buttons)


async def queue(counter: Counter, notice_id: int, chat_id: int, status: str = "queued") -> None:
    """Put the status of one recipient of a notice."""

    async def work(uow: UnitOfWork) -> None:
        of_one = recipients.c.notice_id == notice_id, recipients.c.chat_id == chat_id
        at = None if status == "queued" else uow.now
        changed = recipients.update().where(*of_one).values(status=status, settled_at=at)
        await uow.connection.execute(changed)

    await counter.run(work)


async def put(uow: UnitOfWork, notice_id: int, status: Status) -> None:
    """Put the status of a notice that has begun to be sent."""
    stored = await notices.find(uow.connection, notice_id)
    assert stored is not None
    begun = replace(stored.notice, status=status)
    await notices.save(uow.connection, begun, started_at=uow.now)


async def widen(uow: UnitOfWork, notice_id: int) -> None:
    """Let a notice be for everybody, wherever they live."""
    stored = await notices.find(uow.connection, notice_id)
    assert stored is not None
    await notices.save(uow.connection, replace(stored.notice, audience={}))


async def tend(counter: Counter, now: datetime) -> None:
    """Let a time come at which event days are looked after."""
    counter.clock.now = now
    await tend_campaigns(counter.run, counter.desk)


async def tend_all(counter: Counter) -> None:
    """Have the clock of notices look after all of them."""
    await NoticeClock(counter.run, counter.database, counter.desk).look(counter.clock())


async def list_news(counter: Counter, campaign_id: int) -> list[StoredNotice]:
    """List all news, and let them be queued."""
    await tend_all(counter)
    return [one for one in await list_notices(counter, campaign_id) if one.occasion == "news"]


async def get_news(counter: Counter, campaign_id: int) -> StoredNotice:
    """Get the latest news for those who said yes."""
    listed = await list_news(counter, campaign_id)
    return [one for one in listed if one.notice.topic is Topic.MY_APPLICATION][-1]


async def read_told(counter: Counter, campaign_id: int) -> dict[int, str]:
    """Read what became of the latest news of each who was to be told."""
    found: dict[int, str] = {}
    for one in await list_news(counter, campaign_id):
        found.update(await read_ledger(counter, one.id))
    return found


async def remind(counter: Counter, campaign_id: int) -> dict[int, str]:
    """Have the day before come, and give who is reminded."""
    await tend(counter, DAY_BEFORE)
    await tend_all(counter)
    [made] = [one for one in await list_reminders(counter, campaign_id) if one.status == "made"]
    assert made.notice_id is not None
    return await read_ledger(counter, made.notice_id)

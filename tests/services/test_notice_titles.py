"""Staff hear of invitations and of what is sent after them in their own language."""

from db import notices
from domain.staff import Role
from services import notices as acts
from services.campaign_changes import cancel_campaign
from services.campaign_notices import draft_invitation
from services.campaigns import plan_campaign
from services.desk import Actor
from tests.event_plan import PLAN
from tests.samples import make_contact
from tests.services.counter import read_parameters
from tests.services.lookout import Lookout
from tests.services.newsroom import APPROVER_CHAT, AUTHOR_CHAT, Newsroom


async def invite(newsroom: Newsroom, author: Actor) -> int:
    """Have an invitation drafted, of which the stored title is in Khmer."""
    campaign_id = await newsroom.act(plan_campaign, author, PLAN)
    notice_id: int = await newsroom.act(draft_invitation, author, campaign_id)
    assert (await newsroom.get(notice_id)).title == PLAN.name_km
    return notice_id


def list_said(newsroom: Newsroom) -> dict[int, str]:
    """List what was said to whom last."""
    return {call.chat_id: read_parameters(call)["text"] for call in newsroom.counter.sent}


async def test_approvers_and_author_read_of_an_invitation_in_their_own_language(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.hire(Role.ADMINISTRATOR, chat_id=903)
    await newsroom.counter.save(make_contact(903, locale="km"))
    notice_id = await invite(newsroom, author)
    await newsroom.act(acts.submit, author, notice_id)
    said = list_said(newsroom)
    assert f"“Invitation · {PLAN.name_en}”" in said[APPROVER_CHAT]
    assert f"«លិខិតអញ្ជើញ · {PLAN.name_km}»" in said[903]
    await newsroom.act(acts.approve, approver, notice_id)
    assert f"“Invitation · {PLAN.name_en}”" in list_said(newsroom)[AUTHOR_CHAT]


async def test_an_authors_own_title_stays(newsroom: Newsroom, author: Actor) -> None:
    await newsroom.hire(Role.ADMINISTRATOR, chat_id=APPROVER_CHAT)
    notice_id = await invite(newsroom, author)
    stored = await newsroom.get(notice_id)
    await newsroom.counter.database.write(
        lambda connection: notices.save(connection, stored.notice, title="Come & see")
    )
    await newsroom.act(acts.submit, author, notice_id)
    assert "“Invitation · Come &amp; see”" in list_said(newsroom)[APPROVER_CHAT]


async def test_how_far_an_invitation_and_news_are_is_told_in_the_authors_language(
    lookout: Lookout,
) -> None:
    newsroom, author = lookout.newsroom, lookout.author
    await newsroom.register(1)
    notice_id = await invite(newsroom, author)
    await newsroom.act(acts.submit, author, notice_id)
    await newsroom.act(acts.approve, lookout.approver, notice_id)
    newsroom.counter.clock.advance(minutes=10)
    await newsroom.tend()
    [said] = await lookout.look()
    assert f"“Invitation · {PLAN.name_en}” is being sent" in said
    await newsroom.send()
    stored = await newsroom.get(notice_id)
    await newsroom.act(cancel_campaign, author, stored.campaign_id)
    await newsroom.tend()
    newsroom.counter.clock.advance(minutes=1)
    said = "".join(await lookout.look())
    assert f"“Called off · {PLAN.name_en}” is being sent" in said

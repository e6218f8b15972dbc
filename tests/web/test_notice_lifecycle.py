"""From a draft to the end: submitted, approved by somebody else, paused, stopped and tried."""

from domain.notices import Status
from domain.staff import Role
from tests.web.notices import (
    MANAGER,
    READ,
    add_notice,
    add_people,
    get_status,
    queue_people,
    sign_in,
)
from tests.web.visiting import House, rebuild


async def test_a_notice_goes_from_its_author_over_a_colleague_to_its_time(house: House) -> None:
    author = await house.hire(MANAGER, name="Chan Sophea")
    writing = await house.sign_in(author)
    approving = await sign_in(house, name="Keo Bopha")
    notice = await add_notice(house, author)
    path = f"/notices/{notice}"

    assert (await writing.post(f"{path}/submit", READ)).headers["location"] == f"{path}?done=submit"
    own = await writing.post(f"{path}/approve", READ)
    assert (own.status_code, "another colleague must approve it" in own.text) == (409, True)
    assert f'action="{path}/approve"' not in (await writing.get(path)).text
    assert "Chan Sophea wrote it." in await approving.read(path)

    await approving.post(f"{path}/approve", READ)

    assert await get_status(house, notice) is Status.APPROVED
    words = await approving.read(path)
    assert "Approved by Keo Bopha" in words
    assert "Sending begins in" in words
    assert "Submitted for approval Chan Sophea" in words


async def test_a_returned_notice_tells_its_author_why(house: House) -> None:
    author = await house.hire(MANAGER)
    notice = await add_notice(house, author, Status.PENDING_APPROVAL)
    approver = await sign_in(house, name="Keo Bopha")

    silent = await approver.post(f"/notices/{notice}/return", {"note": " "})
    assert "Please write what should be changed." in silent.text
    assert await get_status(house, notice) is Status.PENDING_APPROVAL
    await approver.post(f"/notices/{notice}/return", {"note": "Say <where>, please."})

    page = (await (await house.sign_in(author)).get(f"/notices/{notice}/edit")).text
    assert "Keo Bopha returned it" in page
    assert "Say &lt;where&gt;, please." in page


async def test_an_unfinished_draft_is_not_submitted_and_says_what_it_lacks(house: House) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    notice = await add_notice(house, author, title="")

    answer = await browser.post(f"/notices/{notice}/submit", READ)

    assert answer.status_code == 409
    assert "Please give it a title" in answer.text
    assert await get_status(house, notice) is Status.DRAFT


async def test_an_emergency_shows_how_many_have_approved_and_asks_for_two(house: House) -> None:
    author = await house.hire(MANAGER)
    notice = await add_notice(house, author, Status.PENDING_APPROVAL, emergency=True)
    first, second = await sign_in(house), await sign_in(house, name="Keo Bopha")
    path = f"/notices/{notice}"

    await first.post(f"{path}/approve", READ)

    assert "1 of 2 approvals are given." in await first.read(path)
    assert "You have approved it already." in await first.read(path)
    await second.post(f"{path}/approve", READ)
    assert await get_status(house, notice) is Status.APPROVED


async def test_the_price_is_told_before_approval_if_sending_is_paid_for(house: House) -> None:
    await add_people(house, 21)
    author = await house.hire(MANAGER)
    notice = await add_notice(house, author, Status.PENDING_APPROVAL)
    paid = rebuild(house, paid_per_second=1000)

    assert "0.1 Stars" not in await (await sign_in(house)).read(f"/notices/{notice}")
    words = await (await sign_in(paid)).read(f"/notices/{notice}")
    assert "Telegram sends 30 a second for nothing" in words
    assert "at most 3 Stars" in words


async def test_a_notice_is_paused_resumed_and_stopped_after_a_question(house: House) -> None:
    await add_people(house, 3)
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    notice = await add_notice(house, author, Status.SENDING)
    await queue_people(house, notice)
    path = f"/notices/{notice}"

    await browser.post(f"{path}/pause")
    assert await get_status(house, notice) is Status.PAUSED
    await browser.post(f"{path}/resume")
    assert await get_status(house, notice) is Status.SENDING
    assert "3 people are still waiting for it." in await browser.read(f"{path}/stop")
    assert await get_status(house, notice) is Status.SENDING
    await browser.post(f"{path}/stop")
    assert await get_status(house, notice) is Status.CANCELLED
    again = await browser.post(f"{path}/pause")
    assert again.status_code == 409
    for page in (path, "/notices"):
        assert "0 of 3 sent" in await browser.read(page)
        assert 'max="3" value="0"' in (await browser.get(page)).text


async def test_what_a_colleague_paused_its_author_cannot_resume_and_is_told_so(
    house: House,
) -> None:
    author = await house.hire(MANAGER)
    writing, approving = await house.sign_in(author), await sign_in(house)
    notice = await add_notice(house, author, Status.SENDING)
    path = f"/notices/{notice}"

    await approving.post(f"{path}/pause")
    page = (await writing.get(path)).text
    refused = await writing.post(f"{path}/resume")

    assert f'action="{path}/resume"' not in page
    for text in (page, refused.text):
        assert "A colleague has paused this notice." in text
    assert await get_status(house, notice) is Status.PAUSED
    assert f'action="{path}/resume"' in (await approving.get(path)).text
    await approving.post(f"{path}/resume")
    assert await get_status(house, notice) is Status.SENDING


async def test_who_only_writes_is_offered_nothing_that_moves_a_colleagues_notice(
    house: House,
) -> None:
    author = await house.hire(MANAGER)
    notice = await add_notice(house, author, Status.SENDING)
    writer = await house.sign_in(await house.hire(Role.BENEFIT_OWNER))
    path = f"/notices/{notice}"

    page = (await writer.get(path)).text

    assert f"{path}/copy" in page
    for act in ("pause", "stop"):
        assert f"{path}/{act}" not in page
        assert (await writer.post(f"{path}/{act}")).status_code == 404
    for act in ("stop", "resend"):
        assert (await writer.get(f"{path}/{act}")).status_code == 404
    form = {"seen_at": house.clock().isoformat()}
    assert (await writer.post(f"{path}/resend", form)).status_code == 404
    assert await get_status(house, notice) is Status.SENDING


async def test_a_test_goes_to_ones_own_chat_and_says_if_there_is_none(house: House) -> None:
    author = await house.hire(MANAGER, chat_id=900)
    chatless = await sign_in(house)
    notice = await add_notice(house, author)

    await (await house.sign_in(author)).post(f"/notices/{notice}/test")
    refused = await chatless.post(f"/notices/{notice}/test")

    assert {call.call.chat_id for call in house.calls} == {900}
    assert refused.status_code == 409
    assert "does not know your chat yet" in refused.text
